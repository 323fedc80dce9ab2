/** A device as a caller submits it. */

import type { DeviceOutcome } from '../state/state.ts'

/** A device as it is submitted; `outcome` only where a seed dictates it. */
export interface SubmittedDevice {
  serialNumber?: string | undefined
  productKey?: string | undefined
  hardwareHash?: string | undefined
  modelName?: string | undefined
  oemManufacturerName?: string | undefined
  policies?: PolicyAssignment[] | undefined
  outcome?: DeviceOutcome | undefined
}

/** A policy for a device, as a request carries it: the policy's id, or null to take the category's policy away. */
export interface PolicyAssignment {
  category: string
  policyId: string | null
}
