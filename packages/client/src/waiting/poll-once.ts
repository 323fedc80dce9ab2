/** How do hosts poll that cannot sleep or may not keep running? One poll at a time, with a state to save in between. */
import { InvalidArgumentError } from '@devicebatch/edge'
import { checkSignal, show } from '@devicebatch/edge/internal'

import { digestOf } from '../reports/report-changes.ts'
import type { BatchUploadReport } from '../reports/report.ts'
import { reportOn } from '../reports/report.ts'
import type { BatchUpload } from './batch-upload.ts'
import type { PollSchedule } from './poll-schedule.ts'
import { resolveSchedule } from './poll-schedule.ts'
import { sourceOf } from './poll-source.ts'
import type { PollState } from './poll-state.ts'
import { checkState } from './poll-state.ts'
import type { Polled, PollNext } from './poll.ts'
import { poll } from './poll.ts'

/** The options of {@link pollOnce}. */
export interface PollOptions extends PollSchedule {
  /** The time now, in milliseconds since 1970. */
  now: number
  /** Ends the request; `pollOnce` then rejects with the signal's own reason. */
  signal?: AbortSignal | null | undefined
}

/** The result of one poll. */
export interface PollResult {
  /** Save it, and pass it to the next poll. */
  state: PollState
  /** Whether the upload differs from what was saved; true at the first response. */
  changed: boolean
  /** The report; absent when the poll failed. */
  report?: BatchUploadReport
  /** Whether and when to poll again. */
  next: PollNext
}

/**
 * Polls an upload once and says when to poll again. It never sleeps and stores nothing, so that a queue, an alarm or a
 * workflow can do both, replay it, and run it twice.
 *
 * @param upload The upload to poll.
 * @param saved The state that the last poll returned; `undefined` at the first.
 * @param options The time now, and the schedule.
 * @returns What to save, whether something changed, the report, and what comes next. A failed poll is not a rejection:
 * `next` says `wait`, or `stop` with the error.
 * Rejects with {@link InvalidArgumentError} when `saved` is not a state that a poll of this upload returned, and with the
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
  const { now, signal } = options ?? ({} as PollOptions)
  if (!Number.isFinite(now)) {
    throw new InvalidArgumentError(
      `\`now\` must be a time in milliseconds since 1970, such as Date.now(); got ${show(now)}.`,
    )
  }
  sourceOf(upload)
  checkSignal(signal)
  const before = checkState(upload, saved)
  return toResult(
    upload,
    before,
    await poll(upload, before, resolveSchedule(options, pollNames), now, { signal }),
  )
}

const pollNames: Readonly<Record<keyof PollOptions, true>> = {
  now: true,
  signal: true,
  initialIntervalMs: true,
  maxIntervalMs: true,
  maxFailures: true,
}

/** The result of a poll, with the state to save after it. */
export function toResult(
  { customerId, batchTrackingId }: BatchUpload,
  before: PollState | undefined,
  { polls, failures, acceptedAt, dueAt, details, next }: Polled,
): PollResult {
  const state: PollState = { version: 1, customerId, batchTrackingId, polls, failures, dueAt }
  if (acceptedAt !== undefined) state.acceptedAt = acceptedAt
  if (!details) {
    const { status, counts, digest } = before ?? {}
    return {
      state: Object.assign(state, status !== undefined && { status, counts, digest }),
      changed: false,
      next,
    }
  }
  const report = reportOn(batchTrackingId, details, before?.counts?.total)
  const digest = digestOf(report)
  Object.assign(state, { status: report.status, counts: report.counts, digest })
  return { state, changed: digest !== before?.digest, report, next }
}
