/** One customer of the partner, and what you can do for it. */
import type { Customer } from '@devicebatch/contract'
import type { CallOptions } from '@devicebatch/edge'
import { InvalidArgumentError } from '@devicebatch/edge'
import { checkGuid } from '@devicebatch/edge/internal'

import type { Core } from '../transport/core.ts'
import type { BatchUpload } from '../waiting/batch-upload.ts'
import { batchUpload } from '../waiting/pollable-upload.ts'
import { uploadAt } from './accepted-upload.ts'
import type { ConfigurationPolicies } from './configuration-policies.ts'
import { createConfigurationPolicies } from './configuration-policies.ts'
import type { DeviceBatches } from './device-batches.ts'
import { createDeviceBatches } from './device-batches.ts'
import type { DevicePolicy } from './device-policy.ts'
import { createDevicePolicy } from './device-policy.ts'
import type { ListedResource } from './list-of.ts'
import { readResource } from './list-of.ts'

/** One customer of the partner. */
export interface CustomerResource {
  /** The customer's Microsoft Entra tenant ID, a GUID. */
  readonly customerId: string
  /**
   * Reads the customer: its company name, its domains, and its relationship to the partner. Rejects with `ApiError` (404)
   * when it is not a customer of the partner.
   */
  get(options?: CallOptions): Promise<Customer>
  /** The status of its uploads and policy updates. */
  readonly batchUploadStatus: {
    /** The upload with this tracking ID, a GUID; sends nothing yet. Throws `InvalidArgumentError` when it is not a GUID. */
    byId(batchTrackingId: string): BatchUpload
    /** The upload that a `Location` identifies. Throws `InvalidArgumentError` when it is invalid or belongs to another customer. */
    fromLocation(location: string): BatchUpload
  }
  /** Its device batches, and uploads into them. */
  readonly deviceBatches: DeviceBatches
  /** The policies of its devices. */
  readonly devicePolicy: DevicePolicy
  /** Its configuration policies. */
  readonly configurationPolicies: ConfigurationPolicies
}

export const listedCustomer: ListedResource<Customer> = {
  contract: 'Customer',
  shape: {
    id: 'text',
    commerceId: 'text',
    companyProfile: { row: { tenantId: 'text', domain: 'text', companyName: 'text' } },
    relationshipToPartner: 'text',
    customDomains: 'texts',
  },
}

// Registered, so that every copy of this package finds it.
const coreKey: unique symbol = Symbol.for('devicebatch.core')

/** The customer with this ID. Throws `InvalidArgumentError` when it is not a GUID. */
export function createCustomer(core: Core, id: string): CustomerResource {
  const customerId = checkGuid('customerId', id)
  const customer: CustomerResource = {
    customerId,
    async get(options) {
      const params = { path: { customerId } }
      return readResource(
        listedCustomer,
        await core.api.GET('/customers/{customerId}', { params, ...core.sendWith(options) }),
      )
    },
    batchUploadStatus: {
      byId: (batchTrackingId) => batchUpload(core.partnerFetch, { customerId, batchTrackingId }),
      fromLocation: (location) => batchUpload(core.partnerFetch, uploadAt(customerId, location)),
    },
    deviceBatches: createDeviceBatches(core, customerId),
    devicePolicy: createDevicePolicy(core, customerId),
    configurationPolicies: createConfigurationPolicies(core, customerId),
  }
  // Not enumerable: nobody should print the credential in it.
  return Object.defineProperty(customer, coreKey, { value: core })
}

/** The transport of a customer. Throws `InvalidArgumentError` for an object that no copy of this package created. */
export function coreOf(customer: CustomerResource): Core {
  const core = (customer as { [coreKey]?: Core } | null | undefined)?.[coreKey]
  if (core) return core
  throw new InvalidArgumentError('`customer` must be what partner.customers.byId() returned.')
}
