/** Writes events, in the transaction that they report. */
import type { RawBuilder, Transaction } from 'kysely'
import { sql } from 'kysely'

import type { Tables } from '../database/schema.ts'
import type { TrackerEvent } from './event.ts'

/** An event without what the database adds. */
export type NewEvent = New<TrackerEvent>
type New<Event> = Event extends TrackerEvent ? Omit<Event, 'position' | 'at'> : never

/**
 * Inserts events in this order, as a part of a statement that reports what `subject`, one of its parts, has changed: nothing if
 * that has no row.
 *
 * @param subject A table with a row for each upload, with `customer_id`, `submission_id` and `batch_tracking_id`.
 * @param types The types of the events.
 * @param data The data of each, as JSON.
 */
export function insertEvents(
  subject: RawBuilder<unknown>,
  types: RawBuilder<readonly NewEvent['type'][]>,
  data: RawBuilder<readonly string[]>,
): RawBuilder<object> {
  // As text: a `json` may contain what no text can.
  return sql`(insert into devicebatch.events (type, customer_id, submission_id, batch_tracking_id, data)
    select event.type, subject.customer_id, subject.submission_id, subject.batch_tracking_id, event.data::json
    from ${subject} subject, unnest(${types}::text[], ${data}::text[])
      as event(type, data))`
}

/** Adds events in this order. */
export async function addEvent(trx: Transaction<Tables>, ...events: NewEvent[]): Promise<void> {
  if (events.length === 0) return
  await trx
    .insertInto('events')
    .values(
      events.map(({ type, customerId, submissionId = null, batchTrackingId = null, data }) => ({
        type,
        customer_id: customerId,
        submission_id: submissionId,
        batch_tracking_id: batchTrackingId,
        data: JSON.stringify(data),
      })),
    )
    .execute()
}
