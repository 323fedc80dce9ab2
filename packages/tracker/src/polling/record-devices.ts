/** Keeps what became of each device, and finds those that changed. */
import type { BatchUploadReport, DeviceOutcome } from '@devicebatch/client'
import { deviceOutcome } from '@devicebatch/client'
import { isTerminal, wireText } from '@devicebatch/edge/internal'
import type { Transaction } from 'kysely'
import { sql } from 'kysely'

import type { Tables, UploadsTable } from '../database/schema.ts'

/** A device whose result changed, as an event tells it. */
export interface ChangedDevice {
  position: number
  serialNumber: string | null
  productKey: string | null
  outcome: DeviceOutcome
  errorCode: string | null
}

interface DeviceRow {
  position: number
  serial_number: string | null
  product_key: string | null
  device_id: string | null
  status: string | null
  outcome: DeviceOutcome
  error_code: string | null
  error_description: string | null
}

/** Writes the devices that differ from what is kept, and returns them. A device that an answer leaves out stays as it was. */
export async function recordDevices(
  trx: Transaction<Tables>,
  upload: Pick<UploadsTable, 'batch_tracking_id' | 'customer_id'>,
  report: BatchUploadReport,
): Promise<ChangedDevice[]> {
  const known = await trx
    .selectFrom('device_results')
    .select([
      'position',
      'serial_number',
      'product_key',
      'device_id',
      'status',
      'outcome',
      'error_code',
      'error_description',
    ])
    .where('batch_tracking_id', '=', upload.batch_tracking_id)
    .orderBy('position')
    .execute()
  const changed = changedRows(known, report)
  if (changed.length === 0) return []
  await sql`
    insert into devicebatch.device_results (batch_tracking_id, customer_id, position, serial_number, product_key, device_id,
      status, outcome, error_code, error_description)
    select ${upload.batch_tracking_id}::uuid, ${upload.customer_id}::uuid, r.* from json_to_recordset(${JSON.stringify(changed)}::json)
      as r(position integer, serial_number text, product_key text, device_id text, status text, outcome text,
        error_code text, error_description text)
    on conflict (batch_tracking_id, position) do update set serial_number = excluded.serial_number,
      product_key = excluded.product_key, device_id = excluded.device_id, status = excluded.status,
      outcome = excluded.outcome, error_code = excluded.error_code, error_description = excluded.error_description,
      changed_at = now()`.execute(trx)
  return changed.map(({ position, serial_number, product_key, outcome, error_code }) => ({
    position,
    serialNumber: serial_number,
    productKey: product_key,
    outcome,
    errorCode: error_code,
  }))
}

/**
 * The devices of the report that are new or differ. Whether the service keeps their order is not documented, so a device is
 * known by its identifiers; of those with the same ones the first is taken for the first.
 */
function changedRows(known: readonly DeviceRow[], report: BatchUploadReport): DeviceRow[] {
  const byIdentity = new Map<string, DeviceRow[]>()
  for (const row of known) {
    const rows = byIdentity.get(identityOf(row))
    if (rows) rows.push(row)
    else byIdentity.set(identityOf(row), [row])
  }
  let nextPosition = known.length
  const ended = isTerminal(report.status)
  return report.devices.flatMap((device): DeviceRow[] => {
    const text = (value: unknown): string | null => wireText(value).replaceAll('\0', '') || null
    const row: DeviceRow = {
      position: 0,
      serial_number: text(device.serialNumber),
      product_key: text(device.productKey),
      device_id: text(device.deviceId),
      status: text(device.status),
      outcome: deviceOutcome(device, ended),
      error_code: text(device.errorCode),
      error_description: text(device.errorDescription),
    }
    const before = byIdentity.get(identityOf(row))?.shift()
    row.position = before?.position ?? nextPosition++
    const isSame =
      before && (Object.keys(row) as (keyof DeviceRow)[]).every((name) => row[name] === before[name])
    return isSame ? [] : [row]
  })
}

function identityOf({ serial_number, product_key }: DeviceRow): string {
  return JSON.stringify([serial_number, product_key])
}
