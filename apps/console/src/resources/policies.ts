/** `devicebatch policies`: the configuration policies of a customer. */
import { InvalidArgumentError, parsePartnerDate } from '@devicebatch/client'
import type { ConfigurationPolicy } from '@devicebatch/contract'

import type { CommandContext } from '../cli/context.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { plainText } from '../output/format.ts'
import type { Column } from '../output/listing.ts'
import { printListing, timeText } from '../output/listing.ts'
import type { Output } from '../output/output.ts'
import { renderTable } from '../output/render-text.ts'
import type { CustomerOptions } from '../service/customer.ts'
import { customerOf } from '../service/customer.ts'
import { confirm } from './confirm.ts'
import { findPolicy } from './find-policy.ts'

/** What can be said of a policy. */
export interface PolicyOptions extends CustomerOptions {
  name?: string
  description?: string
  category?: string
  /** Every setting that is to be on. */
  setting?: string[]
}

const columns: Column<ConfigurationPolicy>[] = [
  ['Name', ({ name }) => name],
  ['Category', ({ category }) => category],
  ['Settings', ({ policySettings }) => policySettings?.join(', ')],
  ['Devices', ({ devicesAssignedCount, devicesAssigned }) => devicesAssignedCount ?? devicesAssigned],
  ['Policy id', ({ id }) => id],
]

/** `policies list` */
export async function listPolicies(
  context: CommandContext,
  options: CustomerOptions & { csv?: boolean },
): Promise<number> {
  const { customer } = await customerOf(context, options)
  const items = customer.configurationPolicies.list({ signal: context.signal })
  const listing = { items, columns, noun: 'policy', plural: 'policies' }
  await printListing(listing, context.output, { csv: options.csv, key: 'policies' })
  return exitCodes.registered
}

/** `policies show` */
export async function showPolicy(
  context: CommandContext,
  policy: string,
  options: CustomerOptions,
): Promise<number> {
  const { customer } = await customerOf(context, options)
  printPolicy(await findPolicy(customer, policy, context.signal), context.output)
  return exitCodes.registered
}

/** `policies create` */
export async function createPolicy(
  context: CommandContext,
  name: string,
  { category = 'o_o_b_e', description, setting = [], ...options }: PolicyOptions,
): Promise<number> {
  const { customer } = await customerOf(context, options)
  const policy = {
    name,
    category,
    policySettings: setting,
    ...(description !== undefined && { description }),
  }
  printPolicy(await customer.configurationPolicies.create(policy, { signal: context.signal }), context.output)
  return exitCodes.registered
}

/** `policies update`: reads the policy, changes what was given, and writes it back. */
export async function updatePolicy(
  context: CommandContext,
  policy: string,
  { name, description, setting, ...options }: PolicyOptions,
): Promise<number> {
  const { signal, output } = context
  if (name === undefined && description === undefined && setting === undefined) {
    throw new InvalidArgumentError(
      'There is nothing to change. Give --name, --description or --setting with every setting that is to be on.',
    )
  }
  const { customer } = await customerOf(context, options)
  const found = await findPolicy(customer, policy, signal)
  const changed: ConfigurationPolicy = {
    ...found,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(setting !== undefined && { policySettings: setting }),
  }
  printPolicy(await customer.configurationPolicies.byId(found.id).update(changed, { signal }), output)
  return exitCodes.registered
}

/** `policies delete` */
export async function deletePolicy(
  context: CommandContext,
  policy: string,
  { yes, ...options }: CustomerOptions & { yes?: boolean },
): Promise<number> {
  const { signal, output } = context
  const { customer } = await customerOf(context, options)
  const { id, name, devicesAssignedCount, devicesAssigned } = await findPolicy(customer, policy, signal)
  const devices = devicesAssignedCount ?? devicesAssigned ?? 0
  const use = devices > 0 ? ` What becomes of the ${devices} devices that have it is not documented.` : ''
  if (!(await confirm(context, `Delete the policy "${plainText(name ?? id)}"?${use}`, yes))) {
    output.print('Nothing was deleted.')
    return exitCodes.failed
  }
  await customer.configurationPolicies.byId(id).delete({ signal })
  output.record({ deleted: id })
  output.print(`Deleted the policy "${plainText(name ?? id)}" (${id}).`)
  return exitCodes.registered
}

function printPolicy(policy: ConfigurationPolicy, output: Output): void {
  const { description, createdDate, lastModifiedDate } = policy
  const rows = [
    ...columns.map(([heading, textOf]) => [heading, plainText(String(textOf(policy) ?? ''))]),
    ['Description', plainText(description ?? '')],
    ['Created', timeText(parsePartnerDate(createdDate))],
    ['Changed', timeText(parsePartnerDate(lastModifiedDate))],
  ]
  output.record({ policy })
  output.print(
    renderTable(
      rows.filter(([, text]) => text !== ''),
      output.width,
    ),
  )
}
