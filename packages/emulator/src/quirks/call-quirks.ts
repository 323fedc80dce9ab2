/** Which calls the service rejects or delays: rate limits, missing MFA, a busy or slow token endpoint. */

import type { FaultEffect } from '../faults/fault.ts'
import type { RetryAfterForm } from '../http/retry-after.ts'
import { isEntraOperation } from '../operations.ts'
import type { EmulatorOperation } from '../operations.ts'
import { chance, choose } from './chance.ts'
import type { ResolvedQuirks } from './quirks.ts'

type CallQuirks = Pick<
  ResolvedQuirks,
  'busyTokenEndpoint' | 'mfaRefusals' | 'retryAfter' | 'throttledCalls' | 'tokenDelayMs'
> & { seed: number }

/** The effect on a call, the `count`th of its operation; `isUser`: it has a user's token. */
export function callQuirk(
  operation: EmulatorOperation,
  count: number,
  isUser: boolean,
  quirks: CallQuirks,
): FaultEffect | undefined {
  if (operation === 'getToken') return tokenQuirk(count, quirks)
  if (isEntraOperation(operation)) return undefined
  const { seed, throttledCalls, mfaRefusals } = quirks
  if (isHit(throttledCalls, operation, count, seed)) return throttled(operation, count, quirks)
  if (isUser && chance(seed, 'mfa', operation, count) < mfaRefusals) return withoutMfa
  return undefined
}

/** Never two in a row, so that a caller that retries gets through. */
function isHit(share: number, operation: string, count: number, seed: number): boolean {
  const hit = (nth: number): boolean => chance(seed, 'hit', operation, nth) < share
  return hit(count) && !(count > 1 && hit(count - 1))
}

function tokenQuirk(count: number, quirks: CallQuirks): FaultEffect | undefined {
  const { seed, busyTokenEndpoint, tokenDelayMs } = quirks
  if (isHit(busyTokenEndpoint, 'getToken', count, seed)) {
    const status = choose([503, 429], seed, 'busy', count)
    return { kind: 'answer', status, retryAfter: { afterMs: 1_000 } }
  }
  return tokenDelayMs > 0 ? { kind: 'delay', delayMs: tokenDelayMs } : undefined
}

const retryAfterForms: readonly [RetryAfterForm, ...(RetryAfterForm | 'repeated' | 'unreadable' | 'none')[]] =
  ['seconds', 'imf-fixdate', 'rfc850-date', 'asctime-date', 'repeated', 'unreadable', 'none']

function throttled(operation: string, count: number, { seed, retryAfter }: CallQuirks): FaultEffect {
  const form =
    retryAfter === 'mixed' ? choose(retryAfterForms, seed, 'retry-after', operation, count) : retryAfter
  const answer = { kind: 'answer', status: 429 } as const
  if (form === 'repeated') return { ...answer, headers: { 'Retry-After': '2, 1' } }
  if (form === 'unreadable') return { ...answer, headers: { 'Retry-After': 'soon' } }
  if (form === 'none') {
    return { ...answer, body: { statusCode: 429, message: 'Rate limit is exceeded. Try again later.' } }
  }
  return { ...answer, retryAfter: { afterMs: 2_000, as: form } }
}

const withoutMfa: FaultEffect = {
  kind: 'answer',
  status: 401,
  body: { code: 900421, description: 'MFA is required to access this API.', data: [], source: 'PartnerFD' },
}
