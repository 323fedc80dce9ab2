/** Finds the customer that the user specified, and the name for an ID. */
import type { CustomerResource } from '@devicebatch/client'
import { InvalidArgumentError, isPartnerCenterError } from '@devicebatch/client'
import type { Customer } from '@devicebatch/contract'

import type { CommandContext } from '../cli/context.ts'
import { count, formatCustomer, plainText } from '../output/format.ts'
import { printListing } from '../output/listing.ts'
import type { Connection } from './connect.ts'
import { customerColumns } from './customer-columns.ts'
import type { CustomerText } from './customer-text.ts'
import { whereTheIdIs } from './customer-text.ts'

/** A customer, with its company name if the service returns it. */
export interface NamedCustomer {
  customer: CustomerResource
  customerName: string | undefined
}

/** How many are listed when a text matches several. */
const listed = 20

/**
 * Finds the customer. Prints the one that a domain or the beginning of a name matches, and lists several.
 *
 * Rejects with `InvalidArgumentError` when there is none or several, or when it has no reseller relationship with the partner.
 */
export async function findCustomer(
  connection: Connection,
  text: CustomerText,
  { output, signal }: Pick<CommandContext, 'output' | 'signal'>,
): Promise<NamedCustomer> {
  const { partner } = connection
  if (text.kind === 'id') {
    const customer = partner.customers.byId(text.customerId)
    const found = await readCustomer(customer, signal)
    if (found) checkRelationship(found)
    return { customer, customerName: nameOf(found) }
  }
  const found =
    text.kind === 'domain'
      ? await findByDomain(connection, text.domain, signal)
      : await findByName(connection, text.beginning, { output, signal })
  checkRelationship(found)
  const customer = partner.customers.byId(found.id)
  const customerName = nameOf(found)
  output.print(`Found ${formatCustomer({ customerId: customer.customerId, customerName })}`)
  return { customer, customerName }
}

/** The name of the customer with this ID; undefined if the service does not return it. */
export async function readCustomerName(
  customer: CustomerResource,
  signal: AbortSignal,
): Promise<string | undefined> {
  return nameOf(await readCustomer(customer, signal))
}

/** The customer with this ID; undefined if the service does not return it, which does not prevent an upload. */
async function readCustomer(customer: CustomerResource, signal: AbortSignal): Promise<Customer | undefined> {
  try {
    return await customer.get({ signal, retry: false, timeoutMs: 10_000 })
  } catch (error) {
    if (isPartnerCenterError(error) && (error.code === 'api' || error.isRetryable)) return undefined
    throw error
  }
}

async function findByDomain(connection: Connection, domain: string, signal: AbortSignal): Promise<Customer> {
  const tenantId = await connection.findTenant(domain, signal)
  try {
    return await connection.partner.customers.byId(tenantId).get({ signal })
  } catch (error) {
    if (!isPartnerCenterError(error) || error.code !== 'api' || error.status !== 404) throw error
    throw new InvalidArgumentError(
      `${domain} is the tenant ${tenantId}, which is not one of your customers. ${howToBecomeReseller}`,
    )
  }
}

async function findByName(
  { partner }: Connection,
  beginning: string,
  { output, signal }: Pick<CommandContext, 'output' | 'signal'>,
): Promise<Customer> {
  const found: Customer[] = []
  for await (const customer of partner.customers.list({ companyName: beginning, signal })) {
    found.push(customer)
    if (found.length > listed) break
  }
  const text = JSON.stringify(plainText(beginning))
  const [only] = found
  if (only === undefined) {
    throw new InvalidArgumentError(
      `No customer has a name that begins with ${text}. "devicebatch customers" lists them all; the tenant ID is in ${whereTheIdIs}.`,
    )
  }
  if (found.length === 1) return only
  const items = found.slice(0, listed)
  const listing = { items, columns: customerColumns, noun: 'customer', plural: 'customers' }
  await printListing(listing, output, { csv: false, key: 'customers' })
  const number = found.length > listed ? `More than ${count(listed)}` : count(found.length)
  throw new InvalidArgumentError(
    `${number} customers have a name that begins with ${text}. Pass the tenant ID or the domain of one of them.`,
  )
}

function nameOf(customer: Customer | undefined): string | undefined {
  return customer?.companyProfile?.companyName ?? undefined
}

/** Registering devices requires a reseller relationship, whatever other relationship there is. */
function checkRelationship(found: Customer): void {
  const { id, relationshipToPartner } = found
  if (relationshipToPartner == null || relationshipToPartner === 'reseller') return
  const who = formatCustomer({ customerId: id, customerName: nameOf(found) })
  throw new InvalidArgumentError(
    `${who} has no reseller relationship with you (relationshipToPartner is ${JSON.stringify(relationshipToPartner)}). ${howToBecomeReseller}`,
  )
}

const howToBecomeReseller =
  'Devices can be registered only for customers that have accepted you as their reseller: send the customer the link that ' +
  '"devicebatch customers --invite" prints. Delegated administration (DAP or GDAP) is not required.'
