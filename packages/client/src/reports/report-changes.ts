/** What changed between two reports of an upload? */
import { isTerminal } from '@devicebatch/edge/internal'

import { createDigest } from '../uploads/digest.ts'
import { indexBy, normalize } from './match-results.ts'
import type { BatchUploadReport } from './report.ts'
import { judgeDevices } from './report.ts'

/** Represents what can change: the status values of the batch and of each device. */
export function digestOf({ status, startedAt, completedAt, devices }: BatchUploadReport): string {
  const digest = createDigest()
  digest.add(`${status}|${startedAt}|${completedAt}`)
  for (const device of devices) digest.add(deviceKey(device) + deviceState(device))
  return digest.value()
}

/** Whether two responses say the same about the batch and each device, in the same order. */
export function saysTheSame(one: BatchUploadReport, other: BatchUploadReport): boolean {
  const isSame = (device: Row, at: number): boolean => {
    const now = other.devices[at]!
    return deviceKey(device) === deviceKey(now) && deviceState(device) === deviceState(now)
  }
  return (
    one.status === other.status &&
    one.startedAt === other.startedAt &&
    one.completedAt === other.completedAt &&
    one.devices.length === other.devices.length &&
    one.devices.every(isSame)
  )
}

/** The devices whose state differs from every state that the earlier report has for the same device. */
export function changedDevices(
  earlier: BatchUploadReport,
  later: BatchUploadReport,
): BatchUploadReport['devices'] {
  const states = new Map<string, Set<string>>()
  for (const device of earlier.devices) {
    const known = states.get(deviceKey(device))
    if (known) known.add(deviceState(device))
    else states.set(deviceKey(device), new Set([deviceState(device)]))
  }
  return later.devices.filter((device) => !states.get(deviceKey(device))?.has(deviceState(device)))
}

/**
 * The later report, completed with the devices that it omits, each with its last result: a failed device does not disappear
 * when a response omits its row.
 */
export function keepAbsentDevices(
  earlier: BatchUploadReport | undefined,
  later: BatchUploadReport,
): BatchUploadReport {
  const absent = earlier ? absentDevices(earlier.devices, later.devices) : []
  if (absent.length === 0) return later
  return { ...later, ...judgeDevices([...later.devices, ...absent], isTerminal(later.status)) }
}

function absentDevices(before: readonly Row[], now: readonly Row[]): readonly Row[] {
  // The usual case: nothing is missing, and the order is the same.
  if (before.every((row, at) => now[at] && deviceKey(now[at]) === deviceKey(row))) return []
  let absent = before
  let left = now
  // Each row of the later report replaces one of the earlier report, the most similar one first.
  for (const keyOf of likenesses) {
    const index = indexBy(left, keyOf)
    absent = absent.filter((row) => {
      const rows = (keyOf(row) && index.get(keyOf(row))) || []
      const at = rows.findLastIndex((other) => differInNone(row, other))
      if (at >= 0) rows.splice(at, 1)
      return at < 0
    })
    left = [...index.values()].flat()
  }
  return absent
}

const nameOf = (row: Row): string => JSON.stringify([normalize(row.serialNumber), normalize(row.productKey)])

/** What two rows may have in common, the most certain first; an empty text does not count. */
const likenesses: readonly ((row: Row) => string)[] = [
  (row) => (row.deviceId ? nameOf(row) + row.deviceId : ''),
  (row) => nameOf(row) + deviceState(row),
  nameOf,
  (row) => normalize(row.serialNumber),
  (row) => normalize(row.productKey),
]

/** A response may lack an identifier that another one has, but the identifiers of a device never change. */
function differInNone(one: Row, other: Row): boolean {
  return (['serialNumber', 'productKey'] as const).every(
    (field) => !one[field] || !other[field] || normalize(one[field]) === normalize(other[field]),
  )
}

type Row = BatchUploadReport['devices'][number]

/** The identifiers of a device: results have no other key. */
function deviceKey({ serialNumber, productKey, deviceId }: Row): string {
  return JSON.stringify(serialNumber || productKey ? [serialNumber, productKey] : [deviceId])
}

function deviceState({ deviceId, status, errorCode, errorDescription }: Row): string {
  return JSON.stringify([deviceId, status, errorCode, errorDescription])
}
