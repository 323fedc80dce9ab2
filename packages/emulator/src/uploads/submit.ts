/** Accepts an upload: decides the outcome of each device, and registers those that succeed. */

import { addToBatch } from '../devices/batch-devices.ts'
import { deviceKeys } from '../devices/keys.ts'
import type { SubmittedDevice } from '../devices/submitted-device.ts'
import { policyFailure } from '../policies/policies.ts'
import { getOrAddCustomer, nextSequence } from '../state/state.ts'
import type {
  Batch,
  BatchDevice,
  CustomerState,
  DeviceOutcome,
  EmulatorState,
  Upload,
} from '../state/state.ts'
import { preciseWireTime } from '../time/wire-time.ts'
import { deviceEndsAt } from './lifecycle.ts'
import { failure, magicOutcome, neverFinishes } from './magic-serials.ts'

export interface Submission {
  customerId: string
  batchId: string
  batchTrackingId: string
  requestId?: string | undefined
  submittedAt: number
  queuedMs: number
  processingMs: number
  /** It stops halfway and never finishes, whatever the name of its batch. */
  stuck?: boolean | undefined
  devices: readonly SubmittedDevice[]
}

/** Adds the upload to its batch, which is created if new, and to the customer's uploads. */
export function submit(state: EmulatorState, submission: Submission): void {
  const { batchId, batchTrackingId, requestId, submittedAt, queuedMs, processingMs } = submission
  const customerId = submission.customerId.toLowerCase()
  const customer = getOrAddCustomer(state, customerId)
  const upload: Upload = {
    batchTrackingId,
    sequence: nextSequence(state),
    requestId,
    batchId,
    submittedAt,
    queuedMs,
    processingMs,
    neverFinishes: (submission.stuck ?? false) || neverFinishes(batchId),
    devices: decideOutcomes(state, customerId, submission.devices).map((outcome, index) => ({
      serialNumber: submission.devices[index]?.serialNumber,
      productKey: submission.devices[index]?.productKey,
      outcome,
    })),
  }
  customer.uploads.set(batchTrackingId.toLowerCase(), upload)
  const batch = getOrAddBatch(state, customer, batchId, submittedAt)
  batch.uploads.push(batchTrackingId)
  batch.unlisted = undefined
  addToBatch(batch, registrations(state, submission, upload))
}

/** The customer's batch with this ID, created if absent. */
export function getOrAddBatch(
  state: EmulatorState,
  customer: CustomerState,
  id: string,
  createdAt: number,
): Batch {
  let batch = customer.batches.get(id)
  if (!batch) {
    batch = { id, sequence: nextSequence(state), createdAt, uploads: [], devices: [] }
    customer.batches.set(id, batch)
  }
  return batch
}

/** The outcome of each device, in upload order; the customer owns its successful devices from now on. */
function decideOutcomes(
  state: EmulatorState,
  customerId: string,
  devices: readonly SubmittedDevice[],
): DeviceOutcome[] {
  const inThisUpload = new Set<string>()
  return devices.map((device) => {
    const keys = deviceKeys(device)
    const outcome = device.outcome ?? decideOutcome(state, customerId, device, keys, inThisUpload)
    for (const key of keys) {
      inThisUpload.add(key)
      if (outcome.kind === 'succeeded') state.owners.set(key, customerId)
    }
    return outcome
  })
}

function decideOutcome(
  state: EmulatorState,
  customerId: string,
  device: SubmittedDevice,
  keys: readonly string[],
  inThisUpload: ReadonlySet<string>,
): DeviceOutcome {
  const magic = magicOutcome(device.serialNumber)
  if (magic) return magic
  // Intune's page on registration failures lists this error; no source gives its number.
  if (keys.some((key) => inThisUpload.has(key)))
    return { kind: 'failed', errorDescription: 'ZtdDeviceDuplicated' }
  const owners = keys.map((key) => state.owners.get(key)).filter((owner) => owner !== undefined)
  if (owners.some((owner) => owner !== customerId)) return failure('808')
  if (owners.length > 0) return failure('806')
  const code = policyFailure(state, customerId, device.policies ?? [])
  return code === undefined ? { kind: 'succeeded', deviceId: crypto.randomUUID() } : failure(code)
}

/** The devices that the batch gets from the upload, each at its time; a stuck upload never reaches some of them. */
function registrations(state: EmulatorState, { devices }: Submission, upload: Upload): BatchDevice[] {
  const uploadedDate = preciseWireTime(upload.submittedAt)
  const registered: BatchDevice[] = []
  for (const [index, device] of devices.entries()) {
    const outcome = upload.devices[index]?.outcome
    const registeredAt = deviceEndsAt(upload, index)
    if (outcome?.kind !== 'succeeded' || registeredAt === Infinity) continue
    const { serialNumber, productKey, modelName, oemManufacturerName } = device
    registered.push({
      id: outcome.deviceId,
      sequence: nextSequence(state),
      registeredAt,
      uploadedDate,
      serialNumber,
      productKey,
      modelName,
      oemManufacturerName,
      keys: deviceKeys(device),
      policies: (device.policies ?? []).map((policy) => ({ at: registeredAt, ...policy })),
    })
  }
  return registered
}
