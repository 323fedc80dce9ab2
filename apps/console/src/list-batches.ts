/** `devicebatch batches`: the batches of a customer. */
import { parsePartnerDate } from '@devicebatch/client'
import type { DeviceBatch } from '@devicebatch/contract'

import type { CommandContext } from './context.ts'
import type { CustomerOptions } from './customer-of.ts'
import { customerOf } from './customer-of.ts'
import { exitCodes } from './exit-code.ts'
import type { Column } from './listing.ts'
import { printListing, timeText } from './listing.ts'

const columns: Column<DeviceBatch>[] = [
  ['Batch', ({ id }) => id],
  ['Devices', ({ devicesCount, deviceCount }) => devicesCount ?? deviceCount],
  ['Created', ({ creationDate }) => timeText(parsePartnerDate(creationDate))],
  ['Created by', ({ createdBy }) => createdBy],
]

/** Lists them. */
export async function listBatches(
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
