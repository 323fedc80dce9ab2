/** Uploads a submission: each request ID is stored before its request is sent, and each tracking ID as soon as it arrives. */
import type { BatchUploadGroup, SavedBatchUploadGroup, UploadChunk } from '@devicebatch/client'
import { uploadDevices } from '@devicebatch/client'
import { sql } from 'kysely'

import { parkSubmission } from '../control/parked.ts'
import { withDatabaseErrors } from '../database/describe-error.ts'
import type { SubmissionState } from '../database/schema.ts'
import { transact } from '../database/transact.ts'
import { recordError } from '../errors.ts'
import { addEvent } from '../events/write.ts'
import { reportRefusal, reportStuckSubmission } from '../notifications/report-submission.ts'
import type { PollContext } from '../polling/poll-upload.ts'
import type { UploadJob } from '../queue/jobs.ts'
import { checkJob } from '../queue/version-check.ts'
import { HandBack } from '../queue/work-loop.ts'
import type { RequestRun } from '../rate-limit/request-run.ts'
import { withRun } from '../rate-limit/request-run.ts'
import { isWorthAnotherTry } from './after-upload.ts'
import { endCancelled, endSubmission, transactEnd } from './end-submission.ts'
import { acceptedData, recordSent } from './record-sent.ts'
import type { Submission } from './upload-run.ts'
import {
  claimSubmission,
  keepRequests,
  Paused,
  reasonToStop,
  storedDevices,
  TakenOver,
  updateRun,
} from './upload-run.ts'

/** For how long a claim is as good as a check before a request that changes nothing, in milliseconds. */
const freshMs = 1_000

/**
 * Runs a submission, continuing where an earlier run stopped. Rejects when it must be retried, with `HandBack` when it must wait
 * for the rate limit. A run that was presumed dead but continues stops right before its next request, and stores any tracking
 * IDs it still receives.
 */
export async function runUpload(context: PollContext, job: UploadJob, signal: AbortSignal): Promise<void> {
  checkJob(job.submissionId)
  const taken = await context.slots.tryTake(job.customerId, job.reservation)
  if ('queue' in taken) throw new HandBack<UploadJob>(taken.waitMs, { ...job, reservation: taken.queue })
  const submission = await claimSubmission(context.database, job.submissionId)
  if (!submission) {
    await transact(context.database.kysely, (trx) => endCancelled(trx, context.jobs, job.submissionId))
    return
  }
  const claimedAt = performance.now()
  const stopping = new AbortController()
  let group: BatchUploadGroup | undefined
  let keep: (() => Promise<void>) | undefined
  let keeping: Promise<void> | undefined
  let state: SubmissionState | undefined
  let announced = -1
  // The requests without the current one, as long as that has certainly not been sent.
  let unsent: SavedBatchUploadGroup | undefined
  const run: RequestRun = {
    slot: taken.slot,
    async onBeforeSend(method) {
      // The claim has checked the same.
      if (method === 'GET' && performance.now() - claimedAt < freshMs) return
      const reason = await reasonToStop(context.database, submission)
      if (reason) stopping.abort(reason)
      stopping.signal.throwIfAborted()
      if (method === 'POST') unsent = undefined
    },
    onLongWait(waitMs) {
      const { submissionId, customerId } = job
      stopping.abort(new HandBack<UploadJob>(waitMs, { submissionId, customerId }))
    },
  }
  const { batch_id: batchId, settings, upload_group: saved } = submission
  // The client takes any other error in here for a mistake of its caller.
  const stored = withDatabaseErrors({
    devices: () => storedDevices(context.database, submission),
    async onBeforeSubmit(current: BatchUploadGroup, chunk: Readonly<UploadChunk>) {
      group = current
      const saving = current.toJSON()
      unsent = chunk.fromIndex > announced ? { ...saving, chunks: saving.chunks.slice(0, -1) } : undefined
      announced = chunk.fromIndex
      await keepIntent(context, submission, saving)
    },
    async onSubmitted(current: BatchUploadGroup, chunk: Readonly<UploadChunk>) {
      group = current
      keep = async () => {
        const { initialIntervalMs } = context.settings.poll
        // It was only just accepted, so there is no result before the first interval.
        state = await recordSent(context.database, submission, chunk, current.toJSON(), initialIntervalMs)
        if (!state) throw new TakenOver()
      }
      await (keeping = keep())
    },
  })
  const request = { batchId, ...settings, ...stored, devices: stored.devices(), resume: saved ?? undefined }
  const customer = context.partner.customers.byId(submission.customer_id)
  const options = { signal: AbortSignal.any([signal, stopping.signal]) }
  try {
    const uploaded = await withRun(run, () => uploadDevices(customer, request, options))
    if (state !== 'accepted') await finish(context, submission, uploaded.toJSON())
  } catch (error) {
    // After an abort nothing waits for this, and the database is about to close.
    await keeping?.catch(async (failure: unknown) => {
      // Without it, the request would be recorded and never polled. When this fails too, it stays in doubt, as after a crash.
      if (!(failure instanceof TakenOver)) await keep!()
    })
    if (options.signal.aborted || error instanceof TakenOver) {
      const { kysely } = context.database
      const known = knownRequests(unsent ?? group?.toJSON())
      if (known) await updateRun(kysely, submission, known, ['uploading', 'cancelled'])
      if (error instanceof TakenOver) {
        await transact(kysely, (trx) => endCancelled(trx, context.jobs, submission.id, submission.attempt))
        return
      }
      if (!(error instanceof Paused)) throw error
      if (await parkSubmission(kysely, submission.id)) return
      throw new HandBack<UploadJob>(0, { submissionId: job.submissionId, customerId: job.customerId })
    }
    await fail(context, submission, group?.toJSON(), error)
  }
}

/** The requests so far, as they are stored; requests that were certainly not sent are not among them. */
function knownRequests(group: SavedBatchUploadGroup | undefined) {
  return group && { upload_group: group.chunks.length > 0 ? JSON.stringify(group) : null }
}

async function keepIntent(
  { database }: PollContext,
  submission: Submission,
  group: SavedBatchUploadGroup,
): Promise<void> {
  if (!(await keepRequests(database, submission, group))) throw new TakenOver()
}

async function finish(
  { database, jobs }: PollContext,
  submission: Submission,
  group: SavedBatchUploadGroup,
): Promise<void> {
  await transactEnd(database.kysely, submission.id, async (trx, retryable) => {
    const kept = await updateRun(trx, submission, {
      state: 'accepted',
      upload_group: JSON.stringify(group),
      error: null,
      ended_at: sql<Date>`now()`,
    })
    if (!kept) {
      await endCancelled(trx, jobs, submission.id, submission.attempt)
      return
    }
    // The last upload may have ended before this was recorded.
    await endSubmission(trx, jobs, submission.id, retryable)
    await addEvent(trx, {
      type: 'submission.accepted',
      customerId: submission.customer_id,
      submissionId: submission.id,
      data: acceptedData(group),
    })
  })
}

async function fail(
  { database, jobs }: PollContext,
  submission: Submission,
  group: SavedBatchUploadGroup | undefined,
  error: unknown,
): Promise<void> {
  const recorded = recordError(error)
  const known = knownRequests(group)
  if (isWorthAnotherTry(error)) {
    await transact(database.kysely, async (trx) => {
      const kept = await updateRun(trx, submission, { ...known, error: JSON.stringify(recorded) })
      if (kept) await reportStuckSubmission(trx, jobs, submission, recorded)
      else await endCancelled(trx, jobs, submission.id, submission.attempt)
    })
    throw error
  }
  await transact(database.kysely, async (trx) => {
    const kept = await updateRun(trx, submission, {
      ...known,
      state: 'failed',
      error: JSON.stringify(recorded),
      ended_at: sql<Date>`now()`,
    })
    if (!kept) {
      await endCancelled(trx, jobs, submission.id, submission.attempt)
      return
    }
    const { customer_id: customerId, id: submissionId, batch_id: batchId } = submission
    await addEvent(trx, {
      type: 'submission.failed',
      customerId,
      submissionId,
      data: { batchId, error: recorded },
    })
    await reportRefusal(trx, jobs, submission, recorded)
  })
}
