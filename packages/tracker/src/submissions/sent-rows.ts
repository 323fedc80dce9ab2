/** Which devices did a request of a submission contain? Only their identifiers are read. */
import type { Identifiers, SavedBatchUploadGroup, UploadChunk } from '@devicebatch/client'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

import type { Tables } from '../database/schema.ts'
import { createSqlStatement } from '../database/statement.ts'

/** How many devices a table row holds at most: enough to need few rows, few enough for memory. */
export const pageSize = 500

/** A device that was sent, and its position in the submission. */
export interface SentRow extends Identifiers {
  position: number
}

/** The request of a submission that created this upload; `undefined` when the submission has not recorded it yet. */
export function findChunk(
  group: SavedBatchUploadGroup | null,
  batchTrackingId: string,
): { chunk: UploadChunk; duplicates: ReadonlySet<number> } | undefined {
  const chunk = group?.chunks.find((one) => one.batchTrackingId?.toLowerCase() === batchTrackingId)
  return group && chunk ? { chunk, duplicates: duplicatesOf(group) } : undefined
}

/** The positions of the omitted devices. */
export function duplicatesOf({ duplicates }: SavedBatchUploadGroup): ReadonlySet<number> {
  return new Set(duplicates.map(({ index }) => index))
}

/** The devices of a request, without the omitted ones; fewer when the submission no longer stores them. */
export async function readSentRows(
  db: Kysely<Tables>,
  submissionId: string,
  { fromIndex, toIndex }: UploadChunk,
  duplicates: ReadonlySet<number>,
): Promise<SentRow[]> {
  const rows = await readPages(db, { submissionId, after: fromIndex - pageSize, before: toIndex })
  return rows.filter(
    ({ position }) => position >= fromIndex && position < toIndex && !duplicates.has(position),
  )
}

const readPages = createSqlStatement<{ submissionId: string; after: number; before: number }, SentRow>(
  (value) => sql`
    select (page.from_index + one.ordinality - 1)::integer as position, one.value ->> 'serialNumber' as "serialNumber",
      one.value ->> 'productKey' as "productKey"
    from devicebatch.submission_devices page, json_array_elements(page.devices) with ordinality one
    where page.submission_id = ${value('submissionId')}::uuid
      and page.from_index > ${value('after')} and page.from_index < ${value('before')}
    order by position`,
)

/** How many devices the requests of a submission cover so far, with the omitted ones among them. */
export function devicesSent(group: SavedBatchUploadGroup | null): number {
  return group?.chunks.at(-1)?.toIndex ?? 0
}
