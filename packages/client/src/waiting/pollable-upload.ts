/** How does an upload carry out what its interface promises? */
import type { BatchUploadDetails } from '@devicebatch/contract'
import type { BatchUploadId, CallOptions } from '@devicebatch/edge'
import type { PartnerTransport } from '@devicebatch/edge/internal'
import { checkGuid, readBatchUploadStatus } from '@devicebatch/edge/internal'

import type { BatchUploadReport } from '../reports/report.ts'
import { markEmulated } from '../reports/report.ts'
import type { Core } from '../transport/core.ts'
import type { BatchUpload } from './batch-upload.ts'
import type { WaitOptions } from './poll-schedule.ts'
import { Pollable } from './poll-source.ts'
import { waitFor, watchUpload } from './watch-upload.ts'

/** Makes the upload of these ids; throws `InvalidArgumentError` when one is no GUID. */
export function createBatchUpload(
  core: Core,
  ids: BatchUploadId,
  options: { justAccepted?: boolean } = {},
): BatchUpload {
  return new PollableUpload(core, ids, options.justAccepted ? performance.now() : undefined)
}

class PollableUpload extends Pollable implements BatchUpload {
  readonly customerId: string
  readonly batchTrackingId: string
  readonly #transport: PartnerTransport

  constructor(
    { transport }: Core,
    { customerId, batchTrackingId }: BatchUploadId,
    acceptedAt: number | undefined,
  ) {
    const { observe, timeoutMs } = transport.settings
    super({ observe, callTimeoutMs: timeoutMs, acceptedAt })
    this.customerId = checkGuid('customerId', customerId)
    this.batchTrackingId = checkGuid('batchTrackingId', batchTrackingId)
    this.#transport = transport
  }

  async get(options?: CallOptions): Promise<BatchUploadDetails> {
    const { details, headers } = await readBatchUploadStatus(this.#transport, this, options)
    if (headers.get('x-devicebatch-emulator') !== null) markEmulated(details)
    return details
  }

  watch(options?: WaitOptions): AsyncIterable<BatchUploadReport> {
    return watchUpload(this, options)
  }

  wait(options?: WaitOptions): Promise<BatchUploadReport> {
    return waitFor(this, options)
  }

  toJSON(): BatchUploadId {
    const { customerId, batchTrackingId } = this
    return { customerId, batchTrackingId }
  }
}
