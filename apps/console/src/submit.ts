/** `devicebatch submit`: uploads the devices of a file, and waits for what becomes of them. */
import { InvalidArgumentError, summarize } from '@devicebatch/client'

import { connect } from './connect.ts'
import type { CommandContext } from './context.ts'
import type { SkippedRow } from './device-file.ts'
import { readDeviceFile, recordFile } from './device-file.ts'
import { exitCodes } from './exit-code.ts'
import { followUpload } from './follow-upload.ts'
import { count } from './format.ts'
import { createProgress } from './progress.ts'
import { renderDeviceFile } from './render-device-file.ts'
import { emulatorHeading } from './render-report.ts'
import { checkResultsPath, defaultResultsPath, writeResultsFile } from './results-file.ts'
import { resumeCommand } from './resume-command.ts'
import { sendDevices } from './send-devices.ts'

/** The options of `devicebatch submit`. */
export interface SubmitOptions {
  customer: string
  batch: string
  strict?: boolean
  /** False with `--no-wait`. */
  wait: boolean
  results?: string
  encoding?: string
  emulator?: string
  /** Milliseconds. */
  interval?: number
  /** Milliseconds. */
  timeout?: number
}

/** Sends the devices, prints the tracking id, and then waits, unless told not to. Returns the exit code. */
export async function submit(context: CommandContext, path: string, options: SubmitOptions): Promise<number> {
  const { output, signal, commandName } = context
  const { customer: customerId, batch: batchId, emulator, encoding } = options
  const progress = createProgress(output)
  const connection = await connect({ emulator, signal, observe: progress.observe })
  connection.partner.customers.byId(customerId)
  await checkResultsPath(options.results, path)
  const file = await readDeviceFile(path, encoding)
  await connection.ready()

  if (connection.isEmulator()) output.print(output.style('yellow', emulatorHeading), '')
  output.print(...renderDeviceFile(file, output))
  output.record(recordFile(file))
  if (options.strict && file.skipped.length > 0) throw refusedByStrict(path, file.skipped)
  const upload = await sendDevices(connection, { customerId, batchId, file }, context)

  const { batchTrackingId } = upload
  const resultsPath = options.results ?? defaultResultsPath(path, batchTrackingId)
  const shown = { customer: customerId, csv: path, results: options.results, encoding, emulator }
  const resume = resumeCommand(commandName, batchTrackingId, shown)
  output.record({ ...upload.toJSON(), batchId, emulated: connection.isEmulator(), resume })
  output.print(`Tracking id  ${output.style('bold', batchTrackingId)}`, 'To look again later:', `  ${resume}`)
  // On disk before anything else happens: a window that is closed takes the screen with it.
  await writeResultsFile(resultsPath, summarize({ batchTrackingId, status: 'unknown' }), file.rows)
  if (!options.wait) {
    output.print('The upload was accepted. What became of the devices is not known yet.')
    return exitCodes.pending
  }
  const schedule = { initialIntervalMs: options.interval, timeoutMs: options.timeout }
  return followUpload({
    upload,
    connection,
    output,
    progress,
    signal,
    schedule,
    resume,
    batchId,
    file,
    resultsPath,
  })
}

function refusedByStrict(path: string, skipped: readonly SkippedRow[]): InvalidArgumentError {
  const lines = skipped.slice(0, 10).map(({ line }) => line)
  const more = skipped.length > lines.length ? ', …' : ''
  return new InvalidArgumentError(
    `${path} has ${count(skipped.length, 'row')} that cannot be sent (line ${lines.join(', ')}${more}). Nothing was submitted: ` +
      'correct the file, or leave out --strict.',
  )
}
