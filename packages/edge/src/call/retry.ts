/** Is an attempt's outcome final, or is the call retried? A pure decision: no clock, network or randomness of its own. */

/** How failed attempts are retried. */
export interface RetryOptions {
  /** The maximum number of retries after the first attempt, an integer of at least 0. Default 3. */
  limit?: number | undefined
  /** The delay before the first retry, in milliseconds; it doubles each time, plus up to half of it at random. Default 500. */
  baseDelayMs?: number | undefined
  /** The maximum backoff delay, in milliseconds. Default 30,000. It never shortens a `Retry-After`. */
  maxDelayMs?: number | undefined
}

/** The input of {@link decideRetry}. */
export interface AttemptOutcome {
  method: string
  /** The HTTP status; `undefined` when the attempt got no response: network failure, timeout, truncated body. */
  status: number | undefined
  /** The delay that the service asked for, in milliseconds. */
  retryAfterMs: number | undefined
  /** How often this call has been retried so far. */
  retries: number
  /** How many earlier attempts of this call the service may have processed. */
  uncertain: number
  /** The time left before the call times out, in milliseconds. */
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

/** `delayMs` is the delay before the next attempt, and for other calls when this one was throttled. */
export type RetryDecision = { delayMs: number } & ({ retry: false } | { retry: true; reason: RetryReason })

/** The default retry policy. */
export const defaultRetry: RetryPolicy = { limit: 3, baseDelayMs: 500, maxDelayMs: 30_000 }

/** Why a call waits and is retried. */
export type RetryReason = 'retry-after' | 'throttled' | 'server-error' | 'no-answer'

/** Transient statuses; every other status is final. */
const retryableStatuses = [408, 429, 500, 502, 503, 504]
/** Repeating these has the same effect as sending them once (RFC 9110, section 9.2.2). */
const idempotentMethods = ['GET', 'HEAD', 'PUT', 'DELETE']

/** Whether a later attempt may succeed. `undefined` means that no response arrived. */
export function isRetryableStatus(status: number | undefined): boolean {
  return status === undefined || retryableStatuses.includes(status)
}

/** Whether a method only reads: such a request changes nothing at the service and has no body. */
export function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

/**
 * Whether the service may have processed the request despite this outcome, such as the 524 of a proxy. Reads change nothing, and a
 * 4xx other than 408 rules it out.
 */
export function isUncertain(method: string, status: number | undefined): boolean {
  return !isReading(method) && (status === undefined || status === 408 || status >= 500)
}

/**
 * Decides what follows an attempt; the first matching row applies:
 *
 * | outcome | then |
 * | --- | --- |
 * | not a transient status | returned |
 * | retries are off or used up | returned |
 * | POST or PATCH that may have been processed for the second time | returned: the service documents one repetition with the same `MS-RequestId` |
 * | the delay would exceed the call's timeout | returned immediately, with `retryAfterMs` |
 * | the service asked for a delay | retried after exactly that delay |
 * | otherwise | retried after `baseDelayMs`, doubled each time, plus up to half of it at random; at most `maxDelayMs` |
 *
 * @param whenOff Supplies the delay when `policy` is false: other calls wait for it.
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
