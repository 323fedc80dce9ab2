/** Which upload is due for a poll? */
import type { Selectable } from 'kysely'
import { sql } from 'kysely'

import { isPaused } from '../control/pauses.ts'
import type { Database } from '../database/open-database.ts'
import type { UploadsTable } from '../database/schema.ts'

/** An upload to poll, how long it has been tracked, and whether it is paused. */
export type DueUpload = Selectable<UploadsTable> & { age_ms: number; is_paused: boolean }

/** The upload of a job; `undefined` when it has ended, or is not due yet. */
export async function loadDue(database: Database, batchTrackingId: string): Promise<DueUpload | undefined> {
  return await database.kysely
    .selectFrom('uploads')
    .selectAll()
    .select(sql<number>`(extract(epoch from now() - tracked_at) * 1000)::double precision`.as('age_ms'))
    .select(isPaused('customer_id').as('is_paused'))
    .where('batch_tracking_id', '=', batchTrackingId)
    .where('state', '=', 'tracking')
    // A job that runs a second time is too early.
    .where('due_at', '<=', sql<Date>`now() + interval '250 milliseconds'`)
    .executeTakeFirst()
}
