/** Totals, statistics over time, and the causes of failures. */
import type { DeviceCounts } from '@devicebatch/client'
import { explainDeviceError, InvalidArgumentError } from '@devicebatch/client'
import { checkGuid, show } from '@devicebatch/edge/internal'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'
import type { SubmissionState, UploadState } from '../database/schema.ts'
import { timeOf } from './rows.ts'

/** The total numbers of submissions, uploads and devices. */
export interface TrackerTotals {
  /** Submissions by state. */
  submissions: Record<SubmissionState, number>
  /** Uploads by state. */
  uploads: Record<UploadState, number>
  /** The devices of all uploads, by outcome. A device that was uploaded twice counts twice. */
  devices: DeviceCounts
}

/** The period and scope of {@link TrackerStatistics}. */
export interface StatisticsOptions {
  /** Uploads that ended at or after this time. Default: 7 days before `until`. */
  since?: Date | string | undefined
  /** Uploads that ended before this time. Default: now. */
  until?: Date | string | undefined
  /** Of this customer. */
  customerId?: string | undefined
  /** The length of an interval; hours and days follow UTC. At most 400 intervals. Default `'day'`. */
  interval?: 'hour' | 'day' | undefined
}

/** Statistics over time, by when uploads ended. */
export interface TrackerStatistics {
  /** Consecutive intervals, including those without uploads. */
  intervals: StatisticsInterval[]
}

/** An hour or a day. */
export interface StatisticsInterval {
  /** Its start, ISO 8601 in UTC. */
  from: string
  /** How many uploads ended. */
  uploads: number
  /** Their devices by outcome. */
  devices: Omit<DeviceCounts, 'total' | 'pending'>
  /** The time from upload to end, in minutes to two decimals: the median and the 90th percentile. Absent without uploads. */
  minutesToFinish?: { median: number; p90: number }
  /** Why devices failed, by when their results arrived; the most frequent cause first. */
  failures: { errorCode?: string; errorDescription?: string; devices: number }[]
}

/** Which failures {@link FailureCause} covers. */
export interface FailureFilter {
  /** Of this upload. */
  batchTrackingId?: string | undefined
  /** Of this customer. */
  customerId?: string | undefined
  /** Failed at or after this time. */
  since?: Date | string | undefined
}

/** A cause of device failures. */
export interface FailureCause {
  /** The service's code, such as `'808'`; `explainDeviceError` of the client says what it means. */
  errorCode?: string
  /** The service's name for the error. */
  errorDescription?: string
  /** How many devices. */
  devices: number
  /** Whether resending the same devices can succeed without changing anything. */
  isRetryable: boolean
}

/** A customer with uploads. */
export interface TrackedCustomer {
  /** The customer, by the Microsoft Entra tenant ID. */
  customerId: string
  /** How many uploads were tracked. */
  uploads: number
  /** When tracking of the latest one started. */
  lastTrackedAt: string
}

const mostIntervals = 400
const mostCustomers = 1_000
const intervalMs = { hour: 3_600_000, day: 86_400_000 }

/** See `Tracker.getTotals`. */
export async function readTotals(
  { kysely }: Database,
  customerId: string | undefined,
): Promise<TrackerTotals> {
  if (customerId !== undefined) checkGuid('customerId', customerId)
  const ofCustomer = customerId === undefined ? sql`` : sql`where customer_id = ${customerId}::uuid`
  const [submissions, uploads] = await Promise.all([
    sql<{ state: SubmissionState; count: number }>`
      select state, count(*)::int as count from devicebatch.submissions ${ofCustomer} group by state`.execute(
      kysely,
    ),
    sql<{ state: UploadState; count: number } & Sums>`
      select state, count(*)::int as count, ${sums} from devicebatch.uploads ${ofCustomer} group by state`.execute(
      kysely,
    ),
  ])
  const totals: TrackerTotals = {
    submissions: { queued: 0, uploading: 0, accepted: 0, failed: 0, cancelled: 0 },
    uploads: { tracking: 0, ended: 0, stopped: 0 },
    devices: { total: 0, pending: 0, succeeded: 0, alreadyRegistered: 0, failed: 0, unresolved: 0 },
  }
  for (const { state, count } of submissions.rows) totals.submissions[state] = count
  for (const { state, count, ...row } of uploads.rows) {
    totals.uploads[state] = count
    for (const name of Object.keys(totals.devices) as (keyof DeviceCounts)[])
      totals.devices[name] += Number(row[name])
  }
  return totals
}

type Sums = Record<keyof DeviceCounts, string>
const sums = sql.raw(`sum(total) as total, sum(pending) as pending, sum(succeeded) as succeeded,
  sum(already_registered) as "alreadyRegistered", sum(failed) as failed, sum(unresolved) as unresolved`)

/** See `Tracker.getStatistics`. */
export async function readStatistics(
  { kysely }: Database,
  { since, until = new Date(), customerId, interval = 'day' }: StatisticsOptions,
): Promise<TrackerStatistics> {
  if (customerId !== undefined) checkGuid('customerId', customerId)
  if (!Object.hasOwn(intervalMs, interval)) {
    throw new InvalidArgumentError(`\`interval\` must be 'hour' or 'day'; got ${show(interval)}.`)
  }
  const end = timeOf('until', until)
  const begin = since === undefined ? new Date(end.getTime() - 7 * intervalMs.day) : timeOf('since', since)
  const length = intervalMs[interval]
  const first = Math.floor(begin.getTime() / length)
  const count = Math.ceil(end.getTime() / length) - first
  if (count < 1 || count > mostIntervals) {
    throw new InvalidArgumentError(
      `From \`since\` to \`until\` there must be 1 to ${mostIntervals} intervals; got ${count}. Choose a shorter period, or days instead of hours.`,
    )
  }
  const ofCustomer = customerId === undefined ? sql`` : sql`and customer_id = ${customerId}::uuid`
  const [uploads, failures] = await Promise.all([
    sql<StatisticsRow>`
    select ${begunAt(interval, 'ended_at')} as begun, count(*)::int as uploads, ${sums},
      percentile_cont(array[0.5, 0.9]) within group (order by extract(epoch from ended_at - tracked_at) / 60) as minutes
    from devicebatch.uploads
    where state = 'ended' and ended_at >= ${begin} and ended_at < ${end}
      ${ofCustomer}
    group by 1`.execute(kysely),
    sql<FailuresRow>`
    select ${begunAt(interval, 'changed_at')} as begun, error_code, error_description,
      count(*)::int as devices
    from devicebatch.device_results
    where outcome = 'failed' and changed_at >= ${begin} and changed_at < ${end} ${ofCustomer}
    group by 1, 2, 3 order by devices desc, error_code`.execute(kysely),
  ])
  const uploadsAt = new Map(uploads.rows.map((row) => [row.begun.getTime(), row]))
  const failuresAt = new Map<number, FailuresRow[]>()
  for (const row of failures.rows) {
    const at = row.begun.getTime()
    failuresAt.set(at, [...(failuresAt.get(at) ?? []), row])
  }
  return {
    intervals: Array.from({ length: count }, (_, offset) => {
      const from = (first + offset) * length
      return toInterval(new Date(from), uploadsAt.get(from), failuresAt.get(from))
    }),
  }
}

/** The start of the interval of a time. */
function begunAt(interval: 'hour' | 'day', column: 'ended_at' | 'changed_at') {
  return sql<Date>`date_bin(${`1 ${interval}`}::interval, ${sql.ref(column)}, '1970-01-01 00:00Z')`
}

type StatisticsRow = { begun: Date; uploads: number; minutes: [number, number] } & Sums

interface FailuresRow {
  begun: Date
  error_code: string | null
  error_description: string | null
  devices: number
}

function toInterval(
  from: Date,
  row: StatisticsRow | undefined,
  failures: readonly FailuresRow[] = [],
): StatisticsInterval {
  const count = (name: keyof DeviceCounts): number => Number(row?.[name] ?? 0)
  return {
    from: from.toISOString(),
    uploads: row?.uploads ?? 0,
    devices: {
      succeeded: count('succeeded'),
      alreadyRegistered: count('alreadyRegistered'),
      failed: count('failed'),
      unresolved: count('unresolved'),
    },
    ...(row && { minutesToFinish: { median: hundredths(row.minutes[0]), p90: hundredths(row.minutes[1]) } }),
    failures: failures.map((failure) => ({ ...causeOf(failure), devices: failure.devices })),
  }
}

function hundredths(minutes: number): number {
  return Math.round(minutes * 100) / 100
}

/** See `Tracker.listFailureCauses`. */
export async function readFailureCauses(
  { kysely }: Database,
  { batchTrackingId, customerId, since }: FailureFilter,
): Promise<FailureCause[]> {
  if (batchTrackingId !== undefined) checkGuid('batchTrackingId', batchTrackingId)
  if (customerId !== undefined) checkGuid('customerId', customerId)
  let query = kysely
    .selectFrom('device_results')
    .select(['error_code', 'error_description'])
    .select(sql<number>`count(*)::int`.as('devices'))
    .where('outcome', '=', 'failed')
  if (batchTrackingId !== undefined) query = query.where('batch_tracking_id', '=', batchTrackingId)
  if (customerId !== undefined) query = query.where('customer_id', '=', customerId)
  if (since !== undefined) query = query.where('changed_at', '>=', timeOf('since', since))
  const rows = await query
    .groupBy(['error_code', 'error_description'])
    .orderBy('devices', 'desc')
    .orderBy('error_code')
    .execute()
  return rows.map((row) => ({
    ...causeOf(row),
    devices: row.devices,
    isRetryable: explainDeviceError(row.error_code ?? '', row.error_description ?? undefined).isRetryable,
  }))
}

function causeOf({
  error_code: code,
  error_description: name,
}: Pick<FailuresRow, 'error_code' | 'error_description'>) {
  return { ...(code !== null && { errorCode: code }), ...(name !== null && { errorDescription: name }) }
}

/** See `Tracker.listCustomers`. */
export async function readCustomers({ kysely }: Database): Promise<TrackedCustomer[]> {
  const rows = await kysely
    .selectFrom('uploads')
    .select('customer_id')
    .select(sql<number>`count(*)::int`.as('uploads'))
    .select(sql<Date>`max(tracked_at)`.as('last'))
    .groupBy('customer_id')
    .orderBy('last', 'desc')
    .limit(mostCustomers)
    .execute()
  return rows.map(({ customer_id: customerId, uploads, last }) => ({
    customerId,
    uploads,
    lastTrackedAt: last.toISOString(),
  }))
}
