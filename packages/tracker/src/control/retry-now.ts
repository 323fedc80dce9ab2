/** Brings forward what waits after a failure, for when its cause is fixed. */
import { InvalidArgumentError } from '@devicebatch/client'
import { checkGuid, checkNames } from '@devicebatch/edge/internal'
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'
import type { StuckFilter } from '../queries/failures.ts'
import { isStuck } from '../queries/failures.ts'
import type { Jobs } from '../queue/jobs.ts'
import { isAnyPaused } from './pauses.ts'

/** What to retry now; all conditions must match. Default: everything that fails, is retried automatically and is not paused. */
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

/** A submission or an upload that is not over. */
const isOpen = sql<boolean>`state in ('queued', 'uploading', 'tracking')`

const isHeldBack = isAnyPaused('customer_id')

/** See `Tracker.retryNow`. */
export async function retryNow(context: Context, filter: RetryNowFilter): Promise<RetriedNow> {
  checkNames(filter, { submissionId: true, batchTrackingId: true, customerId: true, reason: true })
  const { submissionId, batchTrackingId } = filter
  if (submissionId !== undefined) checkGuid('submissionId', submissionId)
  if (batchTrackingId !== undefined) checkGuid('batchTrackingId', batchTrackingId)
  const condition = sql<boolean>`${isStuck(filter)} and ${isOpen}`
  const retried = {
    submissions: batchTrackingId === undefined ? await retrySubmissions(context, condition, submissionId) : 0,
    uploads: submissionId === undefined ? await retryPolls(context, condition, batchTrackingId) : 0,
  }
  if (retried.submissions + retried.uploads === 0) {
    if (submissionId !== undefined) await refuseSubmission(context, condition, submissionId)
    if (batchTrackingId !== undefined) await refuseUpload(context, condition, batchTrackingId)
  }
  return retried
}

async function retrySubmissions(
  { database, jobs }: Context,
  condition: RawBuilder<boolean>,
  id: string | undefined,
): Promise<number> {
  let query = database.kysely
    .selectFrom('submissions')
    .select(['id', 'customer_id'])
    .where(condition)
    .where(sql<boolean>`not ${isHeldBack}`)
  if (id !== undefined) query = query.where('id', '=', id)
  const failing = await query.execute()
  for (const customerId of new Set(failing.map((one) => one.customer_id))) await jobs.bringForward(customerId)
  return failing.length
}

async function retryPolls(
  { database }: Context,
  condition: RawBuilder<boolean>,
  id: string | undefined,
): Promise<number> {
  let query = database.kysely
    .updateTable('uploads')
    .set({ due_at: sql<Date>`least(due_at, now())` })
    .where(condition)
    .where(sql<boolean>`not ${isHeldBack}`)
  if (id !== undefined) query = query.where('batch_tracking_id', '=', id)
  return Number((await query.executeTakeFirst()).numUpdatedRows)
}

async function refuseSubmission(
  { database }: Context,
  condition: RawBuilder<boolean>,
  id: string,
): Promise<never> {
  const row = await database.kysely
    .selectFrom('submissions')
    .select('state')
    .select(sql<boolean>`${condition} and ${isHeldBack}`.as('is_held_back'))
    .where('id', '=', id)
    .executeTakeFirst()
  throw refused(
    `\`submissionId\` ${id}`,
    row,
    row?.state === 'failed' &&
      'has failed and is not retried automatically. Resume it with resumeSubmission().',
  )
}

async function refuseUpload(
  { database }: Context,
  condition: RawBuilder<boolean>,
  id: string,
): Promise<never> {
  const row = await database.kysely
    .selectFrom('uploads')
    .select('state')
    .select(sql<boolean>`${condition} and ${isHeldBack}`.as('is_held_back'))
    .where('batch_tracking_id', '=', id)
    .executeTakeFirst()
  throw refused(
    `\`batchTrackingId\` ${id}`,
    row,
    row?.state === 'stopped' && 'was stopped and is no longer polled. Continue with track().',
  )
}

/** Why nothing is retried, for the submission or upload that was named. */
function refused(
  what: string,
  row: { state: string; is_held_back: boolean } | undefined,
  whenOver: string | false,
): InvalidArgumentError {
  const whenHeldBack =
    row?.is_held_back &&
    'is paused: nothing is sent for it. First unpause() its customer, or everything; getPauses() says what is paused.'
  const why = row
    ? whenOver || whenHeldBack || `is ${row.state} and not failing: there is nothing to retry.`
    : 'does not exist in this database. listStuck() lists what fails.'
  return new InvalidArgumentError(`${what} ${why}`)
}
