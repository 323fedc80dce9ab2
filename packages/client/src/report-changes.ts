/** What is different between two reports of an upload? */
import type { BatchUploadReport } from './report.ts'

/** 64 bits of FNV-1a over what can change: the words of the batch and of each device. */
export function digestOf({ status, startedAt, completedAt, devices }: BatchUploadReport): string {
  let [a, b] = [0x811c9dc5, 0x01000193]
  const add = (text: string): void => {
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index)
      a = Math.imul(a ^ unit, 0x01000193)
      b = Math.imul(b ^ unit, 0x85ebca6b)
    }
  }
  add(`${status}|${startedAt}|${completedAt}`)
  for (const device of devices) add(deviceKey(device) + deviceState(device))
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0')
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
