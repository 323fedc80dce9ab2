/** Writes events, in the transaction that they report. */
import type { Transaction } from 'kysely'

import type { Tables } from '../database/schema.ts'
import type { TrackerEvent } from './event.ts'

/** An event without what the database adds. */
type New<Event> = Event extends TrackerEvent ? Omit<Event, 'position' | 'at'> : never

export async function addEvent(trx: Transaction<Tables>, event: New<TrackerEvent>): Promise<void> {
  const { type, customerId, submissionId = null, batchTrackingId = null, data } = event
  await trx
    .insertInto('events')
    .values({
      type,
      customer_id: customerId,
      submission_id: submissionId,
      batch_tracking_id: batchTrackingId,
      data: JSON.stringify(data),
    })
    .execute()
}
