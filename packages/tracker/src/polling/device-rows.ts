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
 * The devices after a report; one that it omits keeps its last result. It is not documented whether the service keeps their order,
 * so each result replaces that of the most similar device.
 */
export function mergeRows(
  known: readonly DeviceRow[],
  devices: readonly DeviceUploadDetails[],
  ended: boolean,
): DeviceRow[] {
  const merged = known.map((row) => ({ ...row, outcome: deviceOutcome(toDetails(row), ended) }))
  let left = distinctRows(devices, ended)
  let waiting = known
  for (const likenessOf of likenesses) {
    if (left.length === 0 || waiting.length === 0) break
    const alike = new Map<string, DeviceRow[]>()
    // Each list is from the last to the first, so that the first is taken off its end.
    for (const row of waiting.toReversed()) {
      const rows = alike.get(likenessOf(row))
      if (rows) rows.push(row)
      else alike.set(likenessOf(row), [row])
    }
    const replaced = new Set<number>()
    left = left.filter((row) => {
      const rows = (likenessOf(row) && alike.get(likenessOf(row))) || []
      const at = rows.findLastIndex((other) => differInNone(row, other))
      if (at < 0) return true
      const [{ position, serial_number, product_key }] = rows.splice(at, 1) as [DeviceRow]
      merged[position] = {
        ...row,
        position,
        serial_number: row.serial_number ?? serial_number,
        product_key: row.product_key ?? product_key,
      }
      replaced.add(position)
      return false
    })
    waiting = waiting.filter(({ position }) => !replaced.has(position))
  }
  for (const row of left) merged.push({ ...row, position: merged.length })
  return merged
}

/** The results; a device listed twice under one ID is a single device, which failed if either result says so. */
function distinctRows(devices: readonly DeviceUploadDetails[], ended: boolean): DeviceRow[] {
  const rows: DeviceRow[] = []
  const places = new Map<string, number>()
  for (const device of devices) {
    const row = toRow(device, ended)
    const id = idOf(row)
    const place = id === '' ? undefined : places.get(id)
    if (place === undefined) places.set(id, rows.push(row) - 1)
    else if (row.outcome === 'failed') rows[place] = row
  }
  return rows
}

/** What two results of a device may have in common, the most certain first; an empty text does not count. */
const likenesses: readonly ((row: DeviceRow) => string)[] = [
  idOf,
  (row) => JSON.stringify([nameOf(row), row.device_id, row.status, row.error_code, row.error_description]),
  nameOf,
  (row) => normalize(row.serial_number),
  (row) => normalize(row.product_key),
]

/** A response may lack an identifier that another one has, but the identifiers of a device never change. */
function differInNone(row: DeviceRow, other: DeviceRow): boolean {
  return (['serial_number', 'product_key'] as const).every(
    (name) => row[name] === null || other[name] === null || normalize(row[name]) === normalize(other[name]),
  )
}

/** The device ID, which only together with the identifiers names one device; empty if there is none. */
function idOf(row: DeviceRow): string {
  return row.device_id === null ? '' : nameOf(row) + row.device_id
}

function nameOf({ serial_number, product_key }: DeviceRow): string {
  return JSON.stringify([normalize(serial_number), normalize(product_key)])
}

/** It is not documented in which case the service returns identifiers. */
function normalize(value: string | null): string {
  return (value ?? '').toUpperCase()
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
