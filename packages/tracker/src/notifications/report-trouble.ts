/** What is to be reported when polling an upload fails, and when the sign-in does. */
import type { Kysely, Transaction } from 'kysely'

import type { RecordedError, Tables } from '../database/schema.ts'
import type { DueUpload } from '../polling/due-upload.ts'
import type { Jobs } from '../queue/jobs.ts'
import type { NotifiedUpload } from './notification.ts'
import { isWanted, notify } from './outbox.ts'

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

/** Reports each new reason why polling an upload fails; a sign-in that fails is reported once for all of them. */
export async function reportStuckUpload(
  trx: Transaction<Tables>,
  jobs: Jobs,
  upload: DueUpload,
  error: RecordedError,
): Promise<void> {
  if (isSignIn(error)) await reportSignIn(trx, jobs, error)
  else if (isNews(error, upload.error))
    await notify(trx, jobs, {
      type: 'upload.stuck',
      subject: subjectOf(upload),
      read: async () => ({ ...(await readUpload(trx, upload)), error }),
    })
}

/** Whether the reason is another one than last time; the message may differ each time. */
export function isNews(error: RecordedError, last: RecordedError | null): boolean {
  return (
    last === null ||
    error.name !== last.name ||
    error.code !== last.code ||
    error.status !== last.status ||
    error.reason !== last.reason
  )
}

export function isSignIn({ code, status }: RecordedError): boolean {
  return code === 'authentication' || status === 401
}

const signIn = 'sign-in'

/** Reports that the sign-in failed, unless that was reported and no request has succeeded since. */
export async function reportSignIn(
  trx: Transaction<Tables>,
  jobs: Jobs,
  error: RecordedError,
): Promise<void> {
  // A webhook that is set later must hear of it.
  if (!(await isWanted(trx, 'signin.failed'))) return
  const opened = await trx
    .insertInto('troubles')
    .values({ kind: signIn })
    .onConflict((conflict) => conflict.column('kind').doNothing())
    .returning('kind')
    .executeTakeFirst()
  if (opened)
    await notify(trx, jobs, { type: 'signin.failed', subject: signIn, read: async () => ({ error }) })
}

/** Notes that the service has accepted a token: when the sign-in fails again, that is news. */
export async function endSignInTrouble(kysely: Kysely<Tables>): Promise<void> {
  await kysely.deleteFrom('troubles').where('kind', '=', signIn).execute()
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
