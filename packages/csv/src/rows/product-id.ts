/** Which product IDs identify a device? */
import type { Fault } from './device-problem.ts'

/** Whether this is the product ID of an edition of Windows, which all devices with it show in their settings. */
export function isGenericProductId(value: string): boolean {
  return /-AAOEM$/i.test(value)
}

/** Whether the value has a form that nothing but a product ID has: the 13 digits of a box label are on other labels as well. */
export function looksLikeProductId(value: string): boolean {
  return /^\d{5}-\d{5}-\d{4,5}-[A-Z\d]{5}$/i.test(value)
}

/** A license key activates Windows on any device and is nobody else's business. The documented product IDs of five groups are digits. */
export function findProductIdFault(value: string): Fault | undefined {
  const key = value.replaceAll(/[\s-]/g, '')
  if (!/^[A-Z\d]{25}$/i.test(key) || /^\d+$/.test(key)) return undefined
  return {
    code: 'license-key',
    message: 'The value is a license key of Windows (25 letters and digits), which identifies no device.',
    fix: 'Remove it: give the product ID of 13 digits from the label of the box, the hardware hash, or serial number, manufacturer and model.',
  }
}
