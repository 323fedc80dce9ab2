/** `devicebatch devices`: all devices of a batch. */
import { parsePartnerDate } from '@devicebatch/client/results'
import type { Device } from '@devicebatch/contract'

import type { CommandContext } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand } from '../cli/define-command.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { signInHelp } from '../cli/help.ts'
import { csv, customer, connection, json } from '../cli/options.ts'
import type { Column } from '../output/listing.ts'
import { printListing, sortBySerialNumber, timeText } from '../output/listing.ts'
import { checkBatchName } from '../service/batch-name.ts'
import type { CustomerOptions } from '../service/customer.ts'
import { customerOf } from '../service/customer.ts'

const columns: Column<Device>[] = [
  ['Serial number', ({ serialNumber }) => serialNumber, { isWhole: true }],
  ['Product ID', ({ productKey }) => productKey, { drop: 4 }],
  ['Manufacturer', ({ oemManufacturerName }) => oemManufacturerName, { drop: 3 }],
  ['Model', ({ modelName }) => modelName],
  ['Policies', ({ policies }) => policies?.flatMap(({ value }) => value ?? []).join(', ')],
  ['Uploaded', ({ uploadedDate }) => timeText(parsePartnerDate(uploadedDate)), { isWhole: true, drop: 2 }],
  ['Device ID', ({ id }) => id, { isWhole: true, drop: 1 }],
]

/** Lists them by serial number, however many pages they take. */
async function listDevices(
  context: CommandContext,
  batchId: string,
  options: CustomerOptions & { csv?: boolean },
): Promise<number> {
  const { customer } = await customerOf(context, options, () => checkBatchName(batchId))
  const { signal, output } = context
  const items = sortBySerialNumber(customer.deviceBatches.byId(batchId).devices.list({ signal }))
  output.record({ batchId })
  const listing = { items, columns, noun: 'device', plural: 'devices' }
  await printListing(listing, output, { csv: options.csv, key: 'devices' })
  return exitCodes.registered
}

export const devicesCommand: ConsoleCommand = defineCommand({
  name: 'devices',
  description: 'list all devices of a batch',
  arguments: [['<batch>', 'the name of the batch']],
  options: [customer(), ...connection(), json(), csv()],
  examples: [
    'devicebatch devices "Front desk" --customer CUSTOMER',
    'devicebatch devices "Front desk" --customer CUSTOMER --csv --output front-desk.csv',
  ],
  notes: [signInHelp],
  run: listDevices,
})
