/** What does one poll return, and when is the next? A function of the earlier polls and the time; every wait is a loop over it. */
import type { BatchUploadDetails } from '@devicebatch/contract'
import type { AnyPartnerCenterError, CallOptions } from '@devicebatch/edge'
import { isFinished, isPartnerCenterError } from '@devicebatch/edge'

import type { BatchUpload } from './batch-upload.ts'
import { isJustAccepted, isNotYetThere } from './not-yet.ts'
import type { Schedule } from './poll-schedule.ts'
import { intervalMs } from './poll-schedule.ts'
import { sourceOf } from './poll-source.ts'

/** What the next poll needs from the earlier ones. */
export interface PollStreak {
  /** How many polls were made. */
  polls: number
  /** How many of the last polls failed in a row. */
  failures: number
  /** When the service accepted the upload, in milliseconds since 1970; only for the first minute, and where it is known. */
  acceptedAt?: number | undefined
}

/** One poll, as part of its streak. */
export interface Polled extends PollStreak {
  /** The response; absent when the poll failed. */
  details: BatchUploadDetails | undefined
  /** When the next poll is due, in milliseconds since 1970. */
  dueAt: number
  next: PollNext
}

/** What to do after a poll. */
export type PollNext =
  /**
   * Poll again in `delayMs`, which is at `at`, in milliseconds since 1970. `retryAfterMs` is how long the service asked to wait,
   * if it did.
   */
  | { kind: 'wait'; delayMs: number; at: number; retryAfterMs?: number }
  /** The batch has ended: the report is the last. */
  | { kind: 'done' }
  /** Polling again cannot help, for this reason. */
  | { kind: 'stop'; error: AnyPartnerCenterError }

/** One poll, at `now` on the clock of the caller. */
export async function poll(
  upload: BatchUpload,
  before: PollStreak | undefined,
  schedule: Schedule,
  now: number,
  options: CallOptions,
): Promise<Polled> {
  const startedAt = performance.now()
  // The caller's clock may be changed in the meantime.
  const respondedAt = (): number => now + performance.now() - startedAt
  const source = sourceOf(upload)
  const acceptedAt =
    source.acceptedAt === undefined ? before?.acceptedAt : now - (startedAt - source.acceptedAt)
  const sinceAcceptedMs = (at: number): number => at - (acceptedAt ?? -Infinity)
  const polled: Polled = {
    polls: (before?.polls ?? 0) + 1,
    failures: 0,
    acceptedAt: isJustAccepted(sinceAcceptedMs(now)) ? acceptedAt : undefined,
    details: undefined,
    dueAt: now,
    next: { kind: 'done' },
  }
  let retryAfterMs: number | undefined
  try {
    // The next poll is the retry: it costs one request, where a retry inside the call would cost several.
    polled.details = await upload.get({ ...options, retry: false })
    if (isFinished(polled.details)) return polled
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason
    if (!isPartnerCenterError(error)) throw error
    const isNotYet = error.code === 'api' && isNotYetThere(error.status, sinceAcceptedMs(respondedAt()))
    polled.failures = (before?.failures ?? 0) + (isNotYet ? 0 : 1)
    if (!isNotYet && (!error.isRetryable || polled.failures >= schedule.maxFailures)) {
      polled.next = { kind: 'stop', error }
      return polled
    }
    if ('retryAfterMs' in error) retryAfterMs = error.retryAfterMs
  }
  const delayMs = Math.max(retryAfterMs ?? 0, intervalMs(polled.polls, schedule, Math.random()))
  // The wait that the service asks for starts at its response, however long the request took.
  polled.dueAt = respondedAt() + delayMs
  polled.next = {
    kind: 'wait',
    delayMs,
    at: polled.dueAt,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
  return polled
}
