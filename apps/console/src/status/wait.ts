/** Waits for an upload and shows its progress: what `upload`, `watch`, `assign` and `demo` have in common. */
import type { BatchOutcome, DeviceCounts } from '@devicebatch/client'
import { GroupWaitTimeoutError, WaitTimeoutError } from '@devicebatch/client'

import type { Output } from '../output/output.ts'
import type { Progress } from '../output/progress.ts'

/** How long to wait, and how often to poll. */
export interface WaitSchedule {
  timeoutMs?: number | undefined
  initialIntervalMs?: number | undefined
  maxIntervalMs?: number | undefined
}

/** The common part of all upload reports. */
export interface AnyReport {
  outcome: BatchOutcome
  counts: DeviceCounts
}

/** How a wait is shown and ended. */
export interface Waiting {
  /** How many devices were sent, if that is known. */
  sent?: number | undefined
  output: Output
  progress: Progress
  signal: AbortSignal
  schedule: WaitSchedule
}

/** An upload to wait for. */
export interface Waited<Report extends AnyReport> extends Waiting {
  watch: (options: WaitSchedule & { signal: AbortSignal }) => AsyncIterable<Report>
  /** The service's own status value. */
  statusOf: (report: Report) => string | undefined
  /** Says how to see the result later; called when the wait ends before the upload, with the error that ended it. */
  printResume: (error: unknown) => void
}

/**
 * The last report of an upload that has finished or whose wait timed out; undefined if there was none. Rejects with the error that
 * ended the wait early, including the signal's reason, after saying how to continue.
 */
export async function waitForUpload<Report extends AnyReport>({
  watch,
  statusOf,
  sent,
  output,
  progress,
  signal,
  schedule,
  printResume,
}: Waited<Report>): Promise<Report | undefined> {
  let last: Report | undefined
  progress.start(sent)
  try {
    for await (const report of watch({ ...schedule, signal })) {
      last = report
      progress.show({ status: statusOf(report), counts: report.counts })
    }
    progress.stop()
  } catch (error) {
    progress.stop()
    const isOver = error instanceof WaitTimeoutError || error instanceof GroupWaitTimeoutError
    if (!isOver) {
      printResume(error)
      throw error
    }
    if (!last) {
      output.print('Timed out without a response.')
      printResume(error)
    }
  }
  return last
}
