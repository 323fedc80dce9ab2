/** Which instant does a timestamp of the service mean? */

const pattern = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/i

/**
 * Parses a timestamp as the service writes it: without a time zone, which means UTC; with `Z` or an offset; with up to seven
 * fractional digits, of which three are kept.
 *
 * @param text The timestamp; null and undefined are allowed.
 * @returns The instant; `undefined` for the year 1, which means "not yet", for null and undefined, and for text that is not a
 * timestamp.
 * @see Partner Center docs, "Device deployment resources": times are UTC.
 * @example
 * ```ts
 * import { parsePartnerDate } from '@devicebatch/client/results'
 *
 * console.log(parsePartnerDate('2017-07-25T10:00:00')?.toISOString()) // 2017-07-25T10:00:00.000Z
 * ```
 */
export function parsePartnerDate(text: string | null | undefined): Date | undefined {
  const match = pattern.exec(typeof text === 'string' ? text.trim() : '')
  if (!match || match[1] === '0001') return undefined
  const [, year, month, day, time, fraction = '', zone = 'Z'] = match
  // Some runtimes read February 30 as March 2.
  if (day! > '28' && Number(day) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate())
    return undefined
  const date = new Date(
    `${year}-${month}-${day}T${time}${fraction.slice(0, 4)}${zone.replace(/^(.\d\d)(\d\d)$/, '$1:$2').toUpperCase()}`,
  )
  return Number.isNaN(date.getTime()) ? undefined : date
}
