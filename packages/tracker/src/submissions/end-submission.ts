/** Has a submission ended? When the last of its uploads has, its devices are deleted except the retryable ones, and it is reported. */
import type { SavedBatchUploadGroup, UploadChunk } from '@devicebatch/client'
import type { Kysely, RawBuilder, Selectable, Transaction } from 'kysely'
import { sql } from 'kysely'

import type { SubmissionsTable, Tables } from '../database/schema.ts'
import { createSqlStatement, createStatement } from '../database/statement.ts'
import { transact } from '../database/transact.ts'
import { isSubscribed } from '../notifications/outbox.ts'
import { reportEnd } from '../notifications/report-submission.ts'
import type { Jobs } from '../queue/jobs.ts'
import type { KeptDevices, Retryable } from './keep-devices.ts'
import { keepRetryable, readRetryable, Unread } from './keep-devices.ts'
import { duplicatesOf } from './sent-rows.ts'

/**
 * Runs a transaction that has to know which devices of a submission are retryable, such as one that may end it. If that takes the
 * results of thousands of devices, it is rolled back, they are read, and it is run again: so it holds its locks only for as long as
 * it writes.
 */
export async function transactEnd<T>(
  kysely: Kysely<Tables>,
  submissionId: string,
  work: (trx: Transaction<Tables>, retryable: Retryable) => Promise<T>,
): Promise<T> {
  for (let retryable: Retryable = new Map(); ; retryable = await readRetryable(kysely, submissionId)) {
    const read = retryable
    try {
      return await transact(kysely, (trx) => work(trx, read))
    } catch (error) {
      if (!(error instanceof Unread)) throw error
    }
  }
}

/**
 * Ends a submission once all of its uploads have ended; does nothing before that.
 * Call it in each transaction that may end the last upload: it locks the submission's row first, so that when two uploads end
 * at the same time, the second call sees both.
 *
 * @param retryable What was read before the transaction; see `transactEnd`.
 */
export async function endSubmission(
  trx: Transaction<Tables>,
  jobs: Jobs,
  submissionId: string,
  retryable: Retryable = new Map(),
): Promise<void> {
  const { rows } = await lockOpen(sql`${submissionId}`).execute(trx)
  if (rows.length > 0) await endLocked(trx, jobs, submissionId, retryable)
}

/**
 * Locks the submission if its end is not recorded yet; returns a row if so. Whatever its state: another transaction may be just about
 * to accept it, and one of the two must see what the other has done.
 */
export function lockOpen(submissionId: RawBuilder<string | null>): RawBuilder<{ id: string }> {
  return sql`(select id from devicebatch.submissions where id = ${submissionId}::uuid
    and uploads_ended_at is null for no key update)`
}

/** Continues `endSubmission` once an earlier statement of the transaction has locked the submission with `lockOpen`. */
export async function endLocked(
  trx: Transaction<Tables>,
  jobs: Jobs,
  submissionId: string,
  retryable: Retryable,
): Promise<void> {
  // Only a statement that begins after the lock was taken sees what its previous holder has committed.
  const [submission] = await readEnded(trx, { submissionId })
  if (!submission) return
  const { upload_group: group } = submission
  let kept: KeptDevices = { count: submission.devices_to_retry, end: null }
  if (submission.state === 'cancelled') {
    // The run that sends a request records its outcome, and calls this again.
    if (group?.chunks.some(isInDoubt)) return
    kept.end = 0
  } else if (kept.count === null && group) {
    kept = await keepRetryable(trx, submissionId, group, retryable)
  }
  const [ended] = await recordEnd(trx, { submissionId, ...kept })
  if (ended!.is_wanted) await reportEnd(trx, jobs, submissionId)
}

/**
 * In this order: there may be thousands of requests, and each of them calls this. An upload tracked before its submission recorded
 * it is only found by its tracking ID.
 */
const haveUploadsEnded = sql<boolean>`case
  when exists (select from devicebatch.uploads where submission_id = submissions.id and state <> 'ended') then false
  else not exists (
    select from json_array_elements(upload_group -> 'chunks') chunk
    join devicebatch.uploads on batch_tracking_id = (chunk ->> 'batchTrackingId')::uuid where uploads.state <> 'ended')
  end`

const readEnded = createStatement<
  { submissionId: string },
  Pick<Selectable<SubmissionsTable>, 'state' | 'upload_group' | 'devices_to_retry'>
>((db, value) =>
  db
    .selectFrom('submissions')
    .select(['state', 'upload_group', 'devices_to_retry'])
    .where('id', '=', value('submissionId'))
    .where('state', 'in', ['accepted', 'cancelled'])
    .where(haveUploadsEnded),
)

const recordEnd = createSqlStatement<KeptDevices & { submissionId: string }, { is_wanted: boolean }>(
  (value) => sql`
    with deleted as (
      delete from devicebatch.submission_devices
      where submission_id = ${value('submissionId')}::uuid and from_index >= ${value('end')}::integer
    )
    update devicebatch.submissions set uploads_ended_at = now(), devices_to_retry = ${value('count')}::integer
    where id = ${value('submissionId')}::uuid
    returning exists (select from devicebatch.webhooks where ${isSubscribed('submission.ended')}) as is_wanted`,
)

/**
 * Ends a cancelled submission of which no run sends anything anymore: whether a request without a response reached the service
 * stays unknown. Does nothing for any other submission.
 *
 * @param attempt The run that is over. Default: whichever was the last one.
 */
export async function endCancelled(
  trx: Transaction<Tables>,
  jobs: Jobs,
  submissionId: string,
  attempt?: number,
): Promise<void> {
  let query = trx
    .selectFrom('submissions')
    .select('upload_group')
    .where('id', '=', submissionId)
    .where('state', '=', 'cancelled')
    .where('uploads_ended_at', 'is', null)
  if (attempt !== undefined) query = query.where('attempt', '=', attempt)
  const cancelled = await query.forNoKeyUpdate().executeTakeFirst()
  if (!cancelled) return
  const group = cancelled.upload_group
  if (group?.chunks.some(isInDoubt)) {
    await trx
      .updateTable('submissions')
      .set({ upload_group: JSON.stringify(settleAsUnknown(group)) })
      .where('id', '=', submissionId)
      .execute()
  }
  await endSubmission(trx, jobs, submissionId)
}

/** Whether it is unknown if the request reached the service. */
function isInDoubt({ batchTrackingId, settled }: UploadChunk): boolean {
  return batchTrackingId === undefined && settled === undefined
}

function settleAsUnknown(group: SavedBatchUploadGroup): SavedBatchUploadGroup {
  const duplicates = duplicatesOf(group)
  const settle = (chunk: UploadChunk): UploadChunk => {
    const positions = Array.from({ length: chunk.toIndex - chunk.fromIndex }, (_, at) => chunk.fromIndex + at)
    const cannotTell = positions.filter((position) => !duplicates.has(position))
    return { ...chunk, settled: { landed: [], didNotLand: [], cannotTell } }
  }
  return { ...group, chunks: group.chunks.map((chunk) => (isInDoubt(chunk) ? settle(chunk) : chunk)) }
}
