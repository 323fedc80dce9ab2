/** Brings forward what waits after a failure, for when its cause is fixed. */
import { InvalidArgumentError } from '@devicebatch/client'
import { checkGuid, checkNames } from '@devicebatch/edge/internal'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'
import type { StuckFilter } from '../queries/failures.ts'
import { isStuck } from '../queries/failures.ts'
import type { Jobs } from '../queue/jobs.ts'

/** What to retry now; all conditions must match. Default: everything that fails and is retried automatically. */
export interface RetryNowFilter extends StuckFilter {
  /** This submission. */
  submissionId?: string | undefined
  /** This upload. */
  batchTrackingId?: string | undefined
}

/** How many submissions and uploads are retried now, within the rate limits. */
export interface RetriedNow {
  /** Submissions whose upload is tried again. */
  submissions: number
  /** Uploads that are polled. */
  uploads: number
}

interface Context {
  database: Database
  jobs: Jobs
}

/** See `Tracker.retryNow`. */
export async function retryNow(context: Context, filter: RetryNowFilter): Promise<RetriedNow> {
  checkNames(filter, { submissionId: true, batchTrackingId: true, customerId: true, reason: true })
  const { submissionId, batchTrackingId } = filter
  if (submissionId !== undefined) checkGuid('submissionId', submissionId)
  if (batchTrackingId !== undefined) checkGuid('batchTrackingId', batchTrackingId)
  const condition = isStuck(filter)
  const retried = {
    submissions: batchTrackingId === undefined ? await retrySubmissions(context, condition, submissionId) : 0,
    uploads: submissionId === undefined ? await retryPolls(context, condition, batchTrackingId) : 0,
  }
  if (retried.submissions + retried.uploads === 0) {
    if (submissionId !== undefined) await refuseSubmission(context, submissionId)
    if (batchTrackingId !== undefined) await refuseUpload(context, batchTrackingId)
  }
  return retried
}

async function retrySubmissions(
  { database, jobs }: Context,
  condition: ReturnType<typeof isStuck>,
  id: string | undefined,
): Promise<number> {
  let query = database.kysely
    .selectFrom('submissions')
    .select(['id', 'customer_id'])
    .where('state', 'in', ['queued', 'uploading'])
    .where(condition)
  if (id !== undefined) query = query.where('id', '=', id)
  const failing = await query.execute()
  for (const customerId of new Set(failing.map((one) => one.customer_id))) await jobs.bringForward(customerId)
  return failing.length
}

async function retryPolls(
  { database }: Context,
  condition: ReturnType<typeof isStuck>,
  id: string | undefined,
): Promise<number> {
  let query = database.kysely
    .updateTable('uploads')
    .set({ due_at: sql<Date>`least(due_at, now())` })
    .where('state', '=', 'tracking')
    .where(condition)
  if (id !== undefined) query = query.where('batch_tracking_id', '=', id)
  return Number((await query.executeTakeFirst()).numUpdatedRows)
}

async function refuseSubmission({ database }: Context, id: string): Promise<never> {
  const query = database.kysely.selectFrom('submissions').select('state').where('id', '=', id)
  const state = (await query.executeTakeFirst())?.state
  throw refused(
    `\`submissionId\` ${id}`,
    state,
    state === 'failed' && 'has failed and is not retried automatically. Resume it with resumeSubmission().',
  )
}

async function refuseUpload({ database }: Context, id: string): Promise<never> {
  const query = database.kysely.selectFrom('uploads').select('state').where('batch_tracking_id', '=', id)
  const state = (await query.executeTakeFirst())?.state
  throw refused(
    `\`batchTrackingId\` ${id}`,
    state,
    state === 'stopped' && 'was stopped and is no longer polled. Continue with track().',
  )
}

function refused(what: string, state: string | undefined, whenOver: string | false): InvalidArgumentError {
  const why =
    state === undefined
      ? 'does not exist in this database. listStuck() lists what fails.'
      : whenOver || `is ${state} and not failing: there is nothing to retry.`
  return new InvalidArgumentError(`${what} ${why}`)
}
