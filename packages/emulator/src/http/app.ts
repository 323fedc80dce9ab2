/** The HTTP side of the emulator: routes a request to its operation. */

import type { Context, Handler } from 'hono'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'

import { getCustomer, getRelationshipRequest, listCustomers } from '../customers/routes.ts'
import { getBatchUploadStatus, listDeviceBatches, listDevices } from '../devices/read-routes.ts'
import { deleteDevice, updateDevice } from '../devices/routes.ts'
import { authorize } from '../entra/authorize.ts'
import { discoverTenant } from '../entra/discovery.ts'
import { getToken } from '../entra/token.ts'
import { faulty } from '../faults/effects.ts'
import type { EmulatorOperation } from '../operations.ts'
import type { EmulatorSettings } from '../options.ts'
import { createPolicy, deletePolicy, getPolicy, listPolicies, updatePolicy } from '../policies/routes.ts'
import { addDevicesToBatch, createDeviceBatch, updateDevicesWithPolicy } from '../uploads/routes.ts'
import { authenticate, requireGuids, requireReseller } from './access.ts'
import type { AppEnv } from './app-env.ts'
import { anyOrigin } from './cors.ts'
import { once } from './idempotency.ts'
import { BadRequestError } from './json-body.ts'
import { keepBody } from './recorded-requests.ts'
import { fault } from './responses.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Route = [method: Method, operation: EmulatorOperation, handler: Handler<AppEnv>]

const customer = '/v1/customers/:customerId'

/** The paths that find a customer, in lowercase as `canonicalPath` returns them, and the operation of each method. */
const customerRoutes: Readonly<Record<string, readonly Route[]>> = {
  '/v1/customers': [['GET', 'listCustomers', listCustomers]],
  // Before the paths with an ID.
  '/v1/customers/relationshiprequests': [['GET', 'getRelationshipRequest', getRelationshipRequest]],
  [customer]: [['GET', 'getCustomer', getCustomer]],
}

/** The same for the paths below a customer. */
const deviceRoutes: Readonly<Record<string, readonly Route[]>> = {
  [`${customer}/batchjobstatus/:batchTrackingId`]: [['GET', 'getBatchUploadStatus', getBatchUploadStatus]],
  [`${customer}/devicebatches`]: [
    ['GET', 'listDeviceBatches', listDeviceBatches],
    ['POST', 'createDeviceBatch', createDeviceBatch],
  ],
  [`${customer}/devicebatches/:batchId/devices`]: [
    ['GET', 'listDevices', listDevices],
    ['POST', 'addDevicesToBatch', addDevicesToBatch],
  ],
  [`${customer}/devicebatches/:batchId/devices/:deviceId`]: [
    ['PUT', 'updateDevice', updateDevice],
    ['DELETE', 'deleteDevice', deleteDevice],
  ],
  [`${customer}/devicepolicyupdates`]: [['PATCH', 'updateDevicesWithPolicy', updateDevicesWithPolicy]],
  [`${customer}/policies`]: [
    ['GET', 'listPolicies', listPolicies],
    ['POST', 'createPolicy', createPolicy],
  ],
  [`${customer}/policies/:policyId`]: [
    ['GET', 'getPolicy', getPolicy],
    ['PUT', 'updatePolicy', updatePolicy],
    ['DELETE', 'deletePolicy', deletePolicy],
  ],
}

const entraRoutes: Readonly<Record<string, Route>> = {
  '/:tenant/oauth2/v2.0/authorize': ['GET', 'authorize', authorize],
  '/:tenant/v2.0/.well-known/openid-configuration': ['GET', 'discoverTenant', discoverTenant],
  '/:tenant/oauth2/v2.0/token': ['POST', 'getToken', getToken('v2')],
  '/:tenant/oauth2/token': ['POST', 'getToken', getToken('v1')],
}

export function createApp(settings: EmulatorSettings): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ getPath: canonicalPath })
  if (settings.cors) app.use(anyOrigin)
  app.use(bodyLimit({ maxSize: settings.maxBodyBytes, onError: (c) => tooLarge(c) }))
  app.use(async (c, next) => {
    c.env.record.body = keepBody(await c.req.text())
    await next()
  })

  for (const [path, [method, operation, handler]] of Object.entries(entraRoutes)) {
    app.on(method, path, faulty(operation), handler)
    app.all(path, (c) => methodNotAllowed(c, [method]))
  }
  for (const [path, routes] of Object.entries({ ...customerRoutes, ...deviceRoutes })) {
    const relationship = path in deviceRoutes ? [requireReseller] : []
    for (const [method, operation, handler] of routes) {
      const repeatable = method === 'GET' ? [] : [once(operation)]
      const checks = [authenticate, requireGuids, ...relationship, ...repeatable]
      app.on(method, path, faulty(operation), ...checks, handler)
    }
    const methods = routes.map(([method]) => method)
    app.all(path, (c) => methodNotAllowed(c, methods))
  }

  app.notFound((c) =>
    fault(c, 404, 1000, 'Nothing is served here. Paths start with /v1/customers, or with /_emulator.'),
  )
  app.onError((error, c) => {
    if (error instanceof BadRequestError) return fault(c, 400, error.code, error.message)
    // A delayed call that is aborted ends with the caller's own reason.
    if (c.req.raw.signal.aborted) return fault(c, 400, 800002, 'The request was aborted.')
    return fault(c, 500, 800003, `The emulator failed: ${error.message}`)
  })
  return app
}

/**
 * The path as the routes are written: the API's words in lowercase, ids as they were sent, no double or trailing slashes. The
 * documentation's own examples differ in case, and one of them has `//`.
 */
function canonicalPath(request: Request): string {
  const segments = new URL(request.url).pathname.split('/').filter((segment) => segment !== '')
  const isApi = segments[0]?.toLowerCase() === 'v1'
  const isId = (segment: string, index: number): boolean =>
    isApi
      ? (index === 2 && segment.toLowerCase() !== 'relationshiprequests') || index === 4 || index === 6
      : index === 0
  return `/${segments.map((segment, index) => (isId(segment, index) ? segment : segment.toLowerCase())).join('/')}`
}

/** The documentation lists 405 without a code; its code for unsupported operations comes closest. */
function methodNotAllowed(c: Context<AppEnv>, methods: readonly Method[]): Response {
  const allowed = methods.join(', ')
  const response = fault(c, 405, 800042, `${c.req.raw.method} is not supported here; ${allowed} is.`)
  response.headers.set('Allow', allowed)
  return response
}

function tooLarge(c: Context<AppEnv>): Response {
  const limit = c.env.settings.maxBodyBytes
  return fault(c, 400, 800002, `The request body is too large: this emulator accepts up to ${limit} bytes.`)
}
