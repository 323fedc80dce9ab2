/** When is an upload asked for again? One poll is a function of what is saved and the time; waiting is a loop over it. */
import type { AnyPartnerCenterError, BatchUploadId, CallOptions } from '@devicebatch/edge'
import { InvalidArgumentError, isFinished, isPartnerCenterError } from '@devicebatch/edge'
import { resolveMs, show, wait } from '@devicebatch/edge/internal'

import { WaitTimeoutError } from '../errors.ts'
import { digestOf, movedDevices } from '../reports/report-changes.ts'
import type { BatchUploadReport, DeviceCounts } from '../reports/report.ts'
import { summarize } from '../reports/report.ts'
import type { BatchUpload } from './batch-upload.ts'
import { Pollable } from './poll-source.ts'

/** How an upload is asked for, again and again. */
export interface PollSchedule {
  /** The time between the first two polls, in milliseconds; it doubles each time. Default 2 000. */
  initialIntervalMs?: number | undefined
  /** The longest time between two polls, in milliseconds. Default 30 000. A `Retry-After` of the service goes beyond it. */
  maxIntervalMs?: number | undefined
  /** How many polls in a row may fail in a way that a later one may mend, before that is the end; from 1. Default 5. */
  maxFailures?: number | undefined
}

/** The options of `wait` and `watch`. */
export interface WaitOptions extends PollSchedule {
  /** Ends the wait at once; it then rejects with the signal's own reason. The batch itself goes on. */
  signal?: AbortSignal | null | undefined
  /** The longest time to wait, in milliseconds. Default 1 800 000, half an hour; `Infinity` waits for ever. */
  timeoutMs?: number | undefined
}

/** The options of {@link pollOnce}. */
export interface PollOptions extends PollSchedule {
  /** The time now, in milliseconds since 1970. */
  now: number
  /** Ends the request; `pollOnce` then rejects with the signal's own reason. */
  signal?: AbortSignal | null | undefined
}

/** What is to be kept between two polls: plain JSON without secrets, of the same size however many devices there are. */
export interface PollState extends BatchUploadId {
  /** The version of this shape. */
  version: 1
  /** How many polls were made. */
  polls: number
  /** How many of the last polls failed in a row. */
  failures: number
  /** When the next poll is due, in milliseconds since 1970. */
  dueAt: number
  /** The service's word at the last answer. */
  status?: string
  /** How many devices had come to what at the last answer. */
  counts?: DeviceCounts
  /** Stands for the last answer: it differs when any device does. */
  digest?: string
}

/** What to do after a poll. */
export type PollNext =
  /** Poll again in `delayMs`, which is at `at`, in milliseconds since 1970. */
  | { kind: 'wait'; delayMs: number; at: number }
  /** The batch has ended: the report is the last. */
  | { kind: 'done' }
  /** Asking again is in vain, for this reason. */
  | { kind: 'stop'; error: AnyPartnerCenterError }

/** What came of one poll. */
export interface PollResult {
  /** To be saved and handed to the next poll. */
  state: PollState
  /** Whether the upload differs from what was saved; true at the first answer. */
  changed: boolean
  /** The report; absent when the poll failed. */
  report?: BatchUploadReport
  /** Whether and when to ask again. */
  next: PollNext
}

/**
 * Asks once for an upload and says when to ask again. It never sleeps and keeps nothing, so that a queue, an alarm or a
 * workflow can do both, replay it, and run it twice.
 *
 * @param upload The upload to ask for.
 * @param saved The state that the last poll returned; `undefined` at the first.
 * @param options The time now, and the schedule.
 * @returns What to save, whether something changed, the report, and what comes next. A poll that fails is no rejection:
 * `next` says `wait`, or `stop` with the error.
 * Rejects with {@link InvalidArgumentError} when `saved` belongs to another upload or is of an unknown version, and with the
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

async function poll(
  upload: BatchUpload,
  before: PollState | undefined,
  schedule: Schedule,
  now: number,
  options: CallOptions,
): Promise<PollResult> {
  const polls = (before?.polls ?? 0) + 1
  const { customerId, batchTrackingId } = upload
  const state: PollState = { version: 1, customerId, batchTrackingId, polls, failures: 0, dueAt: now }
  const waitAtLeast = (askedMs = 0): PollNext => {
    const delayMs = Math.max(askedMs, intervalMs(polls, schedule, Math.random()))
    state.dueAt = now + delayMs
    return { kind: 'wait', delayMs, at: state.dueAt }
  }
  try {
    // The next poll is the retry: it costs one request, where a retry inside the call would cost several.
    const data = await upload.get({ ...options, retry: false })
    const report = summarize(data)
    report.batchTrackingId ||= batchTrackingId
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
    state.failures = (before?.failures ?? 0) + 1
    const ends = !error.isRetryable || state.failures >= schedule.maxFailures
    return {
      state,
      changed: false,
      next: ends
        ? { kind: 'stop', error }
        : waitAtLeast(error.code === 'api' ? error.retryAfterMs : undefined),
    }
  }
}

/** The two steps of a wait. Each ends with its signal and when the time is up; that it is up, the next poll says. */
export interface Steps {
  poll: (state: PollState | undefined, upload: BatchUpload, schedule: Schedule) => Promise<PollResult>
  /** @param polls How many polls of this upload there were. */
  pause: (delayMs: number, upload: BatchUpload, polls: number) => Promise<void>
}

/** @param onTimeout Makes the error that says that the time was up. */
export function createSteps(options: WaitOptions, onTimeout: (timeoutMs: number) => Error): Steps {
  const { signal } = options
  const timeoutMs = resolveMs('timeoutMs', options.timeoutMs, 1_800_000)
  let endsAt = performance.now() + timeoutMs
  const leftMs = (): number => Math.max(0, endsAt - performance.now())
  // A timer may fire a little early.
  const isOver = (): boolean => leftMs() < 1
  return {
    async poll(state, upload, schedule) {
      const { callTimeoutMs } = Pollable.sourceOf(upload)
      if (isOver()) throw onTimeout(timeoutMs)
      const result = await poll(upload, state, schedule, Date.now(), {
        signal,
        timeoutMs: Math.min(leftMs(), callTimeoutMs),
      })
      // That the time was up is told as such, and not as a poll that failed.
      if (!result.report && isOver()) throw onTimeout(timeoutMs)
      return result
    },
    async pause(delayMs, upload, polls) {
      Pollable.sourceOf(upload).observe?.({
        type: 'wait',
        reason: 'poll',
        delayMs,
        method: 'GET',
        path: '/customers/{customerId}/batchJobStatus/{batchTrackingId}',
        attempt: polls,
      })
      const left = leftMs()
      await wait(Math.min(delayMs, left), signal)
      // However early the timer fired, there is no time for another poll.
      if (left <= delayMs) endsAt = 0
    },
  }
}

/** Yields a report for each change until the batch has ended; see `BatchUpload.watch`. */
export async function* watchUpload(
  upload: BatchUpload,
  options?: WaitOptions,
): AsyncGenerator<BatchUploadReport, void, undefined> {
  let last: BatchUploadReport | undefined
  for await (const report of changes(upload, options)) {
    yield last ? { ...report, moved: movedDevices(last, report) } : report
    last = report
  }
}

/** Waits until the batch has ended; see `BatchUpload.wait`. */
export async function waitFor(upload: BatchUpload, options?: WaitOptions): Promise<BatchUploadReport> {
  let last: BatchUploadReport | undefined
  for await (const report of changes(upload, options)) last = report
  return last!
}

async function* changes(
  upload: BatchUpload,
  options: WaitOptions = {},
): AsyncGenerator<BatchUploadReport, void, undefined> {
  let last: BatchUploadReport | undefined
  const { poll, pause } = createSteps(options, (timeoutMs) => new WaitTimeoutError(timeoutMs, upload, last))
  let schedule = resolveSchedule(options)
  let state: PollState | undefined
  if (Pollable.sourceOf(upload).justAccepted) {
    await pause(intervalMs(1, schedule, Math.random()), upload, 0)
    // That was the first interval: the next is twice as long.
    schedule = {
      ...schedule,
      initialIntervalMs: Math.min(2 * schedule.initialIntervalMs, schedule.maxIntervalMs),
    }
  }
  for (;;) {
    const result = await poll(state, upload, schedule)
    state = result.state
    if (result.report && result.changed) {
      last = result.report
      yield last
    }
    const { next } = result
    if (next.kind === 'done') return
    if (next.kind === 'stop') throw next.error
    await pause(next.delayMs, upload, state.polls)
  }
}

export type Schedule = Required<{ [Name in keyof PollSchedule]: number }>

/** Checks the schedule and fills in its defaults. */
export function resolveSchedule(options: PollSchedule): Schedule {
  const initialIntervalMs = resolveMs('initialIntervalMs', options.initialIntervalMs, 2_000)
  const maxFailures = options.maxFailures ?? 5
  if (!Number.isInteger(maxFailures) || maxFailures < 1) {
    throw new InvalidArgumentError(`\`maxFailures\` must be a whole number from 1; got ${show(maxFailures)}.`)
  }
  return {
    initialIntervalMs,
    maxIntervalMs: Math.max(initialIntervalMs, resolveMs('maxIntervalMs', options.maxIntervalMs, 30_000)),
    maxFailures,
  }
}

/** The time from poll number `polls` to the next: doubling, and up to a tenth shorter, so that many do not march in step. */
function intervalMs(polls: number, { initialIntervalMs, maxIntervalMs }: Schedule, random: number): number {
  return Math.min(initialIntervalMs * 2 ** (polls - 1), maxIntervalMs) * (1 - random / 10)
}

/** Throws `InvalidArgumentError` unless it is the state of this upload; returns it. */
export function checkState(upload: BatchUpload, saved: PollState | undefined): PollState | undefined {
  if (saved == null) return undefined
  if (saved.version !== 1) {
    throw new InvalidArgumentError(
      `\`saved\` is of version ${show(saved.version)}, this package knows version 1. Poll without it: nothing is lost but the interval.`,
    )
  }
  const nameOf = (id: BatchUploadId): string => `${id.customerId}/${id.batchTrackingId}`.toLowerCase()
  if (nameOf(saved) !== nameOf(upload)) {
    throw new InvalidArgumentError(
      `\`saved\` belongs to upload ${show(saved.batchTrackingId)} of customer ${show(saved.customerId)}, not to this one. Hand in the state of this upload.`,
    )
  }
  return saved
}
