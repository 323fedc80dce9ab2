/** One request, one answer: sent, read within its limits, and kept as plain data. */
import type { Call } from '../errors.ts'
import { parseFault, toResponseError } from '../errors.ts'
import type { PlainRequest } from './request.ts'
import { retryAfterMs } from './retry-after.ts'
import { isReading } from './retry.ts'

/** An answer whose body has been read, with the facts of the call that got it. */
export interface Exchange {
  call: Call
  status: number
  headers: Headers
  /** `null` when the answer had none. */
  body: Uint8Array<ArrayBuffer> | null
  /** How long the service asked to wait. */
  retryAfterMs: number | undefined
}

const maxErrorBodyBytes = 64 * 1024
const decoder = new TextDecoder()
const encoder = new TextEncoder()

/**
 * Sends a request once and reads its answer. Rejects with `ResponseError` for a redirect and a status that HTTP does not
 * have, and with what `fetch` throws. Tells `onAccepted` of a write that succeeded as soon as its `Location` is there.
 */
export async function exchangeOnce(
  fetch: typeof globalThis.fetch,
  { url, method, headers, body }: PlainRequest,
  token: string,
  call: Call,
  signal: AbortSignal,
  onAccepted: (exchange: Exchange, location: string) => void,
): Promise<Exchange> {
  const response = await fetch(url, {
    method,
    headers: { ...headers, authorization: `Bearer ${token}` },
    body,
    // A redirect must never take the token elsewhere; 'error' is refused by workerd.
    redirect: 'manual',
    signal,
  })
  const { status, ok } = response
  if (response.type === 'opaqueredirect' || (status >= 300 && status < 400 && status !== 304)) {
    cancel(response.body)
    throw toResponseError(call, status, 'a redirect, which is not followed. Check the base URL.', false)
  }
  if (status > 599) {
    cancel(response.body)
    throw toResponseError(
      call,
      status,
      'no status of HTTP. Check that nothing between here and the service answers in its place.',
      false,
    )
  }
  const { headers: answered } = response
  const exchange: Exchange = { call, status, headers: answered, body: null, retryAfterMs: undefined }
  const location = ok && !isReading(method) && answered.get('location')
  if (location) onAccepted(exchange, location)
  const bytes = ok
    ? new Uint8Array(await response.arrayBuffer())
    : await readAtMost(response.body, maxErrorBodyBytes)
  if (bytes.length > 0) exchange.body = bytes
  if (!ok) {
    const text = bodyText(bytes)
    // Some proxies show the request that they refuse.
    if (text.includes(token)) exchange.body = encoder.encode(text.replaceAll(token, '[token]'))
    exchange.retryAfterMs = retryAfterMs(status, answered, parseFault(text).description, Date.now())
  }
  return exchange
}

/**
 * The `Response` for what was read. Where the standard allows no body there was none. A byte order mark is left out, since
 * `json()` and `text()` of Workers with an older compatibility date would keep it.
 */
export function toResponse({ status, headers, body }: Exchange): Response {
  const hasMark = body?.[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf
  return new Response(hasMark ? body.subarray(3) : body, { status, headers })
}

/** The text of a body; a byte order mark at its start is dropped. */
export function bodyText(body: Uint8Array | null): string {
  return body ? decoder.decode(body) : ''
}

/** Says that no more is wanted. Whether the other side hears it changes nothing here. */
function cancel(body: { cancel(): Promise<void> } | null): void {
  body?.cancel().catch(() => {})
}

/** At most `limit` bytes of a body; what follows is not fetched. */
async function readAtMost(body: Response['body'], limit: number): Promise<Uint8Array<ArrayBuffer>> {
  if (!body) return new Uint8Array()
  const reader = body.getReader()
  const parts: Uint8Array<ArrayBuffer>[] = []
  for (let room = limit; room > 0;) {
    const { value } = await reader.read()
    if (!value) break
    parts.push(value.subarray(0, room))
    room -= value.length
  }
  cancel(reader)
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}
