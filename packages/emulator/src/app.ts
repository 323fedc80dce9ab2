/** The HTTP side of the emulator: from a request to the operation it asks for. */

import type { Context, Handler, MiddlewareHandler } from 'hono'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'

import type { InternalClock } from './clock.ts'
import type { FaultEffect, InternalFaults } from './faults.ts'
import { isGuid } from './guid.ts'
import type { EmulatorOperation } from './operations.ts'
import type { EmulatorSettings } from './options.ts'
import { getBatchUploadStatus, listDeviceBatches, listDevices } from './read-routes.ts'
import { BadRequestError } from './request-body.ts'
import { keepBody } from './requests.ts'
import type { OpenRecord } from './requests.ts'
import { fault, throttled } from './responses.ts'
import type { AccessToken, EmulatorState } from './state.ts'
import { getToken } from './token-endpoint.ts'
import { addDevicesToBatch, createDeviceBatch } from './upload-routes.ts'

/** What a handler finds in `c.env`: the emulator, and what is known of this call. */
export interface Call {
  settings: EmulatorSettings
  clock: InternalClock
  faults: InternalFaults
  state: EmulatorState
  record: OpenRecord
  /** Set when the caller is to see a lost connection instead of the answer. */
  cut: boolean
}

export interface AppEnv {
  Bindings: Call
  Variables: { token: AccessToken }
}

export function createApp(settings: EmulatorSettings): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ getPath: canonicalPath })
  const api = (
    method: 'GET' | 'POST',
    path: string,
    operation: EmulatorOperation,
    handler: Handler<AppEnv>,
  ): void => {
    app.on(method, path, faulty(operation), authenticate, requireGuids, handler)
  }

  app.use(bodyLimit({ maxSize: settings.maxBodyBytes, onError: (c) => tooLarge(c) }))
  app.use(async (c, next) => {
    c.env.record.body = keepBody(await c.req.text())
    await next()
  })

  app.post('/:tenant/oauth2/v2.0/token', faulty('getToken'), getToken('v2'))
  app.post('/:tenant/oauth2/token', faulty('getToken'), getToken('v1'))
  api(
    'GET',
    '/v1/customers/:customerId/batchjobstatus/:batchTrackingId',
    'getBatchUploadStatus',
    getBatchUploadStatus,
  )
  api('POST', '/v1/customers/:customerId/devicebatches', 'createDeviceBatch', createDeviceBatch)
  api(
    'POST',
    '/v1/customers/:customerId/devicebatches/:batchId/devices',
    'addDevicesToBatch',
    addDevicesToBatch,
  )
  api('GET', '/v1/customers/:customerId/devicebatches', 'listDeviceBatches', listDeviceBatches)
  api('GET', '/v1/customers/:customerId/devicebatches/:batchId/devices', 'listDevices', listDevices)

  app.notFound((c) =>
    fault(c, 404, 1000, 'Nothing is served here under this method. Paths start with /v1/customers.'),
  )
  app.onError((error, c) => {
    if (error instanceof BadRequestError) return fault(c, 400, 800002, error.message)
    return fault(c, 500, 800003, `The emulator failed: ${error.message}`)
  })
  return app
}

/**
 * The path as the routes are written: the words of the API in lower case, ids as they were sent, no double and no last
 * slash. The documents' own examples differ in case, and one of them has `//`.
 */
function canonicalPath(request: Request): string {
  const segments = new URL(request.url).pathname.split('/').filter((segment) => segment !== '')
  const isApi = segments[0]?.toLowerCase() === 'v1'
  const isId = (index: number): boolean => (isApi ? index === 2 || index === 4 || index === 6 : index === 0)
  return `/${segments.map((segment, index) => (isId(index) ? segment : segment.toLowerCase())).join('/')}`
}

/** Names the operation in the record and lets a scripted fault happen to it. */
function faulty(operation: EmulatorOperation): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    c.env.record.operation = operation
    const effect = c.env.faults.next(operation)
    if (effect?.kind === 'answer') return answer(c, effect)
    if (effect?.kind === 'delay')
      await c.env.clock.waitUntil(c.env.record.at + effect.delayMs, c.req.raw.signal)
    if (effect?.kind === 'cut') c.env.cut = true
    if (effect?.kind === 'cut' && !effect.accepted) return new Response(null)
    return await next()
  }
}

function answer(c: Context<AppEnv>, effect: Extract<FaultEffect, { kind: 'answer' }>): Response {
  const { status, body } = effect
  const headers = new Headers(effect.headers)
  if (body !== undefined || status < 400) {
    const text = typeof body === 'object' ? JSON.stringify(body) : body
    const type = typeof body === 'object' ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8'
    if (text !== undefined && !headers.has('Content-Type')) headers.set('Content-Type', type)
    return new Response(text ?? null, { status, headers })
  }
  const usual =
    status === 429
      ? throttled(headers.get('Retry-After') ?? '57')
      : fault(c, status, usualCodes[status] ?? 0, 'A fault that was asked of the emulator.')
  headers.forEach((value, name) => usual.headers.set(name, value))
  return usual
}

/** From the documents' table of error codes, "Partner Center REST error codes". */
const usualCodes: Readonly<Record<number, number>> = {
  400: 800002,
  401: 400,
  403: 900150,
  404: 1000,
  500: 800003,
}

const authenticate: MiddlewareHandler<AppEnv> = async (c, next) => {
  const [, value] = /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '') ?? []
  if (value === undefined) return fault(c, 401, 800001, 'Partner token is missing in the request.')
  const token = c.env.state.accessTokens.get(value)
  if (!token) return fault(c, 401, 400, 'Access denied: this emulator did not issue the token.')
  if (token.expiresAt <= c.env.clock.now()) return fault(c, 401, 400, 'Access denied: the token has expired.')
  c.set('token', token)
  return await next()
}

const requireGuids: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (!isGuid(c.req.param('customerId'))) return fault(c, 400, 2000, 'Tenant Id must be a GUID.')
  const batchTrackingId = c.req.param('batchTrackingId')
  if (batchTrackingId !== undefined && !isGuid(batchTrackingId)) {
    return fault(c, 400, 2000, 'Batch tracking id must be a GUID.')
  }
  return await next()
}

function tooLarge(c: Context<AppEnv>): Response {
  const limit = c.env.settings.maxBodyBytes
  return fault(c, 400, 800002, `The request body is too large: this emulator takes up to ${limit} bytes.`)
}
