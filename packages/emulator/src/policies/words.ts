/** The words of policies. Input is taken as the documents and the SDKs write it, output is always as documented. */

/** Partner Center docs, "Device deployment resources", `PolicyCategory`; the position is the .NET SDK's number. */
const categories = ['none', 'o_o_b_e'] as const

/** As above, `PolicySettingsTypes`; the number is the .NET SDK's, a flag. */
export const policySettings = [
  'none',
  'remove_oem_preinstalls',
  'oobe_user_not_local_admin',
  'skip_express_settings',
  'skip_oem_registration',
  'skip_eula',
] as const

/** The category's word for `o_o_b_e`, `OOBE` or 1; undefined for what is none. */
export function readCategory(value: unknown): string | undefined {
  return typeof value === 'number' ? categories[value] : findWord(categories, value)
}

/** The setting's word for `skip_eula`, `SkipEula` or 16; undefined for what is none. */
export function readSetting(value: unknown): string | undefined {
  if (typeof value !== 'number') return findWord(policySettings, value)
  return policySettings.find((_, index) => value === (index === 0 ? 0 : 2 ** (index - 1)))
}

function findWord(words: readonly string[], value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const plain = (word: string): string => word.replaceAll('_', '').toLowerCase()
  return words.find((word) => plain(word) === plain(value))
}
