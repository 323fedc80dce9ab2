/** The tracker: submitting, querying, and the worker. */
import type { BatchUploadId } from '@devicebatch/client'
import { createPartnerCenter } from '@devicebatch/client'
import { checkGuid } from '@devicebatch/edge/internal'

import type { ActionOptions } from './control/actor.ts'
import type { Cancellation } from './control/cancel.ts'
import { cancelSubmission } from './control/cancel.ts'
import type { Pauses, PauseScope } from './control/pauses.ts'
import { pause, readPauses, unpause } from './control/pauses.ts'
import type { StoredRetention } from './control/retention.ts'
import { agreeOnRetention, changeRetention, readRetention } from './control/retention.ts'
import type { RetriedNow, RetryNowFilter } from './control/retry-now.ts'
import { retryNow } from './control/retry-now.ts'
import { readCustomerNames, setCustomerName } from './customers/names.ts'
import { withDatabaseErrors } from './database/describe-error.ts'
import { aloneOn, migrate } from './database/migrate.ts'
import type { Database } from './database/open-database.ts'
import { openDatabase } from './database/open-database.ts'
import { transact } from './database/transact.ts'
import type { TrackerEvent } from './events/event.ts'
import type { EventsOptions } from './events/read.ts'
import { lastPosition, readEvents } from './events/read.ts'
import type { TrackerHealth } from './health/health.ts'
import { readHealth } from './health/health.ts'
import { metricsOf } from './health/metrics.ts'
import { formatMetrics } from './health/open-metrics.ts'
import type { NotificationFilter, TrackedNotification } from './notifications/deliveries.ts'
import { listNotifications, redeliverNotification } from './notifications/deliveries.ts'
import { endSignInTrouble } from './notifications/report-trouble.ts'
import type { StoredWebhook, WebhookTest } from './notifications/stored-webhooks.ts'
import { listWebhooks, removeWebhook, setWebhook, testWebhook } from './notifications/stored-webhooks.ts'
import type { WebhookSettings } from './notifications/webhook-settings.ts'
import type { TrackerOptions } from './options.ts'
import { resolveOptions } from './options.ts'
import { guardCredential, refuseOtherPartner } from './partner/tenant.ts'
import type { PollContext } from './polling/poll-upload.ts'
import { startTracking } from './polling/track.ts'
import type { StuckFilter } from './queries/failures.ts'
import type { DevicesInProgress, InProgressRequest } from './queries/in-progress.ts'
import { findInProgress } from './queries/in-progress.ts'
import { listDevices, listSubmissions, listUploads, selectUploads } from './queries/list.ts'
import type {
  DeviceFilter,
  SubmissionFilter,
  TrackedDevice,
  TrackedSubmission,
  TrackedUpload,
  UploadFilter,
} from './queries/rows.ts'
import { toSubmission, toUpload } from './queries/rows.ts'
import type {
  FailureCause,
  FailureFilter,
  StatisticsOptions,
  TrackedCustomer,
  TrackerStatistics,
  TrackerTotals,
} from './queries/statistics.ts'
import { readCustomers, readFailureCauses, readStatistics, readTotals } from './queries/statistics.ts'
import type { StuckWork } from './queries/stuck.ts'
import { listStuck } from './queries/stuck.ts'
import type { Jobs } from './queue/jobs.ts'
import { openJobs } from './queue/jobs.ts'
import type { Deleted } from './queue/maintenance.ts'
import { bringSignInsForward, deleteOld } from './queue/maintenance.ts'
import { limitFetch } from './rate-limit/limited-fetch.ts'
import { createRequestSlots } from './rate-limit/request-slots.ts'
import type { StoredRateLimits } from './rate-limit/stored-limits.ts'
import { agreeOnRateLimits, changeRateLimits, readRateLimits } from './rate-limit/stored-limits.ts'
import { resumeSubmission } from './submissions/resume.ts'
import { retryDevices } from './submissions/retry.ts'
import type { SubmitRequest } from './submissions/submit.ts'
import { storeSubmission } from './submissions/submit.ts'
import type { Worker } from './worker.ts'
import { startWorker } from './worker.ts'

/**
 * Tracks uploads durably. The first method call opens the database, and rejects with `DatabaseError` when that fails; the next
 * call tries again.
 */
export interface Tracker extends AsyncDisposable {
  /**
   * Submits an upload. Once the promise resolves, this process or another will upload it, even after crashes.
   *
   * @returns The ID of the submission. Rejects with `InvalidArgumentError` for invalid input, and then stores nothing.
   */
  submit(request: SubmitRequest): Promise<{ submissionId: string }>
  /**
   * Resumes a failed submission where it stopped, after the reason for the failure is fixed.
   *
   * Rejects with `InvalidArgumentError` when the submission does not exist or has not failed.
   */
  resumeSubmission(submissionId: string, options?: ActionOptions): Promise<void>
  /**
   * Cancels a submission before it is uploaded, or the rest of one that is being uploaded: its next requests are not sent. What
   * was sent cannot be recalled, because Partner Center has no such call; the result says how much that is.
   *
   * @returns How many devices will not be sent, and how many were. Rejects with `InvalidArgumentError` when the submission does
   * not exist, has ended, or was sent completely.
   */
  cancelSubmission(submissionId: string, options?: ActionOptions): Promise<Cancellation>
  /**
   * Pauses a customer, or everything: until `unpause()`, no worker sends another request for it, neither uploads nor polls, also
   * after a restart. A request that was sent is completed and recorded. Submitting still works.
   *
   * @returns What is paused now. Rejects with `InvalidArgumentError` for a customer without submissions and uploads.
   */
  pause(scope?: PauseScope & ActionOptions): Promise<Pauses>
  /**
   * Ends one pause and no other: a customer that was paused individually stays paused when everything continues.
   *
   * @returns What is still paused. Rejects with `InvalidArgumentError` for a customer without submissions and uploads.
   */
  unpause(scope?: PauseScope): Promise<Pauses>
  /** What is paused. */
  getPauses(): Promise<Pauses>
  /**
   * Resubmits the retryable devices: those that failed with a transient error, and those that certainly did not reach the
   * service (see `devicesToRetry` of the client). They move to a new submission for the same batch and customer with the same
   * settings, so that repeated calls send them only once.
   *
   * @returns The ID of the new submission. Rejects with `InvalidArgumentError` when the submission does not exist, when one of
   * its uploads is still in progress, when none of its devices is retryable, and when they were already retried; the message
   * then names that submission.
   */
  retryDevices(submissionId: string, options?: ActionOptions): Promise<{ submissionId: string }>
  /**
   * Tracks an upload that was made elsewhere, or continues with one that was stopped. Idempotent.
   *
   * Rejects with `InvalidArgumentError` for a value that is not a GUID, and for a tracking ID that is tracked for another
   * customer.
   */
  track(upload: BatchUploadId): Promise<void>
  /** One upload; `undefined` when it does not exist in this database. */
  getUpload(batchTrackingId: string): Promise<TrackedUpload | undefined>
  /** One submission; `undefined` when it does not exist in this database. */
  getSubmission(submissionId: string): Promise<TrackedSubmission | undefined>
  /** The matching uploads, oldest first by default. */
  listUploads(filter?: UploadFilter): AsyncIterable<TrackedUpload>
  /** The matching submissions, oldest first by default. */
  listSubmissions(filter?: SubmissionFilter): AsyncIterable<TrackedSubmission>
  /** The matching devices, upload by upload. */
  listDevices(filter?: DeviceFilter): AsyncIterable<TrackedDevice>
  /**
   * Finds devices that are about to be submitted again: compares them, by serial number or product key, with those of the
   * customer's submissions that are waiting or whose uploads have not ended.
   *
   * @returns The submissions that contain any of them, newest first. Rejects with `InvalidArgumentError` when the customer's ID
   * is not a GUID.
   */
  findInProgress(request: InProgressRequest): Promise<DevicesInProgress[]>
  /** Totals for one customer or for all. */
  getTotals(options?: { customerId?: string | undefined }): Promise<TrackerTotals>
  /**
   * Statistics over time: devices by outcome, and how long batches took, by when they ended.
   *
   * Rejects with `InvalidArgumentError` when the period has too many intervals.
   */
  getStatistics(options?: StatisticsOptions): Promise<TrackerStatistics>
  /** Why devices failed, the most frequent cause first. */
  listFailureCauses(filter?: FailureFilter): Promise<FailureCause[]>
  /** The customers with uploads, the one with the latest upload first; at most 1,000. */
  listCustomers(): Promise<TrackedCustomer[]>
  /**
   * Stores the company name of a customer, which `getCustomerNames` returns. Rejects with `InvalidArgumentError` when the ID is
   * not a GUID or the name is empty.
   */
  setCustomerName(customerId: string, customerName: string): Promise<void>
  /** The names stored for these customers, by their IDs in lowercase; a customer without one is omitted. */
  getCustomerNames(customerIds: readonly string[]): Promise<ReadonlyMap<string, string>>
  /**
   * Events after a position; waits for new ones until its signal aborts.
   *
   * Rejects with `InvalidArgumentError` for a position of another database, and when this one was restored from a backup since;
   * the message says how to continue.
   */
  events(options?: EventsOptions): AsyncIterable<TrackerEvent>
  /** The position of the newest event, for starting `events` there; when there is none yet, the position before the first. */
  lastPosition(): Promise<string>
  /** The rate limits of all workers of this database. */
  getRateLimits(): Promise<StoredRateLimits>
  /**
   * Changes the rate limits of all workers of this database, starting with their next request.
   *
   * @returns The limits that apply now. Rejects with `InvalidArgumentError` for a number below 1.
   */
  setRateLimits(limits: Partial<StoredRateLimits>): Promise<StoredRateLimits>
  /** What the workers of this database delete, and when. */
  getRetention(): Promise<StoredRetention>
  /**
   * Changes what all workers of this database delete; `null` means never.
   *
   * @returns What applies now. Rejects with `InvalidArgumentError` for a number of days that is not above 0.
   */
  setRetention(retention: Partial<StoredRetention>): Promise<StoredRetention>
  /**
   * What fails, why, since when, and what is tried next: submissions, then uploads, each of them oldest first.
   *
   * Rejects with `InvalidArgumentError` for an unknown reason.
   */
  listStuck(filter?: StuckFilter): AsyncIterable<StuckWork>
  /**
   * Retries now what waits after a failure: one submission or upload, all of a customer, or all that fail for a reason, such as
   * `'sign-in'` after the sign-in was renewed. It neither resumes what failed permanently nor retries what is paused.
   *
   * @returns How many are retried. Rejects with `InvalidArgumentError` when the given submission or upload does not wait, and
   * when it is paused: call `unpause()` first.
   */
  retryNow(filter?: RetryNowFilter): Promise<RetriedNow>
  /**
   * The state of everything: what is waiting, what fails and why, the requests of the last minute, the heartbeats of the workers.
   *
   * @returns Also when the database cannot be used: then that is the problem.
   */
  health(): Promise<TrackerHealth>
  /**
   * The same as text in OpenMetrics format, for Prometheus: serve it with `metricsContentType`. It contains no data of customers,
   * not even their IDs.
   */
  metrics(): Promise<string>
  /**
   * Sets where the workers of this database send notifications; a webhook of the same name is replaced, and enabled again.
   *
   * @returns The webhook without its secrets. Rejects with `InvalidArgumentError` for an address that is not https or contains
   * a password, for a secret that is too short, and for an unknown type, and then stores nothing.
   */
  setWebhook(webhook: WebhookSettings): Promise<StoredWebhook>
  /** Removes a webhook with all of its notifications. Rejects with `InvalidArgumentError` when it does not exist. */
  removeWebhook(name: string): Promise<void>
  /** The webhooks by name, without their secrets. */
  listWebhooks(): Promise<StoredWebhook[]>
  /**
   * Sends a `webhook.test` notification from this process, once.
   *
   * @returns The result. Rejects with `InvalidArgumentError` when the webhook does not exist.
   */
  testWebhook(name: string): Promise<WebhookTest>
  /** The matching notifications, oldest first by default. */
  listNotifications(filter?: NotificationFilter): AsyncIterable<TrackedNotification>
  /**
   * Makes a dead or delivered notification due again, with the same ID.
   *
   * Rejects with `InvalidArgumentError` when it does not exist or is still pending, and when its webhook is disabled.
   */
  redeliverNotification(notificationId: string): Promise<void>
  /** Makes this process a worker: it uploads and polls, alongside all other workers of the same database, until `close()`. */
  start(): Promise<void>
  /**
   * Stops the worker and closes the database. Requests in progress get 10 seconds; other workers, or the next start, finish the
   * remaining work.
   */
  close(): Promise<void>
  /** Deletes data that is older than the option `retention` allows, as a worker does automatically within an hour. */
  applyRetention(): Promise<Deleted>
}

/**
 * Creates a tracker: it submits, polls and records uploads in a database shared by any number of processes.
 *
 * @param options The database, the access to Partner Center, and the rate limits.
 * @throws `InvalidArgumentError` of the client when an option is wrong.
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises'
 *
 * import { appUser } from '@devicebatch/client/credentials'
 * import { createTracker } from '@devicebatch/tracker'
 *
 * const credential = appUser({
 *   tenantId: process.env.DEVICEBATCH_TENANT_ID!,
 *   clientId: process.env.DEVICEBATCH_CLIENT_ID!,
 *   clientSecret: process.env.DEVICEBATCH_CLIENT_SECRET!,
 *   refreshToken: process.env.DEVICEBATCH_REFRESH_TOKEN!,
 *   onRefreshToken: (next) => writeFile('refresh-token', next, { mode: 0o600 }),
 * })
 * const tracker = createTracker({
 *   database: process.env.DEVICEBATCH_DATABASE_URL ?? { directory: 'tracker' },
 *   partner: { credential },
 * })
 * await tracker.start()
 * await tracker.submit({
 *   customerId: '47021739-3426-40bf-9601-61b4b6d7c793',
 *   batchId: 'Front desk',
 *   devices: [{ serialNumber: '1R9-ZNP67', oemManufacturerName: 'Contoso', modelName: 'Tablet 3' }],
 * })
 * for await (const { type, customerId, data } of tracker.events()) console.log(type, customerId, data)
 * ```
 */
export function createTracker(options: TrackerOptions): Tracker {
  const settings = resolveOptions(options)
  // Validates the partner options first.
  createPartnerCenter(settings.partner)
  let opening: Promise<PollContext> | undefined
  let working: Promise<Worker> | undefined
  /** What `close()` has begun; whatever is opened next waits for it. */
  let closing: Promise<unknown> = Promise.resolve()

  const open = (): Promise<PollContext> => {
    const own = (opening ??= closing.then(() => openContext(settings)))
    own.catch(() => {
      if (opening === own) opening = undefined
    })
    return own
  }
  const openDb = async (): Promise<Database> => (await open()).database
  const begin = async (): Promise<Worker> => {
    const context = await open()
    await refuseOtherPartner(context.settings.partner)
    await agreeOnRateLimits(context.database.kysely, settings)
    await agreeOnRetention(context.database.kysely, settings)
    return await startWorker(context)
  }
  const start = async (): Promise<void> => {
    const own = (working ??= begin())
    own.catch(() => {
      if (working === own) working = undefined
    })
    await own
  }
  const stop = async (): Promise<void> => {
    const ended = [closing, end(opening, working)]
    opening = undefined
    working = undefined
    closing = Promise.allSettled(ended)
    await Promise.all(ended)
  }

  return withDatabaseErrors<Tracker>({
    async submit(request) {
      return { submissionId: await storeSubmission(await open(), request) }
    },
    async resumeSubmission(submissionId, action = {}) {
      await resumeSubmission(await open(), submissionId, action)
    },
    async cancelSubmission(submissionId, action = {}) {
      return await cancelSubmission(await open(), submissionId, action)
    },
    async pause(scope = {}) {
      return await pause(await openDb(), scope)
    },
    async unpause(scope = {}) {
      return await unpause(await open(), scope)
    },
    async getPauses() {
      return await readPauses((await openDb()).kysely)
    },
    async retryDevices(submissionId, action = {}) {
      return { submissionId: await retryDevices(await open(), submissionId, action) }
    },
    async track(upload) {
      const customerId = checkGuid('customerId', upload?.customerId)
      const batchTrackingId = checkGuid('batchTrackingId', upload.batchTrackingId)
      const { kysely } = await openDb()
      await transact(kysely, (trx) => startTracking(trx, { customerId, batchTrackingId }))
    },
    async getUpload(batchTrackingId) {
      checkGuid('batchTrackingId', batchTrackingId)
      const { kysely } = await openDb()
      const query = selectUploads(kysely).where('batch_tracking_id', '=', batchTrackingId)
      const row = await query.executeTakeFirst()
      return row && toUpload(row)
    },
    async getSubmission(submissionId) {
      checkGuid('submissionId', submissionId)
      const { kysely } = await openDb()
      const row = await kysely
        .selectFrom('submissions')
        .selectAll()
        .where('id', '=', submissionId)
        .executeTakeFirst()
      return row && toSubmission(row)
    },
    listUploads: (filter) => listUploads(openDb, filter),
    listSubmissions: (filter) => listSubmissions(openDb, filter),
    listDevices: (filter) => listDevices(openDb, filter),
    async findInProgress(request) {
      return await findInProgress(await openDb(), request)
    },
    async getTotals({ customerId } = {}) {
      return await readTotals(await openDb(), customerId)
    },
    async getStatistics(statisticsOptions = {}) {
      return await readStatistics(await openDb(), statisticsOptions)
    },
    async listFailureCauses(filter = {}) {
      return await readFailureCauses(await openDb(), filter)
    },
    async listCustomers() {
      return await readCustomers(await openDb())
    },
    async setCustomerName(customerId, customerName) {
      await setCustomerName(await openDb(), customerId, customerName)
    },
    async getCustomerNames(customerIds) {
      return await readCustomerNames(await openDb(), customerIds)
    },
    events: (eventsOptions) => readEvents(openDb, eventsOptions),
    async lastPosition() {
      return await lastPosition(await openDb())
    },
    async getRateLimits() {
      return await readRateLimits((await openDb()).kysely, settings)
    },
    async setRateLimits(limits) {
      return await changeRateLimits((await openDb()).kysely, settings, limits)
    },
    async getRetention() {
      return await readRetention((await openDb()).kysely, settings)
    },
    async setRetention(retention) {
      return await changeRetention((await openDb()).kysely, settings, retention)
    },
    listStuck: (filter) => listStuck(open, filter),
    async retryNow(filter = {}) {
      return await retryNow(await open(), filter)
    },
    async health() {
      return await readHealth(openDb, settings)
    },
    async metrics() {
      return formatMetrics(metricsOf(await readHealth(openDb, settings)))
    },
    async setWebhook(webhook) {
      return await setWebhook(openDb, webhook)
    },
    async removeWebhook(name) {
      await removeWebhook((await openDb()).kysely, name)
    },
    async listWebhooks() {
      return await listWebhooks((await openDb()).kysely)
    },
    async testWebhook(name) {
      return await testWebhook((await openDb()).kysely, name)
    },
    listNotifications: (filter) => listNotifications(openDb, filter),
    async redeliverNotification(notificationId) {
      await redeliverNotification(await open(), notificationId)
    },
    start,
    close: stop,
    async applyRetention() {
      const database = await openDb()
      return await deleteOld(database, await readRetention(database.kysely, settings))
    },
    [Symbol.asyncDispose]: stop,
  })
}

async function openContext(options: PollContext['settings']): Promise<PollContext> {
  const database = await openDatabase(options.database, options.onError, options.schema, options.poolSize)
  let jobs: Jobs
  try {
    await migrate(database.kysely, options.schema)
    jobs = await aloneOn(database, () => openJobs(database, options.onError))
  } catch (error) {
    await database.close()
    throw error
  }
  const credential = guardCredential(database, options.partner.credential)
  const settings = { ...options, partner: { ...options.partner, credential } }
  const slots = createRequestSlots({ kysely: database.repeated })
  const partner = createPartnerCenter({
    ...settings.partner,
    fetch: limitFetch(slots, settings, async () => {
      await endSignInTrouble(database.kysely)
      await bringSignInsForward({ database, jobs })
    }),
    // The slots cover the requests of all workers.
    rateLimit: false,
  })
  return { database, jobs, partner, slots, settings }
}

/** Ends what is running, or what is about to run. */
async function end(
  opening: Promise<PollContext> | undefined,
  working: Promise<Worker> | undefined,
): Promise<void> {
  const worker = await working?.catch(() => undefined)
  const context = await opening?.catch(() => undefined)
  try {
    await (worker ?? context?.jobs)?.stop()
  } finally {
    await context?.database.close()
  }
}
