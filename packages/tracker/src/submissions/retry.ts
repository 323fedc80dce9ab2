/** Resubmits the retryable devices of a submission as a new submission. */
import { randomUUID } from 'node:crypto'

import { InvalidArgumentError } from '@devicebatch/client'
import { checkGuid } from '@devicebatch/edge/internal'
import type { Selectable, Transaction } from 'kysely'

import type { ActionOptions } from '../control/actor.ts'
import { checkActor, named } from '../control/actor.ts'
import type { Database } from '../database/open-database.ts'
import type { SubmissionsTable, Tables } from '../database/schema.ts'
import { addEvent } from '../events/write.ts'
import type { Jobs } from '../queue/jobs.ts'
import { transactEnd } from './end-submission.ts'
import type { Retryable } from './keep-devices.ts'
import { deleteOtherDevices, hasUpload } from './keep-devices.ts'
import { nextTurn } from './submit.ts'

/**
 * Creates the new submission and returns its ID. The devices are moved, not copied, under the lock of their old submission, so
 * that no other call finds them there.
 */
export async function retryDevices(
  { database, jobs }: { database: Database; jobs: Jobs },
  submissionId: string,
  options: ActionOptions,
): Promise<string> {
  const retryOf = checkGuid('submissionId', submissionId).toLowerCase()
  const by = checkActor(options)
  const id = randomUUID()
  await transactEnd(database.kysely, retryOf, async (trx, retryable) => {
    const submission = await trx
      .selectFrom('submissions')
      .selectAll()
      .where('id', '=', retryOf)
      .forNoKeyUpdate()
      .executeTakeFirst()
    const deviceCount = await countDevices(trx, retryOf, submission, retryable)
    const { customer_id: customerId, batch_id: batchId, settings, priority } = submission!
    const { turn } = await trx
      .insertInto('submissions')
      .values({
        id,
        customer_id: customerId,
        batch_id: batchId,
        state: 'queued',
        device_count: deviceCount,
        settings: JSON.stringify(settings),
        priority,
        turn: nextTurn(customerId, priority),
        retry_of: retryOf,
        submitted_by: by,
      })
      .returning('turn')
      .executeTakeFirstOrThrow()
    await trx
      .updateTable('submission_devices')
      .set({ submission_id: id })
      .where('submission_id', '=', retryOf)
      .execute()
    await trx
      .updateTable('submissions')
      .set({ devices_to_retry: 0, retried_as: id })
      .where('id', '=', retryOf)
      .execute()
    const data = { batchId, deviceCount, retryOf, ...named(by) }
    await addEvent(trx, { type: 'submission.queued', customerId, submissionId: id, data })
    await jobs.sendUpload(trx, { id, customer_id: customerId, turn, priority })
  })
  return id
}

/** How many devices will be resubmitted. Rejects with `InvalidArgumentError` and the reason when there are none. */
async function countDevices(
  trx: Transaction<Tables>,
  id: string,
  submission: Selectable<SubmissionsTable> | undefined,
  retryable: Retryable,
): Promise<number> {
  const refuse = (message: string): Error => new InvalidArgumentError(`\`submissionId\` ${id} ${message}`)
  if (!submission) throw refuse('does not exist in this database. List the submissions to find it.')
  const { state, upload_group: group, retried_as: retriedAs } = submission
  if (retriedAs) {
    throw refuse(`was already retried as submission ${retriedAs}. Check that submission.`)
  }
  if (state === 'cancelled') throw refuse('was cancelled. Submit its devices as a new submission.')
  if (state === 'failed') throw refuse('failed before all of it was sent. Resume it instead.')
  if (state !== 'accepted' || !group) throw refuse(`is ${state}: retry it once its uploads have ended.`)
  let count = submission.devices_to_retry
  if (count === null) {
    if (await hasUpload(trx, group, ['tracking'])) {
      throw refuse('has uploads that have not ended. Retry it once they have.')
    }
    // One of them was stopped, so the retry relies on the results known so far.
    count = await deleteOtherDevices(trx, id, group, retryable)
  }
  if (count > 0) return count
  throw refuse(
    'has no retryable device: none failed with a transient error, and none is known not to have reached the service.',
  )
}
