/** What is to be reported about a submission: its end, its failure, and what keeps it from being uploaded. */
import type { Transaction } from 'kysely'
import { sql } from 'kysely'

import type { RecordedError, Tables } from '../database/schema.ts'
import type { Jobs } from '../queue/jobs.ts'
import { devicesSent } from '../submissions/sent-rows.ts'
import type { Submission } from '../submissions/upload-run.ts'
import type { NotifiedSubmission, SubmissionResult } from './notification.ts'
import { notify } from './outbox.ts'
import { isNews, reportSignIn } from './report-trouble.ts'
import { readResults } from './results.ts'

/** Reports that all uploads of a submission have ended; one that was cancelled may have none. */
export async function reportEnd(trx: Transaction<Tables>, jobs: Jobs, submissionId: string): Promise<void> {
  await notify(trx, jobs, {
    type: 'submission.ended',
    subject: submissionId,
    read: () => readResult(trx, submissionId),
  })
}

/** Reports that the service refused a submission. */
export async function reportRefusal(
  trx: Transaction<Tables>,
  jobs: Jobs,
  { id }: Submission,
  error: RecordedError,
): Promise<void> {
  await notify(trx, jobs, {
    type: 'submission.failed',
    subject: id,
    read: async () => ({ ...(await readSubmission(trx, id)), error }),
  })
}

/** Reports each new reason why a submission could not be uploaded, once its error is stored; a sign-in that fails is reported once for all of them. */
export async function reportStuckSubmission(
  trx: Transaction<Tables>,
  jobs: Jobs,
  { id, error: last }: Submission,
  error: RecordedError,
): Promise<void> {
  const { is_sign_in: isSignIn } = await trx
    .selectFrom('submissions')
    .select('is_sign_in')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  if (isSignIn) await reportSignIn(trx, jobs, error)
  else if (isNews(error, last))
    await notify(trx, jobs, {
      type: 'submission.stuck',
      subject: id,
      read: async () => ({ ...(await readSubmission(trx, id)), error }),
    })
}

async function readSubmission(trx: Transaction<Tables>, submissionId: string): Promise<NotifiedSubmission> {
  const row = await trx
    .selectFrom('submissions')
    .leftJoin('customers', 'customers.id', 'submissions.customer_id')
    .select(['submissions.customer_id', 'submissions.batch_id', 'submissions.submitted_by', 'customers.name'])
    .where('submissions.id', '=', submissionId)
    .executeTakeFirstOrThrow()
  return {
    submissionId,
    customerId: row.customer_id,
    ...(row.name !== null && { customerName: row.name }),
    batchId: row.batch_id,
    ...(row.submitted_by !== null && { submittedBy: row.submitted_by }),
  }
}

async function readResult(trx: Transaction<Tables>, submissionId: string): Promise<SubmissionResult> {
  const known = await readSubmission(trx, submissionId)
  const submission = await trx
    .selectFrom('submissions')
    .select(['state', 'device_count', 'devices_to_retry', 'upload_group', 'cancelled_by'])
    .where('id', '=', submissionId)
    .executeTakeFirstOrThrow()
  const group = submission.upload_group
  const inDoubt = group?.chunks.flatMap(({ settled }) => settled?.cannotTell ?? []).length ?? 0
  const results = await readResults(trx, sql`uploads.submission_id = ${submissionId}::uuid`)
  return {
    ...known,
    deviceCount: submission.device_count,
    ...(submission.state === 'cancelled' && {
      devicesCancelled: submission.device_count - devicesSent(group),
    }),
    ...(submission.cancelled_by !== null && { cancelledBy: submission.cancelled_by }),
    ...(inDoubt > 0 && { devicesInDoubt: inDoubt }),
    devicesToRetry: submission.devices_to_retry ?? 0,
    ...results,
  }
}
