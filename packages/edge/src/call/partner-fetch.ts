/** One call: token, attempts, waits. The loop is here; every decision in it is made elsewhere. */
import type { TokenSource } from '../auth/token.ts'
import { createTokenSource } from '../auth/token.ts'
import type { Call } from '../errors.ts'
import {
  InvalidArgumentError,
  isPartnerCenterError,
  toConnectionError,
  toInterruption,
  toTimeoutError,
} from '../errors.ts'
import type { AttemptEvent, TokenEvent } from '../events.ts'
import type { CallOptions, PartnerFetchOptions, Settings } from '../options.ts'
import { resolveMs, resolveRetry, resolveSettings } from '../options.ts'
import { withinLimit } from './deadline.ts'
import type { Exchange } from './exchange.ts'
import { exchangeOnce, toResponse } from './exchange.ts'
import { pathTemplate } from './path.ts'
import type { PartnerRequestInit, PlainRequest } from './request.ts'
import { readArguments } from './request.ts'
import { decideRetry, isUncertain } from './retry.ts'
import { wait } from './wait.ts'

/**
 * A `fetch` that speaks to Partner Center: a path such as `/customers/…`, relative to the base URL, or a URL on its origin.
 *
 * Resolves with every answer that is not a redirect, as `fetch` does, after the retries. Its body is already read, at most
 * 64 KiB of it when the status says that the call failed.
 */
export type PartnerFetch = (input: string | URL | Request, init?: PartnerRequestInit) => Promise<Response>

/** What stands behind a partner fetch; for `@devicebatch/client`. */
export interface PartnerTransport {
  settings: Settings
  send(input: string | URL | Request, init?: PartnerRequestInit): Promise<Exchange>
}

// Registered, so that a partner fetch is known to every copy of this package.
const transportKey: unique symbol = Symbol.for('devicebatch.transport')

/**
 * Makes a `fetch` for Partner Center that adds the token and the ids, keeps the limits, and retries what can be retried.
 *
 * The returned function rejects with {@link AuthenticationError} when no token can be had, {@link ConnectionError} and
 * {@link TimeoutError} when no answer came, {@link ResponseError} for a redirect, which is never followed, and
 * {@link InvalidArgumentError} for an address that is not on the origin of the base URL. An abort rejects with the
 * signal's own reason.
 *
 * @throws {@link InvalidArgumentError} when an option is wrong.
 * @example
 * ```ts
 * import { createPartnerFetch, getBatchUploadStatus } from '@devicebatch/edge'
 *
 * const partnerFetch = createPartnerFetch({ credential: () => process.env.DEVICEBATCH_TOKEN! })
 * const details = await getBatchUploadStatus(partnerFetch, {
 *   customerId: '47021739-3426-40bf-9601-61b4b6d7c793',
 *   batchTrackingId: '0127ed8e-ff72-4983-a3d8-e8d8bd378932',
 * })
 * console.log(details.status)
 * ```
 */
export function createPartnerFetch(options: PartnerFetchOptions): PartnerFetch {
  const settings = resolveSettings(options)
  const tokens = createTokenSource(settings.credential, settings.scopes, (reason, durationMs, error) =>
    settings.observe?.({
      type: 'token',
      reason,
      durationMs,
      error: error === undefined ? undefined : errorWord(error),
    }),
  )
  const send: PartnerTransport['send'] = (input, init) => sendCall(settings, tokens, input, init ?? {})
  const partnerFetch: PartnerFetch = async (input, init) => toResponse(await send(input, init))
  return Object.assign(partnerFetch, { [transportKey]: { settings, send } })
}

/** The transport behind a fetch that {@link createPartnerFetch} made, in this or another copy of the package. */
export function transportOf(partnerFetch: PartnerFetch): PartnerTransport {
  const transport = (partnerFetch as { [transportKey]?: PartnerTransport } | undefined)?.[transportKey]
  if (transport) return transport
  throw new InvalidArgumentError(
    '`partnerFetch` must be what createPartnerFetch() returned, not a function around it.',
  )
}

async function sendCall(
  settings: Settings,
  tokens: TokenSource,
  input: string | URL | Request,
  init: PartnerRequestInit,
): Promise<Exchange> {
  const retry = resolveRetry(init.retry, settings.retry)
  const timeoutMs = resolveMs('timeoutMs', init.timeoutMs, settings.timeoutMs)
  const endsAt = performance.now() + timeoutMs
  const { url, method, headers, requestId, correlationId, signal, onAccepted, readBody, body } =
    readArguments(settings, input, init)
  const call: Call = {
    method,
    // Only needed when something is told or goes wrong.
    get path() {
      return pathTemplate(url)
    },
    requestId,
    correlationId,
    attempts: 0,
    ambiguous: false,
  }
  const remainingMs = (): number => endsAt - performance.now()
  const within = <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    withinLimit(work, remainingMs(), signal, () => toTimeoutError(call, 'timeoutMs', timeoutMs))
  const again: typeof within = (work) =>
    within(work).catch((error: unknown) => {
      // The reason of an abort may be one of our own errors.
      throw signal?.aborted ? error : toInterruption(call, error)
    })

  const request: PlainRequest = {
    url,
    method,
    headers,
    body: readBody ? await within(readBody) : body,
  }
  let token = tokens.cached() ?? (await within(tokens.get))
  const used = [token]
  let renewed = false
  let retries = 0
  let uncertain = 0
  for (;;) {
    // What ends a call before its request is sent is no attempt, and leaves nothing in doubt.
    const leftMs = remainingMs()
    if (signal?.aborted) throw signal.reason
    if (leftMs <= 0) throw toTimeoutError(call, 'timeoutMs', timeoutMs)
    call.attempts++
    const startedAt = performance.now()
    if (token !== used.at(-1)) used.push(token)
    const outcome = await attempt(settings, request, used, call, leftMs, timeoutMs, signal, onAccepted)
    observeAttempt(settings, call, performance.now() - startedAt, outcome)
    if ('abort' in outcome) throw outcome.abort
    const { exchange, error } = outcome
    const status = exchange?.status

    if (status === 401 && !renewed) {
      // One renewed token for a call; a 401 after it is the answer.
      renewed = true
      const refused = token
      const claims = readClaims(exchange!.headers.get('www-authenticate'))
      const other = await again((own) => tokens.renew(refused, claims, own))
      if (other !== undefined) {
        token = other
        continue
      }
    }

    const decision = decideRetry(
      {
        method,
        status,
        retryAfterMs: exchange?.retryAfterMs,
        retries,
        uncertain,
        // A timer may fire a little early; the call is over all the same.
        remainingMs: outcome.error && outcome.isOutOfTime ? 0 : remainingMs(),
        random: Math.random(),
      },
      retry,
    )
    if (isUncertain(method, status)) {
      uncertain++
      call.ambiguous = true
    }
    if (!decision.retry) {
      if (exchange) return exchange
      throw error()
    }
    retries++
    const { delayMs, reason } = decision
    settings.observe?.({ type: 'wait', ...callFacts(call), delayMs, reason })
    await wait(delayMs, signal)
    token = tokens.cached() ?? (await again(tokens.get))
  }
}

/** What came of an attempt: an answer, the maker of the error that says why there is none, or what ends the call at once. */
type Outcome =
  | { exchange: Exchange; error?: undefined }
  | { exchange?: undefined; error: () => unknown; word: AttemptEvent['error']; isOutOfTime?: boolean }
  | { exchange?: undefined; abort: unknown; word: AttemptEvent['error'] }

async function attempt(
  { attemptTimeoutMs, fetch }: Settings,
  request: PlainRequest,
  tokens: readonly string[],
  call: Call,
  remainingMs: number,
  timeoutMs: number,
  signal: AbortSignal | null | undefined,
  onAccepted: CallOptions['onAccepted'],
): Promise<Outcome> {
  const timeUp = {}
  let accepted: Exchange | undefined
  try {
    const exchange = await withinLimit(
      (own) =>
        exchangeOnce(fetch ?? globalThis.fetch, request, tokens, call, own, (early, location) => {
          accepted = early
          onAccepted?.(location)
        }),
      Math.min(remainingMs, attemptTimeoutMs),
      signal,
      () => timeUp,
    )
    return { exchange }
  } catch (cause) {
    // A tracking id that has come is not lost with the body after it.
    if (accepted && !signal?.aborted) {
      // Should its body be needed, the error that says so must not invite to send it again.
      call.ambiguous = true
      return { exchange: accepted }
    }
    if (cause === timeUp) {
      const isOutOfTime = remainingMs <= attemptTimeoutMs
      const [option, limitMs]: [string, number] = isOutOfTime
        ? ['timeoutMs', timeoutMs]
        : ['attemptTimeoutMs', attemptTimeoutMs]
      return { error: () => toTimeoutError(call, option, limitMs), word: 'timeout', isOutOfTime }
    }
    if (signal?.aborted) return { abort: signal.reason, word: 'aborted' }
    if (isPartnerCenterError(cause)) return { abort: cause, word: cause.code }
    // Whatever else `fetch` throws means that no answer came; its class differs from runtime to runtime.
    return { error: () => toConnectionError(call, cause), word: 'connection' }
  }
}

function observeAttempt({ observe }: Settings, call: Call, durationMs: number, outcome: Outcome): void {
  if (!observe) return
  const header = (name: string): string | undefined => outcome.exchange?.header(name)
  const isMfaCompliant = header('ismfacompliant')
  observe({
    type: 'attempt',
    ...callFacts(call),
    durationMs,
    status: outcome.exchange?.status,
    error: 'word' in outcome ? outcome.word : undefined,
    isMfaCompliant: isMfaCompliant === undefined ? undefined : /true/i.test(isMfaCompliant),
    serverId: header('ms-serverid'),
    cv: header('ms-cv'),
  })
}

/** The claims of a challenge, which stand in it as base64 (Microsoft identity platform, "Claims challenges"). */
function readClaims(challenge: string | null): string | undefined {
  const encoded = /claims="([^"]+)"/i.exec(challenge ?? '')?.[1]
  try {
    return encoded && atob(encoded)
  } catch {
    return undefined
  }
}

function callFacts({ method, path, requestId, correlationId, attempts }: Call) {
  return { method, path, requestId, correlationId, attempt: attempts }
}

function errorWord(error: unknown): NonNullable<TokenEvent['error']> {
  return isPartnerCenterError(error) ? error.code : 'aborted'
}
