/** Uploads any number of devices, in as many requests as needed. */
import type { NewDevice } from '@devicebatch/contract'
import type { CallOptions } from '@devicebatch/edge'
import { callNames, checkNames, checkSignal, withinLimit } from '@devicebatch/edge/internal'

import { UploadInterruptedError } from '../group-errors.ts'
import type { CustomerResource } from '../resources/customer.ts'
import { coreOf } from '../resources/customer.ts'
import type { Core } from '../transport/core.ts'
import type { BatchUpload } from '../waiting/batch-upload.ts'
import type { PlannedChunk } from './chunks.ts'
import { createChunkPlanner } from './chunks.ts'
import { findBatch } from './find-batch.ts'
import type { GroupParts } from './group-parts.ts'
import { checkDevices, readChunks } from './read-chunks.ts'
import type { UploadChunk } from './saved-upload.ts'
import { SubmitFailure, submitChunk } from './submit-chunk.ts'
import type { BatchUploadGroup } from './upload-group.ts'
import type { UploadDevicesRequest } from './upload-request.ts'
import { resolveUpload } from './upload-request.ts'
import { createGroup } from './watch-group.ts'

/**
 * Uploads any number of devices into a batch: checks whether it exists, and creates it or adds to it, in as many requests as
 * needed, one after another. Identical devices are sent once.
 *
 * A request whose response was lost is reconciled: it is sent again with the same `MS-RequestId`, and if that gets no response
 * either, the batch is listed. The report of the group has the findings, device by device. Nothing is ever sent twice without
 * the report saying so.
 *
 * @param customer The customer, from `partner.customers.byId`.
 * @param request The batch, the devices, how to split them, and the callbacks.
 * @param options The signal, and the timeouts and IDs of each call. `retry` applies to reads; uploads themselves are retried only
 * where that is safe.
 * @returns The group of uploads; `wait()` returns the result of every device.
 * Rejects with {@link InvalidArgumentError} before anything is sent, or with the error of a call as long as nothing was sent;
 * from then on with {@link UploadInterruptedError}, which has what was accepted. When it is aborted it rejects with the
 * signal's own reason: save the IDs in `onBeforeSubmit` and `onSubmitted`, whose `group` keeps showing what was accepted.
 * @example
 * ```ts
 * import { createPartnerCenter, devicesToRetry, uploadDevices } from '@devicebatch/client'
 *
 * const partner = createPartnerCenter({ credential: () => process.env.DEVICEBATCH_TOKEN! })
 * const customer = partner.customers.byId('47021739-3426-40bf-9601-61b4b6d7c793')
 * const devices = [{ serialNumber: '1R9-ZNP67', oemManufacturerName: 'Contoso', modelName: 'Tablet 3' }]
 *
 * const group = await uploadDevices(customer, { batchId: 'Front desk', devices })
 * const report = await group.wait()
 * console.log(report.outcome, report.counts, devicesToRetry(report, devices))
 * ```
 */
export async function uploadDevices(
  customer: CustomerResource,
  request: UploadDevicesRequest,
  options: Omit<CallOptions, 'requestId'> = {},
): Promise<BatchUploadGroup> {
  const core = coreOf(customer)
  const { customerId } = customer
  checkNames(options, callNames)
  checkSignal(options.signal)
  const { limits, settleTimeoutMs, resume } = resolveUpload(customerId, request)
  const { batchId, devices } = request
  const planner = createChunkPlanner(
    limits,
    resume?.chunks.map(({ toIndex }) => toIndex),
  )
  // An array is checked completely before anything is sent.
  if (Array.isArray(devices)) checkDevices(devices as NewDevice[], createChunkPlanner(limits))
  const callOptions = { ...options, correlationId: options.correlationId ?? crypto.randomUUID() }
  const parts: GroupParts = {
    customerId,
    batchId: resume?.batchId ?? batchId,
    chunks: structuredClone([...(resume?.chunks ?? [])]),
    duplicates: planner.duplicates,
    complete: false,
    rows: [],
    uploads: [],
  }
  const run: Run = {
    core,
    customer,
    request,
    options: callOptions,
    settleTimeoutMs,
    parts,
    group: createGroup(parts),
  }
  const chunks = readChunks(devices, planner, parts.chunks, options.signal)
  try {
    for await (const { planned, saved } of chunks) await take(run, planned, saved)
  } catch (error) {
    throw interruption(run, error)
  }
  parts.complete = true
  return run.group
}

/** An upload in progress. */
interface Run {
  core: Core
  customer: CustomerResource
  request: UploadDevicesRequest
  options: Omit<CallOptions, 'requestId'>
  settleTimeoutMs: number
  parts: GroupParts
  group: BatchUploadGroup
  /** The operation of the next request; absent until it is known whether the batch exists. */
  operation?: UploadChunk['operation']
  acceptedAt?: number
  /** The batch existed before this upload, without devices. */
  foundEmpty?: boolean
  /** A request of this run may have reached the service. */
  hasSent?: true
}

/** Processes one chunk: skips it if it was accepted before, and submits it otherwise. */
async function take(run: Run, planned: PlannedChunk, saved: UploadChunk | undefined): Promise<void> {
  const { core, parts, customer, request, group, settleTimeoutMs, options } = run
  const at = parts.rows.length
  const { rows } = planned
  parts.rows.push(rows)
  if (saved?.batchTrackingId !== undefined) {
    parts.uploads.push(customer.batchUploadStatus.byId(saved.batchTrackingId))
    noteBatch(run)
    return
  }
  parts.uploads.push(undefined)
  if (saved?.settled) {
    if (saved.settled.landed.length > 0) noteBatch(run)
    return
  }

  const chunk = saved ?? (await startChunk(run, planned))
  if (!saved) parts.chunks.push(chunk)
  const tell = (listener: UploadDevicesRequest['onSubmitted']): Promise<unknown> => {
    const told = (async () => listener?.(group, chunk))()
    // An abort does not wait for it.
    told.catch(() => {})
    return told
  }
  const untilAborted = (told: Promise<unknown>): Promise<unknown> =>
    withinLimit(
      () => told,
      Infinity,
      options.signal,
      () => undefined,
    )
  let told: Promise<unknown> | undefined
  const submission = {
    core,
    customer,
    batchId: parts.batchId,
    chunk,
    planned,
    inDoubt: saved ? (saved.repeated ? 2 : 1) : 0,
    earlier: () => parts.rows.slice(0, at).flat(),
    // Everything in a batch that this upload created, or found empty, comes from this upload.
    mayHoldOthers: () => !run.foundEmpty && parts.chunks[0]!.operation === 'append',
    acceptedAt: run.acceptedAt,
    settleTimeoutMs,
    options,
    onAccepted: (upload: BatchUpload) => {
      chunk.batchTrackingId = upload.batchTrackingId
      parts.uploads[at] = upload
      noteBatch(run)
      told = tell(request.onSubmitted)
    },
    announce: async () => {
      options.signal?.throwIfAborted()
      await untilAborted(tell(request.onBeforeSubmit))
      run.hasSent = true
    },
  }
  if (saved) run.hasSent = true
  const submitted = await submitChunk(submission).catch((error: unknown) => {
    // A request that certainly was not processed is not part of the group.
    if (error instanceof SubmitFailure && !error.isInDoubt) {
      for (const list of [parts.chunks, parts.rows, parts.uploads]) list.pop()
    }
    throw error instanceof SubmitFailure ? error.cause : error
  })
  if (submitted.upload) {
    await untilAborted(told!)
  } else {
    chunk.settled = submitted.settlement
    run.operation = submitted.batchExists ? 'append' : 'create'
  }
}

/** Records that the batch accepted devices: it exists, however long it takes until it is listed. */
function noteBatch(run: Run): void {
  run.operation = 'append'
  run.acceptedAt = performance.now()
}

/** A chunk that was never sent; for the first one, checks whether the batch exists. */
async function startChunk(
  run: Run,
  { fromIndex, toIndex, rows, digest }: PlannedChunk,
): Promise<UploadChunk> {
  const operation = (run.operation ??= await chooseOperation(run))
  return {
    operation,
    requestId: crypto.randomUUID(),
    fromIndex,
    toIndex,
    deviceCount: rows.length,
    digest,
  }
}

/** Whether to create the batch or add to it; adopts the spelling of an existing batch. */
async function chooseOperation(run: Run): Promise<UploadChunk['operation']> {
  const { customer, parts, options } = run
  const found = await findBatch(customer, parts.batchId, options)
  parts.batchId = found?.id ?? parts.batchId
  run.foundEmpty = found?.devicesCount === 0
  return found ? 'append' : 'create'
}

/** The error that the upload rejects with. If nothing was sent, and after an abort, it is the original error. */
function interruption({ parts, group, request, options, hasSent }: Run, error: unknown): unknown {
  if (options.signal?.aborted || !hasSent || parts.chunks.length === 0) return error
  const fromIndex = parts.chunks.at(-1)!.toIndex
  const { devices } = request
  const count = Array.isArray(devices) && { count: devices.length - fromIndex }
  return new UploadInterruptedError(group, { fromIndex, ...count }, error)
}
