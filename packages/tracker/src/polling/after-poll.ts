/** What follows a poll? Decided here, without clock and database. */
import type { AnyPartnerCenterError, PollNext } from '@devicebatch/client'

/** A batch is asked for at this pace when it is old, and when the service or the sign-in is in trouble, in milliseconds. */
export const slowIntervalMs = 300_000
/** From this age on a batch is asked for slowly: most take ten minutes. In milliseconds. */
export const slowFromMs = 3_600_000

/** What is known when a poll is over. */
export interface PolledUpload {
  next: PollNext
  /** How long the upload has been tracked, in milliseconds. */
  ageMs: number
  /** From what age on it is given up, in milliseconds. */
  stopAfterMs: number
}

export type AfterPoll =
  | { kind: 'wait'; delayMs: number; error?: AnyPartnerCenterError }
  | { kind: 'end' }
  | { kind: 'stop'; error?: AnyPartnerCenterError }

/**
 * Decides whether an upload is asked for again. A wait in a program gives up after a few failures; a tracker has time, and an
 * outage or a sign-in that expired must not end ten thousand uploads.
 *
 * | poll | then |
 * | --- | --- |
 * | the batch has ended | end |
 * | it is too old | stop |
 * | it runs, or the poll failed for the first few times | as `pollOnce` says |
 * | it failed often, but a later one may mend it | again, slowly |
 * | the sign-in failed, or was refused: 401, 403 | again, slowly: somebody will mend it |
 * | the service does not know it (404), within its first hour | again, slowly: it may not know it yet |
 * | any other failure | stop |
 */
export function decideAfterPoll({ next, ageMs, stopAfterMs }: PolledUpload): AfterPoll {
  if (next.kind === 'done') return { kind: 'end' }
  const error = next.kind === 'stop' ? next.error : undefined
  if (ageMs >= stopAfterMs) return { kind: 'stop', ...(error && { error }) }
  if (next.kind === 'wait') return { kind: 'wait', delayMs: next.delayMs }
  if (!error) return { kind: 'stop' }
  const status = error.code === 'api' || error.code === 'response' ? error.status : undefined
  const isSignIn = error.code === 'authentication' || status === 401 || status === 403
  const isTooEarly = status === 404 && ageMs < slowFromMs
  if (error.isRetryable || isSignIn || isTooEarly) return { kind: 'wait', delayMs: slowIntervalMs, error }
  return { kind: 'stop', error }
}
