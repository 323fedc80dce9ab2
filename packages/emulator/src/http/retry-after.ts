/** Every form of `Retry-After`: seconds, and the three date formats of RFC 9110, section 5.6.7. */

/** A time to wait, and its format. */
export interface RetryAfter {
  /** How long to wait, in milliseconds, 0 or more; whole seconds are sent, rounded up. */
  afterMs: number
  /**
   * `seconds` (the default), or a date: `imf-fixdate` (`Sun, 06 Nov 1994 08:49:37 GMT`), `rfc850-date`
   * (`Sunday, 06-Nov-94 08:49:37 GMT`) or `asctime-date` (`Sun Nov  6 08:49:37 1994`). A date is by the emulator's
   * clock, like the response's `Date`.
   */
  as?: RetryAfterForm | undefined
}

/** A way to write `Retry-After`. */
export type RetryAfterForm = 'seconds' | 'imf-fixdate' | 'rfc850-date' | 'asctime-date'

/** All forms. */
export const retryAfterForms: readonly [RetryAfterForm, ...RetryAfterForm[]] = [
  'seconds',
  'imf-fixdate',
  'rfc850-date',
  'asctime-date',
]

/** The header's value when it is sent at `now`. */
export function writeRetryAfter({ afterMs, as = 'seconds' }: RetryAfter, now: number): string {
  const seconds = Math.ceil(afterMs / 1_000)
  if (as === 'seconds') return String(seconds)
  const date = new Date((Math.floor(now / 1_000) + seconds) * 1_000)
  const [, weekday = '', day = '', month = '', year = '', time = ''] =
    /^(\w+), (\d+) (\w+) (\d+) (\S+) GMT$/.exec(date.toUTCString()) ?? []
  if (as === 'rfc850-date') {
    const longWeekday = weekdays.find((name) => name.startsWith(weekday)) ?? weekday
    return `${longWeekday}, ${day}-${month}-${year.slice(-2)} ${time} GMT`
  }
  if (as === 'asctime-date') return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`
  return date.toUTCString()
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
