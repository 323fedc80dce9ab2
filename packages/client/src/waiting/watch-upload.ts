/** When is an upload polled again? A loop over single polls. */
import type { BatchUploadDetails } from '@devicebatch/contract'
import { checkNames } from '@devicebatch/edge/internal'

import { WaitTimeoutError } from '../errors.ts'
import { changedDevices, keepAbsentDevices, saysTheSame } from '../reports/report-changes.ts'
import type { BatchUploadReport } from '../reports/report.ts'
import { reportOn } from '../reports/report.ts'
import { abortableIterable } from '../transport/abortable-iterable.ts'
import type { BatchUpload } from './batch-upload.ts'
import type { WaitOptions } from './poll-schedule.ts'
import { intervalMs, resolveSchedule, waitNames } from './poll-schedule.ts'
import { sourceOf } from './poll-source.ts'
import type { Polled } from './poll.ts'
import { createSteps } from './wait-steps.ts'

/** Yields a report for each change until the batch has ended; see `BatchUpload.watch`. */
export function watchUpload(upload: BatchUpload, options?: WaitOptions): AsyncIterable<BatchUploadReport> {
  checkNames(options, waitNames)
  return abortableIterable(options?.signal, (signal) => watchedReports(upload, { ...options, signal }))
}

async function* watchedReports(
  upload: BatchUpload,
  options: WaitOptions,
): AsyncGenerator<BatchUploadReport, void, undefined> {
  /** The last report, and the report of its response alone. */
  let last: BatchUploadReport | undefined
  let said: BatchUploadReport | undefined
  const read = createReader(upload, options, () => last)
  for (let details = await read(); details; details = await read()) {
    const says = reportOn(upload.batchTrackingId, details, said?.counts.total)
    if (said && saysTheSame(said, says)) continue
    said = says
    // A later response may omit devices: their last results remain.
    const report = keepAbsentDevices(last, says)
    const changed = last && changedDevices(last, report)
    last = report
    yield changed ? { ...report, changed } : report
  }
}

/** Waits until the batch has ended; see `BatchUpload.wait`. Creates one report at the end, not one for each poll. */
export async function waitFor(upload: BatchUpload, options?: WaitOptions): Promise<BatchUploadReport> {
  let last: BatchUploadDetails | undefined
  let highestTotal = 0
  const report = (): BatchUploadReport | undefined =>
    last && reportOn(upload.batchTrackingId, last, highestTotal)
  const read = createReader(upload, options, report)
  for (let details = await read(); details; details = await read()) {
    last = details
    const rows: unknown = details.devicesStatus
    if (Array.isArray(rows)) highestTotal = Math.max(highestTotal, rows.length)
  }
  return report()!
}

/**
 * A function that resolves with the next response, and with `undefined` once the batch has ended.
 *
 * @param report Creates the last report, for the error when the time is up.
 */
function createReader(
  upload: BatchUpload,
  options: WaitOptions = {},
  report: () => BatchUploadReport | undefined,
): () => Promise<BatchUploadDetails | undefined> {
  const { poll, pause } = createSteps(
    options,
    (timeoutMs, retryAfterMs) => new WaitTimeoutError(timeoutMs, upload, report(), retryAfterMs),
  )
  let schedule = resolveSchedule(options)
  let polled: Polled | undefined
  return async () => {
    if (!polled && sourceOf(upload).acceptedAt !== undefined) {
      await pause(intervalMs(1, schedule, Math.random()), upload, 0)
      // That was the first interval: the next is twice as long.
      schedule = {
        ...schedule,
        initialIntervalMs: Math.min(2 * schedule.initialIntervalMs, schedule.maxIntervalMs),
      }
    }
    for (;;) {
      if (polled) {
        const { next, polls } = polled
        if (next.kind === 'done') return undefined
        if (next.kind === 'stop') throw next.error
        await pause(next.delayMs, upload, polls, next.retryAfterMs)
      }
      polled = await poll(polled, upload, schedule)
      if (polled.details) return polled.details
    }
  }
}
