/** The three operations that start background work: creating a batch, adding to one, assigning policies. */

import type { Context } from 'hono'

import {
  readDeviceArray,
  readDeviceBatchCreationRequest,
  readDevicePolicyUpdateRequest,
} from '../devices/bodies.ts'
import type { AppEnv } from '../http/app-env.ts'
import { accepted, fault, forbidden } from '../http/responses.ts'
import { startPolicyUpdate } from '../policies/update.ts'
import { isFindable } from '../quirks/absent.ts'
import { findCustomer } from '../state/state.ts'
import { submit } from './submit.ts'

/** "Upload a list of devices to create a new batch for the specified customer". */
export async function createDeviceBatch(c: Context<AppEnv>): Promise<Response> {
  const { state, settings } = c.env
  if (c.var.token.kind === 'app' && !settings.appOnlyMayCreate) return forbidden(c)
  const { batchId, devices } = readDeviceBatchCreationRequest(await c.req.text())
  if (findCustomer(state, c.req.param('customerId') ?? '')?.batches.has(batchId)) {
    return fault(
      c,
      409,
      800002,
      `A device batch named ${JSON.stringify(batchId)} already exists; add the devices to it.`,
    )
  }
  return start(c, (job) => submit(state, { ...job, batchId, devices }))
}

/** "Upload a list of devices to an existing batch for the specified customer". */
export async function addDevicesToBatch(c: Context<AppEnv>): Promise<Response> {
  const { state, clock, settings } = c.env
  const batchId = c.req.param('batchId') ?? ''
  const devices = readDeviceArray(await c.req.text())
  const batch = findCustomer(state, c.req.param('customerId') ?? '')?.batches.get(batchId)
  if (!batch || !isFindable(batch.createdAt, settings.batchAfterMs, clock.now())) {
    return fault(c, 404, 1000, `Device batch ${JSON.stringify(batchId)} was not found.`)
  }
  return start(c, (job) => submit(state, { ...job, batchId, devices }))
}

/** "Update a list of devices with a policy". */
export async function updateDevicesWithPolicy(c: Context<AppEnv>): Promise<Response> {
  const devices = readDevicePolicyUpdateRequest(await c.req.text())
  return start(c, (job) => startPolicyUpdate(c.env.state, { ...job, devices }))
}

/** What every job has before its devices are known. */
interface Job {
  customerId: string
  batchTrackingId: string
  requestId: string | undefined
  submittedAt: number
  queuedMs: number
  processingMs: number
  stuck: boolean
}

function start(c: Context<AppEnv>, carryOut: (job: Job) => void): Response {
  const { clock, settings, effect } = c.env
  const customerId = c.req.param('customerId') ?? ''
  const batchTrackingId = crypto.randomUUID()
  carryOut({
    customerId,
    batchTrackingId,
    requestId: c.req.header('MS-RequestId'),
    submittedAt: clock.now(),
    queuedMs: settings.queuedMs,
    processingMs: settings.processingMs,
    stuck: effect?.kind === 'stuck',
  })
  const prefix = {
    relative: '',
    versioned: '/v1',
    absolute: `${new URL(c.req.url).origin}/v1`,
  }[settings.location]
  return accepted(c, `${prefix}/customers/${customerId}/batchJobStatus/${batchTrackingId}`)
}
