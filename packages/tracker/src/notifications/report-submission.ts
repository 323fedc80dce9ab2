/** What is to be reported about a submission: its end, its failure, and what keeps it from being uploaded. */
import type { Transaction } from 'kysely'
import { sql } from 'kysely'

import type { RecordedError, Tables } from '../database/schema.ts'
import type { Jobs } from '../queue/jobs.ts'
import type { Submission } from '../submissions/upload-run.ts'
import type { NotifiedCause, NotifiedSubmission, SubmissionResult } from './notification.ts'
import { notify } from './outbox.ts'
import { isNews, isSignIn, reportSignIn } from './report-trouble.ts'

/** Reports that all uploads of a submission have ended. */
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

/** Reports each new reason why a submission could not be uploaded; a sign-in that fails is reported once for all of them. */
export async function reportStuckSubmission(
  trx: Transaction<Tables>,
  jobs: Jobs,
  { id, error: last }: Submission,
  error: RecordedError,
): Promise<void> {
  if (isSignIn(error)) await reportSignIn(trx, jobs, error)
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
    .select(['submissions.customer_id', 'submissions.batch_id', 'customers.name'])
    .where('submissions.id', '=', submissionId)
    .executeTakeFirstOrThrow()
  return {
    submissionId,
    customerId: row.customer_id,
    ...(row.name !== null && { customerName: row.name }),
    batchId: row.batch_id,
  }
}

async function readResult(trx: Transaction<Tables>, submissionId: string): Promise<SubmissionResult> {
  const sum = (column: string) => sql<number>`coalesce(sum(${sql.ref(column)}), 0)::integer`
  const known = await readSubmission(trx, submissionId)
  const submission = await trx
    .selectFrom('submissions')
    .select(['device_count', 'devices_to_retry'])
    .where('id', '=', submissionId)
    .executeTakeFirstOrThrow()
  const { emulated, ...counts } = await trx
    .selectFrom('uploads')
    .select([
      sum('total').as('total'),
      sum('pending').as('pending'),
      sum('succeeded').as('succeeded'),
      sum('already_registered').as('alreadyRegistered'),
      sum('failed').as('failed'),
      sum('unresolved').as('unresolved'),
      sql<boolean>`coalesce(bool_or(emulated), false)`.as('emulated'),
    ])
    .where('submission_id', '=', submissionId)
    .executeTakeFirstOrThrow()
  return {
    ...known,
    deviceCount: submission.device_count,
    counts,
    devicesToRetry: submission.devices_to_retry ?? 0,
    causes: counts.failed > 0 ? await readCauses(trx, submissionId) : [],
    ...(emulated && { emulated: true }),
  }
}

const mostCauses = 10

async function readCauses(trx: Transaction<Tables>, submissionId: string): Promise<NotifiedCause[]> {
  const rows = await trx
    .selectFrom('device_results')
    .innerJoin('uploads', 'uploads.batch_tracking_id', 'device_results.batch_tracking_id')
    .select(['error_code', 'error_description', sql<number>`count(*)::integer`.as('devices')])
    .where('uploads.submission_id', '=', submissionId)
    .where('device_results.outcome', '=', 'failed')
    .groupBy(['error_code', 'error_description'])
    .orderBy('devices', 'desc')
    .orderBy('error_code')
    .limit(mostCauses)
    .execute()
  return rows.map(({ error_code: errorCode, error_description: errorDescription, devices }) => ({
    ...(errorCode !== null && { errorCode }),
    ...(errorDescription !== null && { errorDescription }),
    devices,
  }))
}
