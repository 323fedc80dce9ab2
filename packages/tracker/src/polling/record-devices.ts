/** Finds the devices whose results changed, and stores them. */
import type { BatchUploadReport, SavedBatchUploadGroup } from '@devicebatch/client'
import { reportRows, summarize } from '@devicebatch/client'
import type { DeviceUploadDetails } from '@devicebatch/contract'
import { isTerminal } from '@devicebatch/edge/internal'
import type { Kysely, RawBuilder, Selectable } from 'kysely'
import { sql } from 'kysely'

import type { Tables, UploadsTable } from '../database/schema.ts'
import { createSqlStatement } from '../database/statement.ts'
import type { ChangedDevice, UploadProgress } from '../events/event.ts'
import { findChunk, readSentRows } from '../submissions/sent-rows.ts'
import { transientFailures, isTransient } from '../submissions/transient-failures.ts'
import type { DeviceRow } from './device-rows.ts'
import { deviceColumns, isSame, mergeRows, toDetails, toRow } from './device-rows.ts'

/** The current outcome of an upload, and the devices that differ from the stored ones. */
export interface JudgedDevices extends Omit<UploadProgress, 'status'> {
  changed: DeviceRow[]
  /** The positions in the submission of the retryable devices, once the upload has ended; absent while they are not known. */
  retryable?: readonly number[]
}

/**
 * Compares a report with the stored devices. A device that a response omits keeps its last result. For a submission, outcome and
 * counts cover the devices that were sent, and a device without a result at the end is unresolved.
 */
export async function judgeDevices(
  kysely: Kysely<Tables>,
  upload: Pick<Selectable<UploadsTable>, 'batch_tracking_id' | 'submission_id'>,
  report: BatchUploadReport,
): Promise<JudgedDevices> {
  const { known, request } = await readStored(kysely, upload)
  const ended = isTerminal(report.status)
  const rows = mergeRows(known, report.devices, ended)
  const { missing = [], ...judged } = await judge(kysely, upload, request, rows, report)
  rows.push(...missing.map((row, at) => ({ ...row, position: rows.length + at })))
  const before = new Map(known.map((row) => [row.position, row]))
  return { ...judged, changed: rows.filter((row) => !isSame(row, before.get(row.position))) }
}

/** The changed devices as an event lists them. */
export function toChangedDevices(rows: readonly DeviceRow[]): ChangedDevice[] {
  return rows.map(({ position, serial_number, product_key, outcome, error_code }) => ({
    position,
    serialNumber: serial_number,
    productKey: product_key,
    outcome,
    errorCode: error_code,
  }))
}

/** The stored devices of an upload, and the request that created it, if a submission made it. */
async function readStored(
  kysely: Kysely<Tables>,
  { batch_tracking_id: batchTrackingId, submission_id: submissionId }: Parameters<typeof judgeDevices>[1],
): Promise<{ known: DeviceRow[]; request: ReturnType<typeof findChunk> }> {
  const [stored] = await readUpload(kysely, { batchTrackingId, submissionId })
  const { known, upload_group: group } = stored!
  return { known: known ?? [], request: findChunk(group, batchTrackingId) }
}

const readUpload = createSqlStatement<
  { batchTrackingId: string; submissionId: string | null },
  { known: DeviceRow[] | null; upload_group: SavedBatchUploadGroup | null }
>(
  (value) => sql`
    select
      (select json_agg(device order by device.position) from (
        select ${sql.join(deviceColumns.map((name) => sql.ref(name)))}
        from devicebatch.device_results where batch_tracking_id = ${value('batchTrackingId')}::uuid) device) as known,
      (select upload_group from devicebatch.submissions where id = ${value('submissionId')}::uuid) as upload_group`,
)

/** The outcome and counts; for a submission that has ended, over the devices that were sent. */
async function judge(
  kysely: Kysely<Tables>,
  { batch_tracking_id: batchTrackingId, submission_id: submissionId }: Parameters<typeof judgeDevices>[1],
  request: ReturnType<typeof findChunk>,
  rows: readonly DeviceRow[],
  { status }: BatchUploadReport,
): Promise<Omit<JudgedDevices, 'changed'> & { missing?: DeviceRow[] }> {
  const summarizeAll = (results: DeviceUploadDetails[]): BatchUploadReport =>
    summarize({ batchTrackingId, status, devicesStatus: results })
  const results = rows.map(toDetails)
  const deviceCount = request?.chunk.deviceCount ?? 0
  const sent =
    request && isTerminal(status)
      ? await readSentRows(kysely, submissionId!, request.chunk, request.duplicates)
      : []
  if (deviceCount === 0 || sent.length < deviceCount) {
    // The batch is still running, or the devices of the submission are no longer stored.
    const unlisted = Array.from({ length: Math.max(0, deviceCount - rows.length) }, () =>
      toDetails(toRow({}, false)),
    )
    const { outcome, counts } = summarizeAll([...results, ...unlisted])
    return { outcome, counts }
  }
  const { outcome, counts, unmatched, repeated, rows: judged } = reportRows(summarizeAll(results), sent)
  const missing = sent.filter((_, at) => judged[at]!.match.kind === 'none').map((row) => toRow(row, true))
  const hasTransient = rows.some((row) => row.outcome === 'failed' && isTransient(row))
  return {
    outcome,
    counts,
    unmatched: unmatched.length,
    repeated: repeated.length,
    missing,
    retryable: hasTransient ? transientFailures(batchTrackingId, [...rows, ...missing], sent) : [],
  }
}

/**
 * Inserts changed devices, as a part of a statement that has saved their upload, `upload`: nothing if that has no row.
 *
 * @param rows `DeviceRow`s, as JSON.
 */
export function insertDevices(upload: RawBuilder<unknown>, rows: RawBuilder<string>): RawBuilder<object> {
  return sql`(
    insert into devicebatch.device_results (batch_tracking_id, customer_id, position, serial_number, product_key, device_id,
      status, outcome, error_code, error_description)
    select upload.batch_tracking_id, upload.customer_id, r.*
    from ${upload} upload, json_to_recordset(${rows}::json)
      as r(position integer, serial_number text, product_key text, device_id text, status text, outcome text,
        error_code text, error_description text)
    on conflict (batch_tracking_id, position) do update set serial_number = excluded.serial_number,
      product_key = excluded.product_key, device_id = excluded.device_id, status = excluded.status,
      outcome = excluded.outcome, error_code = excluded.error_code, error_description = excluded.error_description,
      changed_at = now())`
}
