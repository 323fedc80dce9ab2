/** What follows an attempt to deliver a notification? Decided without clock and database. */
import type { Attempt } from './send.ts'

export type AfterAttempt =
  | { kind: 'delivered' }
  | { kind: 'retry'; delayMs: number }
  | { kind: 'give-up' }
  /** The receiver wants no more: the webhook is disabled. */
  | { kind: 'disable' }

const [second, minute, hour] = [1_000, 60_000, 3_600_000]

/** The waits between attempts: ten attempts in about three days. */
const waitsMs: readonly number[] = [
  5 * second,
  minute,
  5 * minute,
  30 * minute,
  2 * hour,
  6 * hour,
  12 * hour,
  24 * hour,
  24 * hour,
]
const longestWaitMs = 24 * hour

/**
 * Decides as Standard Webhooks recommends.
 *
 * @param attempts How many attempts there were.
 * @param random From 0 to 1: notifications that failed together are not repeated together.
 */
export function decideAfterAttempt(
  { status, error, retryAfterMs = 0 }: Attempt,
  attempts: number,
  random: number,
): AfterAttempt {
  if (error === undefined) return { kind: 'delivered' }
  if (status === 410) return { kind: 'disable' }
  const waitMs = waitsMs[attempts - 1]
  if (waitMs === undefined) return { kind: 'give-up' }
  const delayMs = Math.max(waitMs * (1 + random / 5), Math.min(retryAfterMs, longestWaitMs))
  return { kind: 'retry', delayMs: Math.round(delayMs) }
}
