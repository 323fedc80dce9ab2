/** Starts tracking an upload: a worker polls it when it is due. */
import type { BatchUploadId } from '@devicebatch/client'
import { InvalidArgumentError } from '@devicebatch/client'
import type { Transaction } from 'kysely'
import { sql } from 'kysely'

import type { Tables } from '../database/schema.ts'
import { addEvent } from '../events/write.ts'
import { milliseconds } from '../rate-limit/request-slots.ts'

export interface NewUpload extends BatchUploadId {
  batchId?: string | undefined
  submissionId?: string | undefined
  /** How long to wait before the first poll, in milliseconds. Default 0. */
  firstPollMs?: number | undefined
}

/**
 * Stores an upload. A known upload stays unchanged; a stopped one is polled again. Rejects with
 * `InvalidArgumentError` when the tracking ID belongs to another customer.
 */
export async function startTracking(
  trx: Transaction<Tables>,
  { customerId, batchTrackingId, batchId, submissionId, firstPollMs = 0 }: NewUpload,
): Promise<void> {
  const started = await trx
    .insertInto('uploads')
    .values({
      batch_tracking_id: batchTrackingId,
      customer_id: customerId,
      batch_id: batchId ?? null,
      submission_id: submissionId ?? null,
      due_at: sql<Date>`now() + ${milliseconds(firstPollMs)}::interval`,
    })
    .onConflict((conflict) =>
      conflict
        .column('batch_tracking_id')
        .doUpdateSet({
          state: 'tracking',
          ended_at: null,
          error: null,
          tracked_at: sql<Date>`now()`,
          due_at: sql<Date>`now()`,
          revision: sql<number>`uploads.revision + 1`,
        })
        .where('uploads.state', '=', 'stopped')
        .whereRef('uploads.customer_id', '=', 'excluded.customer_id' as never),
    )
    .returning('state')
    .executeTakeFirst()
  if (started) {
    const data = batchId === undefined ? {} : { batchId }
    const origin = submissionId === undefined ? {} : { submissionId }
    await addEvent(trx, { type: 'upload.tracked', customerId, ...origin, batchTrackingId, data })
    return
  }
  const known = await trx
    .selectFrom('uploads')
    .select(['customer_id', 'submission_id'])
    .where('batch_tracking_id', '=', batchTrackingId)
    .executeTakeFirst()
  if (!known) return
  if (known.customer_id === customerId.toLowerCase()) {
    // Somebody passed its tracking ID to `track()` before its submission had recorded it. A poll that does not know of the submission
    // is made again.
    if (submissionId !== undefined && known.submission_id === null) {
      await trx
        .updateTable('uploads')
        .set({
          submission_id: submissionId,
          batch_id: batchId ?? null,
          claimed_until: null,
          revision: sql<number>`revision + 1`,
        })
        .where('batch_tracking_id', '=', batchTrackingId)
        .execute()
    }
    return
  }
  throw new InvalidArgumentError(
    `\`batchTrackingId\` ${batchTrackingId} is tracked for customer ${known.customer_id}, not for ${customerId}. Check which customer it belongs to.`,
  )
}
