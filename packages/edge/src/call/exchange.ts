/** One request and its response: sent, read within size limits, and kept as plain data. */
import type { Call } from '../errors.ts'
import { parseFault, proxyAdvice, toResponseError } from '../errors.ts'
import { redact, redactData } from '../redact.ts'
import type { PlainRequest } from './request.ts'
import { retryAfterMs } from './retry-after.ts'
import { isReading } from './retry.ts'

/** A response whose body has been read, with the facts of its call. */
export interface Exchange {
  call: Call
  status: number
  headers: Headers
  /** A header that is safe to show in an error or an event: the service may echo the token in it. */
  header: (name: string) => string | undefined
  /** Removes the tokens of the call from a text. */
  redact: (text: string) => string
  /** `null` when the response had none. */
  body: Uint8Array<ArrayBuffer> | null
  /** How long the service asked to wait. */
  retryAfterMs: number | undefined
}

const maxErrorBodyBytes = 64 * 1024
const maxBodyBytes = 64 * 1024 * 1024
const decoder = new TextDecoder()
const encoder = new TextEncoder()

/**
 * Sends a request once and reads its response. Rejects with `ResponseError` for a redirect or a status outside HTTP, and
 * with whatever `fetch` throws. Calls `onAccepted` for a successful write as soon as its `Location` arrives.
 */
export async function exchangeOnce(
  fetch: typeof globalThis.fetch,
  { url, method, headers, body }: PlainRequest,
  /** Every token of the call so far; the last one is sent. */
  tokens: readonly string[],
  call: Call,
  signal: AbortSignal,
  onAccepted: (exchange: Exchange, location: string) => void,
): Promise<Exchange> {
  const response = await fetch(url, {
    method,
    headers: { ...headers, authorization: `Bearer ${tokens.at(-1)}` },
    body,
    // A redirect must never take the token elsewhere; workerd rejects 'error'.
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
    throw toResponseError(call, status, `not an HTTP status. ${proxyAdvice}`, false)
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
    call.isAmbiguous ||= !isReading(method)
    throw toResponseError(
      call,
      status,
      `a body of more than 64 MiB; even the status of 100,000 devices takes only 15. ${proxyAdvice}`,
      false,
    )
  }
  if (bytes.length > 0) exchange.body = bytes
  if (!ok) {
    const text = bodyText(bytes)
    // Some proxies echo the request that they refuse.
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
 * The `Response` for what was read. Its byte order mark is dropped, since `json()` and `text()` in Workers with an older
 * compatibility date would keep it.
 */
export function toResponse({ status, headers, body }: Exchange): Response {
  const hasMark = body?.[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf
  return new Response(hasMark ? body.subarray(3) : body, { status, headers })
}

/** The text of a body; a byte order mark at its start is dropped. */
export function bodyText(body: Uint8Array | null): string {
  return body ? decoder.decode(body) : ''
}

/** Cancels a body. Whether that succeeds makes no difference here. */
function cancel(body: { cancel(): Promise<void> } | null): void {
  body?.cancel().catch(() => {})
}

/** At most `limit` bytes of a body; the rest is not fetched. */
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
