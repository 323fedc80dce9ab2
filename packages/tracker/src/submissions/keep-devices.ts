/** Which devices of a submission are kept once its uploads have ended? The retryable ones. */
import type { SavedBatchUploadGroup, UploadChunk } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import type { Kysely, Transaction } from 'kysely'
import { sql } from 'kysely'

import type { Tables, UploadState } from '../database/schema.ts'
import { deviceColumns } from '../polling/device-rows.ts'
import { duplicatesOf, readSentRows } from './sent-rows.ts'
import { transientFailures, isTransient } from './transient-failures.ts'

/** Whether an upload of the group is in one of these states. */
export async function hasUpload(
  trx: Transaction<Tables>,
  group: SavedBatchUploadGroup,
  states: UploadState[],
): Promise<boolean> {
  const found = await trx
    .selectFrom('uploads')
    .select('batch_tracking_id')
    .where(isOneOf(trackingIds(group)))
    .where('state', 'in', states)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** What was read of an upload: its results change only together with its revision. */
interface ReadUpload {
  /** Absent when nobody can change the results: the transaction itself has recorded them, or they were deleted. */
  revision?: number | undefined
  /** The positions of its retryable devices. */
  positions: readonly number[]
}

/** What is known of uploads, by tracking ID. */
export type Retryable = ReadonlyMap<string, ReadUpload>

/** The results of so many uploads are read within a transaction. */
const mostUnread = 10

/** It takes more results than a transaction should read; `readRetryable` reads them before it. */
export class Unread extends Error {}

/** Reads which devices are retryable, outside of a transaction. Leaves out the uploads that are polled. */
export async function readRetryable(kysely: Kysely<Tables>, submissionId: string): Promise<Retryable> {
  const { upload_group: group } = await kysely
    .selectFrom('submissions')
    .select('upload_group')
    .where('id', '=', submissionId)
    .executeTakeFirstOrThrow()
  if (!group) return new Map()
  const uploads = await kysely
    .selectFrom('uploads')
    .select(['batch_tracking_id as id', 'revision', 'state'])
    .where(isOneOf(trackingIds(group)))
    .execute()
  const known = new Map(uploads.map((upload) => [upload.id, upload]))
  const ids = new Set(trackingIds(group).filter((id) => known.get(id)?.state !== 'tracking'))
  const found = await findRetryable(kysely, submissionId, group, ids)
  return new Map(
    [...ids].map((id) => [id, { revision: known.get(id)?.revision, positions: found.get(id) ?? [] }]),
  )
}

/** The uploads that have not been read, or were polled again since. */
async function unreadUploads(
  trx: Transaction<Tables>,
  group: SavedBatchUploadGroup,
  read: Retryable,
): Promise<ReadonlySet<string>> {
  const unread = new Set(trackingIds(group))
  const toCheck: string[] = []
  for (const [id, { revision }] of read) {
    if (revision === undefined) unread.delete(id)
    else toCheck.push(id)
  }
  if (toCheck.length === 0) return unread
  const uploads = await trx
    .selectFrom('uploads')
    .select(['batch_tracking_id as id', 'revision'])
    .where(isOneOf(toCheck))
    .execute()
  for (const { id, revision } of uploads) if (read.get(id)!.revision === revision) unread.delete(id)
  return unread
}

/**
 * Deletes all devices except those whose recorded results are retryable, and returns how many are left.
 *
 * @param read What was read before the transaction; see `transactEnd`.
 */
export async function deleteOtherDevices(
  trx: Transaction<Tables>,
  submissionId: string,
  group: SavedBatchUploadGroup,
  read: Retryable,
): Promise<number> {
  const { count, end } = await keepRetryable(trx, submissionId, group, read)
  await deletePages(trx, submissionId, end)
  return count
}

/** The devices that are kept. */
export interface KeptDevices<Value = number | null> {
  /** How many there are; `null` while that is not known. */
  count: Value
  /** Where the pages begin that are yet to be deleted; `null` when there are none. */
  end: Value
}

/**
 * The same, but the caller deletes the pages that are left after the last retryable device, from `end` on. The others are
 * renumbered, so that they can be moved to another submission. At most one page is in memory. Throws `Unread` if that takes the
 * results of too many uploads.
 */
export async function keepRetryable(
  trx: Transaction<Tables>,
  submissionId: string,
  group: SavedBatchUploadGroup,
  read: Retryable,
): Promise<KeptDevices<number>> {
  const positions = await positionsToRetry(trx, submissionId, group, read)
  let kept = 0
  let end = 0
  while (kept < positions.length) {
    const page = await pageAt(trx, submissionId, positions[kept]!)
    if (!page) break
    if (end < page.fromIndex) await deletePages(trx, submissionId, end, page.fromIndex)
    end = page.toIndex
    const inPage = positions.slice(kept, kept + page.devices.length).filter((position) => position < end)
    const again = inPage.map((position) => page.devices[position - page.fromIndex])
    await trx
      .updateTable('submission_devices')
      .set({
        from_index: kept,
        ...(again.length < page.devices.length && { devices: JSON.stringify(again) }),
      })
      .where('submission_id', '=', submissionId)
      .where('from_index', '=', page.fromIndex)
      .execute()
    kept += again.length
  }
  return { count: kept, end }
}

/** The positions of the retryable devices, in order. */
async function positionsToRetry(
  trx: Transaction<Tables>,
  submissionId: string,
  group: SavedBatchUploadGroup,
  read: Retryable,
): Promise<number[]> {
  const unread = await unreadUploads(trx, group, read)
  if (unread.size > mostUnread) throw new Unread()
  const found = await findRetryable(trx, submissionId, group, unread)
  const didNotLand = group.chunks.flatMap(({ settled }) => settled?.didNotLand ?? [])
  const known = [...read].flatMap(([id, { positions }]) => (unread.has(id) ? [] : positions))
  return [...didNotLand, ...known, ...[...found.values()].flat()].toSorted((one, other) => one - other)
}

/** The retryable devices of these uploads. */
async function findRetryable(
  db: Kysely<Tables>,
  submissionId: string,
  group: SavedBatchUploadGroup,
  batchTrackingIds: ReadonlySet<string>,
): Promise<Map<string, number[]>> {
  const transient = await uploadsWithTransientFailures(db, [...batchTrackingIds])
  const duplicates = duplicatesOf(group)
  const found = new Map<string, number[]>()
  for (const chunk of group.chunks) {
    const id = chunk.batchTrackingId?.toLowerCase()
    if (id !== undefined && transient.has(id))
      found.set(id, await readTransientFailures(db, submissionId, chunk, duplicates))
  }
  return found
}

/** The uploads with transient errors, judged by the results alone: usually there are none, and no device is read. */
async function uploadsWithTransientFailures(
  db: Kysely<Tables>,
  batchTrackingIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (batchTrackingIds.length === 0) return new Set()
  const errors = await db
    .selectFrom('device_results')
    .select(['batch_tracking_id', 'error_code', 'error_description'])
    .distinct()
    .where(isOneOf(batchTrackingIds))
    .where('outcome', '=', 'failed')
    .execute()
  return new Set(errors.filter(isTransient).map(({ batch_tracking_id: id }) => id))
}

/** Which devices of a request failed with a transient error; only their identifiers are in memory. */
async function readTransientFailures(
  db: Kysely<Tables>,
  submissionId: string,
  chunk: UploadChunk,
  duplicates: ReadonlySet<number>,
): Promise<number[]> {
  const sent = await readSentRows(db, submissionId, chunk, duplicates)
  const results = await db
    .selectFrom('device_results')
    .select(deviceColumns)
    .where('batch_tracking_id', '=', chunk.batchTrackingId!)
    .orderBy('position')
    .execute()
  return transientFailures(chunk.batchTrackingId!, results, sent)
}

interface Page {
  fromIndex: number
  toIndex: number
  devices: NewDevice[]
}

/** The page with the device at this position; `undefined` when it was deleted. */
async function pageAt(
  trx: Transaction<Tables>,
  submissionId: string,
  position: number,
): Promise<Page | undefined> {
  const page = await trx
    .selectFrom('submission_devices')
    .select(['from_index', 'devices'])
    .where('submission_id', '=', submissionId)
    .where('from_index', '<=', position)
    .orderBy('from_index', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!page) return undefined
  const { from_index: fromIndex, devices } = page
  const toIndex = fromIndex + devices.length
  return position < toIndex ? { fromIndex, toIndex, devices } : undefined
}

/** Deletes the pages that start between two positions. */
async function deletePages(
  trx: Transaction<Tables>,
  submissionId: string,
  from: number,
  to?: number,
): Promise<void> {
  let pages = trx
    .deleteFrom('submission_devices')
    .where('submission_id', '=', submissionId)
    .where('from_index', '>=', from)
  if (to !== undefined) pages = pages.where('from_index', '<', to)
  await pages.execute()
}

function trackingIds({ chunks }: SavedBatchUploadGroup): string[] {
  return chunks.flatMap(({ batchTrackingId }) => batchTrackingId?.toLowerCase() ?? [])
}

/** One parameter, however many there are. */
function isOneOf(batchTrackingIds: readonly string[]) {
  return sql<boolean>`batch_tracking_id = any(${batchTrackingIds}::uuid[])`
}
