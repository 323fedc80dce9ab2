/** How does a chunk reach the service exactly once? settle.ts decides what follows a failure. */
import type { AnyPartnerCenterError, CallOptions, WaitEvent } from '@devicebatch/edge'
import { isPartnerCenterError } from '@devicebatch/edge'
import { wait } from '@devicebatch/edge/internal'

import type { Identifiers, ListedDevice } from '../reports/match-results.ts'
import { hasProductKey, keysOf } from '../reports/match-results.ts'
import { acceptedUpload, uploadAt } from '../resources/accepted-upload.ts'
import type { CustomerResource } from '../resources/customer.ts'
import type { Core } from '../transport/core.ts'
import type { BatchUpload } from '../waiting/batch-upload.ts'
import { acceptedNow } from '../waiting/pollable-upload.ts'
import type { PlannedChunk } from './chunks.ts'
import type { UploadChunk } from './saved-upload.ts'
import type { SentRow, Settlement } from './settle.ts'
import { decideNext, doubtKeys, nextLookMs, settleRows } from './settle.ts'
import type { UploadDevicesOptions } from './upload-request.ts'

/** What is needed to submit a chunk. */
export interface ChunkSubmission {
  core: Core
  customer: CustomerResource
  batchId: string
  /** Updated as the submission progresses. */
  chunk: UploadChunk
  planned: PlannedChunk
  /** How many requests of an earlier run may have been accepted. */
  inDoubt: number
  /** The devices of the requests before it. */
  earlier: () => SentRow[]
  /** Whether the batch may have had devices before this upload. */
  mayHoldOthers: () => boolean
  /** When this batch accepted devices from us, on the monotonic clock. */
  acceptedAt: number | undefined
  settleTimeoutMs: number
  options: UploadDevicesOptions
  /** Called with the upload as soon as its tracking ID arrives, before its response has ended. */
  onAccepted: (upload: BatchUpload) => void
  /** Tells the caller the request ID that the chunk gets next. */
  announce: () => Promise<void>
}

/** The result: an accepted upload; or which devices were delivered, and whether the batch exists. */
export type SubmittedChunk =
  | { upload: BatchUpload; settlement?: undefined }
  | { upload?: undefined; settlement: Settlement; batchExists: boolean }

/** Thrown, with its cause, when a chunk was not submitted, or is in doubt. */
export class SubmitFailure extends Error {
  readonly isInDoubt: boolean

  constructor(cause: unknown, isInDoubt: boolean) {
    super('The chunk was not submitted.', { cause })
    this.isInDoubt = isInDoubt
  }
}

/** Submits a chunk. Rejects with {@link SubmitFailure}, or with the signal's own reason when it is aborted. */
export async function submitChunk(submission: ChunkSubmission): Promise<SubmittedChunk> {
  const { chunk, settleTimeoutMs, options } = submission
  let { inDoubt } = submission
  let retries = 0
  if (inDoubt === 0) await tell(submission)
  for (;;) {
    let accepted: BatchUpload | undefined
    const accept = (upload: BatchUpload): SubmittedChunk => {
      if (inDoubt > 0) chunk.repeated = true
      if (!accepted) submission.onAccepted(upload)
      return { upload: (accepted ??= upload) }
    }
    try {
      return accept(await send(submission, accept))
    } catch (error) {
      // However the call ended, a tracking ID that arrived counts.
      if (accepted) return { upload: accepted }
      // However it ended, the request may have arrived. The reason of an abort may be one of our own errors.
      if (options.signal?.aborted) throw options.signal.reason
      if (!isPartnerCenterError(error)) throw error
      const { acceptedAt } = submission
      const step = decideNext({
        operation: chunk.operation,
        error,
        inDoubt,
        retries,
        sinceAcceptedMs: acceptedAt === undefined ? Infinity : performance.now() - acceptedAt,
        longestWaitMs: settleTimeoutMs,
      })
      if (error.isAmbiguous) inDoubt++
      else retries++
      if (inDoubt > 1) chunk.repeated = true
      if (step.kind === 'stop') throw new SubmitFailure(error, inDoubt > 0)
      if (step.kind === 'look') {
        try {
          return await look(submission)
        } catch {
          if (options.signal?.aborted) throw options.signal.reason
          throw new SubmitFailure(error, true)
        }
      }
      const path =
        chunk.operation === 'create'
          ? '/customers/{customerId}/deviceBatches'
          : '/customers/{customerId}/deviceBatches/{batchId}/devices'
      await pause(submission, step.delayMs, {
        reason: reasonOf(error),
        method: 'POST',
        path,
        attempt: inDoubt + retries,
        requestId: chunk.requestId,
      }).catch((cause: unknown) => {
        throw new SubmitFailure(cause, inDoubt > 0)
      })
      if (step.kind === 'start-over') {
        Object.assign(chunk, { operation: step.operation, requestId: crypto.randomUUID() })
        await tell(submission)
      }
    }
  }
}

/** A wait between two calls of an upload, which `observe` reports like those within a call. */
async function pause(
  { core, options }: ChunkSubmission,
  delayMs: number,
  event: Omit<WaitEvent, 'type' | 'delayMs'>,
): Promise<void> {
  const { correlationId } = options
  if (delayMs > 0)
    core.transport.settings.observe?.({
      type: 'wait',
      ...event,
      ...(correlationId !== undefined && { correlationId }),
      delayMs,
    })
  await wait(delayMs, options.signal)
}

function reasonOf(error: AnyPartnerCenterError): WaitEvent['reason'] {
  if ('retryAfterMs' in error && error.retryAfterMs !== undefined) return 'retry-after'
  if (error.code !== 'api') return 'no-answer'
  return error.status === 429 ? 'throttled' : 'server-error'
}

/** Nothing has been sent with this ID yet, so a caller that cannot save it stops the upload. */
async function tell({ announce }: ChunkSubmission): Promise<void> {
  try {
    await announce()
  } catch (cause) {
    throw new SubmitFailure(cause, false)
  }
}

/**
 * Sends devices that are already JSON: as objects, 100,000 devices with hardware hashes take 95 MB more with Node's default heap
 * limits.
 *
 * @param onAccepted Called with the upload as soon as its tracking ID arrives.
 */
async function send(
  { core, customer: { customerId }, batchId, chunk, planned, options }: ChunkSubmission,
  onAccepted: (upload: BatchUpload) => void,
): Promise<BatchUpload> {
  const callOptions: CallOptions = {
    ...options,
    requestId: chunk.requestId,
    // No retry inside the call: the decision is made here.
    retry: false,
    onAccepted: (location) => onAccepted(acceptedNow(core.transport, uploadAt(customerId, location))),
  }
  const devices = decoder.decode(planned.json)
  const call = core.sendWith(callOptions)
  const { response } =
    chunk.operation === 'create'
      ? await core.api.POST('/customers/{customerId}/deviceBatches', {
          params: { path: { customerId } },
          body: `{"batchId":${JSON.stringify(batchId)},"devices":${devices}}` as never,
          ...call,
        })
      : await core.api.POST('/customers/{customerId}/deviceBatches/{batchId}/devices', {
          params: { path: { customerId, batchId } },
          body: devices as never,
          ...call,
        })
  return acceptedUpload(core, customerId, response)
}

const decoder = new TextDecoder()

/** Lists the batch repeatedly, until all devices are there or the time is up. */
async function look(submission: ChunkSubmission): Promise<SubmittedChunk> {
  const { customer, batchId, planned, earlier, mayHoldOthers, settleTimeoutMs, options } = submission
  const { rows } = planned
  const startedAt = performance.now()
  const keys = new Set(rows.flatMap(keysOf))
  const isLike = (device: Identifiers): boolean => keysOf(device).some((key) => keys.has(key))
  const others = earlier().filter(isLike)
  for (let looks = 1; ; looks++) {
    const { listed, hasKeyless } = await listDevices(customer, batchId, isLike, options)
    const settlement = settleRows(rows, { listed, others, mayHoldOthers: mayHoldOthers() })
    const delayMs = nextLookMs(looks, performance.now() - startedAt, settleTimeoutMs)
    if (settlement.didNotLand.length === 0 || delayMs === undefined) {
      return {
        settlement: hasKeyless ? doubtKeys(rows, settlement) : settlement,
        batchExists: listed !== undefined,
      }
    }
    await pause(submission, delayMs, {
      reason: 'poll',
      method: 'GET',
      path: '/customers/{customerId}/deviceBatches/{batchId}/devices',
      attempt: looks,
    })
  }
}

/**
 * The devices of the batch that match one of the chunk, `undefined` if the batch does not exist; and whether any device of the batch
 * has no product key.
 */
async function listDevices(
  customer: CustomerResource,
  batchId: string,
  isLike: (device: Identifiers) => boolean,
  options: UploadDevicesOptions,
): Promise<{ listed: ListedDevice[] | undefined; hasKeyless: boolean }> {
  const listed: ListedDevice[] = []
  let hasKeyless = false
  try {
    for await (const device of customer.deviceBatches.byId(batchId).devices.list(options)) {
      const { id: deviceId, serialNumber, productKey, oemManufacturerName, modelName } = device
      if (isLike(device)) listed.push({ deviceId, serialNumber, productKey, oemManufacturerName, modelName })
      hasKeyless ||= !hasProductKey(device)
    }
    return { listed, hasKeyless }
  } catch (error) {
    // The reason of an abort may be a 404 of another call.
    if (options.signal?.aborted) throw options.signal.reason
    if (isPartnerCenterError(error) && error.code === 'api' && error.status === 404)
      return { listed: undefined, hasKeyless: false }
    throw error
  }
}
