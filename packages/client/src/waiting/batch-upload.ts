/** One upload: poll it, watch it, wait for it, save its IDs. */
import type { BatchUploadDetails } from '@devicebatch/contract'
import type { BatchUploadId, CallOptions } from '@devicebatch/edge'

import type { BatchUploadReport } from '../reports/report.ts'
import type { WaitOptions } from './poll-schedule.ts'

/**
 * A batch upload, identified by two GUIDs. It has no state of its own: you can poll, watch and wait repeatedly, concurrently,
 * and after a failure. It is not thenable, so you can return it from async functions.
 */
export interface BatchUpload {
  /** The customer's Microsoft Entra tenant ID, a GUID. */
  readonly customerId: string
  /** The tracking ID, a GUID. Save it: the service does not list tracking IDs. */
  readonly batchTrackingId: string
  /**
   * Polls once.
   *
   * @returns The response exactly as the service sent it. A `finished` batch can still contain failed devices.
   * Rejects with `ApiError`, `ConnectionError`, `TimeoutError`, `AuthenticationError`, `ResponseError` or
   * `InvalidArgumentError`; with the signal's own reason when it is aborted.
   */
  get(options?: CallOptions): Promise<BatchUploadDetails>
  /**
   * Polls until the batch finishes, and yields a report for each change, including the first one. A device that a later
   * response omits keeps its last result.
   *
   * Ends after the report of the finished batch. Throws what {@link BatchUpload.wait} rejects with. Leaving the loop, calling
   * `return()` on an iterator, or `destroy()` or `cancel()` on a stream made from it cancels everything in progress.
   */
  watch(options?: WaitOptions): AsyncIterable<BatchUploadReport>
  /**
   * Polls until the batch finishes.
   *
   * @returns The last report. Failed devices are data in it, not an error.
   * Rejects with {@link WaitTimeoutError} after `timeoutMs`, or immediately when the service asks to wait longer than that;
   * with the error of a poll that is not retryable, or of the last of `maxFailures` in a row; with the signal's own reason when
   * it is aborted. In the first minute after the upload was accepted, a 404 means "not yet".
   */
  wait(options?: WaitOptions): Promise<BatchUploadReport>
  /** The two IDs: all you need to continue later, with `batchUploadStatus.byId`. */
  toJSON(): BatchUploadId
}
