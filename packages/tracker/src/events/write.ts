/** Writes events, in the transaction that they report. */
import type { Transaction } from 'kysely'

import type { Tables } from '../database/schema.ts'
import type { EventType } from './read.ts'

export interface NewEvent {
  type: EventType
  customerId: string
  submissionId?: string | null | undefined
  batchTrackingId?: string | undefined
  data?: object
}

export async function addEvent(trx: Transaction<Tables>, event: NewEvent): Promise<void> {
  const { type, customerId, submissionId = null, batchTrackingId = null, data = {} } = event
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
