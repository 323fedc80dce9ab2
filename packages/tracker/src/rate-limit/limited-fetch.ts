/** The fetch for Partner Center: every request takes a slot first. */
import { retryAfterMs } from '@devicebatch/edge/internal'

import type { Settings } from '../options.ts'
import { currentRun } from './request-run.ts'
import type { RequestSlots } from './request-slots.ts'
import { longWaitMs } from './request-slots.ts'

/**
 * Wraps a fetch. The attempt timeout is applied here, so that it excludes the wait for a slot; a `Retry-After` of a 429 or 503
 * pauses the requests that share its rate limit.
 */
export function limitFetch(
  slots: RequestSlots,
  { partner, attemptTimeoutMs, onError }: Settings,
): typeof globalThis.fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const customerId = /\/customers\/([\da-f-]+)/i.exec(url.pathname)?.[1] ?? 'none'
    await slots.wait(customerId, init?.signal)
    const run = currentRun()
    await run?.onBeforeSend?.(init?.method ?? 'GET')
    const signals = [init?.signal, Number.isFinite(attemptTimeoutMs) && AbortSignal.timeout(attemptTimeoutMs)]
    const response = await (partner.fetch ?? globalThis.fetch)(input, {
      ...init,
      signal: AbortSignal.any(signals.filter((signal) => signal instanceof AbortSignal)),
    })
    const pauseMs =
      response.status === 429 || response.status === 503
        ? retryAfterMs(response.status, response.headers, undefined, Date.now())
        : undefined
    if (!pauseMs) return response
    await slots.pause(customerId, Math.min(pauseMs, longestPauseMs)).catch(onError)
    // A 429 was certainly not carried out, and the caller must read that first; a 503 may have been.
    if (response.status === 429 && pauseMs > longWaitMs)
      setTimeout(() => run?.onLongWait?.(Math.min(pauseMs, longestPauseMs)), 1_000)
    return response
  }
}

/** A wrong header must not stop all requests forever. */
const longestPauseMs = 3_600_000
