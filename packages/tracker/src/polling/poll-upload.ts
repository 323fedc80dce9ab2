/** Polls an upload once, in its slot, and records the result and the next step in one transaction. */
import type { PartnerCenter, PollState } from '@devicebatch/client'
import { pollOnce } from '@devicebatch/client'

import { parkUpload } from '../control/parked.ts'
import { isUnreachable } from '../database/describe-error.ts'
import type { Database } from '../database/open-database.ts'
import type { RequestQueue } from '../database/schema.ts'
import { isRepeatable } from '../database/transact.ts'
import { unrecorded } from '../errors.ts'
import type { Settings } from '../options.ts'
import type { Jobs } from '../queue/jobs.ts'
import { leaveToNewer } from '../queue/version-check.ts'
import { HandBack } from '../queue/work-loop.ts'
import { withRun } from '../rate-limit/request-run.ts'
import type { RequestSlots } from '../rate-limit/request-slots.ts'
import { decideAfterPoll, slowFromMs, slowIntervalMs } from './after-poll.ts'
import type { DueUpload } from './due-uploads.ts'
import { recordFailure, recordPoll } from './record-poll.ts'

export interface PollContext {
  database: Database
  jobs: Jobs
  partner: PartnerCenter
  slots: RequestSlots
  settings: Settings
}

/**
 * Polls an upload that is due. Rejects when that must be done again, with `HandBack` when it must wait for the rate limit. Parks a
 * paused upload instead.
 */
export async function pollUpload(
  context: PollContext,
  upload: DueUpload,
  signal: AbortSignal,
): Promise<void> {
  const { partner, slots, settings } = context
  leaveToNewer(`Upload ${upload.batch_tracking_id}`, upload.poll_state)
  if (upload.is_paused && (await parkUpload(context.database.kysely, upload.batch_tracking_id))) return
  // The pause has just ended.
  const taken = upload.taken ?? (await slots.tryTake(upload.customer_id, upload.reservation ?? undefined))
  if ('queue' in taken) throw new HandBack<RequestQueue>(taken.waitMs, taken.queue)
  const { initialIntervalMs, maxIntervalMs, maxFailures } = settings.poll
  const now = Date.now()
  const polled = await withRun({ slot: taken.slot }, () =>
    pollOnce(
      partner.customers.byId(upload.customer_id).batchUploadStatus.byId(upload.batch_tracking_id),
      upload.poll_state ?? firstState(upload, now),
      {
        now,
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
    // Nothing is wrong with the result: the poll is made again soon.
    if (isUnreachable(error) || isRepeatable(error)) throw error
    // When even the failure cannot be recorded, such as in an outage, the poll is made again.
    await recordFailure(context, upload, unrecorded(error)).catch(() => {
      throw error
    })
    settings.onError(error)
  }
}

/** The state before the first poll. An upload counts as accepted when its tracking began: a 404 just after it means "not yet". */
function firstState(upload: DueUpload, now: number): PollState {
  return {
    version: 1,
    customerId: upload.customer_id,
    batchTrackingId: upload.batch_tracking_id,
    polls: 0,
    failures: 0,
    dueAt: now,
    acceptedAt: now - upload.age_ms,
  }
}
