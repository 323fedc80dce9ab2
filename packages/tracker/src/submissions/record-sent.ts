/** Records that the service has accepted a request of a submission: its upload is tracked from then on. */
import type { SavedBatchUploadGroup, UploadChunk } from '@devicebatch/client'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'
import type { SubmissionState } from '../database/schema.ts'
import { createSqlStatement } from '../database/statement.ts'
import { repeatConflicts, transact } from '../database/transact.ts'
import type { SubmissionAcceptedEvent } from '../events/event.ts'
import { startTracking } from '../polling/track.ts'
import { milliseconds } from '../rate-limit/request-slots.ts'
import type { Submission } from './upload-run.ts'
import { updateRun } from './upload-run.ts'

/**
 * Records a tracking ID, and that the submission is accepted if this was its last request. Tracks the upload even if another run has
 * taken over.
 *
 * @param firstPollMs How long to wait before the first poll, in milliseconds.
 * @returns The state of the submission; `undefined` if this run is no longer the current one.
 */
export async function recordSent(
  { kysely }: Database,
  submission: Submission,
  { batchTrackingId, toIndex }: Readonly<UploadChunk>,
  group: SavedBatchUploadGroup,
  firstPollMs: number,
): Promise<SubmissionState | undefined> {
  const { id, customer_id: customerId, attempt } = submission
  const { batchId } = group
  const isLast = toIndex === submission.device_count
  const saved = JSON.stringify({ ...group, complete: isLast })
  const values: SentRequest = {
    id,
    customerId,
    attempt,
    batchTrackingId: batchTrackingId!,
    batchId,
    firstPoll: milliseconds(firstPollMs),
    isLast,
    saved,
    tracked: JSON.stringify({ batchId }),
    accepted: JSON.stringify(acceptedData(group)),
  }
  const [recorded] = await repeatConflicts(() => startAndKeep(kysely, values))
  const { is_new: isNew, state } = recorded!
  if (isNew) return state ?? undefined
  // Its tracking ID was passed to `track()`, or recorded before. The end of the run decides about the rest.
  const isKept = await transact(kysely, async (trx) => {
    const upload = { customerId, batchTrackingId: batchTrackingId!, batchId, submissionId: id, firstPollMs }
    await startTracking(trx, upload)
    return await updateRun(trx, submission, { upload_group: saved }, ['uploading', 'cancelled', 'accepted'])
  })
  return isKept ? 'uploading' : undefined
}

interface SentRequest {
  id: string
  customerId: string
  attempt: number
  batchTrackingId: string
  batchId: string
  firstPoll: string
  isLast: boolean
  /** All requests so far. */
  saved: string
  /** The data of the events. */
  tracked: string
  accepted: string
}

const startAndKeep = createSqlStatement<SentRequest, { is_new: boolean; state: SubmissionState | null }>(
  (value) => {
    const isAccepted = sql<boolean>`${value('isLast')} and state = 'uploading'`
    return sql`
      with started as (
        insert into devicebatch.uploads (batch_tracking_id, customer_id, batch_id, submission_id, due_at)
        values (${value('batchTrackingId')}, ${value('customerId')}, ${value('batchId')}, ${value('id')},
          now() + ${value('firstPoll')}::interval)
        on conflict do nothing
        returning batch_tracking_id
      ), kept as (
        update devicebatch.submissions set
          upload_group = ${value('saved')},
          state = case when ${isAccepted} then 'accepted' else state end,
          error = case when ${isAccepted} then null else error end,
          ended_at = case when ${isAccepted} then now() else ended_at end
        where id = ${value('id')} and attempt = ${value('attempt')} and state in ('uploading', 'cancelled')
          and exists (select from started)
        returning state
      ), news as (
        insert into devicebatch.events (type, customer_id, submission_id, batch_tracking_id, data)
        select type, ${value('customerId')}, ${value('id')}, batch_tracking_id, data from (
          select 1 as nth, 'upload.tracked' as type, batch_tracking_id, ${value('tracked')}::json as data from started
          union all
          select 2, 'submission.accepted', null, ${value('accepted')} from kept where state = 'accepted'
        ) news order by nth
      )
      select exists (select from started) as is_new, (select state from kept) as state`
  },
)

/** What the event says when all requests were accepted, or the fate of their devices was found out. */
export function acceptedData(group: SavedBatchUploadGroup): SubmissionAcceptedEvent['data'] {
  const settled = group.chunks.flatMap((chunk) => chunk.settled ?? [])
  return {
    batchId: group.batchId,
    duplicates: group.duplicates.length,
    landed: settled.flatMap(({ landed }) => landed),
    didNotLand: settled.flatMap(({ didNotLand }) => didNotLand),
    cannotTell: settled.flatMap(({ cannotTell }) => cannotTell),
  }
}
