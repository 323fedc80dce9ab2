/** The API's time formats, all converted from milliseconds since 1970. */

import { parseTime } from '../check-value.ts'

/** UTC without a zone or fraction, as in statuses, batches and policies that were just written. */
export function wireTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19)
}

/** Seven fractional digits and an offset, as in devices and policies that are read. */
export function preciseWireTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '0000+00:00')
}

/** Milliseconds since 1970 of a time in either format. Throws a `RangeError` with the text if it is not a time. */
export function parseWireTime(name: string, time: string): number {
  return parseTime(name, typeof time === 'string' ? time.replace(/(\.\d{3})\d+/, '$1') : time)
}

/**
 * The time as in the documented list of policies. Its fractions are multiples of 128, and a policy shown on another page differs
 * from the listed one only in that: the list converts times to a floating-point number of ticks.
 */
export function roundedWireTime(time: string): string {
  return time.replace(/\.(\d{7})/, (_, ticks: string) => {
    const rounded = Math.min(Math.round(Number(ticks) / 128) * 128, 9_999_872)
    return `.${String(rounded).padStart(7, '0')}`
  })
}
