/** What an upload looks like at a given time: a pure function of what was submitted, when, and the time. */

import type { BatchUploadDetails, DeviceUploadDetails } from '@devicebatch/contract'

import type { EmulatorSettings } from './options.ts'
import type { Upload, UploadedDevice } from './state.ts'

/** An upload's words for where it is. */
export type BatchWord = 'queued' | 'processing' | 'finished' | 'finished_with_errors'

/** The body of "Get the status of a device batch upload" at this time. */
export function uploadDetailsAt(upload: Upload, now: number, settings: EmulatorSettings): BatchUploadDetails {
  const status = uploadStatusAt(upload, now, settings)
  const finishedDevices = finishedDevicesAt(upload, now)
  const ended = status !== 'queued' && status !== 'processing'
  const startedAt = upload.submittedAt + upload.queuedMs
  const notYet = settings.yearOneTimes ? '0001-01-01T00:00:00' : undefined
  const startedTime = status === 'queued' ? notYet : wireTime(startedAt)
  const completedTime = ended ? wireTime(startedAt + upload.processingMs) : notYet
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

/** The upload's word at this time. */
export function uploadStatusAt(upload: Upload, now: number, settings: EmulatorSettings): BatchWord {
  const elapsedMs = processedMsAt(upload, now)
  if (elapsedMs < 0) return 'queued'
  if (upload.neverFinishes || elapsedMs < upload.processingMs) return 'processing'
  const failed =
    settings.batchStatusTellsErrors && upload.devices.some(({ outcome }) => outcome.kind === 'failed')
  return failed ? 'finished_with_errors' : 'finished'
}

/** How many devices are done at this time; they finish in the order of the request, evenly spread. */
export function finishedDevicesAt(upload: Upload, now: number): number {
  const elapsedMs = processedMsAt(upload, now)
  const total = upload.devices.length
  if (elapsedMs < 0) return 0
  if (elapsedMs >= upload.processingMs) return total
  return Math.floor((total * elapsedMs) / upload.processingMs)
}

/** A time as the status document has it: UTC without a zone and without a fraction. */
export function wireTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19)
}

/** Milliseconds of work done; negative while queued. An upload that never finishes stops half-way. */
function processedMsAt(upload: Upload, now: number): number {
  const elapsedMs = now - upload.submittedAt - upload.queuedMs
  return upload.neverFinishes ? Math.min(elapsedMs, upload.processingMs / 2) : elapsedMs
}

function finishedDevice(device: UploadedDevice): DeviceUploadDetails {
  const { outcome } = device
  if (outcome.kind === 'registered')
    return { deviceId: outcome.deviceId, ...runningDevice(device, 'finished') }
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
  serialNumber,
  productKey,
}: UploadedDevice): Pick<DeviceUploadDetails, 'serialNumber' | 'productKey'> {
  return {
    ...(serialNumber !== undefined && { serialNumber }),
    ...(productKey !== undefined && { productKey }),
  }
}
