/** The errors of an upload in several requests, beyond those of a call. */
import type { PartnerCenterErrorCode } from '@devicebatch/edge'
import { isPartnerCenterError, PartnerCenterError, TimeoutError } from '@devicebatch/edge'

import { describeTimeout } from './errors.ts'
import type { BatchUploadGroupReport } from './uploads/group-report.ts'
import type { BatchUploadGroup } from './uploads/upload-group.ts'

/** Not all requests of the upload had ended within `timeoutMs`. Nothing is lost: you can call `group.wait()` again. */
export class GroupWaitTimeoutError extends TimeoutError {
  /** The upload; save its `toJSON()` to wait again later. */
  readonly group: BatchUploadGroup
  /** The last known report. */
  readonly report: BatchUploadGroupReport
  /** How long the service asked to wait, in milliseconds, when that is longer than the wait had left. */
  declare readonly retryAfterMs?: number

  /** @hidden */
  constructor(
    timeoutMs: number,
    group: BatchUploadGroup,
    report: BatchUploadGroupReport,
    retryAfterMs?: number,
  ) {
    const { pending, total } = report.counts
    super(
      `The upload to batch ${JSON.stringify(group.batchId)} had not ended ${describeTimeout(timeoutMs, retryAfterMs)}; ${pending} of ${total} devices were pending. ` +
        'It continues at the service: call wait() again.',
      { retryAfterMs },
    )
    this.group = group
    this.report = report
  }
}

/** Which devices an interrupted upload did not reach. */
export interface UnsentDevices {
  /** The position of the first of them among those that you passed, from 0. */
  fromIndex: number
  /** How many there are; absent if the devices were not an array, because the number is unknown then. */
  count?: number
}

/**
 * An upload stopped halfway. `group` has what was accepted: wait for it, or pass it to `uploadDevices` as `resume`, with the same
 * devices.
 *
 * It has the message and the `code` of its `cause`, so that error handlers treat both alike: `code` is `'api'`, with a `status`,
 * if the service refused the request, and `'connection'` if the service could not be reached. If the devices or a callback threw,
 * `code` is `'invalid-argument'`. `isAmbiguous` is true if a request is in doubt.
 */
export class UploadInterruptedError extends PartnerCenterError {
  override readonly code: PartnerCenterErrorCode
  /** The HTTP status, when the service refused a request. */
  declare readonly status?: number
  /** The service's own code, or that of Microsoft Entra, when one of them refused. */
  declare readonly serviceCode?: string
  /** How long the service asked to wait, in milliseconds. */
  declare readonly retryAfterMs?: number
  /** What was accepted, and what is in doubt. */
  readonly group: BatchUploadGroup
  /** The devices that were not sent. */
  readonly unsent: UnsentDevices

  /** @hidden */
  constructor(group: BatchUploadGroup, unsent: UnsentDevices, cause: unknown) {
    const known = isPartnerCenterError(cause) ? cause : undefined
    const { name: _, message, ...facts } = known?.toJSON() ?? {}
    const accepted = group.chunks.filter(({ batchTrackingId, settled }) => batchTrackingId ?? settled).length
    super(
      `The upload to batch ${JSON.stringify(group.batchId)} stopped after ${accepted} ${accepted === 1 ? 'request' : 'requests'}; ${unsent.count === 0 ? 'no devices remain to be sent' : `the devices from position ${unsent.fromIndex} on were not sent`}. ` +
        `${(message as string | undefined) ?? 'The devices or a callback threw; see `cause`.'} ` +
        'To resume, call uploadDevices() with the same devices and `resume: error.group`.',
      { ...facts, isAmbiguous: accepted < group.chunks.length },
      cause,
    )
    this.code = known?.code ?? 'invalid-argument'
    this.group = group
    this.unsent = unsent
  }
}

// As literals, which survive minification, and hidden from printed errors.
for (const [name, type] of Object.entries({ GroupWaitTimeoutError, UploadInterruptedError })) {
  Object.defineProperty(type.prototype, 'name', { value: name, configurable: true, writable: true })
}
