/** Which policy applies to which device? */
import type { DevicePolicyUpdate } from '@devicebatch/contract'
import type { CallOptions } from '@devicebatch/edge'
import { InvalidArgumentError } from '@devicebatch/edge'
import { checkGuid, show } from '@devicebatch/edge/internal'

import type { Core } from '../transport/core.ts'
import type { BatchUpload } from '../waiting/batch-upload.ts'
import { acceptedUpload } from './accepted-upload.ts'
import { checkDeviceList } from './new-device.ts'

/** The policies of a customer's devices. */
export interface DevicePolicy {
  /**
   * Applies policies to devices.
   *
   * @param devices Each device by its ID, with the policies to apply by theirs, one for each category. How to remove a
   * policy is not documented; `value: null` is sent as is.
   * @returns The update, accepted but not yet processed; track it like an upload. Rejects as `DeviceBatches.create` does.
   */
  update(devices: readonly DevicePolicyUpdate[], options?: CallOptions): Promise<BatchUpload>
}

export function createDevicePolicy(core: Core, customerId: string): DevicePolicy {
  return {
    async update(devices, options) {
      checkDeviceList(devices)
      const body = { devices: Array.from(devices, toWireUpdate) }
      const { response } = await core.api.PATCH('/customers/{customerId}/DevicePolicyUpdates', {
        params: { path: { customerId } },
        body,
        ...core.sendWith(options),
      })
      return acceptedUpload(core, customerId, response)
    },
  }
}

/** A device as it is sent: its ID and its policies, and nothing else. */
function toWireUpdate(device: DevicePolicyUpdate, index: number): DevicePolicyUpdate {
  const name = `\`devices[${index}]`
  if (typeof device?.id !== 'string' || device.id.trim() === '') {
    throw new InvalidArgumentError(
      `${name}.id\` must be the \`id\` of a device in the list of devices; got ${show(device?.id)}.`,
    )
  }
  const { id, policies } = device
  if (!Array.isArray(policies) || policies.length === 0) {
    throw new InvalidArgumentError(`${name}.policies\` must be an array with at least one { key, value }.`)
  }
  for (const [at, policy] of policies.entries()) {
    if (typeof policy?.key === 'string' && policy.key !== '') {
      // How to remove a policy is not documented; null is plausible.
      if (policy.value !== null) checkGuid(`devices[${index}].policies[${at}].value`, policy.value)
      continue
    }
    throw new InvalidArgumentError(
      `${name}.policies[${at}].key\` must be a category such as "o_o_b_e"; got ${show(policy?.key)}.`,
    )
  }
  return { id, policies }
}
