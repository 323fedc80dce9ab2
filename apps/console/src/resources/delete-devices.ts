/** `devicebatch delete`: deletes devices of a batch. */
import { isPartnerCenterError } from '@devicebatch/client'

import type { CommandContext } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand } from '../cli/define-command.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { signInHelp } from '../cli/help.ts'
import { allDevices, customer, connection, json, yes } from '../cli/options.ts'
import { count, formatCustomer, plainText } from '../output/format.ts'
import type { CustomerOptions } from '../service/customer.ts'
import { customerOf } from '../service/customer.ts'
import { readCustomerName } from '../service/find-customer.ts'
import { confirm } from './confirm.ts'
import { checkDeviceChoice, findDevices } from './find-devices.ts'

/** The options of `devicebatch delete`. */
export interface DeleteOptions extends CustomerOptions {
  all?: boolean
  yes?: boolean
}

/** Asks, and deletes them one after another. Rejects with the first error, after saying what was deleted. */
async function deleteDevices(
  context: CommandContext,
  batchId: string,
  named: string[],
  options: DeleteOptions,
): Promise<number> {
  const { output, signal } = context
  const choice = { batchId, named, all: options.all === true }
  const { customer, ...found } = await customerOf(context, options, () => checkDeviceChoice(choice))
  const { devices: resource } = customer.deviceBatches.byId(batchId)
  const devices = await findDevices(customer, choice, signal)
  if (devices.length === 0) {
    output.print(`Batch "${plainText(batchId)}" has no devices.`)
    return exitCodes.registered
  }
  const customerName = found.customerName ?? (await readCustomerName(customer, signal))
  const who = formatCustomer({ customerId: customer.customerId, customerName })
  const what = `${count(devices.length, 'device')} from batch "${plainText(batchId)}" of customer ${who}`
  for (const { id, serialNumber, modelName } of devices.slice(0, 20))
    output.print(`  ${plainText([serialNumber, modelName].filter(Boolean).join('  ') || id)}`)
  if (devices.length > 20) output.print(`  … and ${count(devices.length - 20)} more`)
  if (!(await confirm(context, `Delete ${what}?`, options.yes))) {
    output.print('Nothing was deleted.')
    return exitCodes.failed
  }
  const deleted: string[] = []
  try {
    for (const { id } of devices) {
      await resource.byId(id).delete({ signal }).catch(ignoreMissing)
      deleted.push(id)
    }
  } finally {
    output.record({ batchId, deleted })
    output.print(`Deleted ${count(deleted.length)} of ${what}.`)
  }
  return exitCodes.registered
}

/** A device that does not exist is already deleted: by somebody else, or by an attempt whose response was lost. */
function ignoreMissing(error: unknown): void {
  if (isPartnerCenterError(error) && error.code === 'api' && error.status === 404) return
  throw error
}

export const deleteCommand: ConsoleCommand = defineCommand({
  name: 'delete',
  description: 'delete devices from a batch, after asking for confirmation',
  arguments: [
    ['<batch>', 'the name of the batch'],
    ['[devices...]', 'serial numbers or device IDs, or use --all; "devicebatch devices" lists them'],
  ],
  options: [customer(), allDevices(), yes(), ...connection(), json()],
  examples: [
    'devicebatch delete "Front desk" 5CG35PVYN1 5CG35PVYN2 --customer CUSTOMER',
    'devicebatch delete "Front desk" --all --customer CUSTOMER --yes',
  ],
  notes: [signInHelp],
  run: deleteDevices,
})
