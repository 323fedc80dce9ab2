/** The forms in which the API sends times; all are made from milliseconds since 1970. */

import { parseTime } from '../check-value.ts'

/** UTC without a zone and without a fraction, as statuses, batches and policies just written have it. */
export function wireTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19)
}

/** Seven digits of fraction and an offset, as devices and policies have it when they are read. */
export function preciseWireTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '0000+00:00')
}

/** Milliseconds since 1970 of a time in either form. Throws a `RangeError` that names it when it is no time. */
export function parseWireTime(name: string, time: string): number {
  return parseTime(name, time.replace(/(\.\d{3})\d+/, '$1'))
}

/**
 * The time as the documented list of policies has it. Its fractions are multiples of 128, and the policy that a second
 * page shows differs from the listed one in just that: the list goes through a floating-point number of ticks.
 */
export function roundedWireTime(time: string): string {
  return time.replace(/\.(\d{7})/, (_, ticks: string) => {
    const rounded = Math.min(Math.round(Number(ticks) / 128) * 128, 9_999_872)
    return `.${String(rounded).padStart(7, '0')}`
  })
}
