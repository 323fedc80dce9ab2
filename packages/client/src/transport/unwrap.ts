/** How does a response from openapi-fetch become data or an error? Here, and nowhere else. */
import type { CallOptions, PartnerRequestInit } from '@devicebatch/edge'
import type { Exchange, PartnerTransport } from '@devicebatch/edge/internal'
import { checkBody, checkStatus, readJson, toResponse } from '@devicebatch/edge/internal'
import type { ClientOptions } from 'openapi-fetch'

/** The `fetch` that openapi-fetch is given for one of our own calls. */
export type ApiFetch = NonNullable<ClientOptions['fetch']>

/**
 * Stands in for `Request` in our own calls, where nobody looks at it but our own fetch: a real one, which is read again at
 * once, takes more time than all the rest of a call here.
 */
export class PlainRequest {
  readonly url: string
  readonly headers: PartnerRequestInit['headers']
  readonly body: PartnerRequestInit['body']

  constructor(url: string, { headers, body }: Pick<PartnerRequestInit, 'headers' | 'body'>) {
    this.url = url
    this.headers = headers
    this.body = body
  }
}

/**
 * Makes one call through openapi-fetch whose answer holds no data, and returns the exchange that brought it. Whatever the
 * body is, nobody parses it. Rejects with `ApiError` for every status but 2xx.
 */
export async function unwrap(
  transport: PartnerTransport,
  options: CallOptions | undefined,
  operate: (fetch: ApiFetch) => Promise<unknown>,
): Promise<Exchange> {
  let exchange: Exchange | undefined
  await operate(async (request) => {
    exchange = await transport.send(request.url, { ...options, ...plain(request) })
    return answered(204)
  })
  checkStatus(exchange!)
  return exchange!
}

/**
 * Makes one call through openapi-fetch, and returns what it parsed and the exchange that brought it.
 *
 * @param contract The name of what is expected, for messages.
 * @param isExpected Tells whether the parsed body is that.
 * Rejects with `ApiError` for every status but 2xx and a fault under 200, with `ResponseError` for any other body.
 */
export async function unwrapData<T>(
  transport: PartnerTransport,
  options: CallOptions | undefined,
  contract: string,
  isExpected: (data: unknown) => data is T,
  operate: (fetch: ApiFetch) => Promise<{ data?: unknown }>,
): Promise<{ data: T; exchange: Exchange }> {
  let exchange: Exchange | undefined
  const { data } = await operate(async (request) => {
    const read = (exchange = await transport.send(request.url, { ...options, ...plain(request) }))
    return answered(read.status, () => readJson(read, contract))
  })
  checkStatus(exchange!)
  return { data: checkBody(exchange!, data, contract, isExpected), exchange: exchange! }
}

/** What openapi-fetch put on a {@link PlainRequest}: it adds the method itself. */
function plain({ method, headers, body }: Request): {
  method: string
  headers: HeadersInit
  body: BodyInit | null
} {
  return { method, headers, body }
}

/** As much of a `Response` as openapi-fetch looks at; a success has a length, so that it asks for `json()`. */
function answered(status: number, json?: () => unknown): Response {
  const ok = status >= 200 && status <= 299
  return {
    status,
    ok,
    headers: new Map([['Content-Length', '1']]),
    json: async () => json?.(),
    // What an error says is read from the exchange.
    text: async () => '',
  } as unknown as Response
}

/** Whether a parsed body can be a resource: all else in it may be missing. */
export function hasId(data: unknown): boolean {
  return typeof (data as { id?: unknown } | null | undefined)?.id === 'string'
}

/**
 * The answer as openapi-fetch takes it, with two of its behaviors fixed: a success that is not JSON gives a `ResponseError`
 * instead of a bare `SyntaxError`, and an error without a body still gives an `error` that is truthy.
 */
export function toApiResponse(exchange: Exchange, contract: string): Response {
  const { status, headers, body } = exchange
  if (!body && status >= 400) {
    const response = Response.json(
      { statusCode: status, message: 'The answer had no body.' },
      { status, headers },
    )
    // With a length of 0 openapi-fetch does not look at the body.
    response.headers.delete('Content-Length')
    return response
  }
  const response = toResponse(exchange)
  if (response.ok && body) {
    // With a length, which is that of what was read, openapi-fetch asks for `json()` and does not parse by itself.
    response.headers.set('Content-Length', String(body.length))
    response.json = async () => readJson(exchange, contract)
  } else if (!body) {
    // With one that nothing came for it would parse nothing.
    response.headers.delete('Content-Length')
  }
  return response
}
