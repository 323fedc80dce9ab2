/** Which policy applies to which device? */
import type { DevicePolicyUpdate } from '@devicebatch/contract'
import type { CallOptions } from '@devicebatch/edge'
import { InvalidArgumentError } from '@devicebatch/edge'

import { acceptedUpload } from './accepted-upload.ts'
import type { BatchUpload } from './batch-upload.ts'
import type { Core } from './core.ts'
import { unwrap } from './unwrap.ts'

/** The policies of a customer's devices. */
export interface DevicePolicy {
  /**
   * Applies policies to devices.
   *
   * @param devices Each device by its id, with the policies to apply by theirs, one for each category. How a policy is taken
   * away is not documented.
   * @returns The update, which is followed as an upload is: accepted, not yet done. Rejects as `DeviceBatches.create` does.
   */
  update(devices: readonly DevicePolicyUpdate[], options?: CallOptions): Promise<BatchUpload>
}

export function createDevicePolicy(core: Core, customerId: string): DevicePolicy {
  return {
    async update(devices, options) {
      if (!Array.isArray(devices) || devices.length === 0) {
        throw new InvalidArgumentError('`devices` must be an array with at least one device.')
      }
      devices.forEach((device: DevicePolicyUpdate, index) => {
        if (device?.id && Array.isArray(device.policies) && device.policies.length > 0) return
        throw new InvalidArgumentError(
          `\`devices[${index}]\` must have the \`id\` of a device and at least one policy as { key, value: policyId }.`,
        )
      })
      const exchange = await unwrap(core.transport, options, (fetch) =>
        core.api.PATCH('/customers/{customerId}/DevicePolicyUpdates', {
          params: { path: { customerId } },
          body: { devices: [...devices] },
          fetch,
        }),
      )
      return acceptedUpload(core, customerId, exchange)
    },
  }
}
