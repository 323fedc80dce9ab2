/** A server that grants a number of requests per time window, and the results of its client. */
import { createPartnerFetch } from '@devicebatch/edge'

import { finished, statusPath, token } from './fault-case.ts'
import type { SeenRequest } from './fault-server.ts'
import { startFaultServer } from './fault-server.ts'
import { answer } from './replies.ts'

export interface ThrottledPlan {
  calls: number
  /** How many calls are made at once. */
  inFlight: number
  /** How many requests are granted in each window. */
  granted: number
  windowMs: number
  /** `windows` begin at fixed times; a `bucket` refills evenly and has the capacity of a window. */
  kind: 'windows' | 'bucket'
  timeoutMs?: number
}

export interface ThrottledRun {
  requests: number
  throttled: number
  /** Why calls failed. */
  failures: string[]
  /** How many requests arrived within the Retry-After of a 429 that had reached the client before. */
  tooEarly: number
  /** The maximum number of requests of one call. */
  mostAttempts: number
  tookMs: number
}

/** Makes the calls on real sockets, and counts what arrived. */
export async function runThrottled(plan: ThrottledPlan): Promise<ThrottledRun> {
  const { calls, inFlight, granted, windowMs, kind, timeoutMs } = plan
  const isGranted = kind === 'windows' ? fixedWindows(granted, windowMs) : bucket(granted, windowMs)
  const retryAfterMs = windowMs
  let throttled = 0
  const attempts = new Map<string, number>()
  const arrived: SeenRequest[] = []
  await using server = await startFaultServer((request) => {
    arrived.push(request)
    const id = request.headers['ms-requestid']!
    attempts.set(id, (attempts.get(id) ?? 0) + 1)
    if (isGranted(request.at)) return answer(200, finished)
    throttled++
    return answer(429, '', { 'Retry-After': String(retryAfterMs / 1_000) })
  })
  /** The intervals in which nothing may be sent, as known to the client. */
  const holds: { from: number; until: number }[] = []
  const sentAt: number[] = []
  const partnerFetch = createPartnerFetch({
    credential: () => token(1),
    baseUrl: `${server.origin}/v1`,
    ...(timeoutMs !== undefined && { timeoutMs }),
    fetch: (input, init) => {
      sentAt.push(performance.now())
      return fetch(input, init)
    },
    observe: (event) => {
      if (event.type === 'attempt' && event.status === 429)
        holds.push({ from: performance.now(), until: performance.now() + retryAfterMs })
    },
  })

  const failures: string[] = []
  const startedAt = performance.now()
  let next = 0
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (next++ < calls) {
        const { status } = await partnerFetch(statusPath).catch((error: Error) => {
          failures.push(error.message)
          return { status: 200 }
        })
        if (status !== 200) failures.push(`${status}`)
      }
    }),
  )
  return {
    requests: server.requests.length,
    throttled,
    failures,
    tooEarly: sentAt.filter((at) => holds.some(({ from, until }) => at > from && at < until)).length,
    mostAttempts: Math.max(...attempts.values()),
    tookMs: Math.round(performance.now() - startedAt),
  }
}

function fixedWindows(granted: number, windowMs: number): (at: number) => boolean {
  let window = 0
  let used = 0
  return (at) => {
    const current = Math.floor(at / windowMs)
    if (current !== window) [window, used] = [current, 0]
    return used++ < granted
  }
}

function bucket(size: number, windowMs: number): (at: number) => boolean {
  let left = size
  let filledAt = performance.now()
  return (at) => {
    left = Math.min(size, left + ((at - filledAt) / windowMs) * size)
    filledAt = at
    if (left < 1) return false
    left--
    return true
  }
}
