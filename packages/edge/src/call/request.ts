/** What is sent, and where may it go? A request is made plain once, so that every attempt can send it again. */
import { InvalidArgumentError } from '../errors.ts'
import type { CallOptions, Settings } from '../options.ts'
import { checkGuid, pathTemplate, show } from './path.ts'

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
  /** Reads the body into memory; absent when there is none to be read. */
  readBody: (() => Promise<ArrayBuffer>) | undefined
  /** The body, where it is in memory already. */
  body: string | null
}

/** Reads the arguments of a partner fetch. Throws `InvalidArgumentError` for an address that must not get the token. */
export function readArguments(
  { baseUrl, headers: ownHeaders }: Pick<Settings, 'baseUrl' | 'headers'>,
  input: string | URL | Request,
  init: PartnerRequestInit,
): Asked {
  const source = typeof (input as Request | null)?.url === 'string' ? (input as Request) : undefined
  const address = source ? source.url : typeof input === 'string' ? input : `${(input as URL | null)?.href}`
  const given = init.headers ?? source?.headers
  const headers: Record<string, string> = given
    ? Object.fromEntries(given instanceof Headers ? given : new Headers(given))
    : {}
  const requestId = idFor('requestId', init.requestId ?? headers['ms-requestid'])
  const correlationId = idFor('correlationId', init.correlationId ?? headers['ms-correlationid'])
  const { body } = init
  return {
    url: resolveUrl(baseUrl, address),
    method: (init.method ?? source?.method ?? 'GET').toUpperCase(),
    headers: {
      ...ownHeaders,
      ...headers,
      accept: 'application/json',
      'ms-requestid': requestId,
      'ms-correlationid': correlationId,
    },
    requestId,
    correlationId,
    signal: init.signal === undefined ? source?.signal : init.signal,
    readBody: readerOf(body, source),
    body: typeof body === 'string' ? body : null,
  }
}

/** Whatever it is, it is read once, so that every attempt can send it again. */
function readerOf(body: RequestInit['body'], source: Request | undefined): Asked['readBody'] {
  if (body == null) {
    // Asked by method, since older Firefox has no `Request.body`.
    return source && !/^(GET|HEAD)$/.test(source.method) ? () => source.arrayBuffer() : undefined
  }
  return typeof body === 'string' ? undefined : () => new Response(body).arrayBuffer()
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
