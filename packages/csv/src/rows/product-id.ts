/** Which product IDs identify a device? */
import type { Fault } from './device-problem.ts'

/** Whether this is the product ID of an edition of Windows, which every device with that edition shows in its settings. */
export function isGenericProductId(value: string): boolean {
  return /-AAOEM$/i.test(value)
}

/** Whether the value has a form unique to product IDs: 13 digits, as on a box label, also occur on other labels. */
export function looksLikeProductId(value: string): boolean {
  return /^\d{5}-\d{5}-\d{4,5}-[A-Z\d]{5}$/i.test(value)
}

/**
 * A license key activates Windows on any device and must be kept secret. The documented product IDs of five groups consist of
 * digits.
 */
export function findProductIdFault(value: string): Fault | undefined {
  const key = value.replaceAll(/[\s-]/g, '')
  if (!/^[A-Z\d]{25}$/i.test(key) || /^\d+$/.test(key)) return undefined
  return {
    code: 'license-key',
    message: 'The value is a Windows license key (25 letters and digits), which does not identify a device.',
    fix: 'Remove it and give the 13-digit product ID from the label on the box, the hardware hash, or serial number, manufacturer and model.',
  }
}
