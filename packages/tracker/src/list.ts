/** Reads what matches a filter, page by page, so that any number of rows fits. */
import { checkGuid } from '@devicebatch/edge/internal'
import type { Expression, SqlBool } from 'kysely'
import { sql } from 'kysely'

import type { Database } from './database.ts'
import type {
  DeviceFilter,
  SubmissionFilter,
  TrackedDevice,
  TrackedSubmission,
  TrackedUpload,
  UploadFilter,
} from './queries.ts'
import { timeOf, toDevice, toSubmission, toUpload } from './queries.ts'

type Open = () => Promise<Database>

const pageSize = 500

/** Uploads, in the order in which they came. */
export async function* listUploads(
  open: Open,
  filter: UploadFilter = {},
): AsyncGenerator<TrackedUpload, void, undefined> {
  const { customerId, submissionId, state, outcome, since, until } = filter
  if (customerId !== undefined) checkGuid('customerId', customerId)
  if (submissionId !== undefined) checkGuid('submissionId', submissionId)
  const { kysely } = await open()
  let query = kysely.selectFrom('uploads').selectAll().select(microseconds('tracked_at'))
  if (customerId !== undefined) query = query.where('customer_id', '=', customerId)
  if (submissionId !== undefined) query = query.where('submission_id', '=', submissionId)
  if (state !== undefined) query = query.where('state', '=', state)
  if (outcome !== undefined) query = query.where('outcome', '=', outcome)
  if (since !== undefined) query = query.where('tracked_at', '>=', timeOf('since', since))
  if (until !== undefined) query = query.where('tracked_at', '<', timeOf('until', until))
  const ordered = query.orderBy('tracked_at').orderBy('batch_tracking_id')
  const after = ({ cursor, batch_tracking_id: id }: { cursor: string; batch_tracking_id: string }) =>
    sql<boolean>`(tracked_at, batch_tracking_id) > (${cursor}::timestamptz, ${id}::uuid)`
  for await (const row of pages(ordered, after)) yield toUpload(row)
}

/** Submissions, in the order in which they came. */
export async function* listSubmissions(
  open: Open,
  filter: SubmissionFilter = {},
): AsyncGenerator<TrackedSubmission, void, undefined> {
  const { customerId, state, since, until } = filter
  if (customerId !== undefined) checkGuid('customerId', customerId)
  const { kysely } = await open()
  let query = kysely.selectFrom('submissions').selectAll().select(microseconds('created_at'))
  if (customerId !== undefined) query = query.where('customer_id', '=', customerId)
  if (state !== undefined) query = query.where('state', '=', state)
  if (since !== undefined) query = query.where('created_at', '>=', timeOf('since', since))
  if (until !== undefined) query = query.where('created_at', '<', timeOf('until', until))
  const ordered = query.orderBy('created_at').orderBy('id')
  const after = ({ cursor, id }: { cursor: string; id: string }) =>
    sql<boolean>`(created_at, id) > (${cursor}::timestamptz, ${id}::uuid)`
  for await (const row of pages(ordered, after)) yield toSubmission(row)
}

/** Devices, upload by upload. */
export async function* listDevices(
  open: Open,
  filter: DeviceFilter = {},
): AsyncGenerator<TrackedDevice, void, undefined> {
  const { customerId, batchTrackingId, serialNumber, outcome, errorCode, since, until } = filter
  if (customerId !== undefined) checkGuid('customerId', customerId)
  if (batchTrackingId !== undefined) checkGuid('batchTrackingId', batchTrackingId)
  const { kysely } = await open()
  let query = kysely.selectFrom('device_results').selectAll()
  if (customerId !== undefined) query = query.where('customer_id', '=', customerId)
  if (batchTrackingId !== undefined) query = query.where('batch_tracking_id', '=', batchTrackingId)
  if (serialNumber !== undefined) query = query.where('serial_number', '=', serialNumber)
  if (outcome !== undefined) query = query.where('outcome', '=', outcome)
  if (errorCode !== undefined) query = query.where('error_code', '=', errorCode)
  if (since !== undefined) query = query.where('changed_at', '>=', timeOf('since', since))
  if (until !== undefined) query = query.where('changed_at', '<', timeOf('until', until))
  const ordered = query.orderBy('batch_tracking_id').orderBy('position')
  const after = ({ batch_tracking_id: id, position }: { batch_tracking_id: string; position: number }) =>
    sql<boolean>`(batch_tracking_id, position) > (${id}::uuid, ${position})`
  for await (const row of pages(ordered, after)) yield toDevice(row)
}

interface Query<Row> {
  where(condition: Expression<SqlBool>): Query<Row>
  limit(rows: number): Query<Row>
  execute(): Promise<Row[]>
}

/** The rows of an ordered query, of which each page begins after the last row of the one before. */
async function* pages<Row>(
  ordered: Query<Row>,
  after: (last: Row) => Expression<SqlBool>,
): AsyncGenerator<Row, void, undefined> {
  for (let page = ordered.limit(pageSize); ;) {
    const rows = await page.execute()
    yield* rows
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    page = ordered.where(after(last)).limit(pageSize)
  }
}

/** A time as text: a `Date` has no microseconds, and a page must begin where the last one ended. */
function microseconds(column: 'tracked_at' | 'created_at') {
  return sql<string>`${sql.ref(column)}::text`.as('cursor')
}
