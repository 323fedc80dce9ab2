/** `devicebatch policies`: the configuration policies of a customer. */
import { InvalidArgumentError } from '@devicebatch/client'
import { parsePartnerDate } from '@devicebatch/client/results'
import type { ConfigurationPolicy } from '@devicebatch/contract'
import { Option } from 'commander'

import type { CommandContext } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand, defineGroup } from '../cli/define-command.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { signInHelp } from '../cli/help.ts'
import { connection, csv, customer, json, requiredSettings, settings, yes } from '../cli/options.ts'
import { plainText } from '../output/format.ts'
import type { Column } from '../output/listing.ts'
import { printListing, timeText } from '../output/listing.ts'
import type { Output } from '../output/output.ts'
import { renderTable } from '../output/render-text.ts'
import type { CustomerOptions } from '../service/customer.ts'
import { customerOf } from '../service/customer.ts'
import { confirm } from './confirm.ts'
import { checkPolicyName, findPolicy } from './find-policy.ts'

/** The members of a policy. */
export interface PolicyOptions extends CustomerOptions {
  name?: string
  description?: string
  /** Every setting to turn on. */
  setting?: string[]
}

const columns: Column<ConfigurationPolicy>[] = [
  ['Name', ({ name }) => name],
  ['Category', ({ category }) => category, { drop: 1 }],
  ['Settings', ({ policySettings }) => policySettings?.join(', '), { drop: 3 }],
  [
    'Devices',
    ({ devicesAssignedCount, devicesAssigned }) => devicesAssignedCount ?? devicesAssigned,
    { isWhole: true, drop: 2 },
  ],
  ['Policy ID', ({ id }) => id, { isWhole: true }],
]

/** `policies list` */
async function listPolicies(
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
async function showPolicy(
  context: CommandContext,
  policy: string,
  options: CustomerOptions,
): Promise<number> {
  const { customer } = await customerOf(context, options, () => checkPolicyName(policy))
  printPolicy(await findPolicy(customer, policy, context.signal), context.output)
  return exitCodes.registered
}

/** `policies create` */
async function createPolicy(
  context: CommandContext,
  name: string,
  { description, setting = [], ...options }: PolicyOptions,
): Promise<number> {
  const { customer } = await customerOf(context, options, () => {
    if (name.trim() !== '') return
    throw new InvalidArgumentError(
      'The name of the policy is empty, perhaps from an unset variable. Pass a name.',
    )
  })
  const policy = {
    name,
    category: 'o_o_b_e',
    policySettings: setting,
    ...(description !== undefined && { description }),
  }
  printPolicy(await customer.configurationPolicies.create(policy, { signal: context.signal }), context.output)
  return exitCodes.registered
}

/** `policies update`: reads the policy, changes what was given, and writes it back. */
async function updatePolicy(
  context: CommandContext,
  policy: string,
  { name, description, setting, ...options }: PolicyOptions,
): Promise<number> {
  const { signal, output } = context
  const { customer } = await customerOf(context, options, () => {
    checkPolicyName(policy)
    if (name === undefined && description === undefined && setting === undefined) {
      throw new InvalidArgumentError(
        'There is nothing to change. Add --name, --description, or --setting with every setting to turn on.',
      )
    }
  })
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
async function deletePolicy(
  context: CommandContext,
  policy: string,
  { yes, ...options }: CustomerOptions & { yes?: boolean },
): Promise<number> {
  const { signal, output } = context
  const { customer } = await customerOf(context, options, () => checkPolicyName(policy))
  const { id, name, devicesAssignedCount, devicesAssigned } = await findPolicy(customer, policy, signal)
  const devices = devicesAssignedCount ?? devicesAssigned ?? 0
  const use = devices > 0 ? ` What happens to the ${devices} devices that have it is not documented.` : ''
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

const policy = ['<policy>', 'its name or ID'] as const

export const policiesCommands: ConsoleCommand = defineGroup({
  name: 'policies',
  description: 'list, show, create, change and delete policies (in the portal: Autopilot profiles)',
  examples: ['devicebatch policies list --customer CUSTOMER', 'devicebatch policies create --help'],
  commands: [
    defineCommand({
      name: 'list',
      description: "list a customer's policies",
      options: [customer(), ...connection(), json(), csv()],
      examples: ['devicebatch policies list --customer CUSTOMER'],
      notes: [signInHelp],
      run: listPolicies,
    }),
    defineCommand({
      name: 'show',
      description: 'show one policy',
      arguments: [policy],
      options: [customer(), ...connection(), json()],
      examples: ['devicebatch policies show "Skip all" --customer CUSTOMER'],
      notes: [signInHelp],
      run: showPolicy,
    }),
    defineCommand({
      name: 'create',
      description: 'create a policy',
      arguments: [['<name>', 'its name']],
      options: [
        customer(),
        requiredSettings(),
        new Option('--description <text>', 'its description'),
        ...connection(),
        json(),
      ],
      examples: [
        'devicebatch policies create "Skip all" --setting skip_eula skip_express_settings --customer CUSTOMER',
      ],
      notes: [signInHelp],
      run: createPolicy,
    }),
    defineCommand({
      name: 'update',
      description: 'change a policy',
      arguments: [policy],
      options: [
        customer(),
        new Option('--name <name>', 'its new name'),
        new Option('--description <text>', 'its new description'),
        settings(),
        ...connection(),
        json(),
      ],
      examples: ['devicebatch policies update "Skip all" --setting skip_eula --customer CUSTOMER'],
      notes: [signInHelp],
      run: updatePolicy,
    }),
    defineCommand({
      name: 'delete',
      description: 'delete a policy, after asking for confirmation',
      arguments: [policy],
      options: [customer(), yes(), ...connection(), json()],
      examples: ['devicebatch policies delete "Skip all" --customer CUSTOMER'],
      notes: [signInHelp],
      run: deletePolicy,
    }),
  ],
})
