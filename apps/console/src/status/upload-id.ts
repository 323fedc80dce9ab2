/** Which upload does the user mean? */
import type { BatchUploadId } from '@devicebatch/client'
import { InvalidArgumentError, parseBatchLocation } from '@devicebatch/client'

/**
 * Reads what stands in place of TRACKING-ID: the id itself, or the whole `Location`, which names the customer as well.
 * Throws `InvalidArgumentError` when the customer is missing, or is another one than that of the `Location`.
 */
export function readUploadId(text: string, customer: string | undefined): BatchUploadId {
  if (text.includes('/')) {
    const found = parseBatchLocation(text)
    if (customer === undefined || customer.toLowerCase() === found.customerId.toLowerCase()) return found
    throw new InvalidArgumentError(
      `The Location belongs to customer ${found.customerId}, --customer says ${JSON.stringify(customer)}. Leave out --customer.`,
    )
  }
  if (customer !== undefined) return { customerId: customer, batchTrackingId: text }
  throw new InvalidArgumentError(
    '--customer is missing. Give the tenant id of the customer, or the whole Location in place of the tracking id.',
  )
}
