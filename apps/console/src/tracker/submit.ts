/** `devicebatch tracker submit`: submits the devices of a file. */
import type { SubmissionPriority } from '@devicebatch/tracker'
import { Option } from 'commander'

import { checkInput } from '../cli/check-input.ts'
import type { CommandContext } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand } from '../cli/define-command.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { batch, chunkSize, customer, connection, encoding, json } from '../cli/options.ts'
import type { DeviceFile } from '../files/device-file.ts'
import { readDeviceFile, readDevicesAgain, recordFile } from '../files/device-file.ts'
import type { CustomerLabel } from '../output/format.ts'
import { count } from '../output/format.ts'
import { renderDeviceFile } from '../output/render-device-file.ts'
import { checkBatchName } from '../service/batch-name.ts'
import { connect } from '../service/connect.ts'
import type { CustomerText } from '../service/customer-text.ts'
import { readCustomerText } from '../service/customer-text.ts'
import { findCustomer } from '../service/find-customer.ts'
import { checkSendable } from '../upload/check-file.ts'
import type { DatabaseOptions } from './database.ts'
import { checkTracker, withTracker } from './database.ts'
import { databaseHelp, directory } from './options.ts'

export interface TrackerSubmitOptions extends DatabaseOptions {
  customer?: string | undefined
  batch: string
  emulator?: string | undefined
  encoding?: string | undefined
  chunkSize?: number | undefined
  strict?: boolean | undefined
  priority?: SubmissionPriority | undefined
}

/** The customer; its name is included only if a request was needed to find it. */
async function chosenCustomer(
  context: CommandContext,
  wanted: CustomerText,
  emulator: string | undefined,
): Promise<CustomerLabel> {
  if (wanted.kind === 'id') return { customerId: wanted.customerId }
  const connection = await connect(context, { emulator })
  await connection.ready()
  const { customer: found, customerName } = await findCustomer(connection, wanted, context)
  return { customerId: found.customerId, customerName }
}

/** Reads what the user chose, and shows what the file has. Rejects with `InvalidArgumentError`. */
async function readInput(
  { output, env, signal }: CommandContext,
  path: string,
  options: TrackerSubmitOptions,
): Promise<{ wanted: CustomerText; file: DeviceFile }> {
  const wanted = readCustomerText(options.customer, env)
  checkBatchName(options.batch)
  const file = await readDeviceFile(path, options.encoding, signal)
  output.print(renderDeviceFile(file, output))
  output.record(recordFile(file))
  checkSendable(file, options.strict === true)
  return { wanted, file }
}

/** Stores them; returns 2 when rows were skipped. */
async function submitToTracker(
  context: CommandContext,
  path: string,
  options: TrackerSubmitOptions,
): Promise<number> {
  const { output } = context
  const { wanted, file } = await checkInput(() => readInput(context, path, options))
  await checkTracker(context, options)
  const { batch: batchId, chunkSize, priority, emulator } = options
  const { customerId, customerName } = await chosenCustomer(context, wanted, emulator)
  const devices = readDevicesAgain(file)
  const { submissionId } = await withTracker(context, options, async (tracker) => {
    const submitted = await tracker.submit({ customerId, batchId, devices, chunkSize, priority })
    if (customerName !== undefined) await tracker.setCustomerName(customerId, customerName)
    return submitted
  })
  output.record({ submissionId, customerId, customerName })
  output.print(
    `${count(file.deviceCount, 'device')} submitted as submission ${submissionId}. A worker uploads them: devicebatch tracker start`,
  )
  return file.skipped.length > 0 ? exitCodes.incomplete : exitCodes.registered
}

export const submitCommand: ConsoleCommand = defineCommand({
  name: 'submit',
  description: 'submit the devices of a CSV file; a worker uploads them',
  arguments: [['<file>', 'the CSV file of devices, as for "devicebatch upload"']],
  options: [
    customer(),
    batch(),
    encoding(),
    chunkSize(),
    new Option(
      '--priority <priority>',
      'upload it before or after other waiting submissions (default: normal)',
    ).choices(['low', 'normal', 'high']),
    new Option(
      '--strict',
      'submit nothing if a row cannot be sent, or if a value that may matter, such as a group tag, would be left out',
    ),
    directory(),
    ...connection(),
    json(),
  ],
  examples: ['devicebatch tracker submit devices.csv --customer CUSTOMER --batch "Front desk"'],
  exitCodes: { 2: 'a row was skipped' },
  notes: [databaseHelp],
  run: submitToTracker,
})
