/** A customer's policies: their wire format, and which ones a device can get. */

import type { ConfigurationPolicy } from '@devicebatch/contract'

import { appliedPolicies } from '../devices/batch-devices.ts'
import type { PolicyAssignment } from '../devices/submitted-device.ts'
import type { EmulatorSettings } from '../options.ts'
import type { CustomerState, EmulatorState, Policy } from '../state/state.ts'

/** The policy in its wire format, with the counter named according to the settings. */
export function toPolicy(
  policy: Policy,
  devicesAssigned: number,
  { policyCounter }: Pick<EmulatorSettings, 'policyCounter'>,
): ConfigurationPolicy {
  const { id, name, category, description, policySettings, createdDate, lastModifiedDate } = policy
  return {
    id,
    name,
    category,
    ...(description !== undefined && { description }),
    ...(policyCounter !== 'devicesAssignedCount' && { devicesAssigned }),
    ...(policyCounter !== 'devicesAssigned' && { devicesAssignedCount: devicesAssigned }),
    policySettings,
    createdDate,
    lastModifiedDate,
    attributes: { objectType: 'ConfigurationPolicy' },
  }
}

/** How many of the customer's devices each policy applies to now, by policy ID. */
export function countAssignments(customer: CustomerState, now: number): Map<string, number> {
  const counts = new Map<string, number>()
  for (const batch of customer.batches.values()) {
    for (const device of batch.devices) {
      if (device.registeredAt > now) break
      for (const policyId of appliedPolicies(device, now).values()) {
        counts.set(policyId, (counts.get(policyId) ?? 0) + 1)
      }
    }
  }
  return counts
}

/**
 * The error code with which assigning these policies to a device fails: 809 for a policy that does not exist, 810 for
 * another customer's, undefined when the customer has them all.
 */
export function policyFailure(
  state: EmulatorState,
  customerId: string,
  assignments: readonly PolicyAssignment[],
): '809' | '810' | undefined {
  const own = state.customers.get(customerId.toLowerCase())
  for (const { policyId } of assignments) {
    if (policyId === null || own?.policies.has(policyId)) continue
    return [...state.customers.values()].some(({ policies }) => policies.has(policyId)) ? '810' : '809'
  }
  return undefined
}
