/** The pg-boss queues, which schedule uploads and notifications. Our own tables record what to do; a job only says when. */
import type { Transaction } from 'kysely'
import { fromKysely, PgBoss } from 'pg-boss'

import type { Database } from '../database/open-database.ts'
import { jobSchemaOf } from '../database/schema-name.ts'
import type { RequestQueue, Tables } from '../database/schema.ts'
import { slowIntervalMs } from '../polling/after-poll.ts'
import { jobSource } from './job-source.ts'
import type { WorkLoop } from './work-loop.ts'
import { claimSeconds, startWorkLoop, stopMs } from './work-loop.ts'

export interface UploadJob {
  submissionId: string
  customerId: string
  reservation?: RequestQueue
}

export interface NotificationJob {
  webhookId: string
  subject: string
}

/** The work of the queues; each function resolves when its work is done, and rejects when it must be retried. */
export interface JobHandlers {
  upload: (job: UploadJob, signal: AbortSignal) => Promise<void>
  notification: (job: NotificationJob, signal: AbortSignal) => Promise<void>
  /** Runs every minute, on one worker. */
  tidy: () => Promise<void>
}

export interface Jobs {
  /** Sends the job of a new submission in the transaction that stores it. */
  sendUpload(trx: Transaction<Tables>, submission: NewUploadJob): Promise<void>
  /** Sends other jobs for submissions, whether or not their last ones have ended; a customer's jobs run one after another. */
  sendUploadsAgain(trx: Transaction<Tables>, submissions: readonly NewUploadJob[]): Promise<void>
  /** Sends a job that delivers what is pending for a subject; the jobs of a subject run one after another. */
  sendNotification(trx: Transaction<Tables>, job: NotificationJob): Promise<void>
  /** Sends the missing ones among the jobs of these submissions. */
  resendUploads(submissions: readonly NewUploadJob[]): Promise<void>
  /** Sends the missing ones among the jobs of these notifications. */
  resendNotifications(notifications: readonly MissingNotification[]): Promise<void>
  /** Makes the waiting uploads of a customer due now. */
  bringForward(customerId: string): Promise<void>
  /** When the waiting uploads of a customer are due, by the IDs of their submissions; in the past for one that runs. */
  findUploads(customerId: string): Promise<ReadonlyMap<string, Date>>
  work(handlers: JobHandlers, concurrency: number): Promise<void>
  stop(): Promise<void>
}

/** A submission to upload. The highest priority runs first, and within it the lowest turn. */
export interface NewUploadJob {
  id: string
  customer_id: string
  turn: number
  priority: number
}

/** A notification that may have lost its job. */
export interface MissingNotification extends NotificationJob {
  id: string
}

const uploads = 'devicebatch-uploads'
const notifications = 'devicebatch-notifications'
const tidy = 'devicebatch-tidy'

/** How many notifications a worker sends at the same time. */
const notificationsAtOnce = 8
/** More turns than can be waiting. */
const mostTurns = 1_000_000_000
const forEver = { retryLimit: 1_000_000, retryBackoff: true, retentionSeconds: 365 * 86_400 }

/** Starts pg-boss, in its own schema. */
export async function openJobs(database: Database, onError: (error: unknown) => void): Promise<Jobs> {
  const boss = new PgBoss({
    db: database.jobs,
    backend: database.isEmbedded ? 'pglite' : 'postgres',
    schema: jobSchemaOf(database.schema),
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
  try {
    await startQueues(boss)
  } catch (error) {
    // What has started would go on in a process that has nothing to do anymore.
    await boss.stop({ graceful: false }).catch(() => undefined)
    throw error
  }

  const upload = ({ id, customer_id: customerId, turn, priority }: NewUploadJob) => ({
    data: { submissionId: id, customerId } satisfies UploadJob,
    singletonKey: customerId.toLowerCase(),
    // The highest priority runs first.
    priority: priority * mostTurns - turn,
  })
  const notification = ({ webhookId, subject }: NotificationJob) => ({
    data: { webhookId, subject } satisfies NotificationJob,
    singletonKey: `${webhookId}/${subject}`,
    group: { id: webhookId },
  })
  let loops: WorkLoop[] = []
  return {
    async sendUpload(trx, submission) {
      const { data, ...options } = upload(submission)
      await boss.send(uploads, data, { ...options, id: submission.id, db: fromKysely(trx) })
    },
    async sendUploadsAgain(trx, submissions) {
      await boss.insert(uploads, submissions.map(upload), { db: fromKysely(trx) })
    },
    async sendNotification(trx, job) {
      const { data, ...options } = notification(job)
      await boss.send(notifications, data, { ...options, db: fromKysely(trx) })
    },
    async resendUploads(missing) {
      await boss.insert(
        uploads,
        missing.map((submission) => ({ id: submission.id, ...upload(submission) })),
      )
    },
    async resendNotifications(missing) {
      await boss.insert(
        notifications,
        missing.map(({ id, ...job }) => ({ id, ...notification(job) })),
      )
    },
    async bringForward(customerId) {
      await boss.update(uploads, undefined, {
        singletonKey: customerId.toLowerCase(),
        match: 'all',
        startAfter: new Date(0),
      })
    },
    async findUploads(customerId) {
      const jobs = await boss.findJobs<UploadJob>(uploads, { key: customerId.toLowerCase() })
      return new Map(jobs.map(({ data, startAfter }) => [data.submissionId, startAfter]))
    },
    async work(handlers, concurrency) {
      // What can fail comes first, so that a failed start leaves nothing running.
      await boss.schedule(tidy, '* * * * *')
      await boss.work(tidy, { pollingIntervalSeconds: 2 }, handlers.tidy)
      loops = [
        startWorkLoop(jobSource(boss, uploads, handlers.upload), concurrency, onError),
        startWorkLoop(
          // A webhook that does not respond must not delay the others.
          jobSource(boss, notifications, handlers.notification, notificationsAtOnce >> 1),
          notificationsAtOnce,
          onError,
        ),
      ]
    },
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()))
      await boss.stop({ graceful: true, timeout: stopMs })
    },
  }
}

async function startQueues(boss: PgBoss): Promise<void> {
  await boss.start()
  await boss.createQueue(uploads, {
    // One at a time per customer, because the uploads change the same batches.
    policy: 'singleton',
    ...forEver,
    retryDelay: 1,
    retryDelayMax: slowIntervalMs / 1_000,
    heartbeatSeconds: claimSeconds,
    expireInSeconds: 6 * 3_600,
    deleteAfterSeconds: 60,
  })
  await boss.createQueue(notifications, {
    // One at a time per webhook and subject, because they arrive in order.
    policy: 'singleton',
    ...forEver,
    retryDelay: 1,
    retryDelayMax: 60,
    heartbeatSeconds: claimSeconds,
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
  for (const name of [uploads, notifications]) await boss.findJobs(name, { key: 'none' })
}
