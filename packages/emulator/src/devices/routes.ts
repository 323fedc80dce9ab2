/** The operations on a single device. */

import type { Context } from 'hono'

import type { AppEnv } from '../http/app-env.ts'
import { deleted, fault, ok } from '../http/responses.ts'
import { policyFailure } from '../policies/policies.ts'
import { findCustomer } from '../state/state.ts'
import type { Batch, BatchDevice, CustomerState } from '../state/state.ts'
import { findDevice, toDevice } from './batch-devices.ts'
import { readDeviceUpdate } from './bodies.ts'
import { deviceKeys, releaseKeys } from './keys.ts'

/** "Update a device": properties that the request omits are removed. */
export async function updateDevice(c: Context<AppEnv>): Promise<Response> {
  const { state, clock } = c.env
  const { id, device: update } = readDeviceUpdate(await c.req.text())
  const found = find(c)
  if (!found) return notFound(c)
  const { customer, device } = found
  if (id !== undefined && id !== device.id) {
    return fault(c, 400, 800002, 'The ID in the request body is not the ID in the path.')
  }
  const customerId = (c.req.param('customerId') ?? '').toLowerCase()
  const policies = update.policies ?? []
  if (policyFailure(state, customerId, policies) !== undefined) {
    return fault(c, 400, 3000, "The value of a policy must be the ID of one of the customer's policies.")
  }
  const wanted = deviceKeys({ ...update, hardwareHash: undefined })
  const current = deviceKeys(device)
  if (wanted.some((key) => !current.includes(key) && state.owners.has(key))) {
    return fault(c, 409, 3000, 'Another device has this serial number or product key.')
  }

  // A device recognized by its hardware hash remains so: clients do not send a hash again.
  const byHash = device.keys.filter((key) => key.startsWith('hardware hash'))
  releaseKeys(state, device)
  const keys = [...byHash, ...wanted].filter((key) => !state.owners.has(key))
  for (const key of keys) state.owners.set(key, customerId)
  const now = clock.now()
  const { serialNumber, productKey, modelName, oemManufacturerName } = update
  Object.assign(device, { serialNumber, productKey, modelName, oemManufacturerName, keys })
  device.policies = [
    ...policies.map((policy) => ({ at: now, ...policy })),
    ...device.policies.filter(({ at }) => at > now),
  ]
  return ok(c, toDevice(device, customer, now, c.env.settings))
}

/** "Delete a device for the specified customer"; afterward anyone can register it. */
export function deleteDevice(c: Context<AppEnv>): Response {
  const found = find(c)
  if (!found) return notFound(c)
  const { batch, device } = found
  batch.devices = batch.devices.filter((other) => other !== device)
  releaseKeys(c.env.state, device)
  return deleted(c)
}

function find(
  c: Context<AppEnv>,
): { customer: CustomerState; batch: Batch; device: BatchDevice } | undefined {
  const customer = findCustomer(c.env.state, c.req.param('customerId') ?? '')
  const batch = customer?.batches.get(c.req.param('batchId') ?? '')
  const device = batch && findDevice(batch, c.req.param('deviceId') ?? '', c.env.clock.now())
  return customer && batch && device && { customer, batch, device }
}

function notFound(c: Context<AppEnv>): Response {
  const deviceId = JSON.stringify(c.req.param('deviceId'))
  return fault(c, 404, 1000, `Device ${deviceId} was not found in this batch.`)
}
