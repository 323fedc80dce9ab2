/** The maintenance that a worker does every minute: restarts stuck work and deletes old data. */
import { sql } from 'kysely'

import type { StoredRetention } from '../control/retention.ts'
import type { Database } from '../database/open-database.ts'
import type { Jobs } from './jobs.ts'

/** How many rows were deleted. */
export interface Deleted {
  /** Uploads, each with its devices. */
  uploads: number
  /** Submissions. */
  submissions: number
  /** Events. */
  events: number
  /** Notifications that were delivered or given up; they are kept as long as events. */
  notifications: number
}

/**
 * Sends jobs for work that has been due for two minutes without one, because jobs were deleted or pg-boss gave up: our own
 * tables record what to do.
 */
export async function resendMissing({ database, jobs }: { database: Database; jobs: Jobs }): Promise<void> {
  const { kysely } = database
  const isOld = sql<Date>`now() - interval '2 minutes'`
  const submissions = kysely
    .selectFrom('submissions')
    .select(['id', 'customer_id', 'turn', 'priority'])
    .where('state', 'in', ['queued', 'uploading'])
    .where('is_parked', '=', false)
    .where('created_at', '<', isOld)
    .orderBy('id')
  const notifications = kysely
    .selectFrom('notifications')
    .select(['id', 'webhook_id as webhookId', 'subject'])
    .where('state', '=', 'pending')
    .where('due_at', '<', isOld)
    .orderBy('id')
  await inPages(
    (after) => submissions.where('id', '>', after).limit(pageSize).execute(),
    (missing) => jobs.resendUploads(missing),
  )
  await inPages(
    (after) => notifications.where('id', '>', after).limit(pageSize).execute(),
    (missing) => jobs.resendNotifications(missing),
  )
}

const pageSize = 1_000

/** All rows, page by page: the oldest ones may be waiting for good reasons. */
async function inPages<Row extends { id: string }>(
  read: (after: string) => Promise<Row[]>,
  use: (rows: Row[]) => Promise<void>,
): Promise<void> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const rows = await read(after)
    if (rows.length > 0) await use(rows)
    if (rows.length < pageSize) return
    after = rows.at(-1)!.id
  }
}

/** Makes uploads due that failed because sign-in was impossible: now it works. */
export async function bringSignInsForward({
  database,
  jobs,
}: {
  database: Database
  jobs: Jobs
}): Promise<void> {
  const waiting = await database.kysely
    .selectFrom('submissions')
    .select('customer_id')
    .distinct()
    .where('state', '=', 'uploading')
    .where(sql<boolean>`is_sign_in or failure_reason = 'database'`)
    .execute()
  for (const { customer_id: customerId } of waiting) await jobs.bringForward(customerId)
}

/** Deletes data that is older than the settings allow, but never data that is still in progress. */
export async function deleteOld(
  { kysely }: Database,
  { endedAfterDays, eventsAfterDays }: StoredRetention,
): Promise<Deleted> {
  const deleted: Deleted = { uploads: 0, submissions: 0, events: 0, notifications: 0 }
  if (endedAfterDays !== null) {
    const before = daysAgo(endedAfterDays)
    deleted.uploads = await inPortions((limit) =>
      kysely
        .deleteFrom('uploads')
        .where('batch_tracking_id', 'in', (from) =>
          from
            .selectFrom('uploads as old')
            .select('old.batch_tracking_id')
            .where('old.state', '!=', 'tracking')
            .where('old.ended_at', '<', before)
            .limit(limit)
            // Locked, so that none is in progress again when it is deleted.
            .forUpdate()
            .skipLocked(),
        )
        .executeTakeFirst()
        .then(({ numDeletedRows }) => ({ numAffectedRows: numDeletedRows })),
    )
    // A submission is kept as long as one of its uploads.
    deleted.submissions = await inPortions((limit) =>
      kysely
        .deleteFrom('submissions')
        .where('id', 'in', (from) =>
          from
            .selectFrom('submissions as old')
            .select('old.id')
            .where('old.state', 'in', ['accepted', 'failed', 'cancelled'])
            .where('old.ended_at', '<', before)
            .where((where) =>
              where.not(
                where.exists(
                  where
                    .selectFrom('uploads')
                    .select('uploads.state')
                    .whereRef('uploads.submission_id', '=', 'old.id'),
                ),
              ),
            )
            .limit(limit)
            .forUpdate()
            .skipLocked(),
        )
        .executeTakeFirst()
        .then(({ numDeletedRows }) => ({ numAffectedRows: numDeletedRows })),
    )
  }
  if (eventsAfterDays !== null) {
    const before = daysAgo(eventsAfterDays)
    deleted.events = await inPortions((limit) =>
      sql`delete from devicebatch.events where (transaction, position) in (
        select transaction, position from devicebatch.events where at < ${before} limit ${limit})`.execute(
        kysely,
      ),
    )
    deleted.notifications = await inPortions((limit) =>
      sql`delete from devicebatch.notifications where id in (
        select id from devicebatch.notifications where at < ${before} and state <> 'pending' limit ${limit}
          for update skip locked)`.execute(kysely),
    )
  }
  return deleted
}

/** Uses the clock of the database, which all workers share. */
function daysAgo(days: number) {
  return sql<Date>`now() - ${`${days} days`}::interval`
}

/** In several transactions, so that none blocks the workers for long. */
async function inPortions(
  remove: (limit: number) => Promise<{ numAffectedRows?: bigint | undefined }>,
): Promise<number> {
  const limit = 1_000
  for (let total = 0; ;) {
    const count = Number((await remove(limit)).numAffectedRows ?? 0)
    total += count
    if (count < limit) return total
  }
}
