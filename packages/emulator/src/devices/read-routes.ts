/** The operations that read: an upload's status, a customer's batches, a batch's devices. */

import type { BatchUploadDetails, DeviceBatch } from '@devicebatch/contract'
import type { Context } from 'hono'

import type { AppEnv } from '../http/app-env.ts'
import { fault, ok } from '../http/responses.ts'
import { findCustomer } from '../state/state.ts'
import type { Batch, CustomerState } from '../state/state.ts'
import { wireTime } from '../time/wire-time.ts'
import { halfWayAt, uploadDetailsAt, uploadStatusAt } from '../uploads/lifecycle.ts'
import type { BatchWord } from '../uploads/lifecycle.ts'
import { registeredCount } from './batch-devices.ts'
import { pageOfDevices } from './pages.ts'

/** "Get the status of a device batch upload". */
export function getBatchUploadStatus(c: Context<AppEnv>): Response {
  const { state, clock, settings, effect } = c.env
  const batchTrackingId = c.req.param('batchTrackingId') ?? ''
  const upload = findCustomer(state, c.req.param('customerId') ?? '')?.uploads.get(
    batchTrackingId.toLowerCase(),
  )
  if (!upload)
    return fault(c, 404, 1000, `Batch tracking id ${batchTrackingId} was not found for this customer.`)

  const stuck = effect?.kind === 'stuck'
  const now = stuck ? Math.min(clock.now(), halfWayAt(upload)) : clock.now()
  const details = uploadDetailsAt(stuck ? { ...upload, neverFinishes: true } : upload, now, settings)
  if (effect?.kind === 'late-rows') return ok(c, withoutRows(details, effect.as ?? 'empty'))
  return ok(c, details)
}

/** The three ways in which the rows may be missing; what is undefined is not sent. */
function withoutRows(details: BatchUploadDetails, as: 'empty' | 'null' | 'absent'): object {
  const rows = { empty: [], null: null, absent: undefined }
  return { ...details, devicesStatus: rows[as] }
}

/** "Get a list of device batches for a customer". */
export function listDeviceBatches(c: Context<AppEnv>): Response {
  const { state, clock, settings } = c.env
  const customerId = c.req.param('customerId') ?? ''
  const now = clock.now()
  const customer = findCustomer(state, customerId)
  const batches = [...(customer?.batches.values() ?? [])].filter(({ unlisted }) => !unlisted)
  const items = batches.map((batch): DeviceBatch => ({
    id: batch.id,
    status: batchStatus(batch, customer, now, settings),
    creationDate: wireTime(batch.createdAt),
    devicesCount: registeredCount(batch, now),
    devicesLink: { uri: devicesPath(customerId, batch.id), method: 'GET', headers: [] },
    attributes: { objectType: 'DeviceBatch' },
  }))
  return ok(c, { totalCount: items.length, items, attributes: { objectType: 'Collection' } })
}

/** A batch is at work while one of its uploads is; then it has failures as soon as one of them has. */
function batchStatus(
  { uploads }: Batch,
  customer: CustomerState | undefined,
  now: number,
  settings: AppEnv['Bindings']['settings'],
): BatchWord {
  const words = new Set(
    uploads.map((id) => {
      const upload = customer?.uploads.get(id.toLowerCase())
      return upload && uploadStatusAt(upload, now, settings)
    }),
  )
  return (
    (['processing', 'queued', 'finished_with_errors'] as const).find((word) => words.has(word)) ?? 'finished'
  )
}

/** "Get a list of devices for the specified batch and customer", 100 at a time. */
export function listDevices(c: Context<AppEnv>): Response {
  const { state, clock, settings, effect } = c.env
  const customerId = c.req.param('customerId') ?? ''
  const batchId = c.req.param('batchId') ?? ''
  const customer = findCustomer(state, customerId)
  const batch = customer?.batches.get(batchId)
  if (!customer || !batch)
    return fault(c, 404, 1000, `Device batch ${JSON.stringify(batchId)} was not found.`)
  if (effect?.kind === 'late-rows') {
    return ok(c, { totalCount: 0, items: [], attributes: { objectType: 'Collection' } })
  }
  const token = c.req.header('MS-ContinuationToken')
  const path = devicesPath(customerId, batchId)
  const page = pageOfDevices(batch, customer, token, path, clock.now(), settings)
  if (!page) return fault(c, 400, 800002, 'MS-ContinuationToken is not one that this list gave.')
  return ok(c, page.body, page.headers)
}

/** The id stands in the path as it is, spaces included, as the documented example has it. */
function devicesPath(customerId: string, batchId: string): string {
  return `/customers/${customerId}/deviceBatches/${batchId}/devices`
}
