/** When to poll an upload in several requests again? A loop of single polls, one at a time. */
import { checkNames } from '@devicebatch/edge/internal'

import { GroupWaitTimeoutError } from '../group-errors.ts'
import { keepAbsentDevices } from '../reports/report-changes.ts'
import { abortableIterable } from '../transport/abortable-iterable.ts'
import type { BatchUpload } from '../waiting/batch-upload.ts'
import { toResult } from '../waiting/poll-once.ts'
import type { WaitOptions } from '../waiting/poll-schedule.ts'
import { resolveSchedule, waitNames } from '../waiting/poll-schedule.ts'
import { sourceOf } from '../waiting/poll-source.ts'
import type { PollState } from '../waiting/poll-state.ts'
import { createSteps } from '../waiting/wait-steps.ts'
import type { GroupParts } from './group-parts.ts'
import type { BatchUploadGroupReport, ChunkProgress, ChunkResult } from './group-report.ts'
import { reportChunk, reportGroup } from './group-report.ts'
import type { BatchUploadGroup } from './upload-group.ts'

/** The public view of a group; it reflects changes of `parts`. */
export function createGroup(parts: GroupParts): BatchUploadGroup {
  const group: BatchUploadGroup = {
    version: 1,
    customerId: parts.customerId,
    get batchId() {
      return parts.batchId
    },
    get chunks() {
      return parts.chunks
    },
    get duplicates() {
      return parts.duplicates
    },
    get complete() {
      return parts.complete
    },
    watch: (options) => watchGroup(group, parts, options),
    wait: (options) => waitForGroup(group, parts, options),
    toJSON() {
      const { customerId, batchId, chunks, duplicates, complete } = parts
      return structuredClone({ version: 1, customerId, batchId, chunks, duplicates, complete })
    },
  }
  return group
}

/** Yields a report for each change until every chunk has ended; see `BatchUploadGroup.watch`. */
function watchGroup(
  group: BatchUploadGroup,
  parts: GroupParts,
  options?: WaitOptions,
): AsyncIterable<BatchUploadGroupReport> {
  checkNames(options, waitNames)
  return abortableIterable(options?.signal, (signal) => watchedReports(group, parts, { ...options, signal }))
}

async function* watchedReports(
  group: BatchUploadGroup,
  parts: GroupParts,
  options: WaitOptions,
): AsyncGenerator<BatchUploadGroupReport, void, undefined> {
  for await (const report of changes(group, parts, options)) yield report()
}

/** Waits until every chunk has ended; see `BatchUploadGroup.wait`. */
async function waitForGroup(
  group: BatchUploadGroup,
  parts: GroupParts,
  options?: WaitOptions,
): Promise<BatchUploadGroupReport> {
  let last: (() => BatchUploadGroupReport) | undefined
  for await (const report of changes(group, parts, options)) last = report
  // Without getters.
  return { ...last!() }
}

/** A chunk that is still to be polled. */
interface Task {
  at: number
  upload: BatchUpload
  state: PollState | undefined
  /** On the monotonic clock. */
  dueAt: number
  /** How long the service asked to wait before it. */
  retryAfterMs?: number | undefined
}

/** Yields, for each change, a function that makes the report: with many devices this is work, and only `watch` needs it each time. */
async function* changes(
  group: BatchUploadGroup,
  current: GroupParts,
  options: WaitOptions = {},
): AsyncGenerator<() => BatchUploadGroupReport, void, undefined> {
  // The upload may go on meanwhile: this is about the requests so far.
  const parts: GroupParts = {
    ...current,
    chunks: current.chunks.map((chunk) => ({ ...chunk })),
    rows: [...current.rows],
    uploads: [...current.uploads],
  }
  const schedule = resolveSchedule(options)
  const startedAt = performance.now()
  const progress: ChunkProgress[] = parts.chunks.map(() => ({}))
  const results: (ChunkResult | undefined)[] = []
  const report = (): BatchUploadGroupReport =>
    reportGroup(
      parts,
      parts.chunks.map(
        (chunk, at) => (results[at] ??= reportChunk(chunk, parts.rows[at] ?? [], progress[at]!)),
      ),
    )
  const { poll, pause } = createSteps(
    options,
    (timeoutMs, retryAfterMs) => new GroupWaitTimeoutError(timeoutMs, group, report(), retryAfterMs),
  )

  let tasks: Task[] = parts.uploads.flatMap((upload, at) => {
    if (!upload) return []
    // An upload that was just accepted has no results yet.
    const dueAt = startedAt + (sourceOf(upload).acceptedAt !== undefined ? schedule.initialIntervalMs : 0)
    return [{ at, upload, state: undefined, dueAt }]
  })
  if (tasks.length === 0) yield report
  while (tasks.length > 0) {
    const task = tasks.reduce((first, other) => (other.dueAt < first.dueAt ? other : first))
    const { upload, state } = task
    const delayMs = task.dueAt - performance.now()
    if (delayMs > 0) await pause(delayMs, upload, state?.polls ?? 0, task.retryAfterMs && delayMs)
    // Another process may have uploaded it just before: in the first minute, a 404 means "not yet" here too.
    const before = state ?? { polls: 0, failures: 0, acceptedAt: Date.now() }
    const result = toResult(upload, state, await poll(before, upload, schedule))
    const { next } = result
    task.state = result.state
    const isLost = next.kind === 'stop' && next.error.code === 'api' && next.error.status === 404
    if (next.kind === 'stop' && !isLost) throw next.error
    if (next.kind === 'wait') {
      task.dueAt = performance.now() + next.delayMs
      task.retryAfterMs = next.retryAfterMs
    } else tasks = tasks.filter((other) => other !== task)
    if (isLost) progress[task.at]!.lost = true
    else if (result.report && result.changed) {
      // A later response may omit devices: their last results remain.
      progress[task.at] = { report: keepAbsentDevices(progress[task.at]!.report, result.report) }
    } else continue
    results[task.at] = undefined
    yield report
  }
}
