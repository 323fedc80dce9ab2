/** An upload in several requests: its state, how to wait for all of them, and the data to save. */
import type { WaitOptions } from '../waiting/poll-schedule.ts'
import type { BatchUploadGroupReport } from './group-report.ts'
import type { SavedBatchUploadGroup } from './saved-upload.ts'

/** An upload in one or more requests. */
export interface BatchUploadGroup extends SavedBatchUploadGroup {
  /**
   * Polls until every request sent so far has finished, and yields a report for each change. Called from a callback of
   * `uploadDevices`, it does not cover later requests: call it again.
   *
   * The requests are polled one after another, never concurrently. Throws what {@link BatchUploadGroup.wait} rejects
   * with. Leaving it ends everything at once, as with {@link BatchUpload.watch}.
   */
  watch(options?: WaitOptions): AsyncIterable<BatchUploadGroupReport>
  /**
   * Polls until every request sent so far has finished; see {@link BatchUploadGroup.watch}.
   *
   * @returns The last report. Failed devices are data in it, not an error; so is a request that the service no longer knows.
   * Rejects with {@link GroupWaitTimeoutError} after `timeoutMs`; with the error of a poll that is not retryable, or of the last of `maxFailures` in a row; with the signal's own reason when it is aborted.
   */
  wait(options?: WaitOptions): Promise<BatchUploadGroupReport>
  /** The data to save; pass it to `uploadDevices` as `resume`. */
  toJSON(): SavedBatchUploadGroup
}
