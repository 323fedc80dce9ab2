/** The operations that read: an upload's status, a customer's batches, a batch's devices. */

import type { Device, DeviceBatch } from '@devicebatch/contract'
import type { Context } from 'hono'

import type { AppEnv } from './app.ts'
import { finishedDevicesAt, uploadDetailsAt, uploadStatusAt, wireTime } from './lifecycle.ts'
import { fault, ok } from './responses.ts'
import type { Batch, UploadedDevice } from './state.ts'
import { findCustomer } from './state.ts'

const pageSize = 100

/** "Get the status of a device batch upload". */
export function getBatchUploadStatus(c: Context<AppEnv>): Response {
  const { state, clock, settings } = c.env
  const batchTrackingId = c.req.param('batchTrackingId') ?? ''
  const upload = findCustomer(state, c.req.param('customerId') ?? '')?.uploads.get(
    batchTrackingId.toLowerCase(),
  )
  if (!upload)
    return fault(c, 404, 1000, `Batch tracking id ${batchTrackingId} was not found for this customer.`)
  return ok(c, uploadDetailsAt(upload, clock.now(), settings))
}

/** "Get a list of device batches for a customer". */
export function listDeviceBatches(c: Context<AppEnv>): Response {
  const { state, clock, settings } = c.env
  const customerId = c.req.param('customerId') ?? ''
  const now = clock.now()
  const batches = [...(findCustomer(state, customerId)?.batches.values() ?? [])]
  const items = batches.map((batch): DeviceBatch => {
    const last = batch.uploads.at(-1)
    return {
      id: batch.id,
      ...(last && { status: uploadStatusAt(last, now, settings) }),
      creationDate: wireTime(batch.createdAt),
      devicesCount: registeredDevices(batch, now).length,
      devicesLink: {
        // The id stands in the link as it is, spaces included, as the documented example has it.
        uri: `/customers/${customerId}/deviceBatches/${batch.id}/devices`,
        method: 'GET',
        headers: [],
      },
      attributes: { objectType: 'DeviceBatch' },
    }
  })
  return ok(c, { totalCount: items.length, items, attributes: { objectType: 'Collection' } })
}

/** "Get a list of devices for the specified batch and customer", 100 at a time. */
export function listDevices(c: Context<AppEnv>): Response {
  const batchId = c.req.param('batchId') ?? ''
  const batch = findCustomer(c.env.state, c.req.param('customerId') ?? '')?.batches.get(batchId)
  if (!batch) return fault(c, 404, 1000, `Device batch ${JSON.stringify(batchId)} was not found.`)

  const token = c.req.header('MS-ContinuationToken')
  const first = token === undefined ? 0 : readContinuationToken(token)
  if (first === undefined)
    return fault(c, 400, 800002, 'MS-ContinuationToken is not one that this list gave.')

  const devices = registeredDevices(batch, c.env.clock.now())
  const next = first + pageSize
  return ok(c, {
    totalCount: devices.length,
    items: devices.slice(first, next).map(toDevice),
    ...(next < devices.length && { continuationToken: continuationToken(next) }),
    attributes: { objectType: 'Collection' },
  })
}

interface RegisteredDevice {
  id: string
  uploadedAt: number
  device: UploadedDevice
}

/** The batch's devices that are registered by now, upload after upload. */
function registeredDevices(batch: Batch, now: number): RegisteredDevice[] {
  const registered: RegisteredDevice[] = []
  for (const upload of batch.uploads) {
    const finished = finishedDevicesAt(upload, now)
    for (const [index, device] of upload.devices.entries()) {
      if (index === finished) break
      const { outcome } = device
      if (outcome.kind === 'registered')
        registered.push({ id: outcome.deviceId, uploadedAt: upload.submittedAt, device })
    }
  }
  return registered
}

function toDevice({ id, uploadedAt, device }: RegisteredDevice): Device {
  const { serialNumber, productKey, modelName, oemManufacturerName } = device
  return {
    id,
    ...(serialNumber !== undefined && { serialNumber }),
    ...(productKey !== undefined && { productKey }),
    ...(modelName !== undefined && { modelName }),
    ...(oemManufacturerName !== undefined && { oemManufacturerName }),
    policies: [{ key: 'o_o_b_e', value: null }],
    // The documented examples have seven digits and an offset here, and only here.
    uploadedDate: new Date(uploadedAt).toISOString().replace('Z', '0000+00:00'),
    attributes: { objectType: 'Device' },
  }
}

/** Commas, slashes and `=` are in the documented tokens too: a caller has to send them back as they are. */
function continuationToken(position: number): string {
  return `devices,${position}/100=`
}

function readContinuationToken(token: string): number | undefined {
  const [, position] = /^devices,(\d+)\/100=$/.exec(token) ?? []
  return position === undefined ? undefined : Number(position)
}
