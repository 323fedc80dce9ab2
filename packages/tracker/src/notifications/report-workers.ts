/** Reports the workers that ended without closing, such as by a crash. */
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'
import { transact } from '../database/transact.ts'
import type { Jobs } from '../queue/jobs.ts'
import { claimSeconds } from '../queue/work-loop.ts'
import { isWanted, notify } from './outbox.ts'

/** Reports each worker once, unless it comes back and is gone again. */
export async function reportGoneWorkers({
  database,
  jobs,
}: {
  database: Database
  jobs: Jobs
}): Promise<void> {
  await transact(database.kysely, async (trx) => {
    // A webhook that is set later must hear of it.
    if (!(await isWanted(trx, 'worker.gone'))) return
    const gone = await trx
      .updateTable('workers')
      .set({ reported_at: sql<Date>`now()` })
      .where('reported_at', 'is', null)
      .where('seen_at', '<', sql<Date>`now() - make_interval(secs => ${claimSeconds})`)
      .returning(['id', 'name', 'started_at', 'seen_at'])
      .execute()
    for (const { id, name, started_at: startedAt, seen_at: seenAt } of gone)
      await notify(trx, jobs, {
        type: 'worker.gone',
        subject: id,
        read: async () => ({
          worker: name,
          startedAt: startedAt.toISOString(),
          lastSeenAt: seenAt.toISOString(),
        }),
      })
  })
}
