/** How long did the service ask us to wait? */

/**
 * The wait that a response asks for, in milliseconds; `undefined` when it names none or none that can be parsed.
 *
 * Reads `Retry-After` as seconds or as any HTTP-date of RFC 9110, section 5.6.7 (measured from the response's own `Date`
 * if present, so that an incorrect local clock does no harm). On a 429 without the header, it reads the gateway's sentence
 * "Try again in 57 seconds." A date in the past means now; of several values, the largest counts.
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
  // A header sent twice arrives as a list, separated by commas other than those within dates.
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
 * The three forms of RFC 9110, all GMT. The oldest does not say so, and `Date.parse` would read it as local time. None has
 * an offset.
 */
function parseHttpDate(value: string): number | undefined {
  if (!/^(mon|tue|wed|thu|fri|sat|sun)/i.test(value) || /[+-]\d{4}$/.test(value)) return undefined
  const time = Date.parse(/gmt$/i.test(value) ? value : value + ' GMT')
  return Number.isNaN(time) ? undefined : time
}
