/** The jobs of a pg-boss queue as work. */
import type { Job, PgBoss } from 'pg-boss'

import type { WorkSource } from './work-loop.ts'
import { HandBack } from './work-loop.ts'

/**
 * @param handler Resolves when the work is done, and rejects when it must be retried. The data of a `HandBack` replaces that of
 * the job.
 * @param groupConcurrency How many jobs of a group run at the same time, on all workers together.
 */
export function jobSource<Data extends object>(
  boss: PgBoss,
  queue: string,
  handler: (data: Data, signal: AbortSignal) => Promise<void>,
  groupConcurrency?: number,
): WorkSource<Job<Data>> {
  return {
    mostPerClaim: Infinity,
    async claim(batchSize) {
      return await boss.fetch<Data>(queue, { batchSize, ...(groupConcurrency && { groupConcurrency }) })
    },
    run: (job, signal) => handler(job.data, signal),
    async end(done, failed) {
      // pg-boss would keep finished jobs for a while. It does not touch a job that another worker has claimed meanwhile.
      if (done.length > 0) await boss.deleteJob(queue, [...done])
      for (const { item: job, error } of failed) {
        await boss.fail(queue, job, { message: String(error) })
        if (error instanceof HandBack)
          await boss.update(queue, error.data as Data, { id: job.id, startAfter: error.waitMs / 1_000 })
      }
    },
    async touch(running) {
      await boss.touch(queue, [...running])
    },
  }
}
