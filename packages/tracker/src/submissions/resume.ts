/** Resumes a failed submission. */
import { InvalidArgumentError } from '@devicebatch/client'
import { checkGuid } from '@devicebatch/edge/internal'

import type { ActionOptions } from '../control/actor.ts'
import { checkActor, named } from '../control/actor.ts'
import type { Database } from '../database/open-database.ts'
import { transact } from '../database/transact.ts'
import { addEvent } from '../events/write.ts'
import type { Jobs } from '../queue/jobs.ts'

export async function resumeSubmission(
  { database, jobs }: { database: Database; jobs: Jobs },
  submissionId: string,
  options: ActionOptions,
): Promise<void> {
  const id = checkGuid('submissionId', submissionId).toLowerCase()
  const by = checkActor(options)
  await transact(database.kysely, async (trx) => {
    const resumed = await trx
      .updateTable('submissions')
      .set({ state: 'queued', ended_at: null, resumed_by: by })
      .where('id', '=', id)
      .where('state', '=', 'failed')
      .returning(['customer_id', 'batch_id', 'device_count', 'turn', 'priority'])
      .executeTakeFirst()
    if (resumed) {
      const { customer_id: customerId, batch_id: batchId, device_count: deviceCount } = resumed
      const data = { batchId, deviceCount, ...named(by) }
      await addEvent(trx, { type: 'submission.queued', customerId, submissionId: id, data })
      await jobs.sendUploadsAgain(trx, [{ id, ...resumed }])
      return
    }
    const known = await trx.selectFrom('submissions').select('state').where('id', '=', id).executeTakeFirst()
    throw new InvalidArgumentError(
      known
        ? `\`submissionId\` ${id} is ${known.state}: only a submission that failed can be resumed.`
        : `\`submissionId\` ${id} does not exist in this database. List the submissions to find it.`,
    )
  })
}
