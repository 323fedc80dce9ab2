/** Waits for an upload and says what became of it: the part that `submit`, `watch` and `demo` have in common. */
import type { BatchUpload, BatchUploadReport } from '@devicebatch/client'
import { WaitTimeoutError } from '@devicebatch/client'

import { devicesInNeed } from './attention.ts'
import type { Connection } from './connect.ts'
import type { DeviceFile } from './device-file.ts'
import { exitCodeOf, exitCodes } from './exit-code.ts'
import type { Output } from './output.ts'
import type { Progress } from './progress.ts'
import { renderReport } from './render-report.ts'
import { writeResultsFile } from './results-file.ts'

/** How long and how often is asked. */
export interface WaitSchedule {
  timeoutMs?: number | undefined
  initialIntervalMs?: number | undefined
  maxIntervalMs?: number | undefined
}

/** An upload that is waited for. */
export interface FollowedUpload {
  upload: BatchUpload
  connection: Connection
  output: Output
  progress: Progress
  signal: AbortSignal
  schedule: WaitSchedule
  /** The command that goes on with it; absent where nothing can. */
  resume?: string | undefined
  batchId?: string | undefined
  file?: DeviceFile | undefined
  resultsPath?: string | undefined
}

const listedWithResultsFile = 25

/**
 * Waits, prints the report and writes the results.
 *
 * @returns The exit code. Rejects with what ended the wait too early, the signal's reason among it, after it has said how to go
 * on; and with `InvalidArgumentError` when the results cannot be written.
 */
export async function followUpload(followed: FollowedUpload): Promise<number> {
  const report = await waitForUpload(followed)
  if (report) return reportUpload(followed, report)
  followed.output.print('No answer came in the time that was to be waited.')
  printResume(followed)
  return exitCodes.pending
}

/** The last report, of an ended batch or of one for which the time ran out; undefined when there was none. */
async function waitForUpload(followed: FollowedUpload): Promise<BatchUploadReport | undefined> {
  const { upload, file, output, progress, signal, schedule } = followed
  let last: BatchUploadReport | undefined
  progress.start(file?.devices.length)
  try {
    for await (const { moved: _, ...report } of upload.watch({ ...schedule, signal })) {
      last = report
      progress.show(report)
    }
    progress.stop()
  } catch (error) {
    progress.stop()
    if (error instanceof WaitTimeoutError) return last
    if (last) output.record({ report: last })
    printResume(followed)
    throw error
  }
  return last
}

async function reportUpload(followed: FollowedUpload, report: BatchUploadReport): Promise<number> {
  const { upload, connection, output, batchId, file, resultsPath } = followed
  const { customerId } = upload
  const isEmulator = connection.isEmulator()
  const listed = resultsPath === undefined ? undefined : listedWithResultsFile
  output.record({ emulated: isEmulator, report, needsAttention: devicesInNeed(report, file?.rows) })
  output.print('', ...renderReport({ report, customerId, batchId, isEmulator, file, listed }, output))
  if (resultsPath !== undefined) {
    await writeResultsFile(resultsPath, report, file?.rows)
    output.record({ results: resultsPath })
    output.print('What became of each row:', `  ${resultsPath}`)
  }
  const exitCode = exitCodeOf(report, { sent: file?.devices.length, skipped: file?.skipped.length ?? 0 })
  if (exitCode === exitCodes.pending) printResume(followed)
  return exitCode
}

function printResume({ output, resume }: FollowedUpload): void {
  if (resume !== undefined) output.print('The upload goes on at the service. Look again with:', `  ${resume}`)
}
