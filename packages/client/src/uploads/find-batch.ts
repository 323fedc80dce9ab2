/** Does the batch of an upload exist? */
import type { DeviceBatch } from '@devicebatch/contract'
import type { CallOptions } from '@devicebatch/edge'
import { buildPath } from '@devicebatch/edge/internal'

import type { CustomerResource } from '../resources/customer.ts'

/**
 * Finds the batch that {@link uploadDevices} would add devices to. The documentation does not say whether batch names are
 * case-sensitive. Like Partner Center's PowerShell module, this function ignores case, but prefers an exact match.
 *
 * @param customer The customer, from `partner.customers.byId`.
 * @param batchId The name of the batch.
 * @param options The signal, timeouts and retries of each request.
 * @returns The batch; `undefined` when an upload would create it. Rejects with the error of a request that fails.
 * @example
 * ```ts
 * import type { CustomerResource } from '@devicebatch/client'
 * import { findBatch } from '@devicebatch/client'
 *
 * export async function describeTarget(customer: CustomerResource): Promise<string> {
 *   const batch = await findBatch(customer, 'Front desk')
 *   return batch ? `Adds to ${batch.id}, which has ${batch.devicesCount} devices` : 'Creates the batch'
 * }
 * ```
 */
export async function findBatch(
  customer: CustomerResource,
  batchId: string,
  options?: Omit<CallOptions, 'requestId'>,
): Promise<DeviceBatch | undefined> {
  // No batch can have a name that is not valid in a path.
  buildPath('{batchId}', { batchId })
  let found: DeviceBatch | undefined
  for await (const batch of customer.deviceBatches.list(options)) {
    if (batch.id.toLowerCase() !== batchId.toLowerCase()) continue
    found = batch
    if (batch.id === batchId) break
  }
  return found
}
