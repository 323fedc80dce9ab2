/** Which upload did the user choose? */
import type { BatchUploadId } from '@devicebatch/client'
import { InvalidArgumentError, parseBatchLocation } from '@devicebatch/client'

/**
 * Reads the tracking id argument: the id itself, or the whole `Location`, which names the customer as well. Throws
 * `InvalidArgumentError` when the customer is missing or is not that of the `Location`.
 */
export function readUploadId(text: string, customer: string | undefined): BatchUploadId {
  if (text.includes('/')) {
    const found = parseBatchLocation(text)
    if (customer === undefined || customer.toLowerCase() === found.customerId.toLowerCase()) return found
    throw new InvalidArgumentError(
      `The Location belongs to customer ${found.customerId}, but --customer is ${JSON.stringify(customer)}. Leave out --customer.`,
    )
  }
  if (customer !== undefined) return { customerId: customer, batchTrackingId: text }
  throw new InvalidArgumentError(
    "--customer is missing. Pass the customer's tenant id, or the whole Location instead of the tracking id.",
  )
}
