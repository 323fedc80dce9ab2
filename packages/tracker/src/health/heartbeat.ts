/** Which workers are alive? Each one updates a row as often as it reports its work, and removes it when it ends. */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'

import type { Kysely } from 'kysely'
import { sql } from 'kysely'

import type { Tables } from '../database/schema.ts'
import { touchMs } from '../queue/work-loop.ts'

/** How long a dead worker stays in the list. */
const forgottenAfterHours = 24

export interface Heartbeat {
  /** Removes the worker from the list. */
  stop(): Promise<void>
}

/** Adds this worker to the list, and keeps it there until `stop()`. */
export async function startHeartbeat(
  kysely: Kysely<Tables>,
  onError: (error: unknown) => void,
): Promise<Heartbeat> {
  const id = randomUUID()
  const name = `${hostname()}:${process.pid}`
  const beat = async (): Promise<void> => {
    const seen = { seen_at: sql<Date>`now()` }
    await kysely
      .insertInto('workers')
      .values({ id, name, ...seen })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...seen, reported_at: null }))
      .execute()
  }
  await beat()
  const timer = setInterval(() => void beat().catch(onError), touchMs)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await kysely.deleteFrom('workers').where('id', '=', id).execute().catch(onError)
    },
  }
}

/** Removes workers that have been dead for a day: new ones replaced them long ago. */
export async function forgetWorkers(kysely: Kysely<Tables>): Promise<void> {
  await kysely
    .deleteFrom('workers')
    .where('seen_at', '<', sql<Date>`now() - make_interval(hours => ${forgottenAfterHours})`)
    .execute()
}
