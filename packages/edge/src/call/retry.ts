/** Is this attempt's outcome the answer, or is it tried again? Decided here: no clock, no network, no randomness of its own. */

/** How failed attempts are repeated. */
export interface RetryOptions {
  /** How often a call is tried again after its first attempt, a whole number from 0. Default 3. */
  limit?: number | undefined
  /** The wait before the first repetition, in milliseconds; it doubles each time, and up to half of it is added at random. Default 500. */
  baseDelayMs?: number | undefined
  /** The longest wait of our own making, in milliseconds. Default 30 000. It never shortens a `Retry-After`. */
  maxDelayMs?: number | undefined
}

/** What {@link decideRetry} looks at. */
export interface AttemptOutcome {
  method: string
  /** The HTTP status; `undefined` when the attempt brought no answer: network failure, time limit, body cut off. */
  status: number | undefined
  /** What the service asked for, in milliseconds. */
  retryAfterMs: number | undefined
  /** How often this call has been repeated so far. */
  retries: number
  /** How many earlier attempts of this call left open whether the service did the work. */
  uncertain: number
  /** What is left of the call's time, in milliseconds. */
  remainingMs: number
  /** A random number from 0 to 1. */
  random: number
}

/** {@link RetryOptions} with every default filled in. */
export interface RetryPolicy {
  limit: number
  baseDelayMs: number
  maxDelayMs: number
}

/** `delayMs` is the wait before another attempt, and for others when this one was throttled. */
export type RetryDecision = { delayMs: number } & ({ retry: false } | { retry: true; reason: RetryReason })

/** How attempts are repeated when nobody says otherwise. */
export const defaultRetry: RetryPolicy = { limit: 3, baseDelayMs: 500, maxDelayMs: 30_000 }

/** Why a call waits and is tried again. */
export type RetryReason = 'retry-after' | 'throttled' | 'server-error' | 'no-answer'

/** These say "not now"; every other status is the service's answer. */
const retryableStatuses = [408, 429, 500, 502, 503, 504]
/** Repeating these does the work at most once (RFC 9110, section 9.2.2). */
const idempotentMethods = ['GET', 'HEAD', 'PUT', 'DELETE']

/** Whether a later attempt may be answered otherwise. `undefined` means that no answer came. */
export function isRetryableStatus(status: number | undefined): boolean {
  return status === undefined || retryableStatuses.includes(status)
}

/** Whether a method only reads: such a request does nothing at the service, and has no body. */
export function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** Whether this outcome leaves open if the service did the work. A 429 says that it did not; reading does nothing. */
export function isUncertain(method: string, status: number | undefined): boolean {
  return !isReading(method) && status !== 429 && isRetryableStatus(status)
}

/**
 * Decides what follows an attempt, first matching row:
 *
 * | outcome | then |
 * | --- | --- |
 * | any other status | the answer, returned |
 * | retries are off, or used up | returned |
 * | POST or PATCH, the second time that the work may have been done | returned: the service documents one repetition under the same `MS-RequestId` |
 * | the wait would outlast the call | returned at once, with `retryAfterMs` |
 * | the service named a time | that time, exactly |
 * | otherwise | `baseDelayMs`, doubled each time, and up to half of it more at random; at most `maxDelayMs` |
 *
 * @param whenOff What the delay is taken from when `policy` is false: others wait for it.
 */
export function decideRetry(
  outcome: AttemptOutcome,
  policy: RetryPolicy | false,
  whenOff: RetryPolicy | false,
): RetryDecision {
  const { method, status, retries, retryAfterMs } = outcome
  const { baseDelayMs, maxDelayMs } = policy || whenOff || defaultRetry
  const backoffMs = Math.min(baseDelayMs * 2 ** retries * (1 + outcome.random / 2), maxDelayMs)
  const delayMs = retryAfterMs ?? backoffMs
  const no = { retry: false, delayMs } as const
  if (!isRetryableStatus(status)) return no
  if (!policy || retries >= policy.limit) return no
  if (!idempotentMethods.includes(method) && status !== 429 && outcome.uncertain > 0) return no
  if (delayMs >= outcome.remainingMs) return no
  const ownReason = status === undefined ? 'no-answer' : status === 429 ? 'throttled' : 'server-error'
  return { retry: true, delayMs, reason: retryAfterMs === undefined ? ownReason : 'retry-after' }
}
