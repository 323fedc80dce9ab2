/** The state of an upload at a given time: a pure function of its content, its submission time and the time. */

import type { BatchUploadDetails, DeviceUploadDetails } from '@devicebatch/contract'

import type { EmulatorSettings } from '../options.ts'
import type { Upload, UploadedDevice } from '../state/state.ts'
import { wireTime } from '../time/wire-time.ts'

/** The status values of an upload. */
export type BatchWord = 'queued' | 'processing' | 'finished' | 'finished_with_errors'

/** The body of "Get the status of a device batch upload" at this time. */
export function uploadDetailsAt(upload: Upload, now: number, settings: EmulatorSettings): BatchUploadDetails {
  const status = uploadStatusAt(upload, now, settings)
  const finishedDevices = finishedDevicesAt(upload, now)
  const ended = status !== 'queued' && status !== 'processing'
  const notYet = settings.yearOneTimes ? '0001-01-01T00:00:00' : undefined
  const startedTime = status === 'queued' ? notYet : wireTime(startsAt(upload))
  const completedTime = ended ? wireTime(startsAt(upload) + upload.processingMs) : notYet
  return {
    batchTrackingId: upload.batchTrackingId,
    status,
    ...(startedTime !== undefined && { startedTime }),
    ...(completedTime !== undefined && { completedTime }),
    devicesStatus: upload.devices.map((device, index) => {
      if (index < finishedDevices) return finishedDevice(device)
      return runningDevice(
        device,
        status === 'processing' && index === finishedDevices ? 'processing' : 'queued',
      )
    }),
    ...(settings.batchAttributes && { attributes: { objectType: 'BatchUploadDetails' } }),
  }
}

/** The upload's status value at this time. */
export function uploadStatusAt(
  upload: Upload,
  now: number,
  settings: Pick<EmulatorSettings, 'batchStatusTellsErrors'>,
): BatchWord {
  const elapsedMs = now - startsAt(upload)
  if (elapsedMs < 0) return 'queued'
  if (upload.neverFinishes || elapsedMs < upload.processingMs) return 'processing'
  const failed =
    settings.batchStatusTellsErrors && upload.devices.some(({ outcome }) => outcome.kind === 'failed')
  return failed ? 'finished_with_errors' : 'finished'
}

/** When processing of the upload starts. */
function startsAt(upload: Upload): number {
  return upload.submittedAt + upload.queuedMs
}

/** The midpoint of processing, where a stuck upload stays. */
export function halfWayAt(upload: Upload): number {
  return startsAt(upload) + upload.processingMs / 2
}

/**
 * When the device is done; devices finish in request order, evenly spaced. `Infinity` when the upload is stuck before that.
 */
export function deviceEndsAt(upload: Upload, index: number): number {
  const endsAt = startsAt(upload) + ((index + 1) * upload.processingMs) / upload.devices.length
  return upload.neverFinishes && endsAt > halfWayAt(upload) ? Infinity : endsAt
}

/** How many devices are done at this time. */
function finishedDevicesAt(upload: Upload, now: number): number {
  let [finished, unfinished] = [0, upload.devices.length]
  while (finished < unfinished) {
    const middle = Math.floor((finished + unfinished) / 2)
    if (deviceEndsAt(upload, middle) <= now) finished = middle + 1
    else unfinished = middle
  }
  return finished
}

/** What may delay the visibility of an upload's progress. */
type Delays = Pick<EmulatorSettings, 'lateResultsMs' | 'statusAfterMs' | 'batchAfterMs'>

/** The next time after `now` at which the upload visibly changes; undefined when none is left. */
export function nextChangeAfter(upload: Upload, now: number, delays: Delays): number | undefined {
  const { lateResultsMs, statusAfterMs, batchAfterMs } = delays
  const late = lateResultsMs > 0 ? nextEventAfter(upload, now - lateResultsMs) : undefined
  const changes = [
    nextEventAfter(upload, now),
    late === undefined ? undefined : late + lateResultsMs,
    upload.submittedAt + statusAfterMs,
    upload.submittedAt + batchAfterMs,
  ]
  return changes
    .filter((time) => time !== undefined && time > now)
    .toSorted((one, other) => (one ?? 0) - (other ?? 0))[0]
}

function nextEventAfter(upload: Upload, now: number): number | undefined {
  if (now < startsAt(upload)) return startsAt(upload)
  const finished = finishedDevicesAt(upload, now)
  const next = finished < upload.devices.length ? deviceEndsAt(upload, finished) : lastEventOf(upload)
  return next > now && next !== Infinity ? next : undefined
}

/** The time after which the upload no longer visibly changes. */
export function lastChangeOf(upload: Upload, { lateResultsMs, statusAfterMs, batchAfterMs }: Delays): number {
  const visible = upload.submittedAt + Math.max(statusAfterMs, batchAfterMs)
  return Math.max(lastEventOf(upload) + lateResultsMs, visible)
}

function lastEventOf(upload: Upload): number {
  return upload.neverFinishes ? halfWayAt(upload) : startsAt(upload) + upload.processingMs
}

function finishedDevice(device: UploadedDevice): DeviceUploadDetails {
  const { outcome } = device
  if (outcome.kind === 'succeeded') {
    return runningDevice({ ...device, deviceId: outcome.deviceId }, 'finished')
  }
  if (outcome.kind === 'unresolved') return runningDevice(device, outcome.status)
  const { errorCode, errorDescription } = outcome
  return {
    ...identity(device),
    status: 'finished_with_errors',
    ...(errorCode !== undefined && { errorCode }),
    ...(errorDescription !== undefined && { errorDescription }),
    attributes,
  }
}

const attributes = Object.freeze({ objectType: 'DeviceUploadDetails' })

function runningDevice(device: UploadedDevice, status: string): DeviceUploadDetails {
  return { ...identity(device), status, attributes }
}

function identity({
  deviceId,
  serialNumber,
  productKey,
}: UploadedDevice): Pick<DeviceUploadDetails, 'deviceId' | 'serialNumber' | 'productKey'> {
  return {
    ...(deviceId !== undefined && { deviceId }),
    ...(serialNumber !== undefined && { serialNumber }),
    ...(productKey !== undefined && { productKey }),
  }
}
