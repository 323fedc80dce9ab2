/** One upload in several requests: what is known of each, to wait for all of them, and to be kept. */
import { InvalidArgumentError } from '@devicebatch/edge'
import { show } from '@devicebatch/edge/internal'

import type { BatchUpload } from '../waiting/batch-upload.ts'
import type { WaitOptions } from '../waiting/poll-schedule.ts'
import type { DuplicateDevice } from './chunks.ts'
import type { BatchUploadGroupReport } from './group-report.ts'
import { checkSavedUpload } from './saved-upload.ts'
import type { SentRow, Settlement } from './settle.ts'
import { waitForGroup, watchGroup } from './watch-group.ts'

/** One request of an upload. Plain JSON: it holds positions of devices, never the devices. */
export interface UploadChunk {
  /** Whether it creates the batch or adds to it. */
  operation: 'create' | 'append'
  /** The `MS-RequestId` that it goes under, a GUID. */
  requestId: string
  /** The position of its first device among those that were handed in, from 0. */
  fromIndex: number
  /** The position after its last device. */
  toIndex: number
  /** How many devices it sends; duplicates are not among them. */
  deviceCount: number
  /** Stands for its devices, so that an upload that goes on is sure to have the same ones. */
  digest: string
  /** The tracking id, once the service has accepted it. Without it and without `settled` nobody knows if it was. */
  batchTrackingId?: string
  /** More than one request for these devices may have been accepted, so that each of them is reported as `cannot-tell`. */
  repeated?: true
  /** What a look into the batch told, when the answer was lost for good. */
  settled?: Settlement
}

/** What is to be kept of an upload, to go on with it or wait for it: plain JSON, about 300 bytes for each chunk. */
export interface SavedBatchUploadGroup {
  /** The version of this shape. */
  readonly version: 1
  /** The customer's Microsoft Entra tenant id, a GUID. */
  readonly customerId: string
  /** The batch as it is spelled at the service. */
  readonly batchId: string
  /** The requests so far, in the order of the devices. */
  readonly chunks: readonly UploadChunk[]
  /** The devices that were left out because an earlier one is the same. */
  readonly duplicates: readonly DuplicateDevice[]
  /** Whether all devices that were handed in have been dealt with. */
  readonly complete: boolean
}

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

/** The group while it grows. */
export interface GroupParts {
  customerId: string
  batchId: string
  chunks: UploadChunk[]
  duplicates: DuplicateDevice[]
  complete: boolean
  /** What the devices of each chunk can be recognised by. */
  rows: SentRow[][]
  /** The upload of each chunk that was accepted. */
  uploads: (BatchUpload | undefined)[]
}

/** The group as its users see it; it shows what becomes of `parts`. */
export function createGroup(parts: GroupParts): BatchUploadGroup {
  const group: BatchUploadGroup = {
    version: 1,
    customerId: parts.customerId,
    get batchId() {
      return parts.batchId
    },
    get chunks() {
      return parts.chunks
    },
    get duplicates() {
      return parts.duplicates
    },
    get complete() {
      return parts.complete
    },
    watch: (options) => watchGroup(group, parts, options),
    wait: (options) => waitForGroup(group, parts, options),
    toJSON() {
      const { customerId, batchId, chunks, duplicates, complete } = parts
      return structuredClone({ version: 1, customerId, batchId, chunks, duplicates, complete })
    },
  }
  return group
}

/** Checks what was kept; throws `InvalidArgumentError` when it is none, or belongs to another upload. */
export function checkSaved(
  saved: SavedBatchUploadGroup,
  customerId: string,
  batchId: string,
): SavedBatchUploadGroup {
  checkSavedUpload(saved, 'resume')
  const nameOf = (one: { customerId: string; batchId: string }): string =>
    `${one.customerId}/${one.batchId}`.toLowerCase()
  if (nameOf(saved) !== nameOf({ customerId, batchId })) {
    throw new InvalidArgumentError(
      `\`resume\` belongs to batch ${show(saved.batchId)} of customer ${show(saved.customerId)}, not to ${show(batchId)} of ${customerId}. Hand in what was kept of this upload.`,
    )
  }
  return saved
}
