/** The devices of a batch: which exist at a given time, in which order, and their wire format. */

import type { AssignedPolicy, Device } from '@devicebatch/contract'

import type { EmulatorSettings } from '../options.ts'
import { withNulls } from '../quirks/absent.ts'
import { spellTime } from '../quirks/wording.ts'
import type { Batch, BatchDevice, CustomerState, PolicyChange } from '../state/state.ts'

/** How many of the batch's devices are registered by now; they come first in `batch.devices`. */
export function registeredCount(batch: Batch, now: number): number {
  return countUpTo(batch.devices, now, Infinity)
}

/** How many devices at the beginning of the list come no later than this position. */
export function countUpTo(devices: readonly BatchDevice[], registeredAt: number, sequence: number): number {
  let [before, after] = [0, devices.length]
  while (before < after) {
    const middle = Math.floor((before + after) / 2)
    const device = devices[middle]
    if (device && comparePlaces(device, { registeredAt, sequence }) <= 0) before = middle + 1
    else after = middle
  }
  return before
}

/** Inserts the devices in order, so that a list read page by page during uploads grows only at its end. */
export function addToBatch(batch: Batch, devices: readonly BatchDevice[]): void {
  batch.devices = [...batch.devices, ...devices].toSorted(comparePlaces)
}

/** The device with this ID, if it is registered by now. */
export function findDevice(batch: Batch, deviceId: string, now: number): BatchDevice | undefined {
  return batch.devices.find((device) => device.id === deviceId && device.registeredAt <= now)
}

/** The device as lists and updates return it. */
export function toDevice(
  device: BatchDevice,
  customer: CustomerState,
  now: number,
  settings: EmulatorSettings,
): Device {
  const { id, serialNumber, productKey, modelName, oemManufacturerName, uploadedDate } = device
  const body = {
    id,
    ...(serialNumber !== undefined && { serialNumber }),
    ...(productKey !== undefined && { productKey }),
    ...(modelName !== undefined && { modelName }),
    ...(oemManufacturerName !== undefined && { oemManufacturerName }),
    policies:
      settings.nulls && appliedPolicies(device, now).size === 0
        ? null
        : assignedPolicies(device, customer, now),
    uploadedDate: spellTime(uploadedDate, settings),
    attributes: { objectType: 'Device' },
  }
  return withNulls(body, mayBeNull, settings) as Device
}

const mayBeNull = ['serialNumber', 'productKey', 'modelName', 'oemManufacturerName'] as const

/** The IDs of the policies that apply to the device now, by category. */
export function appliedPolicies(device: Pick<BatchDevice, 'policies'>, now: number): Map<string, string> {
  const applied = new Map<string, string>()
  for (const { at, category, policyId } of device.policies) {
    if (at > now) continue
    if (policyId === null) applied.delete(category)
    else applied.set(category, policyId)
  }
  return applied
}

/** The device's changes plus these, in chronological order. */
export function withChanges(
  device: BatchDevice,
  at: number,
  changes: readonly Omit<PolicyChange, 'at'>[],
): PolicyChange[] {
  const added = changes.map((change) => ({ at, ...change }))
  return [...device.policies, ...added].toSorted((one, other) => one.at - other.at)
}

/**
 * By display name, as in a capture; the out-of-box category is present even without a policy, as in the documented
 * list. A deleted policy no longer has a name.
 */
function assignedPolicies(device: BatchDevice, customer: CustomerState, now: number): AssignedPolicy[] {
  const applied = appliedPolicies(device, now)
  const categories = new Set(['o_o_b_e', ...applied.keys()])
  return [...categories].map((key) => {
    const policyId = applied.get(key)
    const policy = policyId === undefined ? undefined : customer.policies.get(policyId)
    return { key, value: policy?.name ?? null }
  })
}

type Place = Pick<BatchDevice, 'registeredAt' | 'sequence'>

function comparePlaces(one: Place, other: Place): number {
  return one.registeredAt - other.registeredAt || one.sequence - other.sequence
}
