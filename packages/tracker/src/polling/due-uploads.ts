/** The uploads that are due for a poll, as work: a worker claims them for a short time, which it extends while it polls them. */
import type { Selectable } from 'kysely'
import { sql } from 'kysely'

import { isPaused } from '../control/pauses.ts'
import type { Database } from '../database/open-database.ts'
import type { RequestQueue, UploadsTable } from '../database/schema.ts'
import { createStatement } from '../database/statement.ts'
import type { WorkSource } from '../queue/work-loop.ts'
import { claimSeconds, HandBack } from '../queue/work-loop.ts'
import type { SelectedSlot, Taken } from '../rate-limit/request-slots.ts'
import { milliseconds, selectSlot, toTaken } from '../rate-limit/request-slots.ts'

/** By name: a newer version may add columns while the statement is prepared. */
const columns = [
  'batch_tracking_id',
  'customer_id',
  'batch_id',
  'submission_id',
  'status',
  'outcome',
  'total',
  'pending',
  'succeeded',
  'already_registered',
  'failed',
  'unresolved',
  'changed_at',
  'error',
  'poll_state',
  'revision',
  'reservation',
] as const

/**
 * An upload to poll, how long it has been tracked, whether it is paused, and the slot of its request; without one, it must not be
 * polled.
 */
export type DueUpload = Pick<Selectable<UploadsTable>, (typeof columns)[number]> & {
  age_ms: number
  is_paused: boolean
  taken?: Taken
}

/** How long until a poll is made again that could not be made or recorded, in milliseconds. */
const retryMs = 10_000

/**
 * @param concurrency How many polls run at the same time. At most half of them are for one customer, so that its slow responses
 * do not delay all others: one that has a quarter is passed over, and a statement claims at most a quarter.
 * @param run Polls an upload; its `HandBack` has the reservation.
 */
export function dueUploads(
  database: Database,
  concurrency: number,
  run: (upload: DueUpload, signal: AbortSignal) => Promise<void>,
): WorkSource<DueUpload> {
  const share = Math.max(1, concurrency >> 2)
  return {
    mostPerClaim: share,
    claim: (count, running) => claim(database, count, customersWith(share, running)),
    async run(upload, signal) {
      try {
        await run(upload, signal)
      } catch (error) {
        // Another worker polls it now.
        throw signal.aborted ? new HandBack(0, upload.reservation) : error
      }
    },
    async end(_, failed) {
      for (const { item, error } of failed) {
        const later =
          error instanceof HandBack
            ? {
                due_at: after(error.waitMs),
                reservation: error.data as RequestQueue | null,
                claimed_until: null,
              }
            : { claimed_until: after(retryMs) }
        await database.kysely
          .updateTable('uploads')
          .set(later)
          .where('batch_tracking_id', '=', item.batch_tracking_id)
          .where('revision', '=', item.revision)
          .where('state', '=', 'tracking')
          .execute()
      }
    },
    // One that is just being recorded ends its claim itself, and must not hold up the others.
    async touch(running) {
      const ids = running.map(({ batch_tracking_id: id }) => id)
      await database.kysely
        .updateTable('uploads')
        .set({ claimed_until: after(claimSeconds * 1_000) })
        .where('batch_tracking_id', 'in', (from) =>
          from
            .selectFrom('uploads')
            .select('batch_tracking_id')
            .where(sql<boolean>`batch_tracking_id = any(${ids}::uuid[])`)
            .where('claimed_until', 'is not', null)
            .forNoKeyUpdate()
            .skipLocked(),
        )
        .execute()
    },
  }
}

/** Claims those that have been due the longest, each for one worker, and takes the slots of their requests. */
async function claim({ kysely }: Database, count: number, exceptCustomers: string[]): Promise<DueUpload[]> {
  const startedAt = performance.now()
  const rows = await claimDue(kysely, { count, exceptCustomers })
  return rows.map(({ queue, wait_ms: waitMs, ...upload }) => ({
    ...upload,
    ...(waitMs !== null && { taken: toTaken({ queue, wait_ms: waitMs }, startedAt) }),
  }))
}

const claimDue = createStatement<
  { count: number; exceptCustomers: string[] },
  Omit<DueUpload, 'taken'> & { [Name in keyof SelectedSlot]: SelectedSlot[Name] | null }
>((db, value) =>
  db
    .with('due', (from) =>
      from
        .selectFrom('uploads')
        .select('batch_tracking_id')
        // Written out, so that the index is used however the statement is planned.
        .where(sql<boolean>`state = 'tracking' and not is_parked and due_at <= now()`)
        .where(sql<boolean>`(claimed_until is null or claimed_until < now())`)
        .where(sql<boolean>`customer_id <> all(${value('exceptCustomers')}::uuid[])`)
        .orderBy('due_at')
        .limit(value('count'))
        .forNoKeyUpdate()
        .skipLocked(),
    )
    .with('claimed', (from) =>
      from
        .updateTable('uploads')
        .from('due')
        .set({ claimed_until: after(claimSeconds * 1_000) })
        .whereRef('uploads.batch_tracking_id', '=', 'due.batch_tracking_id')
        .returning(columns.map((name) => `uploads.${name}` as const))
        .returning(
          sql<number>`(extract(epoch from now() - tracked_at) * 1000)::double precision`.as('age_ms'),
        )
        .returning(isPaused('customer_id').as('is_paused')),
    )
    .selectFrom('claimed')
    .leftJoin(slotsOfClaimed, (join) => join.onTrue())
    .selectAll('claimed')
    .select(['slot.queue', 'slot.wait_ms']),
)

/** An upload that will not be polled gets none: it is paused, or its state is left to a newer version. */
const slotsOfClaimed = sql<SelectedSlot>`lateral (${selectSlot(
  sql`case when not claimed.is_paused and coalesce(claimed.poll_state ->> 'version', '1') = '1' then claimed.customer_id end`,
  sql`claimed.reservation`,
)})`.as<'slot'>(sql`slot`)

/** The customers for which this many polls are running, or more. */
function customersWith(count: number, uploads: readonly DueUpload[]): string[] {
  const running = new Map<string, number>()
  for (const { customer_id: id } of uploads) running.set(id, (running.get(id) ?? 0) + 1)
  return [...running].filter(([, polls]) => polls >= count).map(([id]) => id)
}

function after(ms: number) {
  return sql<Date>`now() + ${milliseconds(ms)}::interval`
}
