/** Sends the devices again that are worth another try, as a submission of their own. */
import { randomUUID } from 'node:crypto'

import { InvalidArgumentError } from '@devicebatch/client'
import { checkGuid } from '@devicebatch/edge/internal'
import type { Selectable, Transaction } from 'kysely'

import type { Database } from '../database/open-database.ts'
import type { SubmissionsTable, Tables } from '../database/schema.ts'
import { addEvent } from '../events/write.ts'
import type { Jobs } from '../queue/jobs.ts'
import { deleteOtherDevices, hasUpload } from './keep-devices.ts'
import { nextTurn } from './submit.ts'

/**
 * Makes the new submission, and returns its id. The devices are not copied but handed over, under the lock of the submission
 * that they came with: nobody else finds them there.
 */
export async function retryDevices(
  { database, jobs }: { database: Database; jobs: Jobs },
  submissionId: string,
): Promise<string> {
  const retryOf = checkGuid('submissionId', submissionId).toLowerCase()
  const id = randomUUID()
  await database.kysely.transaction().execute(async (trx) => {
    const submission = await trx
      .selectFrom('submissions')
      .selectAll()
      .where('id', '=', retryOf)
      .forNoKeyUpdate()
      .executeTakeFirst()
    const deviceCount = await countDevices(trx, retryOf, submission)
    const { customer_id: customerId, batch_id: batchId, settings } = submission!
    const { turn } = await trx
      .insertInto('submissions')
      .values({
        id,
        customer_id: customerId,
        batch_id: batchId,
        state: 'queued',
        device_count: deviceCount,
        settings: JSON.stringify(settings),
        turn: nextTurn(customerId),
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
    const data = { batchId, deviceCount, retryOf }
    await addEvent(trx, { type: 'submission.queued', customerId, submissionId: id, data })
    await jobs.sendUpload(trx, customerId, id, turn)
  })
  return id
}

/** How many devices are to be sent again. Rejects with `InvalidArgumentError` when there are none, with the reason. */
async function countDevices(
  trx: Transaction<Tables>,
  id: string,
  submission: Selectable<SubmissionsTable> | undefined,
): Promise<number> {
  const refuse = (message: string): Error => new InvalidArgumentError(`\`submissionId\` ${id} ${message}`)
  if (!submission) throw refuse('is not known in this database. List the submissions to find it.')
  const { state, upload_group: group, retried_as: retriedAs } = submission
  if (retriedAs) {
    throw refuse(`was retried already: its devices went with submission ${retriedAs}. Look at that one.`)
  }
  if (state === 'failed') throw refuse('failed before all of it was sent. Resume it.')
  if (state !== 'accepted' || !group)
    throw refuse(`is ${state}: it can be retried when its uploads have ended.`)
  let count = submission.devices_to_retry
  if (count === null) {
    if (await hasUpload(trx, group, ['tracking'])) {
      throw refuse('has uploads that have not ended. Retry it when they have.')
    }
    // One of them was stopped. Who does not wait for it any more goes by what is known.
    count = await deleteOtherDevices(trx, id, group)
  }
  if (count > 0) return count
  throw refuse(
    'has no device that is worth another try: none failed with an error that passes, and none is known not to have reached the service.',
  )
}
