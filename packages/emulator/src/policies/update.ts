/** Accepts a policy update: decides the outcome of each device, and when its policies change. */

import { withChanges } from '../devices/batch-devices.ts'
import type { DevicePolicyUpdate } from '../devices/bodies.ts'
import { getOrAddCustomer, nextSequence } from '../state/state.ts'
import type { BatchDevice, EmulatorState, Upload } from '../state/state.ts'
import { deviceEndsAt } from '../uploads/lifecycle.ts'
import { failure } from '../uploads/magic-serials.ts'
import { policyFailure } from './policies.ts'

export interface PolicyUpdate {
  customerId: string
  batchTrackingId: string
  requestId?: string | undefined
  submittedAt: number
  queuedMs: number
  processingMs: number
  /** It stops halfway and never finishes. */
  stuck: boolean
  devices: readonly DevicePolicyUpdate[]
}

/**
 * Adds the update to the customer's uploads. A device that the customer has not registered fails with 807, a policy that
 * does not exist with 809, another customer's with 810.
 */
export function startPolicyUpdate(state: EmulatorState, update: PolicyUpdate): void {
  const { customerId, batchTrackingId, requestId, submittedAt, queuedMs, processingMs, stuck } = update
  const customer = getOrAddCustomer(state, customerId)
  const registered = new Map<string, BatchDevice>()
  for (const { devices } of customer.batches.values()) {
    for (const device of devices) if (device.registeredAt <= submittedAt) registered.set(device.id, device)
  }

  const upload: Upload = {
    batchTrackingId,
    sequence: nextSequence(state),
    requestId,
    submittedAt,
    queuedMs,
    processingMs,
    neverFinishes: stuck,
    devices: update.devices.map(({ id, policies }) => {
      const device = registered.get(id)
      const code = device ? policyFailure(state, customerId, policies) : '807'
      return {
        deviceId: id,
        serialNumber: device?.serialNumber,
        productKey: device?.productKey,
        outcome: code === undefined ? { kind: 'succeeded', deviceId: id } : failure(code),
      }
    }),
  }
  customer.uploads.set(batchTrackingId.toLowerCase(), upload)
  for (const [index, { id, policies }] of update.devices.entries()) {
    const device = registered.get(id)
    const at = deviceEndsAt(upload, index)
    if (upload.devices[index]?.outcome.kind !== 'succeeded' || !device || at === Infinity) continue
    device.policies = withChanges(device, at, policies)
  }
}
