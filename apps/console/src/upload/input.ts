/** What does an upload get from the user? All of it is read and checked before credentials are needed and before anything is sent. */
import type { CommandContext } from '../cli/context.ts'
import type { DeviceFile } from '../files/device-file.ts'
import { checkIsFile, readDeviceFile, recordFile } from '../files/device-file.ts'
import { checkResultsPath } from '../files/results-file.ts'
import { checkTarget, followLink } from '../files/user-file.ts'
import { defaultJournalPath } from '../journal/journal.ts'
import { renderDeviceFile } from '../output/render-device-file.ts'
import { checkBatchName } from '../service/batch-name.ts'
import type { CustomerText } from '../service/customer-text.ts'
import { readCustomerText } from '../service/customer-text.ts'
import { checkSendable } from './check-file.ts'
import type { UploadOptions } from './resume-command.ts'

/** The input of an upload. */
export interface UploadInput {
  wantedCustomer: CustomerText
  journalPath: string
  file: DeviceFile
}

/** Reads it, and shows what the file has. Rejects with `InvalidArgumentError` when any of it is wrong. */
export async function readUploadInput(
  { output, env, signal }: CommandContext,
  path: string,
  options: UploadOptions,
): Promise<UploadInput> {
  // What takes no time is reported before a large file is read.
  const wantedCustomer = readCustomerText(options.customer, env)
  checkBatchName(options.batch)
  await checkIsFile(path)
  if (options.journal !== undefined) await checkTarget(options.journal, '--journal')
  const journalPath = await followLink(options.journal ?? defaultJournalPath(path))
  await checkResultsPath(options.results, path, journalPath)
  const file = await readDeviceFile(path, options.encoding, signal)
  output.print(renderDeviceFile(file, output))
  output.record(recordFile(file))
  checkSendable(file, options.strict === true)
  return { wantedCustomer, journalPath, file }
}
