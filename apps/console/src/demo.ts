/** `devicebatch demo`: the whole way of a device file, against an emulator that lives as long as the command. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

import { connect } from './connect.ts'
import type { CommandContext } from './context.ts'
import { readDeviceFile, recordFile } from './device-file.ts'
import { exitCodes } from './exit-code.ts'
import { followUpload } from './follow-upload.ts'
import { createProgress } from './progress.ts'
import { renderDeviceFile } from './render-device-file.ts'
import { emulatorHeading } from './render-report.ts'
import { renderParagraph } from './render-text.ts'
import { checkResultsPath, defaultResultsPath } from './results-file.ts'
import { resumeCommand } from './resume-command.ts'
import { sendDevices } from './send-devices.ts'

/** The options of `devicebatch demo`. */
export interface DemoOptions {
  results?: string
}

const sample = fileURLToPath(new URL('../sample/devices.csv', import.meta.url))
/** The customer of Microsoft's own examples. */
const customerId = '47021739-3426-40bf-9601-61b4b6d7c793'
const batchId = 'Front desk laptops'
/** A batch at Microsoft takes about ten minutes. */
const lifecycle = { queuedMs: 1_500, processingMs: 9_000 }

/** Uploads the sample, waits, and reports. Returns 0 when it came to its end, whatever became of the devices. */
export async function demo(context: CommandContext, options: DemoOptions): Promise<number> {
  const { output, signal, commandName } = context
  output.print(output.style(['yellow', 'bold'], emulatorHeading), '')
  output.record({ emulated: true })
  await checkResultsPath(options.results, undefined)
  const [{ createEmulator }, { serve }] = await Promise.all([
    import('@devicebatch/emulator'),
    import('@devicebatch/emulator/node'),
  ])
  const server = await serve({ emulator: createEmulator(lifecycle) })
  try {
    const progress = createProgress(output)
    const connection = await connect({ emulator: server.url, signal, observe: progress.observe })
    await connection.ready()
    const file = await readDeviceFile(relative(process.cwd(), sample))
    output.print(...renderDeviceFile(file, output))
    const upload = await sendDevices(connection, { customerId, batchId, file }, context)

    const { batchTrackingId } = upload
    const resume = resumeCommand(commandName, batchTrackingId, { customer: customerId, csv: file.path })
    output.record({ ...upload.toJSON(), batchId, ...recordFile(file) })
    const lifetime =
      'An upload goes on when this window is closed (not in the demo: the emulator ends with it). To look at a real one again ' +
      'later, you would run:'
    output.print(
      `Tracking id  ${output.style('bold', batchTrackingId)}`,
      ...renderParagraph(lifetime, output.width),
      `  ${resume}`,
      '',
    )
    const intervalMs = output.isLive ? 500 : 2_000
    const resultsPath =
      options.results ??
      defaultResultsPath(join(await mkdtemp(join(tmpdir(), 'devicebatch-')), 'devices.csv'), batchTrackingId)
    const exitCode = await followUpload({
      upload,
      connection,
      output,
      progress,
      signal,
      batchId,
      file,
      resultsPath,
      schedule: { initialIntervalMs: intervalMs, maxIntervalMs: intervalMs },
    })
    const text =
      `The demo ends with exit code 0; "submit" with this outcome ends with ${exitCode}. For your own file: ` +
      `${commandName} submit devices.csv --customer <tenant id> --batch <name>, and see ${commandName} submit --help.`
    output.print('', ...renderParagraph(text, output.width).map((line) => output.style('dim', line)))
    return exitCodes.registered
  } finally {
    await server.close()
  }
}
