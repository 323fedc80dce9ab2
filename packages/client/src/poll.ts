/** When is an upload asked for again? One poll is a function of what is saved and the time; waiting is a loop over it. */
import type { BatchUploadDetails } from '@devicebatch/contract'
import type { AnyPartnerCenterError, BatchUploadId, CallOptions, PartnerCenterEvent } from '@devicebatch/edge'
import { InvalidArgumentError, isFinished, isPartnerCenterError } from '@devicebatch/edge'
import { resolveMs, show, wait, withinLimit } from '@devicebatch/edge/internal'

import type { BatchUpload } from './batch-upload.ts'
import { WaitTimeoutError } from './errors.ts'
import { digestOf, movedDevices } from './report-changes.ts'
import type { BatchUploadReport, DeviceCounts } from './report.ts'
import { summarize } from './report.ts'

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
  | { kind: 'wait'; delayMs: number; at: number }
  | { kind: 'done' }
  | { kind: 'stop'; error: AnyPartnerCenterError }

/** What came of one poll. */
export interface PollResult {
  /** To be saved and handed to the next poll. */
  state: PollState
  /** Whether the upload differs from what was saved; true at the first answer. */
  changed: boolean
  /** The report; absent when the poll failed. */
  report?: BatchUploadReport
  next: PollNext
}

/** What polling needs of an upload beyond its public methods. */
export interface PollSource {
  read(options?: CallOptions): Promise<BatchUploadDetails>
  observe: ((event: PartnerCenterEvent) => void) | undefined
  /** True when the service has only just accepted it, so that asking at once would be in vain. */
  justAccepted: boolean
}

const sources = new WeakMap<BatchUpload, PollSource>()

/** Makes an upload known to polling. */
export function registerUpload(upload: BatchUpload, source: PollSource): void {
  sources.set(upload, source)
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
 *   const partner = createPartnerCenter({ credential: () => process.env.PARTNER_CENTER_TOKEN! })
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
  const schedule = resolveSchedule(options)
  const before = checkState(upload, saved)
  const source = sourceOf(upload)
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
    const data = await source.read({ retry: false, signal })
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
    if (signal?.aborted) throw signal.reason
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

/** Yields a report for each change until the batch has ended; see `BatchUpload.watch`. */
export async function* watchUpload(
  upload: BatchUpload,
  options: WaitOptions = {},
): AsyncGenerator<BatchUploadReport, void, undefined> {
  const { signal } = options
  const timeoutMs = resolveMs('timeoutMs', options.timeoutMs, 1_800_000)
  let schedule = resolveSchedule(options)
  const source = sourceOf(upload)
  const endsAt = performance.now() + timeoutMs
  let state: PollState | undefined
  let last: BatchUploadReport | undefined
  /** Whatever takes time in here ends with the wait. */
  const within = <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    withinLimit(
      work,
      Math.max(0, endsAt - performance.now()),
      signal,
      () => new WaitTimeoutError(timeoutMs, upload, last),
    )

  const pause = (delayMs: number, attempt: number): Promise<void> => {
    source.observe?.({
      type: 'wait',
      reason: 'poll',
      delayMs,
      method: 'GET',
      path: '/customers/{customerId}/batchJobStatus/{batchTrackingId}',
      attempt,
    })
    return within((own) => wait(delayMs, own))
  }

  if (source.justAccepted) {
    await pause(intervalMs(1, schedule, Math.random()), 0)
    // That was the first interval: the next is twice as long.
    schedule = {
      ...schedule,
      initialIntervalMs: Math.min(2 * schedule.initialIntervalMs, schedule.maxIntervalMs),
    }
  }
  for (;;) {
    const result = await within((own) =>
      pollOnce(upload, state, { ...schedule, now: Date.now(), signal: own }),
    )
    state = result.state
    if (result.report && result.changed) {
      const moved = last && movedDevices(last, result.report)
      last = result.report
      yield moved ? { ...last, moved } : last
    }
    const { next } = result
    if (next.kind === 'done') return
    if (next.kind === 'stop') throw next.error
    await pause(next.delayMs, state.polls)
  }
}

/** Waits until the batch has ended; see `BatchUpload.wait`. */
export async function waitFor(upload: BatchUpload, options?: WaitOptions): Promise<BatchUploadReport> {
  let last: BatchUploadReport | undefined
  for await (const report of watchUpload(upload, options)) last = report
  const { moved: _, ...report } = last!
  return report
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

/** What polling needs of this upload. */
export function sourceOf(upload: BatchUpload): PollSource {
  const source = sources.get(upload)
  if (source) return source
  throw new InvalidArgumentError(
    '`upload` must be what batchUploadStatus.byId(), fromLocation() or deviceBatches.create() returned.',
  )
}

function checkState(upload: BatchUpload, saved: PollState | undefined): PollState | undefined {
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
