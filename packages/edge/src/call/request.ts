/** What is sent, and where may it go? A request becomes plain data once, so that every attempt can resend it. */
import { InvalidArgumentError } from '../errors.ts'
import type { CallOptions, Settings } from '../options.ts'
import { checkListener, checkSignal } from '../options.ts'
import { checkGuid, pathTemplate, show } from './path.ts'
import { isReading } from './retry.ts'

/** The second argument of a partner fetch: what `fetch` takes, plus the options of one call. */
export interface PartnerRequestInit extends Omit<RequestInit, 'signal'>, CallOptions {}

/** A request that can be sent any number of times. */
export interface PlainRequest {
  url: string
  method: string
  headers: Record<string, string>
  body: string | ArrayBuffer | null
}

/** What the caller requested, before the body is read. */
export interface Asked {
  url: string
  method: string
  headers: Record<string, string>
  requestId: string
  correlationId: string
  signal: AbortSignal | null | undefined
  /** See {@link CallOptions.onAccepted}. */
  onAccepted: CallOptions['onAccepted']
  /** Reads the body into memory; absent when there is none to read. */
  readBody: (() => Promise<ArrayBuffer>) | undefined
  /** The body, if it is already in memory. */
  body: string | null
}

/**
 * Reads the arguments of a partner fetch. Throws `InvalidArgumentError` for an address that must not receive the token,
 * and for requests that runtimes reject: their own error would look like a lost connection, and Bun sends some of them.
 */
export function readArguments(
  { baseUrl, headers: ownHeaders }: Pick<Settings, 'baseUrl' | 'headers'>,
  input: string | URL | Request,
  init: PartnerRequestInit,
): Asked {
  const source = typeof (input as Request | null)?.url === 'string' ? (input as Request) : undefined
  const address = source ? source.url : typeof input === 'string' ? input : `${(input as URL | null)?.href}`
  const given = init.headers ?? source?.headers
  const headers = given ? readHeaders(given) : {}
  const requestId = idFor('requestId', init.requestId ?? headers['ms-requestid'])
  const correlationId = idFor('correlationId', init.correlationId ?? headers['ms-correlationid'])
  const { body } = init
  const method = checkMethod(init.method ?? source?.method ?? 'GET')
  if (body != null && isReading(method)) {
    throw new InvalidArgumentError(
      `\`body\` must be absent from a ${method}; set \`method\`, or leave it out.`,
    )
  }
  return {
    url: resolveUrl(baseUrl, address),
    method,
    headers: {
      ...ownHeaders,
      ...headers,
      accept: 'application/json',
      'ms-requestid': requestId,
      'ms-correlationid': correlationId,
    },
    requestId,
    correlationId,
    signal: checkSignal(init.signal === undefined ? source?.signal : init.signal),
    onAccepted: checkListener('onAccepted', init.onAccepted),
    readBody: readerOf(body, source),
    body: typeof body === 'string' ? body : null,
  }
}

function readHeaders(given: HeadersInit): Record<string, string> {
  if (given instanceof Headers) return Object.fromEntries(given)
  const headers = new Headers()
  for (const [name, value] of Symbol.iterator in given ? given : Object.entries(given)) {
    if (!append(headers, name, value)) {
      throw new InvalidArgumentError(
        `\`headers\` must have valid HTTP names and values (Latin-1, on one line); check ${show(name)}.`,
      )
    }
  }
  return Object.fromEntries(headers)
}

function append(headers: Headers, name: string, value: string): boolean {
  try {
    headers.append(name, value)
    // Workers accept any character.
    return !/[^\0-\xff]/.test(value)
  } catch {
    return false
  }
}

/** The method in upper case; rejects those that the Fetch standard forbids. */
function checkMethod(method: string): string {
  const upper = method.toUpperCase()
  if (/^(?!(CONNECT|TRACE|TRACK)$)[\w!#$%&'*+.^`|~-]+$/.test(upper)) return upper
  throw new InvalidArgumentError(`\`method\` must be an HTTP method that fetch allows; got ${show(method)}.`)
}

/** Any body is read once, so that every attempt can resend it. */
function readerOf(body: RequestInit['body'], source: Request | undefined): Asked['readBody'] {
  // Decided by the method, since older Firefox has no `Request.body`.
  if (typeof body === 'string' || (body == null && (!source || isReading(source.method)))) return undefined
  return async () => {
    try {
      return await (body == null ? source! : new Response(body)).arrayBuffer()
    } catch (cause) {
      throw new InvalidArgumentError(
        '`body` could not be read; see `cause`. Pass text, bytes, or a stream that nothing else reads.',
        {},
        cause,
      )
    }
  }
}

/** A path with nothing left to resolve: no segment begins with a dot, plain or percent-encoded. */
const plainPath = /^(?:\/[\w-][\w.%-]*)+$/

/** A path below the base URL, or a URL on its origin; nothing else receives the token. */
function resolveUrl(baseUrl: string, address: string): string {
  const path = address.startsWith(baseUrl) ? address.slice(baseUrl.length) : address
  if (plainPath.test(path)) return baseUrl + path
  const isPath = address.startsWith('/')
  const text = isPath ? baseUrl + address : address
  const url = URL.canParse(text) ? new URL(text) : undefined
  // A path must stay below the base URL after its dots are resolved; a URL must have the same origin.
  const allowed = isPath ? `${baseUrl}/` : `${new URL(baseUrl).origin}/`
  if (url?.href.startsWith(allowed)) return url.href
  throw new InvalidArgumentError(
    `The address must be a path such as /customers/… below ${baseUrl}, or a URL on its origin; got ${
      url ? show(url.origin + pathTemplate(url.href)) : 'something that is not a URL'
    }.`,
  )
}

function idFor(name: string, given: string | undefined): string {
  return given === undefined ? crypto.randomUUID() : checkGuid(name, given)
}
