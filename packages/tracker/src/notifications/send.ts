/** Sends a notification to a webhook once. */
import { networkCode, retryAfterMs } from '@devicebatch/edge/internal'

import type { Notification } from './notification.ts'
import { signedHeaders } from './sign.ts'
import { toCard } from './teams-card.ts'

/** Where it is sent. */
export interface Target {
  format: 'standard' | 'teams'
  url: string
  secrets: readonly string[]
}

/** What is sent. */
export interface Message {
  /** The same in every attempt. */
  id: string
  /** The notification as JSON. */
  payload: string
}

/** The result of an attempt. */
export interface Attempt {
  /** The HTTP status of the response. */
  status?: number
  /** Why it failed; absent when the receiver accepted it. Contains neither the address nor the response. */
  error?: string
  /** The `Retry-After` of the response, in milliseconds. */
  retryAfterMs?: number
}

/** How long an attempt may take, in milliseconds. */
export const attemptMs = 15_000

/**
 * Makes an attempt. Redirects are not followed, and the body of the response is not read. Rejects only when the signal aborts:
 * it is then unknown whether the notification arrived.
 */
export async function send(
  { format, url, secrets }: Target,
  { id, payload }: Message,
  signal?: AbortSignal,
): Promise<Attempt> {
  const timeout = AbortSignal.timeout(attemptMs)
  const isTeams = format === 'teams'
  const body = isTeams ? JSON.stringify(toCard(JSON.parse(payload) as Notification)) : payload
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'devicebatch',
        ...(!isTeams && signedHeaders({ id, sentAt: new Date(), body }, secrets)),
      },
      body,
      redirect: 'manual',
      signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
    })
    await response.body?.cancel().catch(() => undefined)
    return judge(response)
  } catch (error) {
    signal?.throwIfAborted()
    if (timeout.aborted) return { error: `The receiver did not respond within ${attemptMs / 1_000} seconds.` }
    const code = networkCode(error)
    return {
      error: `The receiver cannot be reached${code ? ` (${code})` : ''}. Check the address, and that it is running.`,
    }
  }
}

function judge({ ok, status, headers }: Response): Attempt {
  if (ok) return { status }
  const wait = retryAfterMs(status, headers, undefined, Date.now())
  const fix =
    status >= 300 && status < 400
      ? ' Redirects are not followed: set the address that it redirects to.'
      : status === 401 || status === 403 || status === 404
        ? ' Check the address and the secret.'
        : ''
  return {
    status,
    error: `The receiver responded with ${status}.${fix}`,
    ...(wait !== undefined && { retryAfterMs: wait }),
  }
}
