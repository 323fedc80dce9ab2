/** The pg-boss queues, which schedule the work. Our own tables record what to do; a job only says when. */
import type { Transaction } from 'kysely'
import type { JobInsert, Job } from 'pg-boss'
import { fromKysely, PgBoss } from 'pg-boss'

import type { Database } from '../database/open-database.ts'
import type { Tables } from '../database/schema.ts'
import type { RequestQueue } from '../rate-limit/request-slots.ts'

export interface UploadJob {
  submissionId: string
}

export interface PollJob {
  batchTrackingId: string
  reservation?: RequestQueue
}

/** The work of the queues; each function resolves when its work is done, and rejects when it must be retried. */
export interface JobHandlers {
  upload: (job: UploadJob, signal: AbortSignal) => Promise<void>
  poll: (job: PollJob, signal: AbortSignal) => Promise<void>
  /** Runs every minute, on one worker. */
  tidy: () => Promise<void>
}

export interface Jobs {
  /** Sends a job in the transaction that requires it. A submission has at most one. */
  sendUpload(trx: Transaction<Tables>, customerId: string, submissionId: string, turn: number): Promise<void>
  /** Sends a poll job; `after` is when it is due. An upload has at most one waiting. */
  sendPoll(trx: Transaction<Tables>, customerId: string, job: PollJob, after: Date): Promise<void>
  /** Sends missing jobs. */
  resend(submissions: readonly (Missing & { turn: number })[], polls: readonly Missing[]): Promise<void>
  work(handlers: JobHandlers, concurrency: number): Promise<void>
  stop(): Promise<void>
}

/** Work that may have lost its job. */
export interface Missing {
  id: string
  customer_id: string
}

const uploads = 'devicebatch-upload'
const polls = 'devicebatch-poll'
const tidy = 'devicebatch-tidy'

/** How long until a dead worker is noticed and other workers take over its jobs. */
const heartbeatSeconds = 30
const forEver = { retryLimit: 1_000_000, retryBackoff: true, retentionSeconds: 365 * 86_400 }

/** Starts pg-boss, in its own schema. */
export async function openJobs(database: Database, onError: (error: unknown) => void): Promise<Jobs> {
  const boss = new PgBoss({
    db: database.jobs,
    backend: database.isEmbedded ? 'pglite' : 'postgres',
    schema: 'devicebatch_jobs',
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 5,
    maintenanceIntervalSeconds: 60,
    cronMonitorIntervalSeconds: 10,
    warningQueueSize: 1_000_000,
  })
  // pg-boss reports some errors as plain objects.
  boss.on('error', (error) =>
    onError(error instanceof Error ? error : new Error((error as Error).message, { cause: error })),
  )
  await boss.start()
  await boss.createQueue(uploads, {
    policy: 'exclusive',
    ...forEver,
    retryDelay: 1,
    retryDelayMax: 900,
    heartbeatSeconds,
    expireInSeconds: 6 * 3_600,
    deleteAfterSeconds: 60,
  })
  await boss.createQueue(polls, {
    policy: 'short',
    ...forEver,
    retryDelay: 1,
    retryDelayMax: 60,
    heartbeatSeconds,
    expireInSeconds: 900,
    deleteAfterSeconds: 60,
  })
  await boss.createQueue(tidy, {
    policy: 'exclusive',
    retryLimit: 0,
    expireInSeconds: 600,
    deleteAfterSeconds: 60,
  })
  // pg-boss looks up a queue on first use; inside a transaction, PGlite would deadlock.
  for (const name of [uploads, polls]) await boss.findJobs(name, { key: 'none' })

  const upload = (
    customerId: string,
    submissionId: string,
    turn: number,
  ): JobInsert<UploadJob> & { data: UploadJob } => ({
    data: { submissionId },
    singletonKey: submissionId,
    // The highest priority runs first.
    priority: -turn,
    group: { id: customerId },
  })
  const poll = (customerId: string, data: PollJob): JobInsert<PollJob> & { data: PollJob } => ({
    data,
    singletonKey: data.batchTrackingId,
    group: { id: customerId },
  })
  const running = new Set<Promise<void>>()
  return {
    async sendUpload(trx, customerId, submissionId, turn) {
      const { data, ...options } = upload(customerId, submissionId, turn)
      await boss.send(uploads, data, { ...options, db: fromKysely(trx) })
    },
    async sendPoll(trx, customerId, job, after) {
      const { data, ...options } = poll(customerId, job)
      await boss.send(polls, data, { ...options, startAfter: after, db: fromKysely(trx) })
    },
    async resend(missingUploads, missingPolls) {
      await boss.insert(
        uploads,
        missingUploads.map(({ id, customer_id, turn }) => upload(customer_id, id, turn)),
      )
      await boss.insert(
        polls,
        missingPolls.map(({ id, customer_id }) => poll(customer_id, { batchTrackingId: id })),
      )
    },
    async work(handlers, concurrency) {
      const settle = async <T>(
        queue: string,
        jobs: Job<T>[],
        handler: (job: T, signal: AbortSignal) => Promise<void>,
      ): Promise<void> => {
        const done: string[] = []
        const errors: unknown[] = []
        await Promise.all(
          jobs.map(async ({ id, data, signal }) => {
            const work = handler(data, signal)
            running.add(work)
            try {
              await work
              done.push(id)
            } catch (error) {
              errors.push(error)
              if (!signal.aborted) onError(error)
            } finally {
              running.delete(work)
            }
          }),
        )
        // pg-boss would keep finished jobs for a while, and scan them whenever it fetches or completes a job.
        if (done.length > 0) await boss.deleteJob(queue, done)
        // The remaining jobs are retried.
        if (errors.length > 0) throw new Error(String(errors[0]))
      }
      // A few loops that take several jobs each: a slow response delays only its own loop.
      const loops = {
        localConcurrency: Math.min(4, concurrency),
        pollingIntervalSeconds: 0.5,
        burstWhenBatchFull: true,
      } as const
      await boss.work<UploadJob>(
        uploads,
        // One at a time per customer, because the uploads change the same batches.
        { ...loops, batchSize: 4, groupConcurrency: 1 },
        (jobs) => settle(uploads, jobs, handlers.upload),
      )
      await boss.work<PollJob>(
        polls,
        {
          ...loops,
          batchSize: Math.ceil(concurrency / loops.localConcurrency),
          // Several workers, so that one customer's slow responses do not delay all others.
          groupConcurrency: Math.max(1, concurrency >> 1),
        },
        (jobs) => settle(polls, jobs, handlers.poll),
      )
      await boss.work(tidy, { pollingIntervalSeconds: 2 }, (jobs) => settle(tidy, jobs, handlers.tidy))
      await boss.schedule(tidy, '* * * * *')
    },
    async stop() {
      await boss.stop({ graceful: true, timeout: 10_000 })
      // Aborted runs still record the data of the last response.
      await Promise.allSettled(running)
    },
  }
}
