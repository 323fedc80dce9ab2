/** A fetch that records what it sends and receives, for a support request. */
import { show } from '../call/path.ts'
import { describeCause, InvalidArgumentError } from '../errors.ts'
import { redact } from '../redact.ts'
import { redactBody, redactLocation, redactUrl } from './redact-body.ts'

/** One line of a recording, parsed: a request and its response. */
export interface RecordedCall {
  /** When it was sent, ISO 8601 in UTC. */
  startedAt: string
  /** From sending it to the end of the response, in milliseconds. */
  durationMs: number
  /** The HTTP method. */
  method: string
  /** The URL, without its query values. */
  url: string
  /** What was sent. */
  request: RecordedMessage
  /** The response; absent when none arrived. */
  response?: RecordedMessage & { status: number }
  /** Why no response, or not all of it, arrived. */
  error?: string
}

/** The recorded part of a request or a response. */
export interface RecordedMessage {
  /** IDs, times and the type of the body. */
  headers: Record<string, string>
  /** The parsed body. Its texts are replaced by their lengths, except IDs, times, status values and errors. */
  body?: unknown
}

const recordedHeaders = [
  'content-type',
  'date',
  'location',
  'ms-correlationid',
  'ms-cv',
  'ms-requestid',
  'ms-serverid',
  'retry-after',
  'x-devicebatch-emulator',
]

/**
 * Wraps a `fetch` so that it writes a support file: one line of JSON for each request, with IDs, times, status and redacted
 * bodies. Tokens, secrets, serial numbers, hardware hashes and names are left out; tenant IDs, tracking IDs and the paths of the
 * requests, which can name a batch or a device, are not.
 *
 * @param write Called with each line, without a line break, when its response is complete. Anything it throws is ignored.
 * @param fetch The `fetch` to wrap. Default `globalThis.fetch`, looked up on each request.
 * @example
 * ```ts
 * import { appendFileSync } from 'node:fs'
 *
 * import { createPartnerFetch, recordTo } from '@devicebatch/edge'
 *
 * const partnerFetch = createPartnerFetch({
 *   credential: () => process.env.DEVICEBATCH_TOKEN!,
 *   fetch: recordTo((line) => appendFileSync('support.jsonl', `${line}\n`)),
 * })
 * ```
 */
export function recordTo(
  write: (line: string) => unknown,
  fetch?: typeof globalThis.fetch,
): typeof globalThis.fetch {
  // What `write` throws is ignored: this would record nothing, without a word.
  if (typeof write !== 'function') {
    throw new InvalidArgumentError(`\`write\` must be a function that stores a line; got ${show(write)}.`)
  }
  return async (input, init) => {
    const request = input instanceof Request ? input : undefined
    const headers = new Headers(init?.headers ?? request?.headers)
    const token = headers.get('authorization')?.replace(/^\S+ +/, '')
    const secrets = token ? [token] : []
    const sent = {
      startedAt: new Date().toISOString(),
      method: init?.method ?? request?.method ?? 'GET',
      url: redactUrl(request?.url ?? `${input as string | URL}`),
      request: {
        headers: pickHeaders(headers, secrets),
        ...(await bodyOf(init?.body ?? request?.clone(), secrets)),
      },
    }
    const start = performance.now()
    const end = (rest: Pick<RecordedCall, 'response' | 'error'>): void => {
      const { startedAt, ...others } = sent
      const durationMs = Math.round(performance.now() - start)
      const line: RecordedCall = { startedAt, durationMs, ...others, ...rest }
      try {
        const done: unknown = write(JSON.stringify(line))
        if (done instanceof Promise) done.catch(() => {})
      } catch {
        // A full disk must not fail the call.
      }
    }
    let response: Response
    try {
      response = await (fetch ?? globalThis.fetch)(input, init)
    } catch (error) {
      end({ error: describeCause(error, secrets) })
      throw error
    }
    const answered = { status: response.status, headers: pickHeaders(response.headers, secrets) }
    // The caller must get the headers at once: they may contain a tracking ID.
    bodyOf(response.clone(), secrets).then(
      (body) => end({ response: { ...answered, ...body } }),
      (error: unknown) => end({ response: answered, error: describeCause(error, secrets) }),
    )
    return response
  }
}

function pickHeaders(headers: Headers, secrets: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    recordedHeaders.flatMap((name) => {
      const value = headers.get(name)
      if (value === null) return []
      const shown = redact(value, secrets)
      return [[name, name === 'location' ? redactLocation(shown) : shown]]
    }),
  )
}

async function bodyOf(
  body: BodyInit | Request | Response | null | undefined,
  secrets: readonly string[],
): Promise<{ body?: unknown }> {
  if (body == null) return {}
  // It can be read only once.
  if (body instanceof ReadableStream) return { body: '[a stream]' }
  const text = await (body instanceof Request || body instanceof Response ? body : new Response(body)).text()
  return text === '' ? {} : { body: redactBody(text, secrets) }
}
