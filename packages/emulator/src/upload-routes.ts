/** The two operations that start an upload: creating a batch, and adding devices to one. */

import type { Context } from 'hono'

import type { AppEnv } from './app.ts'
import { readDeviceArray, readDeviceBatchCreationRequest } from './request-body.ts'
import { accepted, fault } from './responses.ts'
import { findCustomer } from './state.ts'
import { submit } from './submit.ts'
import type { SubmittedDevice } from './submit.ts'

/** "Upload a list of devices to create a new batch for the specified customer". */
export async function createDeviceBatch(c: Context<AppEnv>): Promise<Response> {
  const { state, settings } = c.env
  if (c.var.token.kind === 'app' && !settings.appOnlyMayCreate) {
    return fault(
      c,
      403,
      900150,
      'The supplied role does not have the rights to perform the requested operation.',
    )
  }
  const repeated = locationOfRepeated(c)
  if (repeated) return accepted(c, repeated)
  const { batchId, devices } = readDeviceBatchCreationRequest(await c.req.text())
  if (findCustomer(state, c.req.param('customerId') ?? '')?.batches.has(batchId)) {
    return fault(
      c,
      409,
      800002,
      `A device batch named ${JSON.stringify(batchId)} already exists; add the devices to it.`,
    )
  }
  return startUpload(c, batchId, devices)
}

/** "Upload a list of devices to an existing batch for the specified customer". */
export async function addDevicesToBatch(c: Context<AppEnv>): Promise<Response> {
  const batchId = c.req.param('batchId') ?? ''
  const repeated = locationOfRepeated(c)
  if (repeated) return accepted(c, repeated)
  const devices = readDeviceArray(await c.req.text())
  if (!findCustomer(c.env.state, c.req.param('customerId') ?? '')?.batches.has(batchId)) {
    return fault(c, 404, 1000, `Device batch ${JSON.stringify(batchId)} was not found.`)
  }
  return startUpload(c, batchId, devices)
}

function startUpload(c: Context<AppEnv>, batchId: string, devices: SubmittedDevice[]): Response {
  const { state, clock, settings } = c.env
  const customerId = c.req.param('customerId') ?? ''
  const batchTrackingId = crypto.randomUUID()
  submit(state, {
    customerId,
    batchId,
    batchTrackingId,
    submittedAt: clock.now(),
    queuedMs: settings.queuedMs,
    processingMs: settings.processingMs,
    devices,
  })
  const location = `/customers/${customerId}/batchJobStatus/${batchTrackingId}`
  const key = requestKey(c)
  if (key) state.acceptedRequests.set(key, location)
  return accepted(c, location)
}

/** Where the upload can be followed that this request's `MS-RequestId` started before, if it did. */
function locationOfRepeated(c: Context<AppEnv>): string | undefined {
  const key = requestKey(c)
  return key && c.env.settings.deduplicate ? c.env.state.acceptedRequests.get(key) : undefined
}

function requestKey(c: Context<AppEnv>): string | undefined {
  const requestId = c.req.header('MS-RequestId')
  return requestId && `${c.req.param('customerId')} ${requestId}`.toLowerCase()
}
