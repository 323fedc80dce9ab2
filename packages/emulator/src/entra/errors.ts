/** Errors in Entra ID's format: RFC 6749, section 5.2, with the additions of the "AADSTS error codes". */

import type { Context } from 'hono'

import type { AppEnv } from '../http/app-env.ts'

/** Why no token is issued. */
export interface Refusal {
  status: number
  /** The OAuth error. */
  error: string
  /** The number of the AADSTS code. */
  code: number
  text: string
}

/** A refusal with the status 400, which applies to everything except a wrong client. */
export function refuse(error: string, code: number, text: string): Refusal {
  return { status: 400, error, code, text }
}

/** A refusal for a missing required parameter. */
export function missing(parameter: string): Refusal {
  return refuse(
    'invalid_request',
    900144,
    `The request body must contain the following parameter: '${parameter}'.`,
  )
}

/** The text of the refusal with the details that Entra ID appends. */
export function describeRefusal(
  { code, text }: Refusal,
  traceId: string,
  correlationId: string,
  now: number,
): string {
  return `AADSTS${code}: ${text} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp(now)}`
}

/** The error response of a token endpoint. */
export function tokenError(c: Context<AppEnv>, refusal: Refusal): Response {
  const now = c.env.clock.now()
  const traceId = crypto.randomUUID()
  const correlationId = crypto.randomUUID()
  return tokenJson(refusal.status, {
    error: refusal.error,
    error_description: describeRefusal(refusal, traceId, correlationId, now),
    error_codes: [refusal.code],
    timestamp: timestamp(now),
    trace_id: traceId,
    correlation_id: correlationId,
  })
}

/** A JSON response of a token endpoint, which must not be cached. */
export function tokenJson(status: number, body: object): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' },
  })
}

function timestamp(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`
}
