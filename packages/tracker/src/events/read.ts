/** Reads events in the order of their positions, starting at any one. */
import { wait } from '@devicebatch/edge/internal'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'
import type { EventType, TrackerEvent } from './event.ts'
import type { EventLog } from './positions.ts'
import { formatPosition, numberAfter, numberEvents, openLog } from './positions.ts'

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

/** Reads events after a position. */
export async function* readEvents(
  open: () => Promise<Database>,
  { after, signal, untilNow = false }: EventsOptions = {},
): AsyncGenerator<TrackerEvent, void, undefined> {
  const ended = (): boolean => signal?.aborted ?? false
  if (ended()) return
  const log = await openLog((await open()).kysely)
  let number = numberAfter(after, log)
  while (!ended()) {
    const { kysely } = await open()
    const { rows } = await sql<EventRow>`
      select number::text as number, type, at, customer_id, submission_id, batch_tracking_id, data
      from devicebatch.events where events.number > ${number}::bigint
      order by events.number limit ${pageSize}`.execute(kysely)
    for (const row of rows) {
      if (ended()) return
      yield toEvent(row, log)
      number = row.number
    }
    if (rows.length === pageSize || (await numberEvents(kysely)) > 0) continue
    if (untilNow) return
    await wait(intervalMs, signal).catch(() => undefined)
  }
}

/** The position of the newest event; before the first one, the position to start with. */
export async function lastPosition({ kysely }: Database): Promise<string> {
  while ((await numberEvents(kysely)) > 0);
  const log = await openLog(kysely)
  return formatPosition(log, log.last)
}

interface EventRow {
  number: string
  type: EventType
  at: Date
  customer_id: string
  submission_id: string | null
  batch_tracking_id: string | null
  data: unknown
}

function toEvent(row: EventRow, log: EventLog): TrackerEvent {
  const { number, type, at, customer_id, submission_id, batch_tracking_id, data } = row
  return {
    position: formatPosition(log, number),
    type,
    at: at.toISOString(),
    customerId: customer_id,
    ...(submission_id && { submissionId: submission_id }),
    ...(batch_tracking_id && { batchTrackingId: batch_tracking_id }),
    data,
    // `addEvent` wrote data that matches the type.
  } as TrackerEvent
}
