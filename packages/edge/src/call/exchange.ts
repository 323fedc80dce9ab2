/** One request, one answer: sent, read within its limits, and kept as plain data. */
import type { Call } from '../errors.ts'
import { parseFault, toResponseError } from '../errors.ts'
import { redact, redactData } from '../redact.ts'
import type { PlainRequest } from './request.ts'
import { retryAfterMs } from './retry-after.ts'
import { isReading } from './retry.ts'

/** An answer whose body has been read, with the facts of the call that got it. */
export interface Exchange {
  call: Call
  status: number
  headers: Headers
  /** A header as an error or an event may show it: the service may repeat the token in it. */
  header: (name: string) => string | undefined
  /** Takes the tokens of the call out of a text. */
  redact: (text: string) => string
  /** `null` when the answer had none. */
  body: Uint8Array<ArrayBuffer> | null
  /** How long the service asked to wait. */
  retryAfterMs: number | undefined
}

const maxErrorBodyBytes = 64 * 1024
const maxBodyBytes = 64 * 1024 * 1024
const decoder = new TextDecoder()
const encoder = new TextEncoder()

/**
 * Sends a request once and reads its answer. Rejects with `ResponseError` for a redirect and a status that HTTP does not
 * have, and with what `fetch` throws. Tells `onAccepted` of a write that succeeded as soon as its `Location` is there.
 */
export async function exchangeOnce(
  fetch: typeof globalThis.fetch,
  { url, method, headers, body }: PlainRequest,
  /** Every token of the call so far, the one to send last. */
  tokens: readonly string[],
  call: Call,
  signal: AbortSignal,
  onAccepted: (exchange: Exchange, location: string) => void,
): Promise<Exchange> {
  const response = await fetch(url, {
    method,
    headers: { ...headers, authorization: `Bearer ${tokens.at(-1)}` },
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
  const redactTokens = (text: string): string => redact(text, tokens)
  const exchange: Exchange = {
    call,
    status,
    headers: answered,
    header(name) {
      const value = answered.get(name)
      return value === null ? undefined : redactTokens(value)
    },
    redact: redactTokens,
    body: null,
    retryAfterMs: undefined,
  }
  const location = ok && !isReading(method) && answered.get('location')
  if (location) onAccepted(exchange, location)
  const bytes = await readAtMost(response.body, ok ? maxBodyBytes + 1 : maxErrorBodyBytes)
  if (bytes.length > maxBodyBytes) {
    call.ambiguous ||= !isReading(method)
    throw toResponseError(
      call,
      status,
      'a body of more than 64 MiB, where the status of 100,000 devices has 15. Check that nothing between here and the service answers in its place.',
      false,
    )
  }
  if (bytes.length > 0) exchange.body = bytes
  if (!ok) {
    const text = bodyText(bytes)
    // Some proxies show the request that they refuse.
    if (redactTokens(text) !== text) exchange.body = encoder.encode(redactBody(text, redactTokens))
    exchange.retryAfterMs = retryAfterMs(
      status,
      answered,
      parseFault(text, redactTokens).description,
      Date.now(),
    )
  }
  return exchange
}

/** JSON stays JSON. */
function redactBody(text: string, redactText: (text: string) => string): string {
  try {
    return JSON.stringify(redactData(JSON.parse(text), redactText))
  } catch {
    return redactText(text)
  }
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
  let length = 0
  while (length < limit) {
    const { value } = await reader.read()
    if (!value) break
    parts.push(value)
    length += value.length
  }
  if (length >= limit) cancel(reader)
  if (parts.length === 1) return parts[0]!.subarray(0, limit)
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole.subarray(0, limit)
}
