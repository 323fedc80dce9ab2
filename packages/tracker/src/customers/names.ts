/** What are the customers' names? The service sends only their IDs with an upload. */
import { InvalidArgumentError } from '@devicebatch/client'
import { checkGuid, show } from '@devicebatch/edge/internal'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'

/** See `Tracker.setCustomerName`. */
export async function setCustomerName(
  { kysely }: Database,
  customerId: string,
  customerName: string,
): Promise<void> {
  checkGuid('customerId', customerId)
  if (typeof customerName !== 'string' || customerName.trim() === '') {
    throw new InvalidArgumentError(
      `\`customerName\` must be the name of a company, and not empty; got ${show(customerName)}.`,
    )
  }
  // PostgreSQL cannot store NUL.
  const name = customerName.replaceAll('\u0000', '').slice(0, longestName)
  await kysely
    .insertInto('customers')
    .values({ id: customerId, name })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ name })
        .where(sql<boolean>`customers.name <> ${name}`),
    )
    .execute()
}

const longestName = 300

/** See `Tracker.getCustomerNames`. */
export async function readCustomerNames(
  { kysely }: Database,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(customerIds.map((id) => checkGuid('customerIds', id).toLowerCase()))]
  if (ids.length === 0) return new Map()
  const rows = await kysely
    .selectFrom('customers')
    .select(['id', 'name'])
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}
