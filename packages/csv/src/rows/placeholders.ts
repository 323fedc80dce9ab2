/**
 * Which words mean that a value is missing? Those of spreadsheets, databases and templates, and of mainboards whose maker
 * left the fields unset.
 */

const words: ReadonlySet<string> = new Set(
  `
    na nan nil null none empty blank tbd undefined unknown invalid default oem notavailable notapplicable notspecified
    notdefined notset notpresent nodata tobefilledbyoem filledbyoem tobefilled oemserialnumber defaultstring
    systemserialnumber serialnumber deviceserialnumber chassisserialnumber baseboardserialnumber noserialnumber
    systemproductname productname systemmanufacturer manufacturername baseboardmanufacturer systemmodel modelname
    systemname systemversion assettag noassettag required optional 123456789 0123456789 0123456789abcdef
  `
    .trim()
    .split(/\s+/),
)

/**
 * Whether a value stands for a missing one, such as `To be filled by O.E.M.`, `N/A` or `0`. It identifies no device.
 *
 * @param value A serial number, or any other value of a device.
 * @example
 * ```ts
 * import { isPlaceholder } from '@devicebatch/csv'
 *
 * console.log(isPlaceholder('System Serial Number'), isPlaceholder('5CG35PVYN1')) // true false
 * ```
 */
export function isPlaceholder(value: string): boolean {
  if (value.length > 40) return false
  const text = value.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
  // Only punctuation, or one character repeated: `-`, `0`, `xxxxx`.
  return words.has(text) || text === '' || /^0+$|^(.)\1{4,}$/u.test(text)
}
