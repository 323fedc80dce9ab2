/** How does an upload implement its interface? */
import type { BatchUploadDetails } from '@devicebatch/contract'
import type { BatchUploadId, CallOptions, PartnerFetch } from '@devicebatch/edge'
import type { PartnerTransport } from '@devicebatch/edge/internal'
import { checkGuid, readBatchUploadStatus, transportOf } from '@devicebatch/edge/internal'

import type { BatchUploadReport } from '../reports/report.ts'
import { markEmulated } from '../reports/report.ts'
import type { BatchUpload } from './batch-upload.ts'
import type { WaitOptions } from './poll-schedule.ts'
import type { PollSource } from './poll-source.ts'
import { pollSource } from './poll-source.ts'
import { waitFor, watchUpload } from './watch-upload.ts'

/**
 * The upload with these IDs; sends nothing yet. It is the same as what `batchUploadStatus.byId` returns, for programs that only
 * wait: a bundler leaves out the other operations.
 *
 * @param partnerFetch What `createPartnerFetch` returned.
 * @param ids The customer and the tracking ID, both GUIDs; `parseBatchLocation` reads them from a `Location`.
 * @throws {@link InvalidArgumentError} when an ID is not a GUID, or `partnerFetch` is a wrapper around a partner fetch.
 * @example
 * ```ts
 * import { batchUpload, createPartnerFetch } from '@devicebatch/client'
 *
 * const partnerFetch = createPartnerFetch({ credential: () => process.env.DEVICEBATCH_TOKEN! })
 * const upload = batchUpload(partnerFetch, {
 *   customerId: '47021739-3426-40bf-9601-61b4b6d7c793',
 *   batchTrackingId: '0127ed8e-ff72-4983-a3d8-e8d8bd378932',
 * })
 * const report = await upload.wait()
 * console.log(report.outcome, report.failures)
 * ```
 */
export function batchUpload(partnerFetch: PartnerFetch, ids: BatchUploadId): BatchUpload {
  return new PollableUpload(transportOf(partnerFetch), ids, undefined)
}

/** The upload that the service has just accepted. */
export function acceptedNow(transport: PartnerTransport, ids: BatchUploadId): BatchUpload {
  return new PollableUpload(transport, ids, performance.now())
}

/** Uses private fields: with thousands of uploads, a `WeakMap` would keep the garbage collector busy. */
class PollableUpload implements BatchUpload {
  readonly customerId: string
  readonly batchTrackingId: string
  readonly #transport: PartnerTransport
  readonly #acceptedAt: number | undefined

  constructor(transport: PartnerTransport, ids: BatchUploadId, acceptedAt: number | undefined) {
    this.customerId = checkGuid('customerId', ids?.customerId)
    this.batchTrackingId = checkGuid('batchTrackingId', ids.batchTrackingId)
    this.#transport = transport
    this.#acceptedAt = acceptedAt
  }

  get [pollSource](): PollSource {
    return { settings: this.#transport.settings, acceptedAt: this.#acceptedAt }
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
