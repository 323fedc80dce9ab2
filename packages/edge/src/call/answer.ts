/** What does an answer say? A success is parsed, everything else becomes an error. */
import type { Fault, ResponseError } from '../errors.ts'
import { parseFault, readFault, toApiError, toResponseError } from '../errors.ts'
import type { Exchange } from './exchange.ts'
import { bodyText } from './exchange.ts'

/**
 * The parsed body of a success, which must have what `isExpected` looks for; `contract` names it in the message.
 *
 * Throws `ApiError` for every status but 2xx and for a fault sent under 200, `ResponseError` for any other body.
 */
export function readAnswer<T>(
  exchange: Exchange,
  contract: string,
  isExpected: (body: unknown) => body is T,
): T {
  checkStatus(exchange)
  return checkBody(exchange, readJson(exchange, contract), contract, isExpected)
}

/** The parsed body of a success; throws `ResponseError` when it is no JSON. */
export function readJson(exchange: Exchange, contract: string): unknown {
  const text = bodyText(exchange.body)
  try {
    return JSON.parse(text)
  } catch (cause) {
    // A parser quotes what it could not read.
    throw unreadable(exchange, contract, exchange.redact(text) === text ? cause : undefined)
  }
}

/** Throws `ApiError` unless the status is 2xx, `ResponseError` for a 304. */
export function checkStatus(exchange: Exchange): void {
  const { status, call, retryAfterMs } = exchange
  if (status >= 200 && status <= 299) return
  if (status === 304) {
    throw toResponseError(call, status, 'nothing is kept here that it could mean. Send no If- header.', false)
  }
  throw toApiError(call, exchange, faultOf(exchange), retryAfterMs)
}

/** What the body says went wrong. */
export function faultOf({ body, redact }: Exchange): Fault {
  return parseFault(bodyText(body), redact)
}

/** Returns `body` if it is what was expected; throws `ApiError` if it is a fault, `ResponseError` if it is anything else. */
export function checkBody<T>(
  exchange: Exchange,
  body: unknown,
  contract: string,
  isExpected: (body: unknown) => body is T,
): T {
  if (isExpected(body)) return body
  const fault = readFault(body, exchange.redact)
  if (fault.serviceCode !== undefined || fault.description !== undefined)
    throw toApiError(exchange.call, exchange, fault)
  throw unreadable(exchange, contract)
}

/** A proxy's page or a cut-off body under 200: another try may be answered by the service itself. */
export function unreadable(
  { call, status, body, header }: Exchange,
  contract: string,
  cause?: unknown,
): ResponseError {
  const got = body
    ? `${body.length} bytes of ${header('content-type') ?? 'unnamed content'}`
    : 'an empty body'
  return toResponseError(
    call,
    status,
    `expected ${contract} as JSON, got ${got}. Check that nothing between here and the service answers in its place.`,
    true,
    cause,
  )
}
