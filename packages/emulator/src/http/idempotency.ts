/** A call that repeats an `MS-RequestId` gets the first response: "Partner Center REST headers" calls it an idempotency key. */

import type { MiddlewareHandler } from 'hono'

import type { EmulatorOperation } from '../operations.ts'
import type { AppEnv } from './app-env.ts'
import { repeated } from './responses.ts'

/** Processes a call once per customer and `MS-RequestId`; a refused call can be retried. */
export function once(operation: EmulatorOperation): MiddlewareHandler<AppEnv> {
  const underWay = new Map<string, Promise<void>>()
  return async (c, next) => {
    const { state, settings } = c.env
    const requestId = c.req.header('MS-RequestId')
    if (!settings.deduplicate || !requestId) return await next()
    const key = `${operation} ${c.req.param('customerId')} ${requestId}`.toLowerCase()
    while (underWay.has(key)) await underWay.get(key)
    const first = state.answers.get(key)
    if (first) return repeated(c, first)

    const carryOut = async (): Promise<void> => {
      await next()
      if (!c.res.ok) return
      // Not every runtime removes the byte order mark when it reads text.
      const body = (await c.res.clone().text()).replace(/^\uFEFF/, '')
      const headers = Object.fromEntries(c.res.headers)
      state.answers.set(key, { status: c.res.status, headers, body })
    }
    const call = carryOut().finally(() => underWay.delete(key))
    underWay.set(key, call)
    return await call
  }
}
