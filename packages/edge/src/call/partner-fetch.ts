/** One call: rate limit, token, attempts and waits. The loop is here; its decisions are made elsewhere. */
import type { TokenSource } from '../auth/token.ts'
import { createTokenSource } from '../auth/token.ts'
import type { Call } from '../errors.ts'
import { InvalidArgumentError, isPartnerCenterError, toInterruption, toTimeoutError } from '../errors.ts'
import type { TokenEvent, WaitEvent } from '../events.ts'
import type { PartnerFetchOptions, Settings } from '../options.ts'
import { resolveMs, resolveRetry, resolveSettings } from '../options.ts'
import { admissionOf } from './admission.ts'
import { faultOf } from './answer.ts'
import { attempt, callFacts } from './attempt.ts'
import { withinLimit } from './deadline.ts'
import type { Exchange } from './exchange.ts'
import { toResponse } from './exchange.ts'
import { pathTemplate } from './path.ts'
import type { Leave } from './rate-limit.ts'
import type { PartnerRequestInit, PlainRequest } from './request.ts'
import { readArguments } from './request.ts'
import type { RetryDecision } from './retry.ts'
import { decideRetry, isUncertain } from './retry.ts'
import { wait } from './wait.ts'

/**
 * A `fetch` for Partner Center that takes a path such as `/customers/…`, relative to the base URL, or a URL on its origin.
 *
 * Like `fetch`, it resolves with every response that is not a redirect, once retries are done. The body has already been
 * read: at most 64 KiB of it when the status is an error.
 */
export type PartnerFetch = (input: string | URL | Request, init?: PartnerRequestInit) => Promise<Response>

/** The transport behind a partner fetch; for `@devicebatch/client`. */
export interface PartnerTransport {
  settings: Settings
  send(input: string | URL | Request, init?: PartnerRequestInit): Promise<Exchange>
}

// Registered, so that every copy of this package recognizes a partner fetch.
const transportKey: unique symbol = Symbol.for('devicebatch.transport')

/**
 * Creates a `fetch` for Partner Center that adds the token and the IDs, enforces the timeouts, and retries transient
 * failures.
 *
 * The returned function rejects with {@link AuthenticationError} when no token can be obtained, {@link ConnectionError} and
 * {@link TimeoutError} when no response arrives, {@link ResponseError} for a redirect, which is never followed, and
 * {@link InvalidArgumentError} for an address that is not on the origin of the base URL. An abort rejects with the
 * signal's own reason.
 *
 * @throws {@link InvalidArgumentError} when an option is invalid.
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
    '`partnerFetch` must be the function that createPartnerFetch() returned, not a wrapper around it.',
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
  let endsAt = performance.now() + timeoutMs
  const { url, method, headers, requestId, correlationId, signal, onAccepted, readBody, body } =
    readArguments(settings, input, init)
  const call = new CallInProgress(url, method, requestId, correlationId)
  const { rateLimit } = settings
  const admit = admissionOf(settings.fetch)
  const remainingMs = (): number => endsAt - performance.now()
  const within = <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    withinLimit(work, remainingMs(), signal, () => toTimeoutError(call, 'timeoutMs', timeoutMs)).catch(
      (error: unknown) => {
        // An abort's reason may be one of our own errors.
        throw signal?.aborted ? error : toInterruption(call, error)
      },
    )

  const request: PlainRequest = {
    url,
    method,
    headers,
    body: readBody ? await within(readBody) : body,
  }
  /** Every token of the call, the one in use last. */
  const used: string[] = []
  let renewed: string | undefined
  let mayRenew = true
  let retries = 0
  let uncertain = 0
  for (;;) {
    let leave: Leave | undefined
    let isGranted = false
    let decision: RetryDecision
    try {
      if (rateLimit?.isActive()) {
        leave = await within((own) =>
          rateLimit.enter(url, call, own, remainingMs, (ms) => report(ms, 'held')),
        )
      }
      const token = renewed ?? (await getToken())
      // The service may have begun to throttle while this call waited for its token, which it then keeps.
      renewed = token
      if (leave ? rateLimit?.isHeld(url) : rateLimit?.isActive()) continue
      renewed = undefined
      if (token !== used.at(-1)) used.push(token)

      // A call that ends before its request is sent made no attempt and is not ambiguous.
      if (admit) {
        const startedAt = performance.now()
        await admit(url, { method, signal })
        endsAt += performance.now() - startedAt
      }
      const leftMs = remainingMs()
      if (signal?.aborted) throw signal.reason
      if (leftMs <= 0) throw toTimeoutError(call, 'timeoutMs', timeoutMs)
      call.attempts++
      const limits = { remainingMs: leftMs, timeoutMs, signal }
      const outcome = await attempt(settings, request, used, call, limits, onAccepted)
      if ('abort' in outcome) throw outcome.abort
      if (outcome.error && outcome.isFinal) throw outcome.error()
      const { exchange, error } = outcome
      const status = exchange?.status
      isGranted = status !== undefined && status !== 429

      if (status === 401 && mayRenew && !demandsMfa(exchange!)) {
        // A call renews its token once; a second 401 is the response.
        mayRenew = false
        const claims = readClaims(exchange!.headers.get('www-authenticate'))
        renewed = await within((own) => tokens.renew(token, claims, own))
        if (renewed !== undefined) continue
      }

      decision = decide(
        method,
        status,
        exchange?.retryAfterMs,
        // A timer may fire slightly early; the call is over regardless.
        outcome.error && outcome.isOutOfTime ? 0 : remainingMs(),
      )
      if (status === 429) rateLimit?.hold(url, decision.delayMs)
      if (isUncertain(method, status)) {
        uncertain++
        call.isAmbiguous = true
      }
      if (!decision.retry) {
        if (exchange) return exchange
        throw error()
      }
    } finally {
      leave?.(isGranted)
    }
    await backOff(decision)
  }

  function decide(
    method: string,
    status: number | undefined,
    retryAfterMs: number | undefined,
    remainingMs: number,
  ): RetryDecision {
    const outcome = { method, status, retryAfterMs, retries, uncertain, remainingMs, random: Math.random() }
    return decideRetry(outcome, retry, settings.retry)
  }

  /** Waits for the decided delay and counts it as a retry of the call. */
  async function backOff({ delayMs, reason }: Extract<RetryDecision, { retry: true }>): Promise<void> {
    retries++
    report(delayMs, reason)
    await wait(delayMs, signal)
  }

  /** A token for the next attempt. A busy token endpoint is retried like the API. */
  async function getToken(): Promise<string> {
    for (;;) {
      try {
        return tokens.cached() ?? (await within(tokens.get))
      } catch (error) {
        if (signal?.aborted || !isPartnerCenterError(error) || error.code !== 'authentication') throw error
        if (!error.isRetryable) throw error
        const decision = decide('GET', undefined, error.retryAfterMs, remainingMs())
        if (!decision.retry) throw error
        await backOff(decision)
      }
    }
  }

  function report(delayMs: number, reason: WaitEvent['reason']): void {
    settings.observe?.({ type: 'wait', ...callFacts(call), delayMs, reason })
  }
}

/** The facts of a call while it is in progress. */
class CallInProgress implements Call {
  readonly method: string
  readonly requestId: string
  readonly correlationId: string
  attempts = 0
  isAmbiguous = false
  readonly #url: string

  constructor(url: string, method: string, requestId: string, correlationId: string) {
    this.#url = url
    this.method = method
    this.requestId = requestId
    this.correlationId = correlationId
  }

  /** Only events and errors need it. */
  get path(): string {
    return pathTemplate(this.#url)
  }
}

/** The user must sign in with MFA: a renewed token cannot help, and would use up a refresh token. */
function demandsMfa(exchange: Exchange): boolean {
  return faultOf(exchange).serviceCode === '900421'
}

/** The claims of a challenge, which are base64-encoded (Microsoft identity platform, "Claims challenges"). */
function readClaims(challenge: string | null): string | undefined {
  const encoded = /claims="([^"]+)"/i.exec(challenge ?? '')?.[1]
  try {
    return encoded && atob(encoded)
  } catch {
    return undefined
  }
}

function errorWord(error: unknown): NonNullable<TokenEvent['error']> {
  return isPartnerCenterError(error) ? error.code : 'aborted'
}
