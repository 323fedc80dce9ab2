/** What is different between two reports of an upload? */
import { createDigest } from '../uploads/digest.ts'
import type { BatchUploadReport } from './report.ts'

/** Stands for what can change: the words of the batch and of each device. */
export function digestOf({ status, startedAt, completedAt, devices }: BatchUploadReport): string {
  const digest = createDigest()
  digest.add(`${status}|${startedAt}|${completedAt}`)
  for (const device of devices) digest.add(deviceKey(device) + deviceState(device))
  return digest.value()
}

/** The devices whose state is not among those that the earlier report has under their name. */
export function movedDevices(
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

type Row = BatchUploadReport['devices'][number]

/** What names a device: results carry no other key. */
function deviceKey({ serialNumber, productKey, deviceId }: Row): string {
  return JSON.stringify(serialNumber || productKey ? [serialNumber, productKey] : [deviceId])
}

function deviceState({ deviceId, status, errorCode, errorDescription }: Row): string {
  return JSON.stringify([deviceId, status, errorCode, errorDescription])
}
