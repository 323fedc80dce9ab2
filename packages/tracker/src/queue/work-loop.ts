/** Runs the jobs of a queue: a job starts as soon as there is room for it, and ends when its own handler ends. */
import { wait } from '@devicebatch/edge/internal'
import type { Job, PgBoss } from 'pg-boss'

/** Thrown by a handler whose work must wait: the job goes back to the queue, and is due again after that time. */
export class HandBack<T = unknown> extends Error {
  readonly waitMs: number
  /** Its data when it is due again. */
  readonly data: T

  constructor(waitMs: number, data: T) {
    super(`Handed back for ${Math.round(waitMs)} ms.`)
    this.waitMs = waitMs
    this.data = data
  }
}

export interface WorkLoopOptions<T extends object> {
  queue: string
  /** How many jobs run at the same time. */
  concurrency: number
  /** How many jobs of a group run at the same time, on all workers together. */
  groupConcurrency?: number
  /** Resolves when the work is done, and rejects when it must be retried. */
  handler: (job: T, signal: AbortSignal) => Promise<void>
  onError: (error: unknown) => void
}

export interface WorkLoop {
  /** Fetches no more jobs, and aborts those that are not done in time, leaving them to other workers. */
  stop(timeoutMs: number): Promise<void>
}

/** How long until the next fetch when there was less to do than there is room for, in milliseconds. */
const idleMs = 500
/** How long to wait for other jobs that end at the same time: one statement ends them and fetches new ones. */
const togetherMs = 20
/** How often to report that the running jobs are alive; a third of the time after which they are considered dead. */
const heartbeatMs = 10_000

/** Starts fetching and running jobs. Only `stop()` ends it: when the database is unavailable, it tries again. */
export function startWorkLoop<T extends object>(
  boss: PgBoss,
  { queue, concurrency, groupConcurrency, handler, onError }: WorkLoopOptions<T>,
): WorkLoop {
  const running = new Map<Job<T>, Promise<void>>()
  const stopping = new AbortController()
  const aborting = new AbortController()
  let done: Job<T>[] = []
  let failed: { job: Job<T>; error: unknown }[] = []
  let ended = new AbortController()

  const run = async (job: Job<T>): Promise<void> => {
    try {
      await handler(job.data, aborting.signal)
      done.push(job)
    } catch (error) {
      failed.push({ job, error })
      if (!(error instanceof HandBack) && !aborting.signal.aborted) onError(error)
    } finally {
      running.delete(job)
      ended.abort()
    }
  }

  /** Ends the jobs whose handlers have ended; those that the database refuses are retried the next time. */
  const endJobs = async (): Promise<void> => {
    const [deletable, retryable] = [done, failed]
    done = []
    failed = []
    try {
      // pg-boss would keep finished jobs for a while. It does not touch a job that another worker has claimed meanwhile.
      if (deletable.length > 0) await boss.deleteJob(queue, deletable)
      deletable.length = 0
      for (let [next] = retryable; next; [next] = retryable) {
        await giveBack(next.job, next.error)
        retryable.shift()
      }
    } finally {
      done.push(...deletable)
      failed.push(...retryable)
    }
  }

  const giveBack = async (job: Job<T>, error: unknown): Promise<void> => {
    await boss.fail(queue, job, { message: String(error) })
    if (!(error instanceof HandBack)) return
    await boss.update(queue, error.data as T, { id: job.id, startAfter: error.waitMs / 1_000 })
  }

  const startJobs = async (): Promise<void> => {
    const batchSize = concurrency - running.size
    if (batchSize === 0) return
    const jobs = await boss.fetch<T>(queue, { batchSize, ...(groupConcurrency && { groupConcurrency }) })
    for (const job of jobs) running.set(job, run(job))
  }

  const work = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      ended = new AbortController()
      try {
        await endJobs()
        await startJobs()
      } catch (error) {
        onError(error)
      }
      await pause(idleMs, AbortSignal.any([ended.signal, stopping.signal]))
      if (ended.signal.aborted) await pause(togetherMs, stopping.signal)
    }
  }
  const heartbeat = setInterval(() => {
    if (running.size > 0) boss.touch(queue, [...running.keys()]).catch(onError)
  }, heartbeatMs)
  const working = work()

  return {
    async stop(timeoutMs) {
      stopping.abort()
      await working
      const inTime = Promise.all(running.values())
      const timeout = new AbortController()
      await Promise.race([inTime, pause(timeoutMs, timeout.signal)])
      timeout.abort()
      aborting.abort()
      // Aborted runs still record the data of the last response.
      await inTime
      clearInterval(heartbeat)
      await endJobs().catch(onError)
    },
  }
}

/** Waits until the time is up or the signal aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, signal).catch(() => undefined)
}
