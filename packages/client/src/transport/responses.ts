/** How does an exchange pass through openapi-fetch? As the `Response` it expects; ours leads back to the exchange. */
import type { Exchange } from '@devicebatch/edge/internal'
import { readJson, toResponse } from '@devicebatch/edge/internal'

const exchangeKey = Symbol('exchange')

/** The response to one of our own calls. */
export function toOwnResponse(exchange: Exchange): Response {
  return Object.assign(toResponse(exchange), { [exchangeKey]: exchange })
}

/** What a method needs beyond the response: the facts of its call, the redacted headers, the body. */
export function exchangeOf(response: Response): Exchange {
  return (response as unknown as { [exchangeKey]: Exchange })[exchangeKey]
}

/** Whether a parsed body has this text, its only required member. */
export function hasText(data: unknown, member: string): boolean {
  return typeof (data as Record<string, unknown> | null | undefined)?.[member] === 'string'
}

/**
 * The response for the user's own calls, with two behaviors of openapi-fetch fixed: a success that is not JSON results in a
 * `ResponseError` instead of a bare `SyntaxError`, and an error without a body still has a truthy `error`.
 */
export function toApiResponse(exchange: Exchange): Response {
  const { status, headers, body } = exchange
  if (!body && status >= 400) {
    const response = Response.json(
      { statusCode: status, message: 'The response had no body.' },
      { status, headers },
    )
    // With a length of 0, openapi-fetch does not read the body.
    response.headers.delete('Content-Length')
    return response
  }
  const response = toResponse(exchange)
  if (response.ok && body) {
    // With a length (of what was read), openapi-fetch calls `json()` instead of parsing the text.
    response.headers.set('Content-Length', String(body.length))
    response.json = async () => readJson(exchange, 'the documented body')
  } else {
    // With a length but no content, it would parse nothing.
    response.headers.delete('Content-Length')
  }
  return response
}
