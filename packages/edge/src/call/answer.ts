/** What does a response say? A success is parsed; everything else becomes an error. */
import type { Fault, ResponseError } from '../errors.ts'
import { parseFault, proxyAdvice, readFault, toApiError, toResponseError } from '../errors.ts'
import type { Exchange } from './exchange.ts'
import { bodyText } from './exchange.ts'

/**
 * The parsed body of a success, which `isExpected` must accept; `contract` names the expected type in the message.
 *
 * Throws `ApiError` for every status but 2xx and for a fault sent with 200, `ResponseError` for any other body.
 */
export function readAnswer<T>(
  exchange: Exchange,
  contract: string,
  isExpected: (body: unknown) => body is T,
): T {
  checkStatus(exchange)
  return checkBody(exchange, readJson(exchange, contract), contract, isExpected)
}

/** The parsed body of a success; throws `ResponseError` when it is not JSON. */
export function readJson(exchange: Exchange, contract: string): unknown {
  const text = bodyText(exchange.body)
  try {
    return JSON.parse(text)
  } catch (cause) {
    // The parser's message quotes the text that it could not parse.
    throw unreadable(exchange, contract, exchange.redact(text) === text ? cause : undefined)
  }
}

/** Throws `ApiError` unless the status is 2xx, `ResponseError` for a 304. */
export function checkStatus(exchange: Exchange): void {
  const { status, call, retryAfterMs } = exchange
  if (status >= 200 && status <= 299) return
  if (status === 304) {
    throw toResponseError(
      call,
      status,
      'not modified, but nothing is cached here. Do not send If- headers.',
      false,
    )
  }
  throw toApiError(call, exchange, faultOf(exchange), retryAfterMs)
}

/** What the body says went wrong. */
export function faultOf({ body, redact }: Exchange): Fault {
  return parseFault(bodyText(body), redact)
}

/** Returns `body` if it is what was expected; throws `ApiError` for a fault and `ResponseError` for anything else. */
function checkBody<T>(
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

/** A proxy's page or a truncated body with status 200: on the next attempt, the service itself may respond. */
function unreadable(
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
    `expected ${contract} as JSON, got ${got}. ${proxyAdvice}`,
    true,
    cause,
  )
}
