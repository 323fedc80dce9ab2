/** One upload in several requests: what is known of each, to wait for all of them, and to be kept. */
import type { WaitOptions } from '../waiting/poll-schedule.ts'
import type { BatchUploadGroupReport } from './group-report.ts'
import type { SavedBatchUploadGroup } from './saved-upload.ts'

/** An upload in one or more requests. */
export interface BatchUploadGroup extends SavedBatchUploadGroup {
  /**
   * Asks until every request of the upload has ended, and yields a report for each change.
   *
   * The requests are asked for one after another, never at the same time. Throws what {@link BatchUploadGroup.wait} rejects
   * with. Leaving it ends everything at once, as with {@link BatchUpload.watch}.
   */
  watch(options?: WaitOptions): AsyncIterable<BatchUploadGroupReport>
  /**
   * Asks until every request of the upload has ended.
   *
   * @returns The last report. Devices that failed are data in it, not an error; so is a request that the service does not know
   * any more. Rejects with {@link GroupWaitTimeoutError} after `timeoutMs`; with the error of a poll that no later one can
   * mend, or of the last of `maxFailures` in a row; with the signal's own reason when it is aborted.
   */
  wait(options?: WaitOptions): Promise<BatchUploadGroupReport>
  /** What is to be kept; hand it to `uploadDevices` as `resume`. */
  toJSON(): SavedBatchUploadGroup
}
