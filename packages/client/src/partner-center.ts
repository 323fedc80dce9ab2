/** The way in: a partner, its customers, and what can be done for each. */
import type { paths } from '@devicebatch/contract'
import type { PartnerFetchOptions } from '@devicebatch/edge'
import { checkGuid } from '@devicebatch/edge/internal'
import type { Client } from 'openapi-fetch'

import { uploadAt } from './resources/accepted-upload.ts'
import type { ConfigurationPolicies } from './resources/configuration-policies.ts'
import { createConfigurationPolicies } from './resources/configuration-policies.ts'
import { registerCustomer } from './resources/customer-core.ts'
import type { DeviceBatches } from './resources/device-batches.ts'
import { createDeviceBatches } from './resources/device-batches.ts'
import type { DevicePolicy } from './resources/device-policy.ts'
import { createDevicePolicy } from './resources/device-policy.ts'
import { createCore } from './transport/core.ts'
import type { BatchUpload } from './waiting/batch-upload.ts'
import { createBatchUpload } from './waiting/batch-upload.ts'

/** A partner's access to Partner Center. */
export interface PartnerCenter {
  /** Every documented operation through openapi-fetch, as `{ data, error, response }`; calls go the same way as all others. */
  readonly api: Client<paths>
  /** The customers of the partner. */
  readonly customers: {
    /** One customer, by its Microsoft Entra tenant id. Throws `InvalidArgumentError` when it is no GUID. */
    byId(customerId: string): Customer
  }
}

/** One customer of the partner. */
export interface Customer {
  /** The customer's Microsoft Entra tenant id, a GUID. */
  readonly customerId: string
  /** What became of its uploads and policy updates. */
  readonly batchUploadStatus: {
    /** The upload with this tracking id, a GUID; nothing is asked yet. Throws `InvalidArgumentError`. */
    byId(batchTrackingId: string): BatchUpload
    /** The upload that a `Location` names. Throws `InvalidArgumentError` when it is none, or another customer's. */
    fromLocation(location: string): BatchUpload
  }
  /** Its device batches, and uploads into them. */
  readonly deviceBatches: DeviceBatches
  /** The policies of its devices. */
  readonly devicePolicy: DevicePolicy
  /** Its configuration policies. */
  readonly configurationPolicies: ConfigurationPolicies
}

/**
 * Makes a client for Partner Center. Nothing is asked until a method is called.
 *
 * @param options The credential and the limits; the same as those of `createPartnerFetch` of `@devicebatch/edge`.
 * @throws {@link InvalidArgumentError} when an option is wrong.
 * @example
 * ```ts
 * import { createPartnerCenter } from '@devicebatch/client'
 *
 * const partner = createPartnerCenter({ credential: () => process.env.DEVICEBATCH_TOKEN! })
 * const customer = partner.customers.byId('47021739-3426-40bf-9601-61b4b6d7c793')
 * const upload = await customer.deviceBatches.create({
 *   batchId: 'Front desk',
 *   devices: [{ serialNumber: '1R9-ZNP67', oemManufacturerName: 'Contoso', modelName: 'Tablet 3' }],
 * })
 * console.log(JSON.stringify(upload))
 * const report = await upload.wait()
 * console.log(report.outcome, report.failures)
 * ```
 */
export function createPartnerCenter(options: PartnerFetchOptions): PartnerCenter {
  const core = createCore(options)
  return {
    get api() {
      return core.userApi
    },
    customers: {
      byId(id) {
        const customerId = checkGuid('customerId', id)
        const customer: Customer = {
          customerId,
          batchUploadStatus: {
            byId: (batchTrackingId) => createBatchUpload(core, { customerId, batchTrackingId }),
            fromLocation: (location) => createBatchUpload(core, uploadAt(customerId, location)),
          },
          deviceBatches: createDeviceBatches(core, customerId),
          devicePolicy: createDevicePolicy(core, customerId),
          configurationPolicies: createConfigurationPolicies(core, customerId),
        }
        return registerCustomer(customer, core)
      },
    },
  }
}
