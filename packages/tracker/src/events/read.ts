/** Reads events in the order of their transactions, starting at any position. */
import { InvalidArgumentError } from '@devicebatch/client'
import { show, wait } from '@devicebatch/edge/internal'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'
import type { EventType, TrackerEvent } from './event.ts'

/** Where events begin and end. */
export interface EventsOptions {
  /** The `position` of the last processed event. Default: start at the oldest stored event. */
  after?: string | undefined
  /** Ends the iteration, which then returns. */
  signal?: AbortSignal | undefined
  /** Return after the newest event instead of waiting for the next. Default false. */
  untilNow?: boolean | undefined
}

/** How long to wait before the next query when there was nothing new, in milliseconds. */
const intervalMs = 500
const pageSize = 500

/**
 * Reads events after a position. Positions are assigned before a transaction commits, and a transaction that began earlier may
 * commit later. So only events of transactions older than any running one are read, ordered by when the transactions began, and
 * none is skipped.
 */
export async function* readEvents(
  open: () => Promise<Database>,
  { after, signal, untilNow = false }: EventsOptions = {},
): AsyncGenerator<TrackerEvent, void, undefined> {
  let position = checkPosition(after)
  const ended = (): boolean => signal?.aborted ?? false
  while (!ended()) {
    const { kysely } = await open()
    const { rows } = await sql<EventRow>`
      select transaction::text || '-' || position::text as position, type, at, customer_id, submission_id, batch_tracking_id, data
      from devicebatch.events
      where (transaction, position) > (${position[0]}::xid8, ${position[1]}::bigint)
        and transaction < pg_snapshot_xmin(pg_current_snapshot())
      order by transaction, events.position limit ${pageSize}`.execute(kysely)
    for (const row of rows) {
      if (ended()) return
      yield toEvent(row)
      position = row.position.split('-') as [string, string]
    }
    if (rows.length === pageSize) continue
    if (untilNow) return
    await wait(intervalMs, signal).catch(() => undefined)
  }
}

/** The position of the newest event; `undefined` when there is none. */
export async function lastPosition({ kysely }: Database): Promise<string | undefined> {
  const { rows } = await sql<{ position: string }>`
    select transaction::text || '-' || position::text as position from devicebatch.events
    where transaction < pg_snapshot_xmin(pg_current_snapshot())
    order by transaction desc, events.position desc limit 1`.execute(kysely)
  return rows[0]?.position
}

interface EventRow {
  position: string
  type: EventType
  at: Date
  customer_id: string
  submission_id: string | null
  batch_tracking_id: string | null
  data: unknown
}

function toEvent(row: EventRow): TrackerEvent {
  const { position, type, at, customer_id, submission_id, batch_tracking_id, data } = row
  return {
    position,
    type,
    at: at.toISOString(),
    customerId: customer_id,
    ...(submission_id && { submissionId: submission_id }),
    ...(batch_tracking_id && { batchTrackingId: batch_tracking_id }),
    data,
    // `addEvent` wrote what belongs to the type.
  } as TrackerEvent
}

function checkPosition(after: string | undefined): [string, string] {
  if (after === undefined) return ['0', '0']
  const parts = typeof after === 'string' ? /^(\d{1,19})-(\d{1,18})$/.exec(after) : null
  if (parts) return [parts[1]!, parts[2]!]
  throw new InvalidArgumentError(
    `\`after\` must be the \`position\` of an event, such as "741-12"; got ${show(after)}. Omit it to start with the oldest event.`,
  )
}
