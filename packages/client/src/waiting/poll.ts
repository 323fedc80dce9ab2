/** What does one poll tell, and when is the next? A function of what is saved and the time; waiting is a loop over it. */
import type { AnyPartnerCenterError, CallOptions } from '@devicebatch/edge'
import { InvalidArgumentError, isFinished, isPartnerCenterError } from '@devicebatch/edge'
import { show } from '@devicebatch/edge/internal'

import { digestOf } from '../reports/report-changes.ts'
import type { BatchUploadReport } from '../reports/report.ts'
import { countAbsent, summarize } from '../reports/report.ts'
import type { BatchUpload } from './batch-upload.ts'
import { isJustAccepted, isNotYetThere } from './not-yet.ts'
import type { PollSchedule, Schedule } from './poll-schedule.ts'
import { intervalMs, resolveSchedule } from './poll-schedule.ts'
import { Pollable } from './poll-source.ts'
import type { PollState } from './poll-state.ts'
import { checkState } from './poll-state.ts'

/** The options of {@link pollOnce}. */
export interface PollOptions extends PollSchedule {
  /** The time now, in milliseconds since 1970. */
  now: number
  /** Ends the request; `pollOnce` then rejects with the signal's own reason. */
  signal?: AbortSignal | null | undefined
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

/** The result of one poll. */
export interface PollResult {
  /** To be saved and passed to the next poll. */
  state: PollState
  /** Whether the upload differs from what was saved; true at the first response. */
  changed: boolean
  /** The report; absent when the poll failed. */
  report?: BatchUploadReport
  /** Whether and when to poll again. */
  next: PollNext
}

/**
 * Polls an upload once and says when to poll again. It never sleeps and keeps nothing, so that a queue, an alarm or a
 * workflow can do both, replay it, and run it twice.
 *
 * @param upload The upload to poll.
 * @param saved The state that the last poll returned; `undefined` at the first.
 * @param options The time now, and the schedule.
 * @returns What to save, whether something changed, the report, and what comes next. A failed poll is not a rejection:
 * `next` says `wait`, or `stop` with the error.
 * Rejects with {@link InvalidArgumentError} when `saved` is not what a poll of this upload returned, and with the
 * signal's own reason when it is aborted.
 * @example
 * ```ts
 * import { createPartnerCenter, pollOnce } from '@devicebatch/client'
 * import type { PollState } from '@devicebatch/client'
 *
 * export async function onAlarm(saved: PollState | undefined): Promise<PollState> {
 *   const partner = createPartnerCenter({ credential: () => process.env.DEVICEBATCH_TOKEN! })
 *   const upload = partner.customers
 *     .byId('47021739-3426-40bf-9601-61b4b6d7c793')
 *     .batchUploadStatus.byId('0127ed8e-ff72-4983-a3d8-e8d8bd378932')
 *   const { state, next } = await pollOnce(upload, saved, { now: Date.now() })
 *   if (next.kind === 'wait') console.log('again at', new Date(next.at))
 *   return state
 * }
 * ```
 */
export async function pollOnce(
  upload: BatchUpload,
  saved: PollState | undefined,
  options: PollOptions,
): Promise<PollResult> {
  const { now, signal } = options
  if (!Number.isFinite(now)) {
    throw new InvalidArgumentError(
      `\`now\` must be a time in milliseconds since 1970, such as Date.now(); got ${show(now)}.`,
    )
  }
  Pollable.sourceOf(upload)
  return poll(upload, checkState(upload, saved), resolveSchedule(options), now, { signal })
}

/** One poll, at `now` on the clock of the caller. */
export async function poll(
  upload: BatchUpload,
  before: PollState | undefined,
  schedule: Schedule,
  now: number,
  options: CallOptions,
): Promise<PollResult> {
  const startedAt = performance.now()
  // The caller's clock may be set in the meantime.
  const respondedAt = (): number => now + performance.now() - startedAt
  const source = Pollable.sourceOf(upload)
  const acceptedAt =
    source.acceptedAt === undefined ? before?.acceptedAt : now - (startedAt - source.acceptedAt)
  const polls = (before?.polls ?? 0) + 1
  const { customerId, batchTrackingId } = upload
  const state: PollState = { version: 1, customerId, batchTrackingId, polls, failures: 0, dueAt: now }
  if (acceptedAt !== undefined && isJustAccepted(now - acceptedAt)) state.acceptedAt = acceptedAt
  const waitAtLeast = (retryAfterMs?: number): PollNext => {
    const delayMs = Math.max(retryAfterMs ?? 0, intervalMs(polls, schedule, Math.random()))
    // What the service asks for begins with its response, however long the request took.
    state.dueAt = respondedAt() + delayMs
    return { kind: 'wait', delayMs, at: state.dueAt, ...(retryAfterMs !== undefined && { retryAfterMs }) }
  }
  try {
    // The next poll is the retry: it costs one request, where a retry inside the call would cost several.
    const data = await upload.get({ ...options, retry: false })
    const report = countAbsent({ ...summarize(data), batchTrackingId }, before?.counts?.total)
    Object.assign(state, { status: report.status, counts: report.counts, digest: digestOf(report) })
    return {
      state,
      changed: state.digest !== before?.digest,
      report,
      next: isFinished(data) ? { kind: 'done' } : waitAtLeast(),
    }
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason
    if (!isPartnerCenterError(error)) throw error
    const { status, counts, digest } = before ?? {}
    Object.assign(state, { ...(status !== undefined && { status, counts, digest }) })
    const httpStatus = error.code === 'api' ? error.status : undefined
    const retryAfterMs = 'retryAfterMs' in error ? error.retryAfterMs : undefined
    const isNotYet = acceptedAt !== undefined && isNotYetThere(httpStatus, respondedAt() - acceptedAt)
    state.failures = (before?.failures ?? 0) + (isNotYet ? 0 : 1)
    const isLast = !isNotYet && (!error.isRetryable || state.failures >= schedule.maxFailures)
    return { state, changed: false, next: isLast ? { kind: 'stop', error } : waitAtLeast(retryAfterMs) }
  }
}
