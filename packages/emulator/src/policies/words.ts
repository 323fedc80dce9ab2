/**
 * The enum values of policies. Input may be spelled as in the documentation or the SDKs; output always follows the
 * documentation.
 */

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

/** The documented category for `o_o_b_e`, `OOBE` or 1; undefined for anything that is not a category. */
export function readCategory(value: unknown): string | undefined {
  return typeof value === 'number' ? categories[value] : findWord(categories, value)
}

/** The documented setting for `skip_eula`, `SkipEula` or 16; undefined for anything that is not a setting. */
export function readSetting(value: unknown): string | undefined {
  if (typeof value !== 'number') return findWord(policySettings, value)
  return policySettings.find((_, index) => value === (index === 0 ? 0 : 2 ** (index - 1)))
}

function findWord(words: readonly string[], value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const plain = (word: string): string => word.replaceAll('_', '').toLowerCase()
  return words.find((word) => plain(word) === plain(value))
}
