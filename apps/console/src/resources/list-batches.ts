/** `devicebatch batches`: the batches of a customer. */
import { parsePartnerDate } from '@devicebatch/client/results'
import type { DeviceBatch } from '@devicebatch/contract'

import type { CommandContext } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand } from '../cli/define-command.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { signInHelp } from '../cli/help.ts'
import { csv, customer, connection, json } from '../cli/options.ts'
import type { Column } from '../output/listing.ts'
import { printListing, timeText } from '../output/listing.ts'
import type { CustomerOptions } from '../service/customer.ts'
import { customerOf } from '../service/customer.ts'

const columns: Column<DeviceBatch>[] = [
  ['Batch', ({ id }) => id],
  ['Devices', ({ devicesCount, deviceCount }) => devicesCount ?? deviceCount, { isWhole: true }],
  ['Created', ({ creationDate }) => timeText(parsePartnerDate(creationDate)), { isWhole: true, drop: 2 }],
  ['Created by', ({ createdBy }) => createdBy, { drop: 1 }],
]

/** Lists them. */
async function listBatches(
  context: CommandContext,
  options: CustomerOptions & { csv?: boolean },
): Promise<number> {
  const { customer } = await customerOf(context, options)
  const { signal, output } = context
  const items = customer.deviceBatches.list({ signal })
  const listing = { items, columns, noun: 'batch', plural: 'batches' }
  await printListing(listing, output, { csv: options.csv, key: 'batches' })
  return exitCodes.registered
}

export const batchesCommand: ConsoleCommand = defineCommand({
  name: 'batches',
  description: "list a customer's batches",
  options: [customer(), ...connection(), json(), csv()],
  examples: ['devicebatch batches --customer CUSTOMER'],
  notes: [signInHelp],
  run: listBatches,
})
