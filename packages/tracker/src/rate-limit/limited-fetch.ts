/** The fetch for Partner Center: every request takes a slot first. */
import { ConnectionError } from '@devicebatch/client'
import type { Admit } from '@devicebatch/edge/internal'
import { retryAfterMs, withAdmission } from '@devicebatch/edge/internal'

import type { Settings } from '../options.ts'
import { currentRun } from './request-run.ts'
import type { RequestSlots } from './request-slots.ts'
import { longWaitMs } from './request-slots.ts'

/**
 * Wraps a fetch. Each request takes a slot before it is sent, outside the timeouts of its call; a `Retry-After` of a 429 or 503
 * pauses the requests that share its rate limit.
 *
 * @param onSignedIn Called when the service has accepted a token for the first time.
 */
export function limitFetch(
  slots: RequestSlots,
  { partner, onError }: Pick<Settings, 'partner' | 'onError'>,
  onSignedIn: () => Promise<void>,
): typeof globalThis.fetch {
  let accepted: string | null = null
  const admit: Admit = async (url, { method, signal }) => {
    try {
      await slots.wait(customerOf(url), signal)
      await currentRun()?.onBeforeSend?.(method)
    } catch (error) {
      if (signal?.aborted) throw error
      throw new ConnectionError(
        'No request was sent, because the database of the tracker gave it no slot; see `cause`. Check the database.',
        { isRetryable: true },
        error,
      )
    }
  }
  return withAdmission(async (input, init) => {
    const customerId = customerOf(input instanceof Request ? input.url : `${input}`)
    const run = currentRun()
    const response = await (partner.fetch ?? globalThis.fetch)(input, init)
    const token = new Headers(init?.headers ?? (input as Partial<Request>).headers).get('authorization')
    if (response.status !== 401 && token !== accepted) {
      accepted = token
      await onSignedIn().catch(onError)
    }
    const pauseMs =
      response.status === 429 || response.status === 503
        ? retryAfterMs(response.status, response.headers, undefined, Date.now())
        : undefined
    if (!pauseMs) return response
    await slots.pause(customerId, Math.min(pauseMs, longestPauseMs)).catch(onError)
    // A 429 was certainly not processed, and the caller must read that first; a 503 may have been.
    if (response.status === 429 && pauseMs > longWaitMs)
      setTimeout(() => run?.onLongWait?.(Math.min(pauseMs, longestPauseMs)), 1_000)
    return response
  }, admit)
}

function customerOf(url: string): string {
  return /\/customers\/([\da-f-]+)/i.exec(new URL(url).pathname)?.[1] ?? 'none'
}

/** An incorrect header must not stop all requests forever. */
const longestPauseMs = 3_600_000
