/** `devicebatch watch`: waits for one upload by its tracking ID. */
import { ApiError } from '@devicebatch/client'
import { Option } from 'commander'

import { checkInput } from '../cli/check-input.ts'
import type { CommandContext } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand } from '../cli/define-command.ts'
import { exitCodeOf, exitCodes } from '../cli/exit-code.ts'
import { rowExitCodes, signInHelp } from '../cli/help.ts'
import { customerUnlessLocation, connection, encoding, interval, json, timeout } from '../cli/options.ts'
import { checkIsFile, readDeviceFile, recordFile } from '../files/device-file.ts'
import { checkResultsPath, defaultResultsPath, writeResultsFile } from '../files/results-file.ts'
import { countBeside, devicesInNeed, rowsInNeed } from '../output/needs-attention.ts'
import { createProgress } from '../output/progress.ts'
import { renderDeviceFile } from '../output/render-device-file.ts'
import { emulatorHeading, listedWithResultsFile, renderReport, uploadFacts } from '../output/render-report.ts'
import { connect } from '../service/connect.ts'
import { findUpload, readUploadId } from './upload-id.ts'
import { waitForUpload } from './wait.ts'
import type { SentReport } from './watch-rows.ts'
import { recordReport, watchRows } from './watch-rows.ts'

/** Known only once the service has returned the upload. */
const continues = 'The upload continues at the service. To see its result, run:'

/** The options of `devicebatch watch`. */
export interface WatchOptions {
  customer?: string
  file?: string
  results?: string
  encoding?: string
  emulator?: string
  /** Milliseconds. */
  interval?: number
  /** Milliseconds. */
  timeout?: number
}

/** Waits, prints the report, writes the results if a file is named, and returns the exit code. */
async function watch(
  context: CommandContext,
  trackingIdOrLocation: string,
  options: WatchOptions,
): Promise<number> {
  const { output, env, signal } = context
  const { file: path, results, encoding, emulator } = options
  const { wanted, file } = await checkInput(async () => {
    const wanted = readUploadId(trackingIdOrLocation, options.customer, env)
    if (path !== undefined) await checkIsFile(path)
    await checkResultsPath(results, path)
    return { wanted, file: path === undefined ? undefined : await readDeviceFile(path, encoding, signal) }
  })
  const progress = createProgress(output)
  const connection = await connect(context, { emulator, observe: progress.observe })
  await connection.ready()
  const { upload, customer } = await findUpload(connection, wanted, context)
  const { customerId, batchTrackingId } = upload

  const flags = { customer: customerId, file: path, results, encoding, emulator }
  const resume = context.commandLine(['watch', batchTrackingId], flags)
  if (connection.isEmulator()) output.print(output.style('yellow', emulatorHeading), '')
  output.record({ ...customer, emulated: connection.isEmulator(), resume })
  if (file) {
    output.print(renderDeviceFile(file, output))
    output.record(recordFile(file))
  }
  let last: SentReport | undefined
  const rows = file?.rows.flatMap(({ device }) => device ?? [])
  const report = await waitForUpload({
    watch: (wait) => watchRows(upload.watch(wait), rows),
    statusOf: (one) => (last = one).status,
    sent: file?.deviceCount,
    output,
    progress,
    signal,
    schedule: { initialIntervalMs: options.interval, timeoutMs: options.timeout },
    printResume(error) {
      if (last) output.record({ report: recordReport(last) })
      else if (error instanceof ApiError && error.status === 404) return
      output.print(last ? continues : 'To see the result of this upload, run:', `  ${resume}`)
    },
  })
  if (!report) return exitCodes.pending

  const { sent } = report
  const needs = sent ? rowsInNeed(sent, file!.rows) : devicesInNeed(report)
  const resultsPath = results ?? (path && defaultResultsPath(path, batchTrackingId))
  output.record({ emulated: connection.isEmulator(), report: recordReport(report), needsAttention: needs })
  const listed = resultsPath === undefined ? undefined : listedWithResultsFile
  const facts = uploadFacts(report, customer)
  output.print(
    '',
    renderReport(
      {
        report,
        facts,
        needs,
        isEmulator: connection.isEmulator(),
        file,
        beside: sent && countBeside(sent),
        listed,
      },
      output,
    ),
  )
  if (resultsPath !== undefined) {
    await writeResultsFile(resultsPath, report, file)
    output.record({ results: resultsPath })
    output.print('Results:', `  ${resultsPath}`)
  }
  const exitCode = exitCodeOf(report, { sent: file?.deviceCount, skipped: file?.skipped.length ?? 0 })
  if (exitCode === exitCodes.pending) output.print(continues, `  ${resume}`)
  return exitCode
}

export const watchCommand: ConsoleCommand = defineCommand({
  name: 'watch',
  description: 'wait for one upload request to finish, and report on it',
  arguments: [['<tracking-id>', 'the tracking ID of the request, or its whole Location header']],
  options: [
    customerUnlessLocation(),
    new Option(
      '--file <file>',
      'the CSV file of devices that was sent in this request, to report on its rows',
    ),
    new Option(
      '--results <file>',
      'where to write the result of each device (default: next to the file of --file)',
    ),
    encoding(),
    interval(),
    timeout(),
    ...connection(),
    json(),
  ],
  examples: [
    'devicebatch watch 0127ed8e-ff72-4983-a3d8-e8d8bd378932 --customer CUSTOMER',
    'devicebatch watch /customers/CUSTOMER/batchJobStatus/0127ed8e-ff72-4983-a3d8-e8d8bd378932 --file devices.csv',
  ],
  exitCodes: rowExitCodes,
  notes: [signInHelp],
  run: watch,
})
