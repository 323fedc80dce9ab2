/** Uploads a submission: each request ID is stored before its request is sent, and each tracking ID as soon as it arrives. */
import type { BatchUploadGroup, SavedBatchUploadGroup, UploadChunk } from '@devicebatch/client'
import { uploadDevices } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import type { Selectable, Transaction, UpdateObject } from 'kysely'
import { sql } from 'kysely'

import type { SubmissionsTable, Tables } from '../database/schema.ts'
import { transact } from '../database/transact.ts'
import { recordError } from '../errors.ts'
import { addEvent } from '../events/write.ts'
import type { PollContext } from '../polling/poll-job.ts'
import { startTracking } from '../polling/track.ts'
import type { UploadJob } from '../queue/jobs.ts'
import { checkJob, leaveToNewer } from '../queue/version-check.ts'
import { isWorthAnotherTry } from './after-upload.ts'
import { keepDevicesToRetry } from './keep-devices.ts'

type Submission = Selectable<SubmissionsTable>

/**
 * Runs a submission, continuing where an earlier run stopped. Rejects when it must be retried. A run that was presumed dead but
 * continues stops before its next request, and stores any tracking IDs it still receives.
 */
export async function runUpload(context: PollContext, job: UploadJob, signal: AbortSignal): Promise<void> {
  checkJob(job.submissionId)
  const submission = await claim(context, job.submissionId)
  if (!submission) return
  let group: BatchUploadGroup | undefined
  let keeping: Promise<void> | undefined
  try {
    const { batch_id: batchId, settings, upload_group: saved } = submission
    const uploaded = await uploadDevices(
      context.partner.customers.byId(submission.customer_id),
      {
        batchId,
        ...settings,
        devices: storedDevices(context, submission.id),
        resume: saved ?? undefined,
        async onBeforeSubmit(current) {
          group = current
          await keepIntent(context, submission, current.toJSON())
        },
        async onSubmitted(current, chunk) {
          group = current
          await (keeping = keepTrackingId(context, submission, chunk, current.toJSON()))
        },
      },
      { signal },
    )
    await finish(context, submission, uploaded.toJSON())
  } catch (error) {
    // After an abort nothing waits for this, and the database is about to close.
    await keeping?.catch(() => {})
    if (error instanceof TakenOver) return
    await fail(context, submission, group?.toJSON(), error, signal)
  }
}

/** Makes this run the current one, unless the requests so far are in a newer format. */
async function claim({ database }: PollContext, id: string): Promise<Submission | undefined> {
  const claimed = await database.kysely
    .updateTable('submissions')
    .set({ state: 'uploading', attempt: sql<number>`attempt + 1` })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'uploading'])
    .where(sql<boolean>`coalesce(upload_group ->> 'version', '1') = '1'`)
    .returningAll()
    .executeTakeFirst()
  if (claimed) return claimed
  const left = await database.kysely
    .selectFrom('submissions')
    .select('upload_group')
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'uploading'])
    .executeTakeFirst()
  if (left) leaveToNewer(`Submission ${id}`, left.upload_group)
  return undefined
}

/** Another worker has taken over this submission. */
class TakenOver extends Error {}

async function* storedDevices(
  { database }: PollContext,
  id: string,
): AsyncGenerator<NewDevice, void, undefined> {
  for (let next = -1; ;) {
    const page = await database.kysely
      .selectFrom('submission_devices')
      .select(['from_index', 'devices'])
      .where('submission_id', '=', id)
      .where('from_index', '>', next)
      .orderBy('from_index')
      .limit(1)
      .executeTakeFirst()
    if (!page) return
    yield* page.devices
    next = page.from_index
  }
}

async function keepIntent(
  { database }: PollContext,
  submission: Submission,
  group: SavedBatchUploadGroup,
): Promise<void> {
  const kept = await update(database.kysely, submission, { upload_group: JSON.stringify(group) })
  if (!kept) throw new TakenOver()
}

async function keepTrackingId(
  { database, jobs, settings }: PollContext,
  submission: Submission,
  { batchTrackingId }: Readonly<UploadChunk>,
  group: SavedBatchUploadGroup,
): Promise<void> {
  const kept = await transact(database.kysely, async (trx) => {
    await startTracking(trx, jobs, {
      customerId: submission.customer_id,
      batchTrackingId: batchTrackingId!,
      batchId: group.batchId,
      submissionId: submission.id,
      // It was only just accepted, so there is no result yet.
      firstPollMs: settings.poll.initialIntervalMs,
    })
    return await update(trx, submission, { upload_group: JSON.stringify(group) })
  })
  if (!kept) throw new TakenOver()
}

async function finish(
  { database }: PollContext,
  submission: Submission,
  group: SavedBatchUploadGroup,
): Promise<void> {
  const settled = group.chunks.flatMap((chunk) => chunk.settled ?? [])
  await transact(database.kysely, async (trx) => {
    const kept = await update(trx, submission, {
      state: 'accepted',
      upload_group: JSON.stringify(group),
      error: null,
      ended_at: sql<Date>`now()`,
    })
    if (!kept) return
    // The last upload may have ended before this was recorded.
    await keepDevicesToRetry(trx, submission.id)
    await addEvent(trx, {
      type: 'submission.accepted',
      customerId: submission.customer_id,
      submissionId: submission.id,
      data: {
        batchId: group.batchId,
        duplicates: group.duplicates.length,
        landed: settled.flatMap(({ landed }) => landed),
        didNotLand: settled.flatMap(({ didNotLand }) => didNotLand),
        cannotTell: settled.flatMap(({ cannotTell }) => cannotTell),
      },
    })
  })
}

async function fail(
  { database }: PollContext,
  submission: Submission,
  group: SavedBatchUploadGroup | undefined,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  const recorded = recordError(error)
  // Requests that were certainly not sent are no longer in the group, and must not count as ambiguous.
  const known = group && { upload_group: group.chunks.length > 0 ? JSON.stringify(group) : null }
  if (signal.aborted || isWorthAnotherTry(error)) {
    if (!signal.aborted)
      await update(database.kysely, submission, { ...known, error: JSON.stringify(recorded) })
    throw error
  }
  await transact(database.kysely, async (trx) => {
    const kept = await update(trx, submission, {
      ...known,
      state: 'failed',
      error: JSON.stringify(recorded),
      ended_at: sql<Date>`now()`,
    })
    if (!kept) return
    const { customer_id: customerId, id: submissionId, batch_id: batchId } = submission
    await addEvent(trx, {
      type: 'submission.failed',
      customerId,
      submissionId,
      data: { batchId, error: recorded },
    })
  })
}

/** Updates the submission if this run is still the current one; returns whether it did. */
async function update(
  db: PollContext['database']['kysely'] | Transaction<Tables>,
  { id, attempt }: Submission,
  values: UpdateObject<Tables, 'submissions'>,
): Promise<boolean> {
  const changed = await db
    .updateTable('submissions')
    .set(values)
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .returning('id')
    .executeTakeFirst()
  return changed !== undefined
}
