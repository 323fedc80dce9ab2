/** `devicebatch demo`: the whole way of a device file, against an emulator that lives as long as the command. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { CommandContext } from '../cli/context.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { readDeviceFile, recordFile } from '../files/device-file.ts'
import { checkResultsPath, defaultResultsPath } from '../files/results-file.ts'
import { createProgress } from '../output/progress.ts'
import { renderDeviceFile } from '../output/render-device-file.ts'
import { emulatorHeading } from '../output/render-report.ts'
import { renderParagraph } from '../output/render-text.ts'
import { connect } from '../service/connect.ts'
import { createUploadStop } from './graceful-stop.ts'
import { runUpload } from './run.ts'

/** The options of `devicebatch demo`. */
export interface DemoOptions {
  results?: string
}

const sample = fileURLToPath(new URL('../../sample/devices.csv', import.meta.url))
/** The customer of Microsoft's own examples. */
const customerId = '47021739-3426-40bf-9601-61b4b6d7c793'
const batchId = 'Front desk laptops'
/** A batch at Microsoft takes about ten minutes. */
const lifecycle = { queuedMs: 1_500, processingMs: 9_000 }

/** Uploads the sample, waits, and reports. Returns 0 when it came to its end, whatever became of the devices. */
export async function demo(context: CommandContext, options: DemoOptions): Promise<number> {
  const { output, signal, commandName, cwd, env } = context
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
    const connection = await connect({ emulator: server.url, env, signal, observe: progress.observe })
    await connection.ready()
    const file = await readDeviceFile(relative(cwd, sample), undefined, signal)
    output.print(renderDeviceFile(file, output))
    output.record(recordFile(file))
    const folder = await mkdtemp(join(tmpdir(), 'devicebatch-'))
    const intervalMs = output.isLive ? 500 : 2_000
    const exitCode = await runUpload({
      connection,
      file,
      customerId,
      batchId,
      journalPath: join(folder, 'devices.csv.devicebatch.json'),
      decision: { kind: 'start' },
      startedAt: new Date().toISOString(),
      results: options.results ?? defaultResultsPath(join(folder, 'devices.csv')),
      context,
      progress,
      stop: createUploadStop(signal, () => {}),
      schedule: { initialIntervalMs: intervalMs, maxIntervalMs: intervalMs },
      waits: true,
    })
    const text =
      `The demo ends with exit code 0; "upload" with this outcome ends with ${exitCode}. For your own file: ` +
      `${commandName} upload devices.csv --customer <tenant id> --batch <name>. Interrupted, the same command goes on where ` +
      `it stopped. See ${commandName} upload --help.`
    output.print(
      '',
      renderParagraph(text, output.width).map((line) => output.style('dim', line)),
    )
    return exitCodes.registered
  } finally {
    await server.close()
  }
}
