/** What is stored for each device of an upload, and how does a report change it? Decided without a database. */
import type { Identifiers } from '@devicebatch/client'
import { deviceOutcome } from '@devicebatch/client'
import type { DeviceUploadDetails } from '@devicebatch/contract'
import { wireText } from '@devicebatch/edge/internal'

import type { DeviceResultsTable } from '../database/schema.ts'
import { longestCode, storableText } from '../database/text.ts'

/** A row of `device_results`. */
export type DeviceRow = Omit<DeviceResultsTable, 'batch_tracking_id' | 'customer_id' | 'changed_at'>

/** Its columns. */
export const deviceColumns = [
  'position',
  'serial_number',
  'product_key',
  'device_id',
  'status',
  'outcome',
  'error_code',
  'error_description',
] as const

/**
 * The devices after a report. It is not documented whether the service keeps their order, so a device is recognized by its
 * identifiers; devices with equal identifiers are matched in order.
 */
export function mergeRows(
  known: readonly DeviceRow[],
  devices: readonly DeviceUploadDetails[],
  ended: boolean,
): DeviceRow[] {
  const byIdentity = new Map<string, DeviceRow[]>()
  for (const row of known) {
    const rows = byIdentity.get(identityOf(row))
    if (rows) rows.push(row)
    else byIdentity.set(identityOf(row), [row])
  }
  const merged = known.map((row) => ({ ...row, outcome: deviceOutcome(toDetails(row), ended) }))
  const ids = new Set<string>()
  for (const device of devices) {
    const row = toRow(device, ended)
    if (row.device_id !== null) {
      // A device listed twice under one ID is a single device.
      const id = `${row.device_id} ${identityOf(row)}`
      if (ids.has(id)) continue
      ids.add(id)
    }
    const position = byIdentity.get(identityOf(row))?.shift()?.position ?? merged.length
    merged[position] = { ...row, position }
  }
  return merged
}

/** The stored form of a result; for a device without one, its identifiers. */
export function toRow(
  device: Identifiers & Partial<Record<keyof DeviceUploadDetails, unknown>>,
  ended: boolean,
): DeviceRow {
  const text = (value: unknown, longest?: number): string | null =>
    storableText(wireText(value), longest) || null
  return {
    position: 0,
    serial_number: text(device.serialNumber),
    product_key: text(device.productKey),
    device_id: text(device.deviceId),
    status: text(device.status),
    outcome: deviceOutcome(device as DeviceUploadDetails, ended),
    error_code: text(device.errorCode, longestCode),
    error_description: text(device.errorDescription),
  }
}

/** Whether a row is unchanged. */
export function isSame(row: DeviceRow, before: DeviceRow | undefined): boolean {
  return before !== undefined && deviceColumns.every((name) => row[name] === before[name])
}

function identityOf({ serial_number, product_key }: DeviceRow): string {
  return JSON.stringify([serial_number, product_key])
}

/** A row as the service sent it. */
export function toDetails(row: Omit<DeviceRow, 'position' | 'outcome'>): DeviceUploadDetails {
  return {
    serialNumber: row.serial_number ?? '',
    productKey: row.product_key ?? '',
    deviceId: row.device_id ?? '',
    status: row.status ?? '',
    errorCode: row.error_code ?? '',
    errorDescription: row.error_description ?? '',
  }
}
