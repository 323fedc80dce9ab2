/** Which upload did the service accept? */
import type { BatchUploadId } from '@devicebatch/edge'
import { InvalidArgumentError, parseBatchLocation, ResponseError } from '@devicebatch/edge'
import {
  bodyText,
  checkStatus,
  factsOf,
  faultOf,
  proxyAdvice,
  show,
  toApiError,
} from '@devicebatch/edge/internal'

import type { Core } from '../transport/core.ts'
import { exchangeOf } from '../transport/responses.ts'
import type { BatchUpload } from '../waiting/batch-upload.ts'
import { acceptedNow } from '../waiting/pollable-upload.ts'

/**
 * The upload that a 202 identifies: in its `Location` or, according to the REST reference, in its body. Throws `ApiError` for any
 * status other than 2xx.
 */
export function acceptedUpload(core: Core, customerId: string, response: Response): BatchUpload {
  const exchange = exchangeOf(response)
  checkStatus(exchange)
  const { call, status, body, header } = exchange
  const inBody = /\/customers\/[\w-]+\/batchJobStatus\/[\w-]+/i
  const location = header('location') ?? inBody.exec(bodyText(body))?.[0]
  try {
    return acceptedNow(core.transport, uploadAt(customerId, location ?? ''))
  } catch (cause) {
    const fault = faultOf(exchange)
    if (location === undefined && fault.serviceCode !== undefined) throw toApiError(call, exchange, fault)
    const problem =
      location === undefined && fault.isPage
        ? `The response to the upload is an HTML page with status ${status}, without a tracking ID. ${proxyAdvice}`
        : `The upload was accepted, but the response has no tracking ID of this customer (Location: ${show(location?.replace(/[?#].*/s, '…'))}).`
    throw new ResponseError(
      `${problem} Do not send it again before you have listed the devices of the batch.`,
      { ...factsOf(call), isAmbiguous: true, status },
      cause,
    )
  }
}

/** The IDs in a location, which must be of this customer. */
export function uploadAt(customerId: string, location: string): BatchUploadId {
  const ids = parseBatchLocation(location)
  if (ids.customerId.toLowerCase() === customerId.toLowerCase()) return ids
  throw new InvalidArgumentError(
    `\`location\` belongs to customer ${ids.customerId}, not to ${customerId}. Use the one from the response to an upload for this customer.`,
  )
}
