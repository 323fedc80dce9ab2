/** Cancels a submission: what was not sent yet never will be. What was sent cannot be recalled, because the service has no such call. */
import { InvalidArgumentError } from '@devicebatch/client'
import { checkGuid } from '@devicebatch/edge/internal'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'
import { transact } from '../database/transact.ts'
import { addEvent } from '../events/write.ts'
import type { Jobs } from '../queue/jobs.ts'
import { leaveToNewer } from '../queue/version-check.ts'
import { endCancelled, endSubmission } from '../submissions/end-submission.ts'
import { devicesSent as countSent } from '../submissions/sent-rows.ts'
import type { ActionOptions } from './actor.ts'
import { checkActor, named } from './actor.ts'

/** See `Tracker.cancelSubmission`. */
export interface Cancellation {
  /** The submission. */
  submissionId: string
  /** How many of its devices will not be sent. */
  devicesCancelled: number
  /**
   * How many of its devices were sent, or are being sent at this moment. They cannot be recalled: their uploads are tracked to
   * the end.
   */
  devicesSent: number
}

export async function cancelSubmission(
  { database: { kysely }, jobs }: { database: Database; jobs: Jobs },
  submissionId: string,
  options: ActionOptions,
): Promise<Cancellation> {
  const id = checkGuid('submissionId', submissionId).toLowerCase()
  const by = checkActor(options)
  return await transact(kysely, async (trx) => {
    const submission = await trx
      .selectFrom('submissions')
      .select(['customer_id', 'batch_id', 'state', 'device_count', 'upload_group', 'is_parked'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    const refuse = (why: string): Error => new InvalidArgumentError(`\`submissionId\` ${id} ${why}`)
    if (!submission) throw refuse('does not exist in this database. List the submissions to find it.')
    const { customer_id: customerId, batch_id: batchId, state, upload_group: group } = submission
    if (state === 'cancelled') throw refuse('is cancelled already.')
    if (state === 'failed') throw refuse('has failed: nothing more of it is sent unless you resume it.')
    leaveToNewer(`Submission ${id}`, group)
    const devicesSent = state === 'accepted' ? submission.device_count : countSent(group)
    const devicesCancelled = submission.device_count - devicesSent
    if (devicesCancelled === 0) {
      throw refuse(
        `was sent, or its last request is being sent: all ${devicesSent} devices. What was sent cannot be recalled; delete the ` +
          'devices in Partner Center once its uploads have ended.',
      )
    }
    await trx
      .updateTable('submissions')
      .set({
        state: 'cancelled',
        error: null,
        is_parked: false,
        ended_at: sql<Date>`now()`,
        cancelled_by: by,
      })
      .where('id', '=', id)
      .execute()
    await trx
      .deleteFrom('submission_devices')
      .where('submission_id', '=', id)
      .where('from_index', '>=', devicesSent)
      .execute()
    const data = { batchId, devicesCancelled, devicesSent, ...named(by) }
    await addEvent(trx, { type: 'submission.cancelled', customerId, submissionId: id, data })
    // A submission that waits is not being sent: what is in doubt was sent by a run that crashed.
    const mayBeSending = state === 'uploading' && !submission.is_parked
    await (mayBeSending ? endSubmission : endCancelled)(trx, jobs, id)
    return { submissionId: id, devicesCancelled, devicesSent }
  })
}
