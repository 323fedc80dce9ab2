/** What happens after a poll? Decided without clock and database. */
import type { AnyPartnerCenterError, PollNext } from '@devicebatch/client'

/** The polling interval for an old batch, and while the service or the sign-in fails, in milliseconds. */
export const slowIntervalMs = 300_000
/** The age from which a batch is polled slowly, in milliseconds: most take ten minutes. */
export const slowFromMs = 3_600_000

/** The input of the decision. */
export interface PolledUpload {
  next: PollNext
  /** How long the upload has been tracked, in milliseconds. */
  ageMs: number
  /** The age at which polling stops, in milliseconds. */
  stopAfterMs: number
}

export type AfterPoll =
  | { kind: 'wait'; delayMs: number; error?: AnyPartnerCenterError }
  | { kind: 'end' }
  | { kind: 'stop'; error?: AnyPartnerCenterError }

/**
 * Decides whether an upload is polled again. A `wait()` gives up after a few failures; a tracker has time, and an outage or an
 * expired sign-in must not stop ten thousand uploads.
 *
 * | poll | then |
 * | --- | --- |
 * | the batch has ended | end |
 * | it is too old | stop |
 * | it is running, the poll failed for the first few times, or the service does not know it in its first minute | as `pollOnce` decides |
 * | the polls failed often, but a later one can succeed | again, slowly |
 * | the sign-in failed, was refused (401, 403) or is another partner's | again, slowly: someone will fix it |
 * | the service still does not know the batch (404) in its first hour | again, slowly |
 * | any other failure | stop |
 */
export function decideAfterPoll({ next, ageMs, stopAfterMs }: PolledUpload): AfterPoll {
  if (next.kind === 'done') return { kind: 'end' }
  const error = next.kind === 'stop' ? next.error : undefined
  if (ageMs >= stopAfterMs) return { kind: 'stop', ...(error && { error }) }
  if (next.kind === 'wait') return { kind: 'wait', delayMs: next.delayMs }
  if (!error) return { kind: 'stop' }
  const status = error.code === 'api' || error.code === 'response' ? error.status : undefined
  // A token of another partner is refused by the database.
  const isSignIn =
    error.code === 'authentication' || error.code === 'database' || status === 401 || status === 403
  const isTooEarly = status === 404 && ageMs < slowFromMs
  if (error.isRetryable || isSignIn || isTooEarly) return { kind: 'wait', delayMs: slowIntervalMs, error }
  return { kind: 'stop', error }
}
