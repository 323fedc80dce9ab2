/** `devicebatch watch`: waits for an upload that was submitted before. */
import { connect } from './connect.ts'
import type { CommandContext } from './context.ts'
import { readDeviceFile, recordFile } from './device-file.ts'
import { followUpload } from './follow-upload.ts'
import { createProgress } from './progress.ts'
import { renderDeviceFile } from './render-device-file.ts'
import { emulatorHeading } from './render-report.ts'
import { checkResultsPath, defaultResultsPath } from './results-file.ts'
import { resumeCommand } from './resume-command.ts'
import { readUploadId } from './upload-id.ts'

/** The options of `devicebatch watch`. */
export interface WatchOptions {
  customer?: string
  csv?: string
  results?: string
  encoding?: string
  emulator?: string
  /** Milliseconds. */
  interval?: number
  /** Milliseconds. */
  timeout?: number
}

/** Waits, prints the report, writes the results where a file is named, and returns the exit code. */
export async function watch(
  { output, signal, commandName }: CommandContext,
  trackingIdOrLocation: string,
  options: WatchOptions,
): Promise<number> {
  const { csv, results, encoding, emulator } = options
  const progress = createProgress(output)
  const connection = await connect({ emulator, signal, observe: progress.observe })
  const { customerId, batchTrackingId } = readUploadId(trackingIdOrLocation, options.customer)
  const upload = connection.partner.customers.byId(customerId).batchUploadStatus.byId(batchTrackingId)
  await checkResultsPath(results, csv)
  const file = csv === undefined ? undefined : await readDeviceFile(csv, encoding)
  await connection.ready()

  const shown = { customer: customerId, csv, results, encoding, emulator }
  const resume = resumeCommand(commandName, batchTrackingId, shown)
  if (connection.isEmulator()) output.print(output.style('yellow', emulatorHeading), '')
  output.record({ ...upload.toJSON(), emulated: connection.isEmulator(), resume })
  if (file) {
    output.print(...renderDeviceFile(file, output))
    output.record(recordFile(file))
  }
  const schedule = { initialIntervalMs: options.interval, timeoutMs: options.timeout }
  const resultsPath = results ?? (csv && defaultResultsPath(csv, batchTrackingId))
  return followUpload({ upload, connection, output, progress, signal, schedule, resume, file, resultsPath })
}
