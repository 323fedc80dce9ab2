/** Writes events, in the transaction that they report. */
import type { Transaction } from 'kysely'

import type { Tables } from '../database/schema.ts'
import type { TrackerEvent } from './event.ts'

/** An event without what the database adds. */
export type NewEvent = New<TrackerEvent>
type New<Event> = Event extends TrackerEvent ? Omit<Event, 'position' | 'at'> : never

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
