/** What is to be reported about an upload: its end, if no submission reports it, and why polling it fails or stopped. */
import type { Transaction } from 'kysely'
import { sql } from 'kysely'

import type { RecordedError, Tables } from '../database/schema.ts'
import type { DueUpload } from '../polling/due-uploads.ts'
import type { Jobs } from '../queue/jobs.ts'
import type { NotifiedUpload } from './notification.ts'
import { notify } from './outbox.ts'
import { isNews, reportSignIn } from './report-trouble.ts'
import { readResults } from './results.ts'

/** Reports the end of an upload that was made elsewhere. */
export async function reportUploadEnd(
  trx: Transaction<Tables>,
  jobs: Jobs,
  upload: DueUpload,
): Promise<void> {
  await notify(trx, jobs, {
    type: 'upload.ended',
    subject: subjectOf(upload),
    read: async () => ({
      ...(await readUpload(trx, upload)),
      ...(await readResults(trx, sql`uploads.batch_tracking_id = ${upload.batch_tracking_id}::uuid`)),
    }),
  })
}

/** Reports that polling an upload stopped. */
export async function reportStop(
  trx: Transaction<Tables>,
  jobs: Jobs,
  upload: DueUpload,
  error: RecordedError,
): Promise<void> {
  await notify(trx, jobs, {
    type: 'upload.stopped',
    subject: subjectOf(upload),
    read: async () => ({ ...(await readUpload(trx, upload)), error }),
  })
}

/** Reports each new reason why polling an upload fails, once its error is stored; a sign-in that fails is reported once for all of them. */
export async function reportStuckUpload(
  trx: Transaction<Tables>,
  jobs: Jobs,
  upload: DueUpload,
  error: RecordedError,
): Promise<void> {
  const { is_sign_in: isSignIn } = await trx
    .selectFrom('uploads')
    .select('is_sign_in')
    .where('batch_tracking_id', '=', upload.batch_tracking_id)
    .executeTakeFirstOrThrow()
  if (isSignIn) await reportSignIn(trx, jobs, error)
  else if (isNews(error, upload.error))
    await notify(trx, jobs, {
      type: 'upload.stuck',
      subject: subjectOf(upload),
      read: async () => ({ ...(await readUpload(trx, upload)), error }),
    })
}

/** The submission orders the notifications of its uploads as well. */
function subjectOf(upload: DueUpload): string {
  return upload.submission_id ?? upload.batch_tracking_id
}

async function readUpload(
  trx: Transaction<Tables>,
  { batch_tracking_id: batchTrackingId, customer_id: customerId, batch_id, submission_id }: DueUpload,
): Promise<NotifiedUpload> {
  const customer = await trx
    .selectFrom('customers')
    .select('name')
    .where('id', '=', customerId)
    .executeTakeFirst()
  return {
    batchTrackingId,
    ...(submission_id !== null && { submissionId: submission_id }),
    customerId,
    ...(customer && { customerName: customer.name }),
    ...(batch_id !== null && { batchId: batch_id }),
  }
}
