/** One attempt: sent once, within its timeout, and reported to the observer. */
import type { Call } from '../errors.ts'
import { isPartnerCenterError, toConnectionError, toTimeoutError } from '../errors.ts'
import type { AttemptEvent, CallEvent } from '../events.ts'
import { isCertificateFault, networkCode } from '../network-error.ts'
import type { CallOptions, Settings } from '../options.ts'
import { withinLimit } from './deadline.ts'
import type { Exchange } from './exchange.ts'
import { exchangeOnce } from './exchange.ts'
import type { PlainRequest } from './request.ts'

/** A response, a function that creates the error when there is none, or the reason to end the call immediately. */
export type Outcome =
  | { exchange: Exchange; error?: undefined }
  | {
      exchange?: undefined
      error: () => unknown
      word: AttemptEvent['error']
      isOutOfTime?: boolean
      /** No other attempt can help, and this one sent nothing. */
      isFinal?: boolean
    }
  | { exchange?: undefined; abort: unknown; word: AttemptEvent['error'] }

/** The timeouts of an attempt and its call, which has `remainingMs` of `timeoutMs` left. */
export interface AttemptLimits {
  remainingMs: number
  timeoutMs: number
  signal: AbortSignal | null | undefined
}

/** Makes one attempt. Never rejects. */
export async function attempt(
  { attemptTimeoutMs, fetch, observe }: Settings,
  request: PlainRequest,
  tokens: readonly string[],
  call: Call,
  limits: AttemptLimits,
  onAccepted: CallOptions['onAccepted'],
): Promise<Outcome> {
  const startedAt = performance.now()
  const timeUp = {}
  let accepted: Exchange | undefined
  const outcome = await withinLimit(
    (own) =>
      exchangeOnce(fetch ?? globalThis.fetch, request, tokens, call, own, (early, location) => {
        accepted = early
        onAccepted?.(location)
      }),
    Math.min(limits.remainingMs, attemptTimeoutMs),
    limits.signal,
    () => timeUp,
  ).then(
    (exchange): Outcome => ({ exchange }),
    (cause: unknown) => explain(cause, cause === timeUp, accepted, call, tokens, limits, attemptTimeoutMs),
  )
  if (observe) observe(toEvent(call, performance.now() - startedAt, outcome))
  return outcome
}

function explain(
  cause: unknown,
  isTimeUp: boolean,
  accepted: Exchange | undefined,
  call: Call,
  tokens: readonly string[],
  { remainingMs, timeoutMs, signal }: AttemptLimits,
  attemptTimeoutMs: number,
): Outcome {
  // A tracking ID that has arrived must not be lost with the body after it.
  if (accepted && !signal?.aborted) {
    // If the body is needed, the error about it must not suggest resending.
    call.isAmbiguous = true
    return { exchange: accepted }
  }
  if (isTimeUp) {
    const isOutOfTime = remainingMs <= attemptTimeoutMs
    const [option, limitMs]: [string, number] = isOutOfTime
      ? ['timeoutMs', timeoutMs]
      : ['attemptTimeoutMs', attemptTimeoutMs]
    return { error: () => toTimeoutError(call, option, limitMs), word: 'timeout', isOutOfTime }
  }
  if (signal?.aborted) return { abort: signal.reason, word: 'aborted' }
  if (isPartnerCenterError(cause)) return { abort: cause, word: cause.code }
  // Anything else that `fetch` throws means that no response arrived; its class differs between runtimes.
  const isFinal = isCertificateFault(networkCode(cause))
  return { error: () => toConnectionError(call, cause, tokens), word: 'connection', isFinal }
}

function toEvent(call: Call, durationMs: number, outcome: Outcome): AttemptEvent {
  const { exchange } = outcome
  const isMfaCompliant = exchange?.header('ismfacompliant')
  return {
    type: 'attempt',
    ...callFacts(call),
    durationMs,
    status: exchange?.status,
    error: 'word' in outcome ? outcome.word : undefined,
    isMfaCompliant: isMfaCompliant === undefined ? undefined : /true/i.test(isMfaCompliant),
    serverId: exchange?.header('ms-serverid'),
    cv: exchange?.header('ms-cv'),
  }
}

/** What every event of a call reports. */
export function callFacts({ method, path, requestId, correlationId, attempts }: Call): CallEvent {
  return { method, path, requestId, correlationId, attempt: attempts }
}
