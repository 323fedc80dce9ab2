/** `devicebatch upload`: uploads the devices of a file, however many, and waits for what becomes of them. */
import { InvalidArgumentError } from '@devicebatch/client'

import type { CommandContext } from '../cli/context.ts'
import type { DeviceFile } from '../files/device-file.ts'
import { readDeviceFile, recordFile, warningsOf } from '../files/device-file.ts'
import { checkResultsPath } from '../files/results-file.ts'
import { decideByJournal } from '../journal/decide.ts'
import { defaultJournalPath, readJournal } from '../journal/journal.ts'
import { lockJournal } from '../journal/lock.ts'
import { commandLine } from '../output/command-line.ts'
import { count } from '../output/format.ts'
import { createProgress } from '../output/progress.ts'
import { renderDeviceFile } from '../output/render-device-file.ts'
import { emulatorHeading } from '../output/render-report.ts'
import { connect } from '../service/connect.ts'
import { createUploadStop } from './graceful-stop.ts'
import { keepNewSpaceSmall } from './memory.ts'
import { printPlan } from './plan.ts'
import { runUpload } from './run.ts'

/** The options of `devicebatch upload`. */
export interface UploadOptions {
  customer: string
  batch: string
  strict?: boolean
  /** Send nothing, show what would be sent. */
  dryRun?: boolean
  /** Begin anew, whatever the journal says. */
  restart?: boolean
  /** False with `--no-wait`. */
  wait: boolean
  chunkSize?: number
  journal?: string
  results?: string
  encoding?: string
  emulator?: string
  /** Milliseconds. */
  interval?: number
  /** Milliseconds. */
  timeout?: number
}

/** Sends the devices that an earlier run did not send, and then waits, unless told not to. Returns the exit code. */
export async function upload(context: CommandContext, path: string, options: UploadOptions): Promise<number> {
  keepNewSpaceSmall()
  const { output, env, signal, commandName } = context
  const { customer: customerId, batch: batchId, emulator, encoding, results } = options
  const progress = createProgress(output)
  const stop = createUploadStop(signal, () =>
    output.print('Waiting for the answer to the request that is on its way; Ctrl-C again ends at once.'),
  )
  const observe: typeof progress.observe = (event) => {
    progress.observe(event)
    stop.observe(event)
  }
  const connection = await connect({ emulator, env, signal, observe })
  // What is wrong with the ids is said before a large file is read.
  connection.partner.customers.byId(customerId).deviceBatches.byId(batchId)
  const journalPath = options.journal ?? defaultJournalPath(path)
  await checkResultsPath(results, path, journalPath)
  const file = await readDeviceFile(path, encoding, signal)
  await connection.ready()

  if (connection.isEmulator()) output.print(output.style('yellow', emulatorHeading), '')
  output.print(renderDeviceFile(file, output))
  output.record(recordFile(file))
  if (options.strict) checkStrictly(file)
  if (file.deviceCount === 0) throw noDevices(file)

  const { service } = connection
  const decide = async () => {
    const wanted = { customerId, batchId, service, sha256: file.sha256 }
    return decideByJournal(await readJournal(journalPath), wanted, options.restart === true, journalPath)
  }
  const { chunkSize, journal, strict, interval, timeout } = options
  if (options.dryRun)
    return printPlan({ connection, file, customerId, batchId, chunkSize, decision: await decide(), context })

  const lock = await lockJournal(journalPath, signal, (text) => output.print(text))
  try {
    const decision = await decide()
    const flags = {
      customer: customerId,
      batch: batchId,
      strict,
      'chunk-size': chunkSize,
      journal,
      results,
      encoding,
      emulator,
    }
    return await runUpload({
      connection,
      file,
      customerId,
      batchId,
      chunkSize,
      journalPath,
      lock,
      decision,
      startedAt: decision.kind === 'start' ? new Date().toISOString() : decision.startedAt,
      results,
      resume: commandLine(commandName, ['upload', path], flags),
      context,
      progress,
      stop,
      schedule: { initialIntervalMs: interval, timeoutMs: timeout },
      waits: options.wait,
    })
  } finally {
    await lock.release()
  }
}

/** Refuses a file of which something is not sent. */
function checkStrictly(file: DeviceFile): void {
  const { path, skipped } = file
  const [warning] = warningsOf(file)
  if (skipped.length === 0 && !warning) return
  const lines = skipped.slice(0, 10).map(({ line }) => line)
  const more = skipped.length > lines.length ? ', …' : ''
  const found =
    skipped.length > 0
      ? `has ${count(skipped.length, 'row')} that cannot be sent (line ${lines.join(', ')}${more})`
      : `is not sent as a whole: ${warning!.message.replace(/\.$/, '')}`
  throw new InvalidArgumentError(
    `${path} ${found}. Nothing was uploaded: correct the file, or leave out --strict.`,
  )
}

function noDevices({ path, skipped }: DeviceFile): InvalidArgumentError {
  const found =
    skipped.length > 0 ? `none of its ${count(skipped.length, 'row')} can be sent` : 'it has no rows'
  return new InvalidArgumentError(`${path} has no device to send: ${found}. Nothing was uploaded.`)
}
