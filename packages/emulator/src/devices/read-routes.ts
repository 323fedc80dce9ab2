/** The read operations: an upload's status, a customer's batches, a batch's devices. */

import type { DeviceBatch } from '@devicebatch/contract'
import type { Context } from 'hono'

import type { AppEnv } from '../http/app-env.ts'
import { fault, ok } from '../http/responses.ts'
import { collection, isFindable, listAs } from '../quirks/absent.ts'
import { chance } from '../quirks/chance.ts'
import { spellStatus, spellTime } from '../quirks/wording.ts'
import { findCustomer } from '../state/state.ts'
import type { Batch, CustomerState, Upload } from '../state/state.ts'
import { wireTime } from '../time/wire-time.ts'
import { halfWayAt, uploadStatusAt } from '../uploads/lifecycle.ts'
import type { BatchWord } from '../uploads/lifecycle.ts'
import { statusBody } from '../uploads/status-body.ts'
import { registeredCount } from './batch-devices.ts'
import { pageOfDevices } from './pages.ts'

/** "Get the status of a device batch upload". */
export function getBatchUploadStatus(c: Context<AppEnv>): Response {
  const { state, clock, settings, effect } = c.env
  const batchTrackingId = c.req.param('batchTrackingId') ?? ''
  const customer = findCustomer(state, c.req.param('customerId') ?? '')
  const wanted = customer?.uploads.get(batchTrackingId.toLowerCase())
  if (!customer || !wanted || !isFindable(wanted.submittedAt, settings.statusAfterMs, clock.now()))
    return fault(c, 404, 1000, `Batch tracking ID ${batchTrackingId} was not found for this customer.`)

  const upload = uploadInstead(c, customer, wanted) ?? wanted
  const stuck = effect?.kind === 'stuck'
  const now = stuck ? Math.min(clock.now(), halfWayAt(upload)) : clock.now()
  const details = statusBody(stuck ? { ...upload, neverFinishes: true } : upload, now, settings)
  if (effect?.kind !== 'late-rows') return ok(c, details)
  return ok(c, { ...details, devicesStatus: listAs([], { emptyLists: effect.as ?? 'empty' }) })
}

/** The previous upload, if the quirks return it instead. */
function uploadInstead(c: Context<AppEnv>, customer: CustomerState, wanted: Upload): Upload | undefined {
  const { seed, foreignStatuses } = c.env.settings
  if (chance(seed, 'foreign-status', c.env.count) >= foreignStatuses) return undefined
  return [...customer.uploads.values()].findLast(({ sequence }) => sequence < wanted.sequence)
}

/** "Get a list of device batches for a customer". */
export function listDeviceBatches(c: Context<AppEnv>): Response {
  const { state, clock, settings } = c.env
  const customerId = c.req.param('customerId') ?? ''
  const now = clock.now()
  const customer = findCustomer(state, customerId)
  const batches = [...(customer?.batches.values() ?? [])].filter(
    (batch) => !batch.unlisted && isFindable(batch.createdAt, settings.batchAfterMs, now),
  )
  const items = batches.map((batch): DeviceBatch => ({
    id: batch.id,
    status: spellStatus(batchStatus(batch, customer, now, settings), settings, batch.id),
    creationDate: spellTime(wireTime(batch.createdAt), settings),
    devicesCount: registeredCount(batch, now),
    devicesLink: { uri: devicesPath(customerId, batch.id), method: 'GET', headers: [] },
    attributes: { objectType: 'DeviceBatch' },
  }))
  return ok(c, collection(items, settings))
}

/** A batch is in progress while one of its uploads is; after that, it has failures if one of them has. */
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
  if (!customer || !batch || !isFindable(batch.createdAt, settings.batchAfterMs, clock.now()))
    return fault(c, 404, 1000, `Device batch ${JSON.stringify(batchId)} was not found.`)
  if (effect?.kind === 'late-rows') {
    return ok(c, collection([], settings))
  }
  const token = c.req.header('MS-ContinuationToken')
  const path = devicesPath(customerId, batchId)
  const page = pageOfDevices(batch, customer, token, path, clock.now(), settings)
  if (!page) return fault(c, 400, 800002, 'MS-ContinuationToken was not issued by this list.')
  return ok(c, page.body, page.headers)
}

/** The path contains the ID unencoded, including spaces, as in the documented example. */
function devicesPath(customerId: string, batchId: string): string {
  return `/customers/${customerId}/deviceBatches/${batchId}/devices`
}
