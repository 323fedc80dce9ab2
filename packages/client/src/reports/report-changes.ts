/** What is different between two reports of an upload? */
import { isTerminal } from '@devicebatch/edge/internal'

import { createDigest } from '../uploads/digest.ts'
import type { Identifiers } from './match-results.ts'
import { indexBy, keysOf, matchResults } from './match-results.ts'
import type { BatchUploadReport } from './report.ts'
import { judgeDevices } from './report.ts'

/** Stands for what can change: the words of the batch and of each device. */
export function digestOf({ status, startedAt, completedAt, devices }: BatchUploadReport): string {
  const digest = createDigest()
  digest.add(`${status}|${startedAt}|${completedAt}`)
  for (const device of devices) digest.add(deviceKey(device) + deviceState(device))
  return digest.value()
}

/** The devices whose state is not among those that the earlier report has under their name. */
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
 * The later report with the devices that it leaves out, each with its last result: a device that failed is not gone with the
 * row that said so.
 */
export function keepAbsentDevices(
  earlier: BatchUploadReport | undefined,
  later: BatchUploadReport,
): BatchUploadReport {
  const absent = earlier ? absentDevices(earlier.devices, later.devices) : []
  if (absent.length === 0) return later
  return { ...later, ...judgeDevices([...later.devices, ...absent], isTerminal(later.status)) }
}

function absentDevices(before: readonly Row[], now: readonly Row[]): Row[] {
  const isSame = (row: Row, at: number): boolean =>
    now[at]?.serialNumber === row.serialNumber && now[at]?.productKey === row.productKey
  // As nearly always: nothing is gone, and the order is the same.
  if (before.every(isSame)) return []
  const { rows: matches } = matchResults(before.map(namesOf), now.map(namesOf), () => '')
  const absent = before.filter((_, at) => matches[at]!.kind === 'none')
  // Of devices that share their names only the number can tell that one is missing.
  const unclear = before.filter((_, at) => ['ambiguous', 'unmatchable'].includes(matches[at]!.kind))
  return [...absent, ...surplus(unclear, now)]
}

/** Those rows that came more often before than now, first those that look least like one that is still there. */
function surplus(before: readonly Row[], now: readonly Row[]): Row[] {
  const nameOf = (row: Row): string => keysOf(row).join('\n')
  const left = indexBy(now, nameOf)
  return [...indexBy(before, nameOf)].flatMap(([name, rows]) => {
    const others = left.get(name) ?? []
    const ids = new Set(others.map(({ deviceId }) => deviceId))
    const states = new Set(others.map(deviceState))
    const likeness = (row: Row): number =>
      row.deviceId && ids.has(row.deviceId) ? 2 : Number(states.has(deviceState(row)))
    return rows
      .toSorted((one, other) => likeness(one) - likeness(other))
      .slice(0, Math.max(0, rows.length - others.length))
  })
}

/** A device may get its id only when it is registered. */
function namesOf({ serialNumber, productKey }: Row): Identifiers {
  return { serialNumber, productKey }
}

type Row = BatchUploadReport['devices'][number]

/** What names a device: results carry no other key. */
function deviceKey({ serialNumber, productKey, deviceId }: Row): string {
  return JSON.stringify(serialNumber || productKey ? [serialNumber, productKey] : [deviceId])
}

function deviceState({ deviceId, status, errorCode, errorDescription }: Row): string {
  return JSON.stringify([deviceId, status, errorCode, errorDescription])
}
