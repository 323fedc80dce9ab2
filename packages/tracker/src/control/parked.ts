/**
 * Paused work is parked by the first worker that claims it, so that no other one looks at it: a submission then has no job, and an
 * upload is not among those due. The end of the pause changes that again.
 */
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'
import type { Tables } from '../database/schema.ts'
import { transact } from '../database/transact.ts'
import type { Jobs } from '../queue/jobs.ts'

/** Locks the pause, so that it ends before or after this, and finds what is parked. */
const isStillPaused = sql<boolean>`exists (
  select from devicebatch.pauses where scope in ('everything', customer_id::text) for share)`

/** Parks an upload before its poll; false when it is not paused anymore, and the caller still has to poll it. */
export async function parkUpload(kysely: Kysely<Tables>, batchTrackingId: string): Promise<boolean> {
  const parked = await kysely
    .updateTable('uploads')
    .set({ is_parked: true, claimed_until: null })
    .where('batch_tracking_id', '=', batchTrackingId)
    .where('state', '=', 'tracking')
    .where(isStillPaused)
    .returning('state')
    .executeTakeFirst()
  return parked !== undefined
}

/** Parks a submission before its next request; false when it is not paused anymore. */
export async function parkSubmission(kysely: Kysely<Tables>, id: string): Promise<boolean> {
  const parked = await kysely
    .updateTable('submissions')
    .set({ is_parked: true })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'uploading'])
    .where(isStillPaused)
    .returning('state')
    .executeTakeFirst()
  return parked !== undefined
}

const pageSize = 1_000

/** Frees everything that is parked and no longer paused; a worker does so every minute, in case nobody finished. */
export async function freeParked({ database, jobs }: { database: Database; jobs: Jobs }): Promise<void> {
  const isFree = sql<boolean>`is_parked and not exists (
    select from devicebatch.pauses where scope in ('everything', customer_id::text))`
  await inPages(() =>
    transact(database.kysely, async (trx) => {
      const freed = await trx
        .updateTable('submissions')
        .set({ is_parked: false })
        .where('id', 'in', (from) =>
          from.selectFrom('submissions').select('id').where(isFree).limit(pageSize).forUpdate(),
        )
        .returning(['id', 'customer_id', 'turn', 'priority', 'state'])
        .execute()
      const open = freed.filter(({ state }) => state === 'queued' || state === 'uploading')
      if (open.length > 0) await jobs.sendUploadsAgain(trx, open)
      return freed.length
    }),
  )
  await inPages(async () => {
    const freed = await database.kysely
      .updateTable('uploads')
      .set({ is_parked: false })
      .where('batch_tracking_id', 'in', (from) =>
        from.selectFrom('uploads').select('batch_tracking_id').where(isFree).limit(pageSize).forUpdate(),
      )
      .executeTakeFirst()
    return Number(freed.numUpdatedRows)
  })
}

async function inPages(freePage: () => Promise<number>): Promise<void> {
  while ((await freePage()) === pageSize);
}
