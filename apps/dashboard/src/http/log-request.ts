/** Gives each request an ID, and logs it with its result. */
import { randomUUID } from 'node:crypto'

import type { MiddlewareHandler } from 'hono'

import type { Site } from '../site.ts'
import { actor } from './action.ts'
import { withAddress } from './address.ts'

export const logRequest: MiddlewareHandler<Site> = async (c, next) => {
  const start = performance.now()
  c.set('requestId', randomUUID())
  await next()
  c.res.headers.set('X-Request-Id', c.var.requestId)
  const { method, path } = c.req
  c.var.services.log({
    level: 'info',
    event: 'request',
    method,
    path,
    status: c.res.status,
    durationMs: Math.round(performance.now() - start),
    ...actor(c),
    ...withAddress(c),
  })
}
