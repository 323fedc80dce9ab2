/** The way in: what can be handed in and asked for, and the worker that does it. */
import type { BatchUploadId } from '@devicebatch/client'
import { createPartnerCenter } from '@devicebatch/client'
import { checkGuid } from '@devicebatch/edge/internal'

import { aloneOn, migrate } from './database/migrate.ts'
import type { Database } from './database/open-database.ts'
import { openDatabase } from './database/open-database.ts'
import type { EventsOptions, TrackerEvent } from './events/read.ts'
import { lastPosition, readEvents } from './events/read.ts'
import type { TrackerOptions } from './options.ts'
import { resolveOptions } from './options.ts'
import type { PollContext } from './polling/poll-job.ts'
import { runPoll } from './polling/poll-job.ts'
import { startTracking } from './polling/track.ts'
import { listDevices, listSubmissions, listUploads } from './queries/list.ts'
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
import type { Jobs } from './queue/jobs.ts'
import { openJobs } from './queue/jobs.ts'
import type { Deleted } from './queue/maintenance.ts'
import { deleteOld, resendMissing } from './queue/maintenance.ts'
import { limitFetch } from './rate-limit/limited-fetch.ts'
import { createRequestSlots } from './rate-limit/request-slots.ts'
import { resumeSubmission } from './submissions/resume.ts'
import { retryDevices } from './submissions/retry.ts'
import type { SubmitRequest } from './submissions/submit.ts'
import { storeSubmission } from './submissions/submit.ts'
import { runUpload } from './submissions/upload-job.ts'

/**
 * Uploads, followed durably. Every method opens the database when it is the first, and rejects with `DatabaseError` when that
 * cannot be done; the next one tries again.
 */
export interface Tracker extends AsyncDisposable {
  /**
   * Takes an upload in. Once this resolves it will be made, by this process or another, whatever dies in between.
   *
   * @returns The id of the submission. Rejects with `InvalidArgumentError` for bad input, of which nothing is stored.
   */
  submit(request: SubmitRequest): Promise<{ submissionId: string }>
  /**
   * Tries a submission again that had failed, after what it was refused for was mended, from where it came to.
   *
   * Rejects with `InvalidArgumentError` when there is none, or it has not failed.
   */
  resume(submissionId: string): Promise<void>
  /**
   * Sends the devices again for which another try can succeed: those that failed with an error that passes, and those that
   * certainly did not reach the service (see `devicesToRetry` of the client). They go as a new submission, for the same batch and
   * customer and with the same settings, and belong to the old one no more: whoever asks twice sends them once.
   *
   * @returns The id of the new submission. Rejects with `InvalidArgumentError` when there is no such submission, when an upload of
   * it is still under way, when none of its devices is worth another try, and when they were sent again already; the message
   * names the submission that they went with.
   */
  retry(submissionId: string): Promise<{ submissionId: string }>
  /**
   * Follows an upload that was made elsewhere, or goes on with one that was stopped. Twice is the same as once.
   *
   * Rejects with `InvalidArgumentError` for what is no GUID, and for a tracking id that is tracked for another customer.
   */
  track(upload: BatchUploadId): Promise<void>
  /** One upload; `undefined` when it is not known here. */
  get(batchTrackingId: string): Promise<TrackedUpload | undefined>
  /** One submission; `undefined` when it is not known here. */
  getSubmission(submissionId: string): Promise<TrackedSubmission | undefined>
  /** The uploads that match, in the order in which they came. */
  list(filter?: UploadFilter): AsyncIterable<TrackedUpload>
  /** The submissions that match, in the order in which they came. */
  listSubmissions(filter?: SubmissionFilter): AsyncIterable<TrackedSubmission>
  /** The devices that match, upload by upload. */
  listDevices(filter?: DeviceFilter): AsyncIterable<TrackedDevice>
  /** How much there is of everything, of one customer or of all. */
  totals(options?: { customerId?: string | undefined }): Promise<TrackerTotals>
  /**
   * How it went over time: devices by outcome, and how long batches took, by when they ended.
   *
   * Rejects with `InvalidArgumentError` when the time is too long for its intervals.
   */
  statistics(options?: StatisticsOptions): Promise<TrackerStatistics>
  /** Why devices failed, the most frequent cause first. */
  failureCauses(filter?: FailureFilter): Promise<FailureCause[]>
  /** The customers with uploads, the one with the latest upload first; at most 1,000. */
  customers(): Promise<TrackedCustomer[]>
  /** What happened, from a position on; waits for more until its signal ends it. */
  events(options?: EventsOptions): AsyncIterable<TrackerEvent>
  /** The position of the newest event, to begin there with `events`; `undefined` when nothing has happened yet. */
  lastPosition(): Promise<string | undefined>
  /** Makes this process a worker: it uploads and asks, beside all others of the same database, until `stop()`. */
  start(): Promise<void>
  /** Ends the work and closes the database. Requests under way get 10 seconds; what is not done then others do, or the next. */
  stop(): Promise<void>
  /** Deletes what is older than the option `retention` says, as a worker does by itself within an hour. */
  deleteOld(): Promise<Deleted>
}

/**
 * Makes a tracker: uploads that are submitted, followed and recorded in a database, by as many processes as you start.
 *
 * @param options The database, the access to Partner Center, and the limits.
 * @throws `InvalidArgumentError` of the client when an option is wrong.
 * @example
 * ```ts
 * import { appOnly } from '@devicebatch/client/credentials'
 * import { createTracker } from '@devicebatch/tracker'
 *
 * const [tenantId, clientId, clientSecret] = ['contoso.onmicrosoft.com', 'id', process.env.DEVICEBATCH_CLIENT_SECRET!]
 * const tracker = createTracker({
 *   database: process.env.DEVICEBATCH_DATABASE_URL ?? { directory: 'tracker' },
 *   partner: { credential: appOnly({ tenantId, clientId, clientSecret }) },
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
  // Checks the partner's options before anything else happens.
  createPartnerCenter(settings.partner)
  let opening: Promise<PollContext> | undefined
  let working: Promise<void> | undefined

  const open = (): Promise<PollContext> => {
    opening ??= openContext(settings).catch((error: unknown) => {
      opening = undefined
      throw error
    })
    return opening
  }
  const openDb = async (): Promise<Database> => (await open()).database
  const stop = async (): Promise<void> => {
    const context = await opening?.catch(() => undefined)
    opening = undefined
    working = undefined
    await context?.jobs.stop()
    await context?.database.close()
  }

  return {
    async submit(request) {
      return { submissionId: await storeSubmission(await open(), request) }
    },
    async resume(submissionId) {
      await resumeSubmission(await open(), submissionId)
    },
    async retry(submissionId) {
      return { submissionId: await retryDevices(await open(), submissionId) }
    },
    async track(upload) {
      const customerId = checkGuid('customerId', upload?.customerId)
      const batchTrackingId = checkGuid('batchTrackingId', upload.batchTrackingId)
      const { database, jobs } = await open()
      await database.kysely
        .transaction()
        .execute((trx) => startTracking(trx, jobs, { customerId, batchTrackingId }))
    },
    async get(batchTrackingId) {
      checkGuid('batchTrackingId', batchTrackingId)
      const { kysely } = await openDb()
      const query = kysely.selectFrom('uploads').selectAll().where('batch_tracking_id', '=', batchTrackingId)
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
    list: (filter) => listUploads(openDb, filter),
    listSubmissions: (filter) => listSubmissions(openDb, filter),
    listDevices: (filter) => listDevices(openDb, filter),
    async totals({ customerId } = {}) {
      return await readTotals(await openDb(), customerId)
    },
    async statistics(statisticsOptions = {}) {
      return await readStatistics(await openDb(), statisticsOptions)
    },
    async failureCauses(filter = {}) {
      return await readFailureCauses(await openDb(), filter)
    },
    async customers() {
      return await readCustomers(await openDb())
    },
    events: (eventsOptions) => readEvents(openDb, eventsOptions),
    async lastPosition() {
      return await lastPosition(await openDb())
    },
    async start() {
      const context = await open()
      working ??= work(context)
      await working
    },
    stop,
    async deleteOld() {
      return await deleteOld(await openDb(), settings.retention)
    },
    [Symbol.asyncDispose]: stop,
  }
}

async function openContext(settings: PollContext['settings']): Promise<PollContext> {
  const database = await openDatabase(settings.database, settings.onError)
  let jobs: Jobs
  try {
    await migrate(database.kysely)
    jobs = await aloneOn(database, () => openJobs(database, settings.onError))
  } catch (error) {
    await database.close()
    throw error
  }
  const slots = createRequestSlots(database, settings)
  const partner = createPartnerCenter({
    ...settings.partner,
    fetch: limitFetch(slots, settings),
    // The slots hold the requests of all workers.
    holdWhenThrottled: false,
    // The attempt itself is measured in the fetch: the wait for its slot may be long, and is no fault of the service.
    attemptTimeoutMs: Infinity,
    timeoutMs: Infinity,
  })
  return { database, jobs, partner, slots, settings }
}

function work(context: PollContext): Promise<void> {
  return context.jobs.work(
    {
      upload: (job, signal) => runUpload(context, job, signal),
      poll: (job, signal) => runPoll(context, job, signal),
      async tidy() {
        await resendMissing(context)
        await deleteOld(context.database, context.settings.retention)
      },
    },
    context.settings.concurrency,
  )
}
