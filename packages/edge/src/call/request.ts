/** What is sent, and where may it go? A request is made plain once, so that every attempt can send it again. */
import { InvalidArgumentError } from '../errors.ts'
import type { CallOptions, Settings } from '../options.ts'
import { checkListener, checkSignal } from '../options.ts'
import { checkGuid, pathTemplate, show } from './path.ts'
import { isReading } from './retry.ts'

/** What a partner fetch takes beside the address: what `fetch` takes, and the options of one call. */
export interface PartnerRequestInit extends Omit<RequestInit, 'signal'>, CallOptions {}

/** A request that can be sent any number of times. */
export interface PlainRequest {
  url: string
  method: string
  headers: Record<string, string>
  body: string | ArrayBuffer | null
}

/** What a caller asked for, before its body is read. */
export interface Asked {
  url: string
  method: string
  headers: Record<string, string>
  requestId: string
  correlationId: string
  signal: AbortSignal | null | undefined
  /** See {@link CallOptions.onAccepted}. */
  onAccepted: CallOptions['onAccepted']
  /** Reads the body into memory; absent when there is none to be read. */
  readBody: (() => Promise<ArrayBuffer>) | undefined
  /** The body, where it is in memory already. */
  body: string | null
}

/**
 * Reads the arguments of a partner fetch. Throws `InvalidArgumentError` for an address that must not get the token, and
 * for what no runtime sends: its own refusal would look like a lost connection, and Bun sends some of it.
 */
export function readArguments(
  { baseUrl, headers: ownHeaders }: Pick<Settings, 'baseUrl' | 'headers'>,
  input: string | URL | Request,
  init: PartnerRequestInit,
): Asked {
  const source = typeof (input as Request | null)?.url === 'string' ? (input as Request) : undefined
  const address = source ? source.url : typeof input === 'string' ? input : `${(input as URL | null)?.href}`
  const headers = readHeaders(init.headers ?? source?.headers ?? {})
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
        `\`headers\` must have names and values that HTTP allows: Latin-1 text on one line; check ${show(name)}.`,
      )
    }
  }
  return Object.fromEntries(headers)
}

function append(headers: Headers, name: string, value: string): boolean {
  try {
    headers.append(name, value)
    // Workers take any character.
    return !/[^\0-\xff]/.test(value)
  } catch {
    return false
  }
}

/** In capitals; not one that the Fetch standard forbids. */
function checkMethod(method: string): string {
  const upper = method.toUpperCase()
  if (/^(?!(CONNECT|TRACE|TRACK)$)[\w!#$%&'*+.^`|~-]+$/.test(upper)) return upper
  throw new InvalidArgumentError(`\`method\` must be an HTTP method that fetch sends; got ${show(method)}.`)
}

/** Whatever it is, it is read once, so that every attempt can send it again. */
function readerOf(body: RequestInit['body'], source: Request | undefined): Asked['readBody'] {
  // By its method, since older Firefox has no `Request.body`.
  if (typeof body === 'string' || (body == null && (!source || isReading(source.method)))) return undefined
  return async () => {
    try {
      return await (body == null ? source! : new Response(body)).arrayBuffer()
    } catch (cause) {
      throw new InvalidArgumentError(
        '`body` could not be read; the reason is the `cause`. Pass text, bytes, or a stream that nobody else reads.',
        {},
        cause,
      )
    }
  }
}

/** A path in which nothing is left to resolve: no part of it begins with a dot, as it is or percent-encoded. */
const plainPath = /^(?:\/[\w-][\w.%-]*)+$/

/** A path below the base URL, or a URL on its origin; nothing else gets the token. */
function resolveUrl(baseUrl: string, address: string): string {
  const path = address.startsWith(baseUrl) ? address.slice(baseUrl.length) : address
  if (plainPath.test(path)) return baseUrl + path
  const isPath = address.startsWith('/')
  const text = isPath ? baseUrl + address : address
  const url = URL.canParse(text) ? new URL(text) : undefined
  // A path must still begin with the base after dots in it were resolved; another URL must have its origin.
  const allowed = isPath ? `${baseUrl}/` : `${new URL(baseUrl).origin}/`
  if (url?.href.startsWith(allowed)) return url.href
  throw new InvalidArgumentError(
    `The address must be a path such as /customers/… below ${baseUrl}, or a URL on its origin; got ${
      url ? show(url.origin + pathTemplate(url.href)) : 'something that is no URL'
    }.`,
  )
}

function idFor(name: string, given: string | undefined): string {
  return given === undefined ? crypto.randomUUID() : checkGuid(name, given)
}
