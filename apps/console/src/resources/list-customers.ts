/** `devicebatch customers`: the partner's customers, and the link that makes a company one. */
import { InvalidArgumentError } from '@devicebatch/client'
import type { Customer } from '@devicebatch/contract'
import { Option } from 'commander'

import { checkInput } from '../cli/check-input.ts'
import type { CommandContext } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand } from '../cli/define-command.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { signInHelp } from '../cli/help.ts'
import { csv, connection, json } from '../cli/options.ts'
import { printListing } from '../output/listing.ts'
import { createProgress } from '../output/progress.ts'
import { emulatorHeading } from '../output/render-report.ts'
import type { Connection } from '../service/connect.ts'
import { connect } from '../service/connect.ts'
import { customerColumns } from '../service/customer-columns.ts'
import { parseCustomerText, whereTheIdIs } from '../service/customer-text.ts'

/** The options of `devicebatch customers`. */
export interface CustomersOptions {
  /** Print the link instead. */
  invite?: boolean
  csv?: boolean
  emulator?: string
}

/** Lists them, or prints the link. */
async function customers(
  context: CommandContext,
  text: string | undefined,
  options: CustomersOptions,
): Promise<number> {
  const { output, signal } = context
  const wanted = text?.trim()
  const find = await checkInput(() => {
    if (options.invite && wanted !== undefined) {
      throw new InvalidArgumentError(
        '--invite takes no TEXT: the link is the same for every company. Leave out one of them.',
      )
    }
    return wanted === undefined ? undefined : parseCustomerText(wanted)
  })
  const connection = await connect(context, {
    emulator: options.emulator,
    observe: createProgress(output).observe,
  })
  await connection.ready()
  if (connection.isEmulator()) output.print(output.style('yellow', emulatorHeading), '')
  output.record({ emulated: connection.isEmulator() })
  if (options.invite) return printInvitation(connection, context)

  const items =
    wanted === undefined
      ? connection.partner.customers.list({ signal })
      : find?.kind === 'id'
        ? customerWithId(connection, find.customerId, signal)
        : customersThatBegin(connection, wanted, signal)
  const listing = { items, columns: customerColumns, noun: 'customer', plural: 'customers' }
  const found = await printListing(listing, output, { csv: options.csv, key: 'customers' })
  if (found === 0 && wanted !== undefined) {
    output.print(
      `No company name and no .onmicrosoft.com domain begins with it. --customer also takes every other domain of a customer; the tenant ID is in ${whereTheIdIs}.`,
    )
  }
  return exitCodes.registered
}

async function* customerWithId(
  { partner }: Connection,
  customerId: string,
  signal: AbortSignal,
): AsyncGenerator<Customer, void, undefined> {
  yield await partner.customers.byId(customerId).get({ signal })
}

/** Those whose name or domain begins with the text; the service searches for one of them at a time. */
async function* customersThatBegin(
  { partner }: Connection,
  text: string,
  signal: AbortSignal,
): AsyncGenerator<Customer, void, undefined> {
  const shown = new Set<string>()
  for (const filter of [{ companyName: text }, { domain: text }]) {
    for await (const customer of partner.customers.list({ ...filter, signal })) {
      if (shown.has(customer.id)) continue
      shown.add(customer.id)
      yield customer
    }
  }
}

async function printInvitation(
  { partner, hasUser }: Connection,
  { output, signal }: CommandContext,
): Promise<number> {
  if (!hasUser) {
    throw new InvalidArgumentError(
      '--invite needs a signed-in user: the service does not give the link to an app. Run "devicebatch login" first.',
    )
  }
  const { url } = await partner.customers.relationshipRequest.get({ signal })
  output.record({ url })
  output.print(
    'Send this link to the company, which opens it to accept you as its reseller:',
    `  ${url}`,
    'The same link serves every company. Delegated administration (DAP or GDAP) is not required to register devices.',
  )
  return exitCodes.registered
}

export const customersCommand: ConsoleCommand = defineCommand({
  name: 'customers',
  description: 'list your customers with their tenant IDs, or print the link for accepting you as a reseller',
  arguments: [
    [
      '[text]',
      'only customers whose company name or .onmicrosoft.com domain begins with this text, or the one with this tenant ID',
    ],
  ],
  options: [
    new Option('--invite', 'print the link for accepting you as a reseller'),
    ...connection(),
    json(),
    csv(),
  ],
  examples: ['devicebatch customers', 'devicebatch customers contoso', 'devicebatch customers --invite'],
  notes: [signInHelp],
  run: customers,
})
