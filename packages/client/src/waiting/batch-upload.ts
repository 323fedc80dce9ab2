/** One upload: ask for it, watch it, wait for it, keep its name. */
import type { BatchUploadDetails } from '@devicebatch/contract'
import type { BatchUploadId, CallOptions } from '@devicebatch/edge'

import type { BatchUploadReport } from '../reports/report.ts'
import type { WaitOptions } from './poll-schedule.ts'

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
   * Polls once.
   *
   * @returns The service's own answer. That its `status` is `finished` does not mean that the devices were registered.
   * Rejects with `ApiError`, `ConnectionError`, `TimeoutError`, `AuthenticationError`, `ResponseError` or
   * `InvalidArgumentError`; with the signal's own reason when it is aborted.
   */
  get(options?: CallOptions): Promise<BatchUploadDetails>
  /**
   * Polls until the batch has ended, and yields a report for each change, the first one included. A device that a later response
   * leaves out keeps its last result.
   *
   * Ends after the report of the ended batch. Throws what {@link BatchUpload.wait} rejects with. Leaving it ends everything at
   * once: the loop, `return()` of an iterator, `destroy()` or `cancel()` of a stream made of it.
   */
  watch(options?: WaitOptions): AsyncIterable<BatchUploadReport>
  /**
   * Polls until the batch has ended.
   *
   * @returns The last report. Devices that failed are data in it, not an error.
   * Rejects with {@link WaitTimeoutError} after `timeoutMs`, and at once when the service asks to wait longer than is left of it;
   * with the error of a poll that is not retryable, or of the last of `maxFailures` in a row; with the signal's own reason when
   * it is aborted. In the first minute after the upload was accepted, a 404 means "not yet".
   */
  wait(options?: WaitOptions): Promise<BatchUploadReport>
  /** The two ids: all that is needed to go on later, with `batchUploadStatus.byId`. */
  toJSON(): BatchUploadId
}
