/** What can go wrong in waiting, beyond what can go wrong in a call. */
import { TimeoutError } from '@devicebatch/edge'

import type { BatchUploadReport } from './reports/report.ts'
import type { BatchUpload } from './waiting/batch-upload.ts'

/** The batch did not end within `timeoutMs`. Nothing is lost: it goes on, and `upload.wait()` may be called again. */
export class WaitTimeoutError extends TimeoutError {
  /** The upload that was waited for; its `toJSON()` is all that is needed to wait for it later. */
  readonly upload: BatchUpload
  /** The last report; `undefined` when no poll was answered. */
  readonly report: BatchUploadReport | undefined

  /** @hidden */
  constructor(timeoutMs: number, upload: BatchUpload, report: BatchUploadReport | undefined) {
    const { counts } = report ?? {}
    const seen = counts ? `${counts.pending} of ${counts.total} devices were pending` : 'no poll was answered'
    super(
      `Upload ${upload.batchTrackingId} had not ended after \`timeoutMs\` (${timeoutMs} ms); ${seen}. ` +
        'It goes on at the service: call wait() again with the same tracking id.',
    )
    this.upload = upload
    this.report = report
  }
}

Object.defineProperty(WaitTimeoutError.prototype, 'name', {
  value: 'WaitTimeoutError',
  configurable: true,
  writable: true,
})
