/** One run of a submission: there may be several after a crash or a suspension, and only the latest one counts. */
import type { SavedBatchUploadGroup } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import type { Selectable, Transaction, UpdateObject } from 'kysely'
import { sql } from 'kysely'

import { parkSubmission } from '../control/parked.ts'
import { isPaused } from '../control/pauses.ts'
import type { Database } from '../database/open-database.ts'
import type { SubmissionState, SubmissionsTable, Tables } from '../database/schema.ts'
import { createStatement } from '../database/statement.ts'
import { leaveToNewer } from '../queue/version-check.ts'

/** By name: a newer version may add columns while the statement is prepared. */
const columns = [
  'id',
  'customer_id',
  'batch_id',
  'device_count',
  'settings',
  'upload_group',
  'attempt',
  'error',
] as const

/** A submission as the current run claimed it, with the first page of its devices. */
export type Submission = Pick<Selectable<SubmissionsTable>, (typeof columns)[number]> & {
  first_page: NewDevice[] | null
}

/**
 * Makes this run the current one, unless the requests so far are in a newer format; `undefined` when there is nothing to do,
 * because it has ended or is paused.
 */
export async function claimSubmission(database: Database, id: string): Promise<Submission | undefined> {
  for (;;) {
    const [claimed] = await claimOpen(database.kysely, { id })
    if (claimed) return claimed
    const left = await database.kysely
      .selectFrom('submissions')
      .select('upload_group')
      .where('id', '=', id)
      .where('state', 'in', ['queued', 'uploading'])
      .executeTakeFirst()
    if (!left) return undefined
    leaveToNewer(`Submission ${id}`, left.upload_group)
    if (await parkSubmission(database.kysely, id)) return undefined
  }
}

const claimOpen = createStatement<{ id: string }, Submission>((db, value) =>
  db
    .updateTable('submissions')
    .set({ state: 'uploading', attempt: sql<number>`attempt + 1` })
    .where('id', '=', value('id'))
    .where('state', 'in', ['queued', 'uploading'])
    .where(sql<boolean>`coalesce(upload_group ->> 'version', '1') = '1'`)
    .where(sql<boolean>`not ${isPaused('customer_id')}`)
    .returning(columns)
    .returning((from) =>
      from
        .selectFrom('submission_devices')
        .select('devices')
        .whereRef('submission_id', '=', 'submissions.id')
        .where('from_index', '=', 0)
        .as('first_page'),
    ),
)

/** Another worker has taken over this submission, or it was cancelled. */
export class TakenOver extends Error {}

/** The submission was paused. */
export class Paused extends Error {}

/** The devices of a submission, in order; one page is in memory. */
export async function* storedDevices(
  database: Database,
  { id, device_count: count, first_page: first }: Pick<Submission, 'id' | 'device_count' | 'first_page'>,
): AsyncGenerator<NewDevice, void, undefined> {
  for (let from = 0; from < count;) {
    const devices = from === 0 ? first : await readPage(database, id, from)
    if (!devices) return
    yield* devices
    from += devices.length
  }
}

async function readPage({ kysely }: Database, id: string, from: number): Promise<NewDevice[] | undefined> {
  const page = await kysely
    .selectFrom('submission_devices')
    .select('devices')
    .where('submission_id', '=', id)
    .where('from_index', '=', from)
    .executeTakeFirst()
  return page?.devices
}

/**
 * Why this run must not send its next request, if it must not: checked right before it is sent, because a worker may have been
 * suspended.
 */
export async function reasonToStop(
  database: Database,
  { id, attempt }: Submission,
): Promise<Error | undefined> {
  const [current] = await readRun(database.kysely, { id, attempt })
  if (current?.state !== 'uploading') return new TakenOver()
  return current.is_paused ? new Paused() : undefined
}

const readRun = createStatement<
  Pick<Submission, 'id' | 'attempt'>,
  { state: SubmissionState; is_paused: boolean }
>((db, value) =>
  db
    .selectFrom('submissions')
    .select(['state', isPaused('customer_id').as('is_paused')])
    .where('id', '=', value('id'))
    .where('attempt', '=', value('attempt')),
)

/** Stores the requests, the next one among them, before that is sent; returns whether this run is still the current one. */
export async function keepRequests(
  { kysely }: Database,
  { id, attempt }: Submission,
  group: SavedBatchUploadGroup,
): Promise<boolean> {
  return (await setRequests(kysely, { id, attempt, group: JSON.stringify(group) })).length > 0
}

const setRequests = createStatement<Pick<Submission, 'id' | 'attempt'> & { group: string }, { id: string }>(
  (db, value) =>
    db
      .updateTable('submissions')
      .set({ upload_group: value('group') })
      .where('id', '=', value('id'))
      .where('attempt', '=', value('attempt'))
      .where('state', '=', 'uploading')
      .returning('id'),
)

/**
 * Updates the submission if this run is still the current one; returns whether it did.
 *
 * @param states Those in which it may be. A run that was cancelled still records what it sent.
 */
export async function updateRun(
  db: Database['kysely'] | Transaction<Tables>,
  { id, attempt }: Submission,
  values: UpdateObject<Tables, 'submissions'>,
  states: SubmissionState[] = ['uploading'],
): Promise<boolean> {
  const changed = await db
    .updateTable('submissions')
    .set(values)
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .where('state', 'in', states)
    .returning('id')
    .executeTakeFirst()
  return changed !== undefined
}
