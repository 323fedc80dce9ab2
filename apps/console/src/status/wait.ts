/** Waits for an upload and shows how far it is: the part that `upload`, `watch` and `demo` have in common. */
import type { BatchOutcome, DeviceCounts } from '@devicebatch/client'
import { GroupWaitTimeoutError, WaitTimeoutError } from '@devicebatch/client'

import type { Output } from '../output/output.ts'
import type { Progress } from '../output/progress.ts'

/** How long and how often is asked. */
export interface WaitSchedule {
  timeoutMs?: number | undefined
  initialIntervalMs?: number | undefined
  maxIntervalMs?: number | undefined
}

/** What a report of any kind of upload says. */
export interface AnyReport {
  outcome: BatchOutcome
  counts: DeviceCounts
}

/** An upload that is waited for. */
export interface Waited<Report extends AnyReport> {
  watch: (options: WaitSchedule & { signal: AbortSignal }) => AsyncIterable<Report>
  /** The service's own word for where it is. */
  statusOf: (report: Report) => string | undefined
  /** How many devices were sent, where that is known. */
  sent?: number | undefined
  output: Output
  progress: Progress
  signal: AbortSignal
  schedule: WaitSchedule
  /** Tells how to look again; called when the wait ends before the upload. */
  printResume: () => void
}

/**
 * The last report, of an upload that has ended or of one for which the time ran out; undefined when there was none. Rejects
 * with what ended the wait too early, the signal's reason among it, after it has said how to go on.
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
      printResume()
      throw error
    }
    if (!last) {
      output.print('No answer came in the time that was to be waited.')
      printResume()
    }
  }
  return last
}
