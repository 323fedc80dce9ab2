/** Accepts an upload: decides how each of its devices will end and remembers who owns them. */

import { failure, magicOutcome, neverFinishes } from './magic-serials.ts'
import { getOrAddCustomer } from './state.ts'
import type { DeviceOutcome, EmulatorState, Upload } from './state.ts'

/** A device as it is submitted; `outcome` only where a seed dictates it. */
export interface SubmittedDevice {
  serialNumber?: string | undefined
  productKey?: string | undefined
  hardwareHash?: string | undefined
  modelName?: string | undefined
  oemManufacturerName?: string | undefined
  outcome?: DeviceOutcome | undefined
}

export interface Submission {
  customerId: string
  batchId: string
  batchTrackingId: string
  submittedAt: number
  queuedMs: number
  processingMs: number
  devices: readonly SubmittedDevice[]
}

/** Adds the upload to its batch, which is made when it is new, and to the customer's uploads. */
export function submit(state: EmulatorState, submission: Submission): void {
  const { batchId, batchTrackingId, submittedAt, queuedMs, processingMs } = submission
  const customerId = submission.customerId.toLowerCase()
  const inThisUpload = new Set<string>()
  const upload: Upload = {
    batchTrackingId,
    submittedAt,
    queuedMs,
    processingMs,
    neverFinishes: neverFinishes(batchId),
    devices: submission.devices.map((device) => {
      const keys = deviceKeys(device)
      const outcome = device.outcome ?? decideOutcome(device, keys, customerId, state.owners, inThisUpload)
      for (const key of keys) {
        inThisUpload.add(key)
        if (outcome.kind === 'registered') state.owners.set(key, customerId)
      }
      const { serialNumber, productKey, modelName, oemManufacturerName } = device
      return { serialNumber, productKey, modelName, oemManufacturerName, outcome }
    }),
  }

  const customer = getOrAddCustomer(state, customerId)
  customer.uploads.set(batchTrackingId.toLowerCase(), upload)
  const batch = customer.batches.get(batchId) ?? { id: batchId, createdAt: submittedAt, uploads: [] }
  batch.uploads.push(upload)
  customer.batches.set(batchId, batch)
}

/**
 * What a device is recognised by: its serial number and its product key, each alone; only a device that has neither is
 * recognised by its hardware hash, so that 4,000 characters a device need not be kept.
 */
export function deviceKeys(
  device: Pick<SubmittedDevice, 'serialNumber' | 'productKey' | 'hardwareHash'>,
): string[] {
  const { serialNumber, productKey, hardwareHash } = device
  const keys: string[] = []
  if (serialNumber !== undefined) keys.push(`serial number ${serialNumber}`)
  if (productKey !== undefined) keys.push(`product key ${productKey}`)
  if (keys.length === 0 && hardwareHash !== undefined) keys.push(`hardware hash ${hardwareHash}`)
  return keys
}

function decideOutcome(
  device: SubmittedDevice,
  keys: readonly string[],
  customerId: string,
  owners: ReadonlyMap<string, string>,
  inThisUpload: ReadonlySet<string>,
): DeviceOutcome {
  const magic = magicOutcome(device.serialNumber)
  if (magic) return magic
  // Intune's page on registration failures names this error; no source tells its number.
  if (keys.some((key) => inThisUpload.has(key)))
    return { kind: 'failed', errorDescription: 'ZtdDeviceDuplicated' }
  const registrations = keys.map((key) => owners.get(key)).filter((owner) => owner !== undefined)
  if (registrations.some((owner) => owner !== customerId)) return failure('808')
  if (registrations.length > 0) return failure('806')
  return { kind: 'registered', deviceId: crypto.randomUUID() }
}
