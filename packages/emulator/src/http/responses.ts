/** Responses in the service's formats. */

import type { Context } from 'hono'

import type { FirstAnswer } from '../state/state.ts'
import type { AppEnv } from './app-env.ts'
import { isGuid } from './guid.ts'

/** 200 with JSON, after a byte order mark when the emulator is set to send one. */
export function ok(c: Context<AppEnv>, body: object, headers: Record<string, string> = {}): Response {
  const mark = c.env.settings.bom ? '\uFEFF' : ''
  return new Response(mark + JSON.stringify(body), {
    headers: { ...tracing(c), ...headers, 'Content-Type': jsonType },
  })
}

/** 202 without a body: the status of the started job is at `Location`. */
export function accepted(c: Context<AppEnv>, location: string): Response {
  return new Response(null, {
    status: 202,
    headers: { ...tracing(c), Location: location, 'Content-Length': '0' },
  })
}

/** 204 without a body. */
export function deleted(c: Context<AppEnv>): Response {
  return new Response(null, { status: 204, headers: tracing(c) })
}

/** The first response to a call, with the IDs of this one. */
export function repeated(c: Context<AppEnv>, { status, headers, body }: FirstAnswer): Response {
  const mark = body !== '' && c.env.settings.bom ? '\uFEFF' : ''
  const response = new Response(body === '' ? null : mark + body, { status, headers })
  for (const [name, value] of Object.entries(tracing(c))) response.headers.set(name, value)
  return response
}

/** An error in the documented form; the code is a number, and no byte order mark comes first. */
export function fault(c: Context<AppEnv>, status: number, code: number, description: string): Response {
  const body = { code, description, data: [], source: 'PartnerFD' }
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...tracing(c), 'Content-Type': jsonType },
  })
}

/** 403 for a token that may not do this. */
export function forbidden(c: Context<AppEnv>): Response {
  const description = 'The supplied role does not have the rights to perform the requested operation.'
  return fault(c, 403, 900150, description)
}

/** 429 as the gateway in front of the service sends it: in another format, without tracing headers. */
export function throttled(retryAfter: string, seconds: number | string): Response {
  const body = {
    statusCode: 429,
    message: `Rate limit is exceeded. Try again in ${seconds} seconds.`,
  }
  return new Response(JSON.stringify(body), {
    status: 429,
    headers: { 'Content-Type': 'application/json', 'Retry-After': retryAfter },
  })
}

const jsonType = 'application/json; charset=utf-8'

/** The caller's IDs are returned (new ones if it sent none), with the server's own two. */
function tracing(c: Context<AppEnv>): Record<string, string> {
  const requestId = c.req.header('MS-RequestId')
  const correlationId = c.req.header('MS-CorrelationId')
  return {
    'MS-RequestId': isGuid(requestId) ? requestId : crypto.randomUUID(),
    'MS-CorrelationId': isGuid(correlationId) ? correlationId : crypto.randomUUID(),
    'MS-CV': `${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}.0`,
    'MS-ServerId': '030020344',
    ...(c.req.header('ValidateMfa')?.toLowerCase() === 'true' && {
      isMfaCompliant: String(c.env.settings.isMfaCompliant),
    }),
  }
}
