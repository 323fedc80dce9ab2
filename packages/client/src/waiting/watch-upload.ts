/** When is an upload polled again? A loop over single polls. */
import { WaitTimeoutError } from '../errors.ts'
import { keepAbsentDevices, changedDevices } from '../reports/report-changes.ts'
import type { BatchUploadReport } from '../reports/report.ts'
import { abortableIterable } from '../transport/abortable-iterable.ts'
import type { BatchUpload } from './batch-upload.ts'
import type { WaitOptions } from './poll-schedule.ts'
import { intervalMs, resolveSchedule } from './poll-schedule.ts'
import { Pollable } from './poll-source.ts'
import type { PollState } from './poll-state.ts'
import { createSteps } from './wait-steps.ts'

/** Yields a report for each change until the batch has ended; see `BatchUpload.watch`. */
export function watchUpload(upload: BatchUpload, options?: WaitOptions): AsyncIterable<BatchUploadReport> {
  return abortableIterable(options?.signal, (signal) => watchedReports(upload, { ...options, signal }))
}

async function* watchedReports(
  upload: BatchUpload,
  options: WaitOptions,
): AsyncGenerator<BatchUploadReport, void, undefined> {
  let last: BatchUploadReport | undefined
  // A later response may leave devices out: their last results stand.
  for await (const report of changes(upload, options, keepAbsentDevices)) {
    yield last ? { ...report, changed: changedDevices(last, report) } : report
    last = report
  }
}

/** Waits until the batch has ended; see `BatchUpload.wait`. */
export async function waitFor(upload: BatchUpload, options?: WaitOptions): Promise<BatchUploadReport> {
  let last: BatchUploadReport | undefined
  for await (const report of changes(upload, options, (_, later) => later)) last = report
  return last!
}

/** @param join Makes the next report of the last one and the response. */
async function* changes(
  upload: BatchUpload,
  options: WaitOptions = {},
  join: (earlier: BatchUploadReport | undefined, later: BatchUploadReport) => BatchUploadReport,
): AsyncGenerator<BatchUploadReport, void, undefined> {
  let last: BatchUploadReport | undefined
  const { poll, pause } = createSteps(
    options,
    (timeoutMs, retryAfterMs) => new WaitTimeoutError(timeoutMs, upload, last, retryAfterMs),
  )
  let schedule = resolveSchedule(options)
  let state: PollState | undefined
  if (Pollable.sourceOf(upload).acceptedAt !== undefined) {
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
      last = join(last, result.report)
      yield last
    }
    const { next } = result
    if (next.kind === 'done') return
    if (next.kind === 'stop') throw next.error
    await pause(next.delayMs, upload, state.polls, next.retryAfterMs)
  }
}
