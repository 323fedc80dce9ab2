/** Which upload does a `Location` header name? */
import { checkGuid, showAddress } from './call/path.ts'
import { InvalidArgumentError } from './errors.ts'

/** The two IDs that identify a batch upload; they are all you need to request its status later. */
export interface BatchUploadId {
  /** The customer's Microsoft Entra tenant ID, a GUID. */
  customerId: string
  /** The ID of the upload, a GUID: the last segment of the `Location` header in the response to the upload. */
  batchTrackingId: string
}

const location =
  /^(?:https?:\/\/[^/?#]*)?\/*(?:v1\/+)?customers\/+([^/?#]+)\/+batchjobstatus\/+([^/?#]+)\/*(?:[?#].*)?$/i

/**
 * Reads the customer and the tracking ID from the `Location` of an accepted upload.
 *
 * Accepts every known form: relative without `/v1` (what the service sends), with `/v1`, absolute, with doubled slashes, in
 * any case. It only parses the text: it fetches nothing and ignores the host of an absolute URL.
 *
 * @throws {@link InvalidArgumentError} when the text is not a batch location or an ID in it is not a GUID.
 * @see Partner Center docs, "Upload a list of devices to create a new batch for the specified customer".
 * @example
 * ```ts
 * import { parseBatchLocation } from '@devicebatch/edge'
 *
 * const { customerId, batchTrackingId } = parseBatchLocation(
 *   '/customers/47021739-3426-40bf-9601-61b4b6d7c793/batchJobStatus/0127ed8e-ff72-4983-a3d8-e8d8bd378932',
 * )
 * console.log(customerId, batchTrackingId)
 * ```
 */
export function parseBatchLocation(location_: string): BatchUploadId {
  const match = typeof location_ === 'string' ? location.exec(location_) : undefined
  if (!match) {
    throw new InvalidArgumentError(
      `\`location\` must look like /customers/{customerId}/batchJobStatus/{batchTrackingId}; got ${showAddress(location_)}.`,
    )
  }
  return {
    customerId: checkGuid('customerId', match[1]),
    batchTrackingId: checkGuid('batchTrackingId', match[2]),
  }
}
