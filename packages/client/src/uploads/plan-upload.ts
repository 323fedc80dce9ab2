/** What would an upload send? Determined from the devices alone, without a request. */
import { checkGuid, checkNames, checkSignal } from '@devicebatch/edge/internal'

import { keysOf } from '../reports/match-results.ts'
import type { DuplicateDevice } from './chunks.ts'
import { createChunkPlanner } from './chunks.ts'
import { readChunks } from './read-chunks.ts'
import type { UploadDevicesRequest } from './upload-request.ts'
import { requestNames, resolveUpload } from './upload-request.ts'

/** What {@link planUpload} takes: the request of an upload, and its customer. */
export interface PlanUploadRequest extends Omit<UploadDevicesRequest, 'onBeforeSubmit' | 'onSubmitted'> {
  /** The customer's Microsoft Entra tenant ID, a GUID. */
  customerId: string
}

/** What an upload would send. Plain JSON. */
export interface UploadPlan {
  /** The customer's Microsoft Entra tenant ID, a GUID. */
  customerId: string
  /** The name of the batch, as it was passed. */
  batchId: string
  /**
   * The requests, in order; with `resume`, the remaining ones. Each has the devices from position `fromIndex` up to, but not
   * including, `toIndex`; `bytes` is the maximum size of its body.
   */
  chunks: { fromIndex: number; toIndex: number; deviceCount: number; bytes: number }[]
  /** How many devices would be sent. */
  deviceCount: number
  /** The devices that would be left out because an earlier one is identical. */
  duplicates: DuplicateDevice[]
  /** How many of the devices to send have only a hardware hash, so that their results could not be found. */
  hashOnlyCount: number
}

/**
 * Checks devices and returns what {@link uploadDevices} would send, without making a request. Whether the upload would create
 * the batch or add to it depends on the service: see {@link findBatch}.
 *
 * @param request The customer, the batch, the devices, and how to split them.
 * @param options The signal that stops reading the devices.
 * @returns The plan. Rejects with {@link InvalidArgumentError} for exactly what `uploadDevices` would refuse, with the error of
 * an iterable of devices that throws, and with the signal's own reason when it is aborted.
 * @example
 * ```ts
 * import { planUpload } from '@devicebatch/client'
 *
 * const devices = [{ serialNumber: '1R9-ZNP67', oemManufacturerName: 'Contoso', modelName: 'Tablet 3' }]
 * const customerId = '47021739-3426-40bf-9601-61b4b6d7c793'
 * const { deviceCount, chunks } = await planUpload({ customerId, batchId: 'Front desk', devices })
 * console.log(`${deviceCount} devices in ${chunks.length} requests`)
 * ```
 */
export async function planUpload(
  request: PlanUploadRequest,
  options: { signal?: AbortSignal | null | undefined } = {},
): Promise<UploadPlan> {
  const { customerId, batchId, devices } = request ?? ({} as PlanUploadRequest)
  checkGuid('customerId', customerId)
  checkNames(options, { signal: true })
  checkSignal(options.signal)
  const { limits, resume } = resolveUpload(customerId, request, { customerId: true, ...requestNames })
  const sent = resume?.chunks ?? []
  const planner = createChunkPlanner(
    limits,
    sent.map(({ toIndex }) => toIndex),
  )
  const chunks: UploadPlan['chunks'] = []
  let hashOnlyCount = 0
  for await (const { planned, saved } of readChunks(devices, planner, sent, options.signal)) {
    if (saved?.batchTrackingId ?? saved?.settled) continue
    const { fromIndex, toIndex, rows, bytes } = planned
    chunks.push({ fromIndex, toIndex, deviceCount: rows.length, bytes })
    hashOnlyCount += rows.filter((row) => keysOf(row).length === 0).length
  }
  const deviceCount = chunks.reduce((sum, chunk) => sum + chunk.deviceCount, 0)
  return { customerId, batchId, chunks, deviceCount, duplicates: planner.duplicates, hashOnlyCount }
}
