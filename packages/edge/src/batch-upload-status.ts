/** What is the status of an upload? The one endpoint that this project is named for. */
import type { BatchUploadDetails } from '@devicebatch/contract'

import type { BatchUploadId } from './batch-location.ts'
import { readAnswer } from './call/answer.ts'
import type { PartnerFetch, PartnerTransport } from './call/partner-fetch.ts'
import { transportOf } from './call/partner-fetch.ts'
import { checkGuid, sameUpload, show } from './call/path.ts'
import { toResponseError } from './errors.ts'
import type { CallOptions } from './options.ts'
import { callNames, checkNames } from './options.ts'
import { wireText } from './wire-text.ts'

/**
 * Requests the status of a batch upload and of every device in it, once.
 *
 * @param partnerFetch What `createPartnerFetch` returned.
 * @param upload The customer and the tracking ID, both GUIDs; `parseBatchLocation` reads them from a `Location`.
 * @param options The signal, timeouts and IDs for this call.
 * @returns The response exactly as the service sent it. A `finished` batch can still contain failed devices: check each
 * entry of `devicesStatus`, or use `summarize` from `@devicebatch/client`.
 * Rejects with {@link ApiError} when the service returns an error, {@link ResponseError} when the response does not match
 * the contract, and with every error of {@link createPartnerFetch}.
 * @see Partner Center docs, "Get the status of a device batch upload".
 * @example
 * ```ts
 * import { createPartnerFetch, getBatchUploadStatus, isFinished } from '@devicebatch/edge'
 *
 * const partnerFetch = createPartnerFetch({ credential: () => process.env.DEVICEBATCH_TOKEN! })
 * const details = await getBatchUploadStatus(partnerFetch, {
 *   customerId: '47021739-3426-40bf-9601-61b4b6d7c793',
 *   batchTrackingId: '0127ed8e-ff72-4983-a3d8-e8d8bd378932',
 * })
 * console.log(isFinished(details), details.devicesStatus)
 * ```
 */
export async function getBatchUploadStatus(
  partnerFetch: PartnerFetch,
  upload: BatchUploadId,
  options?: CallOptions,
): Promise<BatchUploadDetails> {
  return (await readBatchUploadStatus(transportOf(partnerFetch), upload, options)).details
}

/** The same, with the response headers. */
export async function readBatchUploadStatus(
  transport: PartnerTransport,
  upload: BatchUploadId,
  options: CallOptions | undefined,
): Promise<{ details: BatchUploadDetails; headers: Headers }> {
  checkNames(options, callNames)
  const customerId = checkGuid('customerId', upload?.customerId)
  const batchTrackingId = checkGuid('batchTrackingId', upload.batchTrackingId)
  const exchange = await transport.send(`/customers/${customerId}/batchJobStatus/${batchTrackingId}`, options)
  const details = readAnswer(exchange, 'BatchUploadDetails', isBatchUploadDetails)
  const answered: unknown = details.batchTrackingId
  if (wireText(answered) && !sameUpload({ customerId, batchTrackingId: answered }, upload)) {
    throw toResponseError(
      exchange.call,
      exchange.status,
      `expected the status of upload ${batchTrackingId}, got that of ${show(answered)}. Check that no cache or proxy responds in place of the service.`,
      true,
    )
  }
  return { details, headers: exchange.headers }
}

/** Whether a parsed body can be the status of an upload: every other member may be missing. */
function isBatchUploadDetails(body: unknown): body is BatchUploadDetails {
  return typeof (body as { status?: unknown } | null | undefined)?.status === 'string'
}

/**
 * Whether the batch has finished: its status is `finished` or `finished_with_errors`, ignoring case, spaces, hyphens and
 * underscores. This says nothing about the individual devices.
 *
 * @example
 * ```ts
 * import { isFinished } from '@devicebatch/edge'
 *
 * console.log(isFinished({ batchTrackingId: '0127ed8e-ff72-4983-a3d8-e8d8bd378932', status: 'processing' })) // false
 * ```
 */
export function isFinished(details: BatchUploadDetails): boolean {
  return isTerminal(details.status)
}

/** Whether the status value of a batch or a device is terminal. */
export function isTerminal(status: unknown): boolean {
  return /^finished(witherrors)?$/.test(plainStatus(status))
}

/** A status value normalized for what varies between sources: case, spaces, hyphens and underscores. */
export function plainStatus(status: unknown): string {
  return wireText(status)
    .toLowerCase()
    .replace(/[\s_-]+/g, '')
}
