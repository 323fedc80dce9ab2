/** Applies a scripted fault to a call. What concerns only one operation is up to its own handler. */

import type { Context, MiddlewareHandler } from 'hono'

import { tokenError } from '../entra/errors.ts'
import { tokenOf } from '../http/access.ts'
import type { AppEnv } from '../http/app-env.ts'
import { fault, throttled } from '../http/responses.ts'
import { writeRetryAfter } from '../http/retry-after.ts'
import type { EmulatorOperation } from '../operations.ts'
import { callQuirk } from '../quirks/call-quirks.ts'
import type { FaultEffect } from './fault.ts'

/** Names the operation in the record and applies the next fault for it. */
export function faulty(operation: EmulatorOperation): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    c.env.record.operation = operation
    const { state, settings, faults } = c.env
    c.env.count = (state.calls.get(operation) ?? 0) + 1
    state.calls.set(operation, c.env.count)
    const isUser = tokenOf(c)?.kind === 'user'
    const effect = faults.next(operation) ?? callQuirk(operation, c.env.count, isUser, settings)
    c.env.effect = effect
    if (effect?.kind === 'answer') return answer(c, operation, effect)
    if (effect?.kind === 'delay')
      await c.env.clock.waitUntil(c.env.record.at + effect.delayMs, c.req.raw.signal)
    if (effect?.kind === 'cut' && !effect.accepted && effect.afterBytes === undefined)
      return new Response(null)
    return await next()
  }
}

type Answer = Extract<FaultEffect, { kind: 'answer' }>

function answer(c: Context<AppEnv>, operation: EmulatorOperation, effect: Answer): Response {
  const { status, retryAfter, body } = effect
  const headers = new Headers(effect.headers)
  if (retryAfter) headers.set('Retry-After', writeRetryAfter(retryAfter, c.env.clock.now()))
  if (body !== undefined || status < 400) {
    const text = typeof body === 'object' ? JSON.stringify(body) : body
    const type = typeof body === 'object' ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8'
    if (text !== undefined && !headers.has('Content-Type')) headers.set('Content-Type', type)
    return new Response(text ?? null, { status, headers })
  }
  const usual = usualError(c, operation, effect, headers.get('Retry-After') ?? '57')
  headers.forEach((value, name) => usual.headers.set(name, value))
  return usual
}

function usualError(
  c: Context<AppEnv>,
  operation: EmulatorOperation,
  { status, retryAfter }: Answer,
  header: string,
): Response {
  if (operation === 'getToken') {
    const text = 'A transient error has occurred. Please try again.'
    return tokenError(c, { status, error: 'temporarily_unavailable', code: 90033, text })
  }
  if (status === 429) {
    return throttled(header, retryAfter ? Math.ceil(retryAfter.afterMs / 1_000) : header)
  }
  return fault(c, status, usualCodes[status] ?? 0, 'A fault that was added to the emulator.')
}

/** From the documentation's table of error codes, "Partner Center REST error codes". */
const usualCodes: Readonly<Record<number, number>> = {
  400: 800002,
  401: 400,
  403: 900150,
  404: 1000,
  500: 800003,
}
