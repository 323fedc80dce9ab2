/** The entry point: a partner, its customers, and what you can do for each. */
import type { paths } from '@devicebatch/contract'
import type { PartnerFetchOptions } from '@devicebatch/edge'
import { createPartnerFetch } from '@devicebatch/edge'
import type { Client } from 'openapi-fetch'

import type { Customers } from './resources/customers.ts'
import { createCustomers } from './resources/customers.ts'
import { createCore } from './transport/core.ts'

/** A partner's access to Partner Center. */
export interface PartnerCenter {
  /** Every documented operation through openapi-fetch, as `{ data, error, response }`, with the same transport as all other calls. */
  readonly api: Client<paths>
  /** The customers of the partner. */
  readonly customers: Customers
}

/** The options of {@link createPartnerCenter}: those of `createPartnerFetch`. */
export type PartnerCenterOptions = PartnerFetchOptions

/**
 * Creates a client for Partner Center. It sends nothing until you call a method.
 *
 * @param options The credential and the timeouts, as for `createPartnerFetch` of `@devicebatch/edge`.
 * @throws {@link InvalidArgumentError} when an option is invalid.
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
export function createPartnerCenter(options: PartnerCenterOptions): PartnerCenter {
  const core = createCore(createPartnerFetch(options))
  return {
    get api() {
      return core.userApi
    },
    customers: createCustomers(core),
  }
}
