/** `devicebatch tracker submit`: the devices of a file, handed in. */
import { InvalidArgumentError } from '@devicebatch/client'

import type { CommandContext } from '../cli/context.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { readDeviceFile, readDevicesAgain, recordFile, warningsOf } from '../files/device-file.ts'
import { count, plainText } from '../output/format.ts'
import type { DatabaseOptions } from './database.ts'
import { withTracker } from './database.ts'

export interface TrackerSubmitOptions extends DatabaseOptions {
  customer: string
  batch: string
  encoding?: string | undefined
  chunkSize?: number | undefined
  strict?: boolean | undefined
}

/** Stores them; returns 2 when rows were left out. */
export async function submitToTracker(
  context: CommandContext,
  path: string,
  options: TrackerSubmitOptions,
): Promise<number> {
  const { output, signal } = context
  const file = await readDeviceFile(path, options.encoding, signal)
  output.record(recordFile(file))
  for (const { line, problem } of file.skipped)
    output.print(`Line ${line}: ${plainText(problem.message)} ${plainText(problem.fix)}`)
  for (const { severity, message } of file.notes) {
    output.print(`${severity === 'warning' ? 'Warning' : 'Note'}: ${plainText(message)}`)
  }
  const [warning] = warningsOf(file)
  if (options.strict && file.skipped.length === 0 && warning) {
    throw new InvalidArgumentError(
      `${path} is not sent as a whole: ${warning.message} Nothing was submitted. Correct the file, or leave out --strict.`,
    )
  }
  if (file.skipped.length > 0 && options.strict) {
    throw new InvalidArgumentError(
      `${count(file.skipped.length, 'row')} of ${path} cannot be sent; nothing was handed in. Mend the file, or leave them out without --strict.`,
    )
  }
  const { customer: customerId, batch: batchId, chunkSize } = options
  const devices = readDevicesAgain(file)
  const { submissionId } = await withTracker(context, options, (tracker) =>
    tracker.submit({ customerId, batchId, devices, chunkSize }),
  )
  output.record({ submissionId })
  output.print(
    `${count(file.deviceCount, 'device')} handed in as submission ${submissionId}. A worker uploads them: devicebatch tracker start`,
  )
  return file.skipped.length > 0 ? exitCodes.incomplete : exitCodes.registered
}
