/** A device as a caller submits it. */

import type { DeviceOutcome } from '../state/state.ts'

/** A submitted device; only a seed sets `outcome`. */
export interface SubmittedDevice {
  serialNumber?: string | undefined
  productKey?: string | undefined
  hardwareHash?: string | undefined
  modelName?: string | undefined
  oemManufacturerName?: string | undefined
  policies?: PolicyAssignment[] | undefined
  outcome?: DeviceOutcome | undefined
}

/** A policy for a device, as in a request: the policy's ID, or null to remove the category's policy. */
export interface PolicyAssignment {
  category: string
  policyId: string | null
}
