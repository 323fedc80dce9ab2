/** Polls an upload once, in its slot, and records the result and the next step in one transaction. */
import type { PartnerCenter } from '@devicebatch/client'
import { pollOnce } from '@devicebatch/client'
import { sql } from 'kysely'

import { parkUpload } from '../control/parked.ts'
import type { Database } from '../database/open-database.ts'
import { transact } from '../database/transact.ts'
import { unrecorded } from '../errors.ts'
import type { Settings } from '../options.ts'
import type { Jobs, PollJob } from '../queue/jobs.ts'
import { checkJob, leaveToNewer } from '../queue/version-check.ts'
import { withRun } from '../rate-limit/request-run.ts'
import type { RequestSlots } from '../rate-limit/request-slots.ts'
import { milliseconds } from '../rate-limit/request-slots.ts'
import { decideAfterPoll, slowFromMs, slowIntervalMs } from './after-poll.ts'
import type { DueUpload } from './due-upload.ts'
import { loadDue } from './due-upload.ts'
import { recordFailure, recordPoll } from './record-poll.ts'

export interface PollContext {
  database: Database
  jobs: Jobs
  partner: PartnerCenter
  slots: RequestSlots
  settings: Settings
}

/**
 * Runs a poll. Returns without a request when there is nothing to do because the upload has ended or another run of the job was
 * faster.
 */
export async function runPoll(context: PollContext, job: PollJob, signal: AbortSignal): Promise<void> {
  const { partner, slots, settings } = context
  checkJob(job.batchTrackingId)
  const upload = await loadDue(context.database, job.batchTrackingId)
  if (!upload) return
  leaveToNewer(`Upload ${upload.batch_tracking_id}`, upload.poll_state)
  if (upload.is_paused && (await parkUpload(context.database.kysely, upload.batch_tracking_id))) return
  const taken = await slots.tryTake(upload.customer_id, job.reservation)
  if ('queue' in taken) {
    await rescheduleJob(context, upload, { ...job, reservation: taken.queue }, taken.waitMs)
    return
  }
  const { initialIntervalMs, maxIntervalMs, maxFailures } = settings.poll
  const polled = await withRun({ slot: taken.slot }, () =>
    pollOnce(
      partner.customers.byId(upload.customer_id).batchUploadStatus.byId(upload.batch_tracking_id),
      upload.poll_state ?? undefined,
      {
        now: Date.now(),
        signal,
        initialIntervalMs,
        maxIntervalMs: upload.age_ms < slowFromMs ? maxIntervalMs : Math.max(maxIntervalMs, slowIntervalMs),
        maxFailures,
      },
    ),
  )
  const after = decideAfterPoll({
    next: polled.next,
    ageMs: upload.age_ms,
    stopAfterMs: settings.stopAfterMs,
  })
  try {
    await recordPoll(context, upload, polled, after)
  } catch (error) {
    // When even the failure cannot be recorded, such as in an outage, the job is retried.
    await recordFailure(context, upload, unrecorded(error)).catch(() => {
      throw error
    })
    settings.onError(error)
  }
}

async function rescheduleJob(
  { database, jobs }: PollContext,
  upload: DueUpload,
  job: PollJob,
  waitMs: number,
): Promise<void> {
  await transact(database.kysely, async (trx) => {
    const moved = await trx
      .updateTable('uploads')
      .set({
        due_at: sql<Date>`now() + ${milliseconds(waitMs)}::interval`,
        revision: sql<number>`revision + 1`,
      })
      .where('batch_tracking_id', '=', upload.batch_tracking_id)
      .where('revision', '=', upload.revision)
      .where('state', '=', 'tracking')
      .returning('due_at')
      .executeTakeFirst()
    if (moved) await jobs.sendPoll(trx, upload.customer_id, job, moved.due_at)
  })
}
