/** The pg-boss queues, which schedule the work. Our own tables record what to do; a job only says when. */
import type { Transaction } from 'kysely'
import type { JobInsert } from 'pg-boss'
import { fromKysely, PgBoss } from 'pg-boss'

import type { Database } from '../database/open-database.ts'
import { jobSchemaOf } from '../database/schema-name.ts'
import type { Tables } from '../database/schema.ts'
import { slowIntervalMs } from '../polling/after-poll.ts'
import type { RequestQueue } from '../rate-limit/request-slots.ts'
import type { WorkLoop } from './work-loop.ts'
import { startWorkLoop } from './work-loop.ts'

export interface UploadJob {
  submissionId: string
  customerId: string
  reservation?: RequestQueue
}

export interface PollJob {
  batchTrackingId: string
  reservation?: RequestQueue
}

export interface NotificationJob {
  webhookId: string
  subject: string
}

/** The work of the queues; each function resolves when its work is done, and rejects when it must be retried. */
export interface JobHandlers {
  upload: (job: UploadJob, signal: AbortSignal) => Promise<void>
  poll: (job: PollJob, signal: AbortSignal) => Promise<void>
  notification: (job: NotificationJob, signal: AbortSignal) => Promise<void>
  /** Runs every minute, on one worker. */
  tidy: () => Promise<void>
}

export interface Jobs {
  /** Sends the job of a new submission in the transaction that stores it. */
  sendUpload(trx: Transaction<Tables>, submission: NewUploadJob): Promise<void>
  /** Sends other jobs for submissions, whether or not their last ones have ended; a customer's jobs run one after another. */
  sendUploadsAgain(trx: Transaction<Tables>, submissions: readonly NewUploadJob[]): Promise<void>
  /** Sends a poll job; `after` is when it is due. An upload has at most one waiting. */
  sendPoll(trx: Transaction<Tables>, customerId: string, job: PollJob, after: Date): Promise<void>
  /** Sends a job that delivers what is pending for a subject; the jobs of a subject run one after another. */
  sendNotification(trx: Transaction<Tables>, job: NotificationJob): Promise<void>
  /** Sends the missing ones among the jobs of these submissions. */
  resendUploads(submissions: readonly NewUploadJob[]): Promise<void>
  /** Sends the missing ones among the jobs of these uploads, in a transaction if there is one. */
  resendPolls(uploads: readonly MissingPoll[], trx?: Transaction<Tables>): Promise<void>
  /** Sends the missing ones among the jobs of these notifications. */
  resendNotifications(notifications: readonly MissingNotification[]): Promise<void>
  /** Makes the waiting uploads of a customer due now. */
  bringForward(customerId: string): Promise<void>
  /** Makes the waiting poll of an upload due now. */
  bringPollForward(batchTrackingId: string): Promise<void>
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

/** An upload that may have lost its job. */
export interface MissingPoll {
  id: string
  customer_id: string
}

/** A notification that may have lost its job. */
export interface MissingNotification extends NotificationJob {
  id: string
}

const uploads = 'devicebatch-uploads'
const polls = 'devicebatch-poll'
const notifications = 'devicebatch-notifications'
const tidy = 'devicebatch-tidy'

/** How long until a dead worker is noticed and other workers take over its jobs. */
const heartbeatSeconds = 30
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
  await boss.start()
  await boss.createQueue(uploads, {
    // One at a time per customer, because the uploads change the same batches.
    policy: 'singleton',
    ...forEver,
    retryDelay: 1,
    retryDelayMax: slowIntervalMs / 1_000,
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
  await boss.createQueue(notifications, {
    // One at a time per webhook and subject, because they arrive in order.
    policy: 'singleton',
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
  for (const name of [uploads, polls, notifications]) await boss.findJobs(name, { key: 'none' })

  const upload = ({ id, customer_id: customerId, turn, priority }: NewUploadJob) => ({
    data: { submissionId: id, customerId } satisfies UploadJob,
    singletonKey: customerId.toLowerCase(),
    // The highest priority runs first.
    priority: priority * mostTurns - turn,
  })
  const poll = (customerId: string, data: PollJob): JobInsert<PollJob> & { data: PollJob } => ({
    data,
    singletonKey: data.batchTrackingId,
    group: { id: customerId },
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
    async sendPoll(trx, customerId, job, after) {
      const { data, ...options } = poll(customerId, job)
      await boss.send(polls, data, { ...options, startAfter: after, db: fromKysely(trx) })
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
    async resendPolls(missing, trx) {
      await boss.insert(
        polls,
        missing.map(({ id, customer_id }) => poll(customer_id, { batchTrackingId: id })),
        trx && { db: fromKysely(trx) },
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
    async bringPollForward(batchTrackingId) {
      await boss.update(polls, undefined, {
        singletonKey: batchTrackingId,
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
        startWorkLoop(boss, { queue: uploads, concurrency, handler: handlers.upload, onError }),
        startWorkLoop(boss, {
          queue: polls,
          concurrency,
          // One customer's slow responses must not delay all others.
          groupConcurrency: Math.max(1, concurrency >> 1),
          handler: handlers.poll,
          onError,
        }),
        startWorkLoop(boss, {
          queue: notifications,
          concurrency: notificationsAtOnce,
          // A webhook that does not respond must not delay the others.
          groupConcurrency: notificationsAtOnce >> 1,
          handler: handlers.notification,
          onError,
        }),
      ]
    },
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop(10_000)))
      await boss.stop({ graceful: true, timeout: 10_000 })
    },
  }
}
