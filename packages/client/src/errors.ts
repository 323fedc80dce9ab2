/** What can go wrong in waiting, beyond what can go wrong in a call. */
import { TimeoutError } from '@devicebatch/edge'

import type { BatchUploadReport } from './reports/report.ts'
import type { BatchUpload } from './waiting/batch-upload.ts'

/**
 * The batch did not finish within `timeoutMs`, or the service asked to wait longer than that. Nothing is lost: the batch
 * continues, and you can call `upload.wait()` again.
 */
export class WaitTimeoutError extends TimeoutError {
  /** The upload; its `toJSON()` is all you need to wait for it later. */
  readonly upload: BatchUpload
  /** The last report; `undefined` when no poll succeeded. */
  readonly report: BatchUploadReport | undefined
  /** How long the service asked to wait, in milliseconds, when that is longer than the wait had left. */
  declare readonly retryAfterMs?: number

  /** @hidden */
  constructor(
    timeoutMs: number,
    upload: BatchUpload,
    report: BatchUploadReport | undefined,
    retryAfterMs?: number,
  ) {
    const { counts } = report ?? {}
    const seen = counts
      ? `${counts.pending} of ${counts.total} devices were pending`
      : 'no poll got a response'
    super(
      `Upload ${upload.batchTrackingId} had not ended ${describeTimeout(timeoutMs, retryAfterMs)}; ${seen}. ` +
        'It continues at the service: call wait() again with the same tracking ID.',
      { retryAfterMs },
    )
    this.upload = upload
    this.report = report
  }
}

/** Why a wait is over, in its message. */
export function describeTimeout(timeoutMs: number, retryAfterMs: number | undefined): string {
  return retryAfterMs === undefined
    ? `after \`timeoutMs\` (${timeoutMs} ms)`
    : `and the service asked to wait ${retryAfterMs} ms, longer than what is left of \`timeoutMs\` (${timeoutMs} ms)`
}

Object.defineProperty(WaitTimeoutError.prototype, 'name', {
  value: 'WaitTimeoutError',
  configurable: true,
  writable: true,
})
