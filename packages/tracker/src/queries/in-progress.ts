/** Which of these devices are in progress already? Devices are deleted once their submission has ended, so few rows are read. */
import type { Identifiers } from '@devicebatch/client'
import { checkGuid } from '@devicebatch/edge/internal'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'
import { storableText } from '../database/text.ts'
import type { TrackedSubmission } from './rows.ts'
import { toSubmission } from './rows.ts'

/** Devices to look for among those of a customer. */
export interface InProgressRequest {
  /** The customer's Microsoft Entra tenant ID, a GUID. */
  customerId: string
  /** The devices. Those with only a hardware hash are not found. */
  devices: Iterable<Identifiers>
}

/** A submission in progress that contains some of the devices. */
export interface DevicesInProgress {
  /** The submission. */
  submission: TrackedSubmission
  /** How many of its devices are among those that were looked for. */
  deviceCount: number
}

/** See `Tracker.findInProgress`. */
export async function findInProgress(
  { kysely }: Database,
  { customerId, devices }: InProgressRequest,
): Promise<DevicesInProgress[]> {
  checkGuid('customerId', customerId)
  const [serialNumbers, productKeys]: [string[], string[]] = [[], []]
  for (const { serialNumber, productKey } of devices) {
    if (serialNumber) serialNumbers.push(storableText(serialNumber))
    if (productKey) productKeys.push(storableText(productKey))
  }
  const found = await kysely
    .selectFrom('submissions')
    .innerJoin('submission_devices as page', 'page.submission_id', 'submissions.id')
    .innerJoinLateral(
      sql<{ value: unknown; nth: number }>`json_array_elements(page.devices) with ordinality`.as<'one'>(
        sql`one(value, nth)`,
      ),
      (join) => join.onTrue(),
    )
    .select(['submissions.id', sql<number>`count(*)::integer`.as('count')])
    .where('customer_id', '=', customerId)
    .where(isInProgress)
    .where(mayBeSent)
    // Sub-selects, because they are hashed whatever the plan.
    .where(
      sql<boolean>`(lower(one.value ->> 'serialNumber') in (select lower(unnest(${serialNumbers}::text[])))
        or one.value ->> 'productKey' in (select unnest(${productKeys}::text[])))`,
    )
    .groupBy('submissions.id')
    .execute()
  if (found.length === 0) return []
  const counts = new Map(found.map(({ id, count }) => [id, count]))
  const rows = await kysely
    .selectFrom('submissions')
    .selectAll()
    .where('id', 'in', [...counts.keys()])
    .orderBy('created_at', 'desc')
    .execute()
  return rows.map((row) => ({ submission: toSubmission(row), deviceCount: counts.get(row.id)! }))
}

/** An upload that stopped has no results to wait for. */
const isInProgress = sql<boolean>`(state in ('queued', 'uploading') or (state in ('accepted', 'cancelled') and exists (
  select from devicebatch.uploads where submission_id = submissions.id and uploads.state = 'tracking')))`

/** A cancelled submission still stores some devices that were not sent. */
const mayBeSent = sql<boolean>`(state <> 'cancelled'
  or page.from_index + one.nth <= (upload_group -> 'chunks' -> -1 ->> 'toIndex')::integer)`
