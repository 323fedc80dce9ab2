/** One upload: ask for it, watch it, wait for it, keep its name. */
import type { BatchUploadDetails } from '@devicebatch/contract'
import type { BatchUploadId, CallOptions } from '@devicebatch/edge'
import { checkGuid, isBatchUploadDetails } from '@devicebatch/edge/internal'

import type { Core } from './core.ts'
import type { PollSource, WaitOptions } from './poll.ts'
import { registerUpload, waitFor, watchUpload } from './poll.ts'
import type { BatchUploadReport } from './report.ts'
import { markEmulated } from './report.ts'
import { unwrapData } from './unwrap.ts'

/**
 * A batch upload, named by two GUIDs. It holds no state of its own: asking, watching and waiting may be done again and
 * again, at the same time, and after any of them failed. It is no thenable, so it may be returned from async functions.
 */
export interface BatchUpload {
  /** The customer's Microsoft Entra tenant id, a GUID. */
  readonly customerId: string
  /** The tracking id, a GUID. Keep it: the service has no list of tracking ids. */
  readonly batchTrackingId: string
  /**
   * Asks once.
   *
   * @returns The service's own answer. That its `status` is `finished` does not mean that the devices were registered.
   * Rejects with `ApiError`, `ConnectionError`, `TimeoutError`, `AuthenticationError`, `ResponseError` or
   * `InvalidArgumentError`; with the signal's own reason when it is aborted.
   */
  get(options?: CallOptions): Promise<BatchUploadDetails>
  /**
   * Asks until the batch has ended, and yields a report for each change, the first one included.
   *
   * Ends after the report of the ended batch. Throws what {@link BatchUpload.wait} rejects with. Leaving the loop ends
   * everything at once.
   */
  watch(options?: WaitOptions): AsyncIterable<BatchUploadReport>
  /**
   * Asks until the batch has ended.
   *
   * @returns The last report. Devices that failed are data in it, not an error.
   * Rejects with {@link WaitTimeoutError} after `timeoutMs`; with the error of a poll that no later one can mend, or of the
   * last of `maxFailures` in a row; with the signal's own reason when it is aborted.
   */
  wait(options?: WaitOptions): Promise<BatchUploadReport>
  /** The two ids: all that is needed to go on later, with `batchUploadStatus.byId`. */
  toJSON(): BatchUploadId
}

/** Makes the upload of these ids; throws `InvalidArgumentError` when one is no GUID. */
export function createBatchUpload(
  core: Core,
  ids: BatchUploadId,
  options: { justAccepted?: boolean } = {},
): BatchUpload {
  const customerId = checkGuid('customerId', ids.customerId)
  const batchTrackingId = checkGuid('batchTrackingId', ids.batchTrackingId)
  const get = async (callOptions?: CallOptions): Promise<BatchUploadDetails> => {
    const { data, exchange } = await unwrapData(
      core.transport,
      callOptions,
      'BatchUploadDetails',
      isBatchUploadDetails,
      (fetch) =>
        core.api.GET('/customers/{customerId}/batchJobStatus/{batchTrackingId}', {
          params: { path: { customerId, batchTrackingId } },
          fetch,
        }),
    )
    if (exchange.headers.get('x-devicebatch-emulator') !== null) markEmulated(data)
    return data
  }
  const upload: BatchUpload = {
    customerId,
    batchTrackingId,
    get,
    watch: (waitOptions) => watchUpload(upload, waitOptions),
    wait: (waitOptions) => waitFor(upload, waitOptions),
    toJSON: () => ({ customerId, batchTrackingId }),
  }
  const source: PollSource = {
    read: get,
    observe: core.transport.settings.observe,
    justAccepted: options.justAccepted === true,
  }
  registerUpload(upload, source)
  return upload
}
