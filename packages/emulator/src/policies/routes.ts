/** The operations on configuration policies. */

import type { Context } from 'hono'

import type { AppEnv } from '../http/app-env.ts'
import { deleted, fault, ok } from '../http/responses.ts'
import { collection } from '../quirks/absent.ts'
import { findCustomer, getOrAddCustomer } from '../state/state.ts'
import type { CustomerState, Policy } from '../state/state.ts'
import { parseWireTime, preciseWireTime, roundedWireTime, wireTime } from '../time/wire-time.ts'
import { readNewPolicy, readPolicyUpdate } from './bodies.ts'
import { countAssignments, toPolicy } from './policies.ts'

/** "Get a list of a customer's policies". */
export function listPolicies(c: Context<AppEnv>): Response {
  const { state, clock, settings } = c.env
  const customer = findCustomer(state, c.req.param('customerId') ?? '')
  const counts = customer ? countAssignments(customer, clock.now()) : new Map<string, number>()
  const items = [...(customer?.policies ?? [])].map(([key, policy]) => {
    const createdDate = roundedWireTime(policy.createdDate)
    const lastModifiedDate = roundedWireTime(policy.lastModifiedDate)
    return toPolicy({ ...policy, createdDate, lastModifiedDate }, counts.get(key) ?? 0, settings)
  })
  return ok(c, collection(items, settings))
}

/** "Create a new configuration policy for the specified customer": 200, not 201. */
export async function createPolicy(c: Context<AppEnv>): Promise<Response> {
  const body = readNewPolicy(await c.req.text())
  const customer = getOrAddCustomer(c.env.state, c.req.param('customerId') ?? '')
  const createdDate = preciseWireTime(c.env.clock.now())
  const policy: Policy = {
    id: crypto.randomUUID(),
    ...body,
    createdDate,
    lastModifiedDate: createdDate,
  }
  customer.policies.set(policy.id, policy)
  return justWritten(c, customer, policy)
}

/** "Retrieve a customer's configuration policy". */
export function getPolicy(c: Context<AppEnv>): Response {
  const found = find(c)
  return found ? ok(c, wirePolicy(c, found.customer, found.policy)) : notFound(c)
}

/** "Update a configuration policy for the specified customer": properties that the request omits are removed. */
export async function updatePolicy(c: Context<AppEnv>): Promise<Response> {
  const { id, ...body } = readPolicyUpdate(await c.req.text())
  const found = find(c)
  if (!found) return notFound(c)
  const { customer, policy } = found
  if (id.toLowerCase() !== policy.id.toLowerCase()) {
    return fault(c, 400, 3000, 'The ID in the request body is not the ID in the path.')
  }
  if (body.category !== policy.category) {
    return fault(c, 400, 3000, 'The category of a policy cannot be changed.')
  }
  Object.assign(policy, body, { lastModifiedDate: preciseWireTime(c.env.clock.now()) })
  return justWritten(c, customer, policy)
}

/** "Delete a configuration policy for the specified customer". The devices that it applied to then have no policy. */
export function deletePolicy(c: Context<AppEnv>): Response {
  const found = find(c)
  if (!found) return notFound(c)
  found.customer.policies.delete(found.policy.id.toLowerCase())
  return deleted(c)
}

/** A write returns a policy's times in a different format than a read. */
function justWritten(c: Context<AppEnv>, customer: CustomerState, policy: Policy): Response {
  const createdDate = wireTime(parseWireTime('createdDate', policy.createdDate))
  const lastModifiedDate = wireTime(parseWireTime('lastModifiedDate', policy.lastModifiedDate))
  return ok(c, wirePolicy(c, customer, { ...policy, createdDate, lastModifiedDate }))
}

function wirePolicy(c: Context<AppEnv>, customer: CustomerState, policy: Policy): object {
  const counts = countAssignments(customer, c.env.clock.now())
  return toPolicy(policy, counts.get(policy.id.toLowerCase()) ?? 0, c.env.settings)
}

function find(c: Context<AppEnv>): { customer: CustomerState; policy: Policy } | undefined {
  const customer = findCustomer(c.env.state, c.req.param('customerId') ?? '')
  const policy = customer?.policies.get((c.req.param('policyId') ?? '').toLowerCase())
  return customer && policy && { customer, policy }
}

function notFound(c: Context<AppEnv>): Response {
  return fault(c, 404, 1000, `Policy ${c.req.param('policyId')} was not found for this customer.`)
}
