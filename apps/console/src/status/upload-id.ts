/** Which upload did the user choose? */
import type { BatchUpload, BatchUploadId } from '@devicebatch/client'
import { InvalidArgumentError, parseBatchLocation } from '@devicebatch/client'
import { checkGuid } from '@devicebatch/edge/internal'

import type { CommandContext } from '../cli/context.ts'
import type { Connection } from '../service/connect.ts'
import type { CustomerText } from '../service/customer-text.ts'
import { readCustomerText } from '../service/customer-text.ts'
import { findCustomer } from '../service/find-customer.ts'

/** An upload as the user specified it. */
export interface WantedUpload {
  batchTrackingId: string
  customer: CustomerText
  /** The customer of a `Location`, which must match `customer`. */
  locationOf?: string | undefined
}

/**
 * Reads the tracking ID argument: the ID itself, or the whole `Location`, which names the customer as well. Throws
 * `InvalidArgumentError` when the customer is missing or is not that of the `Location`.
 */
export function readUploadId(
  text: string,
  customer: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): WantedUpload {
  if (!text.includes('/')) {
    if (customer === undefined && !env['DEVICEBATCH_CUSTOMER']?.trim()) {
      throw new InvalidArgumentError(
        "--customer is missing. Pass the customer's tenant ID, a domain or the beginning of its name, or the whole Location instead of the tracking ID.",
      )
    }
    return {
      batchTrackingId: checkGuid('batchTrackingId', text),
      customer: readCustomerText(customer, env),
    }
  }
  const { customerId, batchTrackingId } = parseBatchLocation(text)
  const located: CustomerText = { kind: 'id', customerId }
  if (customer === undefined) return { batchTrackingId, customer: located }
  const named = readCustomerText(customer, env)
  if (named.kind === 'id') checkSame(named.customerId, customerId, customer)
  return { batchTrackingId, customer: named, locationOf: customerId }
}

/** Finds the customer of the upload. Rejects as `findCustomer` does, and when the `Location` belongs to another one. */
export async function findUpload(
  connection: Connection,
  { batchTrackingId, customer: text, locationOf }: WantedUpload,
  context: CommandContext,
): Promise<{ upload: BatchUpload; customer: BatchUploadId & { customerName: string | undefined } }> {
  const { customer, customerName } = await findCustomer(connection, text, context)
  const { customerId } = customer
  if (locationOf !== undefined) checkSame(customerId, locationOf, customerId)
  const upload = customer.batchUploadStatus.byId(batchTrackingId)
  return { upload, customer: { customerId, customerName, batchTrackingId } }
}

function checkSame(customerId: string, locationOf: string, shown: string): void {
  if (customerId.toLowerCase() === locationOf.toLowerCase()) return
  throw new InvalidArgumentError(
    `The Location belongs to customer ${locationOf}, but --customer is ${JSON.stringify(shown)}. Leave out --customer.`,
  )
}
