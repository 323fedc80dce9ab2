/** Reads the rows that match a filter page by page, so that memory use stays constant. */
import type { DeviceOutcome } from '@devicebatch/client'
import { InvalidArgumentError } from '@devicebatch/client'
import { show } from '@devicebatch/edge/internal'
import type { Selectable, SelectQueryBuilder } from 'kysely'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'
import type { Tables, UploadsTable } from '../database/schema.ts'
import { longestCode, storableText } from '../database/text.ts'
import {
  batchOutcomes,
  checkGuids,
  checkOneOf,
  checkText,
  deviceOutcomes,
  submissionStates,
  uploadStates,
} from './filters.ts'
import { pages } from './pages.ts'
import type {
  DeviceFilter,
  SubmissionFilter,
  TrackedDevice,
  TrackedSubmission,
  TrackedUpload,
  UploadFilter,
} from './rows.ts'
import { timeOf, toDevice, toSubmission, toUpload } from './rows.ts'

type Open = () => Promise<Database>

/** Uploads, in the order in which they were tracked. */
export async function* listUploads(
  open: Open,
  filter: UploadFilter = {},
): AsyncGenerator<TrackedUpload, void, undefined> {
  const { customerId, submissionId, state, outcome, deviceOutcome, since, until, newestFirst, after } = filter
  checkGuids({ customerId, submissionId, after })
  checkOneOf('state', state, uploadStates)
  checkOneOf('outcome', outcome, batchOutcomes)
  checkOneOf('deviceOutcome', deviceOutcome, deviceOutcomes)
  const { kysely } = await open()
  const rows = selectUploads(kysely).select(microseconds('tracked_at'))
  let query = rows
  if (customerId !== undefined) query = query.where('customer_id', '=', customerId)
  if (submissionId !== undefined) query = query.where('submission_id', '=', submissionId)
  if (state !== undefined) query = query.where('state', 'in', [state].flat())
  if (outcome !== undefined) query = query.where('outcome', '=', outcome)
  if (deviceOutcome !== undefined) query = query.where(countColumn(deviceOutcome), '>', 0)
  if (since !== undefined) query = query.where('tracked_at', '>=', timeOf('since', since))
  if (until !== undefined) query = query.where('tracked_at', '<', timeOf('until', until))
  const order = orderOf(newestFirst)
  const behind = ({ cursor, batch_tracking_id: id }: { cursor: string; batch_tracking_id: string }) =>
    sql<boolean>`(tracked_at, batch_tracking_id) ${order.behind} (${cursor}::timestamptz, ${id}::uuid)`
  if (after !== undefined) {
    const [start] = await rows.where('batch_tracking_id', '=', after).execute()
    query = query.where(behind(known(start, after)))
  }
  const ordered = query.orderBy('tracked_at', order.direction).orderBy('batch_tracking_id', order.direction)
  for await (const row of pages(ordered, behind)) yield toUpload(row)
}

/** Submissions, in the order in which they were submitted. */
export async function* listSubmissions(
  open: Open,
  filter: SubmissionFilter = {},
): AsyncGenerator<TrackedSubmission, void, undefined> {
  const { customerId, state, since, until, newestFirst, after } = filter
  checkGuids({ customerId, after })
  checkOneOf('state', state, submissionStates)
  const { kysely } = await open()
  const rows = kysely.selectFrom('submissions').selectAll().select(microseconds('created_at'))
  let query = rows
  if (customerId !== undefined) query = query.where('customer_id', '=', customerId)
  if (state !== undefined) query = query.where('state', 'in', [state].flat())
  if (since !== undefined) query = query.where('created_at', '>=', timeOf('since', since))
  if (until !== undefined) query = query.where('created_at', '<', timeOf('until', until))
  const order = orderOf(newestFirst)
  const behind = ({ cursor, id }: { cursor: string; id: string }) =>
    sql<boolean>`(created_at, id) ${order.behind} (${cursor}::timestamptz, ${id}::uuid)`
  if (after !== undefined) {
    const [start] = await rows.where('id', '=', after).execute()
    query = query.where(behind(known(start, after)))
  }
  const ordered = query.orderBy('created_at', order.direction).orderBy('id', order.direction)
  for await (const row of pages(ordered, behind)) yield toSubmission(row)
}

/** Devices, upload by upload. */
export async function* listDevices(
  open: Open,
  filter: DeviceFilter = {},
): AsyncGenerator<TrackedDevice, void, undefined> {
  const { customerId, batchTrackingId, serialNumber, serialNumberPrefix, outcome, errorCode } = filter
  const { since, until, afterPosition } = filter
  checkGuids({ customerId, batchTrackingId })
  checkOneOf('outcome', outcome, deviceOutcomes)
  checkText('serialNumber', serialNumber)
  checkText('serialNumberPrefix', serialNumberPrefix)
  checkText('errorCode', errorCode)
  const { kysely } = await open()
  let query = kysely.selectFrom('device_results').selectAll()
  if (customerId !== undefined) query = query.where('customer_id', '=', customerId)
  if (batchTrackingId !== undefined) query = query.where('batch_tracking_id', '=', batchTrackingId)
  if (serialNumber !== undefined)
    query = query.where(sql<boolean>`lower(serial_number) = lower(${storableText(serialNumber)})`)
  if (serialNumberPrefix !== undefined) query = query.where(startsWith(storableText(serialNumberPrefix)))
  if (outcome !== undefined) query = query.where('outcome', '=', outcome)
  if (errorCode !== undefined) query = query.where('error_code', '=', storableText(errorCode, longestCode))
  if (since !== undefined) query = query.where('changed_at', '>=', timeOf('since', since))
  if (until !== undefined) query = query.where('changed_at', '<', timeOf('until', until))
  if (afterPosition !== undefined)
    query = query.where('position', '>', checkAfterPosition(afterPosition, batchTrackingId))
  const ordered = query.orderBy('batch_tracking_id').orderBy('position')
  const behind = ({ batch_tracking_id: id, position }: { batch_tracking_id: string; position: number }) =>
    sql<boolean>`(batch_tracking_id, position) > (${id}::uuid, ${position})`
  for await (const row of pages(ordered, behind)) yield toDevice(row)
}

type Uploads = Selectable<UploadsTable> & { retry_of: string | null }

/** Uploads with the submission that they retry. */
export function selectUploads(kysely: Database['kysely']): SelectQueryBuilder<Tables, 'uploads', Uploads> {
  const retryOf = sql<
    string | null
  >`(select retry_of from devicebatch.submissions where id = uploads.submission_id)`
  return kysely.selectFrom('uploads').selectAll().select(retryOf.as('retry_of'))
}

function countColumn(outcome: DeviceOutcome) {
  return outcome === 'already-registered' ? 'already_registered' : outcome
}

/** A range of the index; a LIKE pattern uses the index only if the statement is planned with its value. */
function startsWith(prefix: string) {
  const last = String.fromCodePoint(0x10_ffff)
  return sql<boolean>`lower(serial_number) ~>=~ lower(${prefix}) and lower(serial_number) ~<~ (lower(${prefix}) || ${last}::text)`
}

function checkAfterPosition(position: number, batchTrackingId: string | undefined): number {
  if (batchTrackingId !== undefined && Number.isInteger(position)) return position
  throw new InvalidArgumentError(
    `\`afterPosition\` must be the \`position\` of a device, together with its \`batchTrackingId\`; got ${show(position)}.`,
  )
}

/** The row after which a list continues; throws `InvalidArgumentError` if it does not exist. */
function known<Row>(row: Row | undefined, after: string): Row {
  if (row) return row
  throw new InvalidArgumentError(
    `\`after\` must be in the list that it continues; ${after} was not found. Omit it to start from the beginning.`,
  )
}

/** A time as text: a `Date` has no microseconds, and a page must start exactly where the last one ended. */
function microseconds(column: 'tracked_at' | 'created_at') {
  return sql<string>`${sql.ref(column)}::text`.as('cursor')
}

function orderOf(newestFirst = false) {
  return newestFirst
    ? ({ direction: 'desc', behind: sql.raw('<') } as const)
    : ({ direction: 'asc', behind: sql.raw('>') } as const)
}
