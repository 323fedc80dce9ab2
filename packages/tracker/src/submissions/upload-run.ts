/** One run of a submission: there may be several after a crash or a suspension, and only the latest one counts. */
import type { NewDevice } from '@devicebatch/contract'
import type { Selectable, Transaction, UpdateObject } from 'kysely'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'
import type { SubmissionsTable, Tables } from '../database/schema.ts'
import { leaveToNewer } from '../queue/version-check.ts'

/** A submission as the current run claimed it. */
export type Submission = Selectable<SubmissionsTable>

/** Makes this run the current one, unless the requests so far are in a newer format. */
export async function claimSubmission(database: Database, id: string): Promise<Submission | undefined> {
  const claimed = await database.kysely
    .updateTable('submissions')
    .set({ state: 'uploading', attempt: sql<number>`attempt + 1` })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'uploading'])
    .where(sql<boolean>`coalesce(upload_group ->> 'version', '1') = '1'`)
    .returningAll()
    .executeTakeFirst()
  if (claimed) return claimed
  const left = await database.kysely
    .selectFrom('submissions')
    .select('upload_group')
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'uploading'])
    .executeTakeFirst()
  if (left) leaveToNewer(`Submission ${id}`, left.upload_group)
  return undefined
}

/** Another worker has taken over this submission. */
export class TakenOver extends Error {}

export async function* storedDevices(
  database: Database,
  id: string,
): AsyncGenerator<NewDevice, void, undefined> {
  for (let next = -1; ;) {
    const page = await database.kysely
      .selectFrom('submission_devices')
      .select(['from_index', 'devices'])
      .where('submission_id', '=', id)
      .where('from_index', '>', next)
      .orderBy('from_index')
      .limit(1)
      .executeTakeFirst()
    if (!page) return
    yield* page.devices
    next = page.from_index
  }
}

/** Whether no other run has taken over: checked right before a request is sent, because a worker may have been suspended. */
export async function isCurrent(database: Database, { id, attempt }: Submission): Promise<boolean> {
  const current = await database.kysely
    .selectFrom('submissions')
    .select('id')
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .executeTakeFirst()
  return current !== undefined
}

/** Updates the submission if this run is still the current one; returns whether it did. */
export async function updateRun(
  db: Database['kysely'] | Transaction<Tables>,
  { id, attempt }: Submission,
  values: UpdateObject<Tables, 'submissions'>,
): Promise<boolean> {
  const changed = await db
    .updateTable('submissions')
    .set(values)
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .returning('id')
    .executeTakeFirst()
  return changed !== undefined
}
