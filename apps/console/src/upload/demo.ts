/** `devicebatch demo`: a whole upload, with an emulator that runs inside the command. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

import { checkInput } from '../cli/check-input.ts'
import type { CommandContext } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand } from '../cli/define-command.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { json, results as resultsOption } from '../cli/options.ts'
import { readDeviceFile, recordFile } from '../files/device-file.ts'
import { packageFilePath } from '../files/package-file.ts'
import { checkResultsPath } from '../files/results-file.ts'
import { createJournalWriter } from '../journal/writer.ts'
import { createProgress } from '../output/progress.ts'
import { renderDeviceFile } from '../output/render-device-file.ts'
import { emulatorHeading } from '../output/render-report.ts'
import { renderParagraph } from '../output/render-text.ts'
import { connect } from '../service/connect.ts'
import { findCustomer } from '../service/find-customer.ts'
import { createUploadStop } from './graceful-stop.ts'
import { printAccepted, renderTarget } from './messages.ts'
import { reportUpload } from './report.ts'
import { sendDevices } from './send.ts'
import { waitForGroup } from './wait-for-group.ts'

/** The options of `devicebatch demo`. */
export interface DemoOptions {
  results?: string
}

/** The customer in Microsoft's own examples. */
const customerId = '47021739-3426-40bf-9601-61b4b6d7c793'
const batchId = 'Front desk laptops'
/** A batch at Microsoft takes about ten minutes. */
const lifecycle = { queuedMs: 1_500, processingMs: 9_000 }

/** Uploads the sample, waits, and reports. Returns 0 if it ran to its end, whatever the results of the devices. */
async function demo(context: CommandContext, { results }: DemoOptions): Promise<number> {
  const { output, signal, commandName, cwd } = context
  output.print(output.style(['yellow', 'bold'], emulatorHeading), '')
  output.record({ emulated: true })
  await checkInput(() => checkResultsPath(results, undefined))
  // No other command needs the emulator.
  const [{ createEmulator }, { serve }] = await Promise.all([
    import('@devicebatch/emulator'),
    import('@devicebatch/emulator/node'),
  ])
  const server = await serve({ emulator: createEmulator(lifecycle) })
  const folder = await mkdtemp(join(tmpdir(), 'devicebatch-'))
  try {
    const progress = createProgress(output)
    const connection = await connect(context, { emulator: server.url, observe: progress.observe })
    await connection.ready()
    const sample = await packageFilePath('sample/devices.csv', folder)
    const file = await readDeviceFile(relative(cwd, sample), undefined, signal)
    output.print(renderDeviceFile(file, output))
    output.record(recordFile(file))

    const { customer, customerName } = await findCustomer(connection, { kind: 'id', customerId }, context)
    const journalPath = join(folder, 'devices.csv.devicebatch.json')
    const journal = createJournalWriter({
      path: journalPath,
      service: connection.service,
      customerName,
      file,
      decision: { kind: 'start' },
    })
    output.record({ customerId, customerName, batchId })
    output.print(renderTarget({ customerId, customerName, batchId }))
    const stop = createUploadStop(signal, () => {})
    const group = await sendDevices({ customer, batchId, file }, { journal, progress, stop, output })
    printAccepted(group, journalPath, output)

    const intervalMs = output.isLive ? 500 : 2_000
    const schedule = { initialIntervalMs: intervalMs, maxIntervalMs: intervalMs }
    const waiting = { sent: file.deviceCount, output, progress, signal, schedule }
    const report = await waitForGroup(group, waiting, () => {})
    if (!report) return exitCodes.failed
    const reporting = { journalPath, customerName, results: results ?? false, emulated: true } as const
    const exitCode = await reportUpload(report, file, reporting, output)
    const text =
      `The demo exits with code 0; "upload" with these results exits with ${exitCode}, and writes them to a file next to yours. For your own file: ` +
      `${commandName} upload devices.csv --customer <tenant ID> --batch <name>. If it is interrupted, run the same command to ` +
      `continue where it stopped. See ${commandName} upload --help.`
    output.print(
      '',
      renderParagraph(text, output.width).map((line) => output.style('dim', line)),
    )
    return exitCodes.registered
  } finally {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
}

export const demoCommand: ConsoleCommand = defineCommand({
  name: 'demo',
  description:
    'demonstrate a whole upload with an emulator; sends nothing to Microsoft and needs no credentials',
  options: [resultsOption('not written'), json()],
  examples: ['devicebatch demo'],
  run: demo,
})
