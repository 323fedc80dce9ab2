/** What to upload, and how: checked before anything is sent. */
import type { NewDevice } from '@devicebatch/contract'
import type { CallOptions } from '@devicebatch/edge'
import { InvalidArgumentError } from '@devicebatch/edge'
import { buildPath, checkNames, resolveMs, show } from '@devicebatch/edge/internal'

import type { ChunkLimits } from './chunks.ts'
import { encodeText } from './digest.ts'
import type { SavedBatchUploadGroup, UploadChunk } from './saved-upload.ts'
import { checkSameUpload } from './saved-upload.ts'
import { defaultSettleTimeoutMs } from './settle.ts'
import type { BatchUploadGroup } from './upload-group.ts'

/** The request that {@link uploadDevices} takes. */
export interface UploadDevicesRequest {
  /**
   * The name of the batch, which users later see as the group tag. If a batch has this name, in any case, the devices are added
   * to it; otherwise it is created.
   */
  batchId: string
  /**
   * The devices, as many as there are; an async iterable is read as they are sent, no more than one chunk ahead. Each needs
   * `hardwareHash`, or `productKey`, or `serialNumber` with `oemManufacturerName` and `modelName`. Pass a `serialNumber` with
   * each hash: the service returns no hashes, so the result of a device that has nothing else cannot be found.
   */
  devices: Iterable<NewDevice> | AsyncIterable<NewDevice>
  /** How many devices to send in one request, from 1. Default 500. The service's maximum is not documented. */
  chunkSize?: number | undefined
  /**
   * How many bytes of JSON to send in one request. Default 4,000,000: the service's maximum is not documented, and 4 MiB is the
   * smallest default among common web servers of its kind.
   */
  maxChunkBytes?: number | undefined
  /**
   * How long to look for the devices of a request whose response was lost, in milliseconds. Default 600,000: the documented
   * upload took ten minutes. It is also the longest wait that the service may ask for.
   */
  settleTimeoutMs?: number | undefined
  /** The saved state of this upload, to resume it: a group's `toJSON()`. The devices must be the same, in the same order. */
  resume?: SavedBatchUploadGroup | undefined
  /**
   * Called before each request, and awaited: save its `requestId`, or the whole group. Called again if the devices are sent with
   * another ID, after a response that said that nothing was processed. If it throws, nothing is sent.
   */
  onBeforeSubmit?: ((group: BatchUploadGroup, chunk: Readonly<UploadChunk>) => unknown) | undefined
  /** Called with each tracking ID, and awaited before the next request: save it, or the whole group. */
  onSubmitted?: ((group: BatchUploadGroup, chunk: Readonly<UploadChunk>) => unknown) | undefined
}

/** The last argument of {@link uploadDevices}. */
export type UploadDevicesOptions = Omit<CallOptions, 'requestId'>

/** A request, checked and with every default filled in. */
export interface UploadSettings {
  limits: ChunkLimits
  settleTimeoutMs: number
  resume: SavedBatchUploadGroup | undefined
}

/** The names of {@link UploadDevicesRequest}. */
export const requestNames: Readonly<Record<keyof UploadDevicesRequest, true>> = {
  batchId: true,
  devices: true,
  chunkSize: true,
  maxChunkBytes: true,
  settleTimeoutMs: true,
  resume: true,
  onBeforeSubmit: true,
  onSubmitted: true,
}

/** Checks a request; throws `InvalidArgumentError` for the first value or name that is wrong. */
export function resolveUpload(
  customerId: string,
  request: UploadDevicesRequest,
  names: Readonly<Record<string, true>> = requestNames,
): UploadSettings {
  checkNames(request, names)
  const { batchId, devices, resume } = request ?? ({} as UploadDevicesRequest)
  // The name becomes part of a path later, so it must be valid there.
  buildPath('{batchId}', { batchId })
  const { [Symbol.iterator]: sync, [Symbol.asyncIterator]: async } = (devices ?? {}) as Iterable<NewDevice> &
    AsyncIterable<NewDevice>
  if (typeof devices !== 'object' || typeof (async ?? sync) !== 'function') {
    throw new InvalidArgumentError(
      `\`devices\` must be an array or another iterable of devices; got ${show(devices)}.`,
    )
  }
  for (const name of ['onBeforeSubmit', 'onSubmitted'] as const) {
    if (request[name] === undefined || typeof request[name] === 'function') continue
    throw new InvalidArgumentError(`\`${name}\` must be a function; got ${show(request[name])}.`)
  }
  return {
    limits: {
      devices: wholeNumber('chunkSize', request.chunkSize, 500),
      bytes: wholeNumber('maxChunkBytes', request.maxChunkBytes, 4_000_000),
      // The envelope for creating a batch, which is larger than the one for adding to it.
      envelopeBytes: encodeText(JSON.stringify({ batchId, devices: [] })).length,
    },
    settleTimeoutMs: resolveMs('settleTimeoutMs', request.settleTimeoutMs, defaultSettleTimeoutMs),
    resume: resume === undefined ? undefined : checkSameUpload(resume, customerId, batchId),
  }
}

function wholeNumber(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback
  if (Number.isInteger(value) && value >= 1) return value
  throw new InvalidArgumentError(`\`${name}\` must be an integer of at least 1; got ${show(value)}.`)
}
