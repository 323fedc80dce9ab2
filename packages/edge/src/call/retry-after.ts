/** How long did the service ask us to wait? */

/**
 * The wait that an answer asks for, in milliseconds; `undefined` when it names none that can be understood.
 *
 * Reads `Retry-After` as seconds and as each HTTP-date of RFC 9110, section 5.6.7 (measured from the answer's own `Date`
 * where it has one, so that a wrong clock here does no harm), and, on a 429 without the header, the gateway's sentence
 * "Try again in 57 seconds." A date in the past means now; of several values the largest counts.
 */
export function retryAfterMs(
  status: number,
  headers: { get(name: string): string | null },
  message: string | undefined,
  now: number,
): number | undefined {
  const value = headers.get('retry-after')?.trim()
  if (value === undefined) {
    const seconds = status === 429 ? /try again in (\d+) second/i.exec(message ?? '')?.[1] : undefined
    return seconds === undefined ? undefined : secondsToMs(seconds)
  }
  const base = parseHttpDate(headers.get('date') ?? '') ?? now
  // Sent twice it arrives as a list. The commas within dates are none of it.
  const waits = value.split(/,(?!\s*\d\d[ -][a-z])/i).flatMap((text) => readWait(text.trim(), base) ?? [])
  return waits.length > 0 ? Math.max(...waits) : undefined
}

function readWait(text: string, base: number): number | undefined {
  if (/^\+?\d+(\.\d+)?$/.test(text)) return secondsToMs(text)
  const at = parseHttpDate(text)
  return at === undefined ? undefined : Math.max(0, at - base)
}

function secondsToMs(seconds: string): number {
  return Math.min(Math.ceil(Number(seconds) * 1000), Number.MAX_SAFE_INTEGER)
}

/**
 * The three forms of RFC 9110, all GMT; the oldest does not say so, and `Date.parse` would read it as local time. A date
 * with an offset is none of them.
 */
function parseHttpDate(value: string): number | undefined {
  if (!/^(mon|tue|wed|thu|fri|sat|sun)/i.test(value) || /[+-]\d{4}$/.test(value)) return undefined
  const time = Date.parse(/gmt$/i.test(value) ? value : value + ' GMT')
  return Number.isNaN(time) ? undefined : time
}
