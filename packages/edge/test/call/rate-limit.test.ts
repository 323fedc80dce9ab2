import type { PartnerCenterEvent, PartnerFetchOptions } from '@devicebatch/edge'
import { createRateLimit } from '@devicebatch/edge'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import type { Answer, Sent } from '../helpers.ts'
import {
  countListeners,
  deaf,
  elapse,
  finished,
  moveTime,
  partner,
  refusesConnection,
  rejection,
  settle,
  text,
  waits,
} from '../helpers.ts'

beforeEach(moveTime)
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const [contoso, fabrikam, northwind] = [1, 2, 3].map(
  (number) => `/customers/47021739-3426-40bf-9601-61b4b6d7c79${number}/deviceBatches`,
) as [string, string, string]

/** Responds as `throttles` says, to everything else after 10 ms. */
function service(
  throttles: (sent: Sent, count: number) => Response | undefined,
  options: Partial<PartnerFetchOptions> = {},
) {
  let count = 0
  const answer: Answer = async (sent) => {
    const throttled = throttles(sent, count++)
    if (throttled) return throttled
    await new Promise((resolve) => setTimeout(resolve, 10))
    return Response.json({ items: [] })
  }
  const made = partner(answer, options)
  /** How many requests for a customer were sent at each time. */
  const sentAt = (path: string): [at: number, count: number][] => {
    const times = new Map<number, number>()
    for (const { at, url } of made.sent)
      if (url.endsWith(path)) times.set(at - made.sent[0]!.at, (times.get(at - made.sent[0]!.at) ?? 0) + 1)
    return [...times]
  }
  return { ...made, sentAt }
}
const throttled = (seconds?: number): Response =>
  new Response(null, {
    status: 429,
    ...(seconds !== undefined && { headers: { 'Retry-After': `${seconds}` } }),
  })
const firstOf =
  (paths: string[], seconds: number[]) =>
  ({ url }: Sent, count: number): Response | undefined => {
    const at = paths.findIndex((path, index) => index === count && url.endsWith(path))
    return at < 0 ? undefined : throttled(seconds[at])
  }

describe('after a 429', () => {
  test('calls for the same customer wait until its Retry-After has passed, then go 1, 2, 4, … at a time', async () => {
    const { call, sentAt } = service(firstOf([contoso], [5]))
    const first = call(contoso)
    await settle()
    const others = Array.from({ length: 19 }, () => call(contoso))
    await elapse(Promise.all([first, ...others]))
    expect(sentAt(contoso)).toEqual([
      [0, 1],
      [5_000, 1],
      [5_010, 2],
      [5_020, 4],
      [5_030, 8],
      [5_040, 5],
    ])
  })

  test('the call that was throttled is the first to go', async () => {
    const { call, sent } = service(firstOf([contoso], [5]))
    const first = call(contoso, { requestId: '00000000-0000-4000-8000-000000000001' })
    await settle()
    const others = Array.from({ length: 5 }, () => call(contoso))
    await elapse(Promise.all([first, ...others]))
    expect(sent[1]!.headers['ms-requestid']).toBe('00000000-0000-4000-8000-000000000001')
  })

  test('the others go in the order of their calls, after those that were throttled, which keep theirs', async () => {
    const { call, sent } = service((_, count) => (count < 2 ? throttled(5) : undefined))
    const ids = [1, 2, 3, 4, 5].map((number) => `00000000-0000-4000-8000-00000000000${number}`)
    const first = ids.slice(0, 2).map((requestId) => call(contoso, { requestId }))
    await settle()
    const others = ids.slice(2).map((requestId) => call(contoso, { requestId }))
    await elapse(Promise.all([...first, ...others]))
    expect(sent.slice(2).map(({ headers }) => headers['ms-requestid'])).toEqual(ids)
  })

  test('more 429s of requests sent before it change neither the recovery nor the calls for other customers', async () => {
    const { call, sentAt } = service((_, count) => (count < 3 ? throttled(5) : undefined))
    const first = [1, 2, 3].map(() => call(contoso))
    await settle()
    const others = Array.from({ length: 12 }, () => call(contoso))
    await elapse(Promise.all([...first, ...others, call(northwind)]))
    expect(sentAt(contoso)).toEqual([
      [0, 3],
      [5_000, 1],
      [5_010, 2],
      [5_020, 4],
      [5_030, 8],
    ])
    expect(sentAt(northwind)).toEqual([[0, 1]])
  })

  test('after a second 429, calls go faster only slowly beyond a quarter of what was granted before it', async () => {
    // Twelve are granted: the retry and the other calls.
    const { call, sentAt } = service((_, count) => ([0, 13].includes(count) ? throttled(1) : undefined))
    const first = call(contoso)
    await settle()
    const others = Array.from({ length: 11 }, () => call(contoso))
    await elapse(Promise.all([first, ...others]))
    const second = call(contoso)
    await settle()
    const more = Array.from({ length: 20 }, () => call(contoso))
    await elapse(Promise.all([second, ...more]))
    expect(sentAt(contoso).map(([, count]) => count)).toEqual([1, 1, 2, 4, 5, 1, 1, 2, 3, 3, 3, 3, 3, 3])
  })

  test('calls that arrive during the recovery take their turn', async () => {
    const { call, sentAt } = service(firstOf([contoso], [1]))
    const first = call(contoso)
    await settle()
    await vi.advanceTimersByTimeAsync(1_005)
    const late = Array.from({ length: 3 }, () => call(contoso))
    await elapse(Promise.all([first, ...late]))
    expect(sentAt(contoso)).toEqual([
      [0, 1],
      [1_000, 1],
      [1_010, 2],
      [1_020, 1],
    ])
  })

  test('the customer ID is compared without regard to case', async () => {
    const { call, sent } = service(firstOf(['/x'], [5]))
    const first = call('/customers/ABC/x')
    await settle()
    const second = call('/CUSTOMERS/abc/y')
    await elapse(Promise.all([first, second]))
    expect(sent.map(({ at }) => at - sent[0]!.at)).toEqual([0, 5_000, 5_010])
  })

  test('calls for another customer, and those without one, go immediately', async () => {
    const { call, sentAt } = service(firstOf([contoso], [5]))
    const first = call(contoso)
    await settle()
    await elapse(Promise.all([call(fabrikam), call('/customers'), first]))
    expect(sentAt(fabrikam)).toEqual([[0, 1]])
    expect(sentAt('/customers')).toEqual([[0, 1]])
  })

  test("a second customer's 429 during that time holds all calls of the client for its Retry-After", async () => {
    const { call, sentAt } = service(firstOf([contoso, fabrikam], [5, 2]))
    const first = call(contoso)
    await settle()
    const second = call(fabrikam)
    await settle()
    const others = [contoso, northwind, northwind, '/customers'].map((path) => call(path))
    await elapse(Promise.all([first, second, ...others]))
    expect(sentAt(fabrikam)).toEqual([
      [0, 1],
      [2_000, 1],
    ])
    expect([...sentAt(northwind), ...sentAt('/customers')].every(([at]) => at >= 2_000 && at < 2_100)).toBe(
      true,
    )
    expect(sentAt(contoso).map(([at]) => at)).toEqual([0, 5_000, 5_010])
  })

  test("a second customer's 429 after that time holds only that customer", async () => {
    const { call, sentAt } = service(
      (sent, count) =>
        firstOf([contoso, contoso, fabrikam], [1, Number.NaN, 5])(sent, count) &&
        (count === 1 ? undefined : throttled(count === 0 ? 1 : 5)),
    )
    await elapse(call(contoso))
    const second = call(fabrikam)
    await settle()
    await elapse(Promise.all([call(northwind), second]))
    expect(sentAt(northwind)[0]![0]).toBe(sentAt(fabrikam)[0]![0])
  })

  test('customers that wait take turns', async () => {
    const { call, sent } = service(firstOf([contoso, fabrikam], [1, 1]))
    const throttledCalls = [call(contoso), call(fabrikam)]
    await settle()
    const others = [contoso, contoso, contoso, northwind].map((path) => call(path))
    await elapse(Promise.all([...throttledCalls, ...others]))
    const order = sent
      .slice(2)
      .map(({ url }) => [contoso, fabrikam, northwind].findIndex((path) => url.endsWith(path)))
    expect(order.indexOf(2)).toBeLessThan(3)
  })

  test('a held call uses no retry and still has all of them afterward', async () => {
    let refused = 0
    const { call, events } = service(({ url }, count) =>
      count === 0 ? throttled(1) : url.endsWith('/held') && refused++ < 3 ? throttled(1) : undefined,
    )
    const first = call(contoso)
    await settle()
    expect((await elapse(call(`${contoso}/held`))).status).toBe(200)
    await first
    expect(events.flatMap((event) => (event.type === 'wait' ? [event.reason] : []))).toEqual([
      'retry-after',
      'held',
      'retry-after',
      'retry-after',
      'retry-after',
    ])
  })

  test('another 429 starts over, with its own Retry-After', async () => {
    const { call, sentAt } = service((_, count) => ([0, 3].includes(count) ? throttled(1) : undefined))
    const first = call(contoso)
    await settle()
    const others = Array.from({ length: 6 }, () => call(contoso))
    await elapse(Promise.all([first, ...others]))
    expect(sentAt(contoso).slice(0, 4)).toEqual([
      [0, 1],
      [1_000, 1],
      [1_010, 2],
      [2_010, 1],
    ])
  })

  test('without a Retry-After other calls wait as long as our own backoff, even with retries off', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    for (const retry of [undefined, false] as const) {
      const { call, sentAt } = service((_, count) => (count === 0 ? throttled() : undefined), { retry })
      const first = call(contoso)
      await settle()
      await elapse(Promise.all([first, call(contoso)]))
      expect(sentAt(contoso)[1]).toEqual([500, 1])
    }
  })

  test('other statuses hold no calls', async () => {
    for (const status of [503, 408, 404]) {
      const { call, sentAt } = service((_, count) =>
        count === 0 ? new Response(null, { status, headers: { 'Retry-After': '5' } }) : undefined,
      )
      const first = call(contoso)
      await settle()
      await elapse(Promise.all([first, call(contoso)]))
      expect(sentAt(contoso)[0]).toEqual([0, 2])
    }
  })

  test('an attempt that fails or hangs yields its slot to the next', async () => {
    for (const failing of [refusesConnection, deaf]) {
      const { call, sent } = partner([text(429, null, { 'Retry-After': '1' }), failing, finished], {
        attemptTimeoutMs: 100,
        retry: { limit: 1 },
      })
      const first = rejection(call(contoso))
      await settle()
      expect((await elapse(call(contoso))).status).toBe(200)
      expect(await elapse(first)).toMatchObject({ attempts: 2 })
      expect(sent).toHaveLength(3)
    }
  })

  test('a request that takes longer than a second yields its slot to the next', async () => {
    const slow: Answer = async (request) => {
      await new Promise((resolve) => setTimeout(resolve, 10))
      return finished(request)
    }
    const answers = [text(429, null, { 'Retry-After': '1' }), deaf, finished, finished, slow]
    const { call, sent } = partner(answers, { attemptTimeoutMs: 10_000, retry: { limit: 1 } })
    const first = rejection(call(contoso))
    await settle()
    const others = [call(contoso), call(contoso)]
    await elapse(Promise.all(others))
    expect(sent.map(({ at }) => at - sent[0]!.at)).toEqual([0, 1_000, 2_000, 2_000])
    expect(await elapse(first)).toMatchObject({ code: 'timeout' })
    // Its slot is not freed again when it ends: two were granted after the hold, so three may go.
    const later = Array.from({ length: 4 }, () => call(contoso))
    await settle()
    expect(sent).toHaveLength(7)
    await elapse(Promise.all(later))
  })

  test('the rate limit is forgotten after a minute without calls', async () => {
    const { call, sentAt } = service(firstOf([contoso], [1]))
    await elapse(call(contoso))
    await vi.advanceTimersByTimeAsync(61_000)
    await elapse(Promise.all(Array.from({ length: 9 }, () => call(contoso))))
    expect(sentAt(contoso).at(-1)![1]).toBe(9)
  })

  test('a hold of all calls is forgotten too: a later hold of one customer does not slow down the others', async () => {
    const { call, sentAt } = service((_, count) => (count < 2 || count === 4 ? throttled(1) : undefined))
    await elapse(Promise.all([call(contoso), call(fabrikam)]))
    await vi.advanceTimersByTimeAsync(61_000)
    await elapse(call(contoso, { retry: false }))
    await elapse(Promise.all(Array.from({ length: 9 }, () => call(northwind))))
    expect(sentAt(northwind)).toEqual([[expect.any(Number), 9]])
  })

  test('a rate limit that has been forgotten counts no calls', async () => {
    const rateLimit = createRateLimit()
    const { call } = service(firstOf([contoso, fabrikam], [1, 1]), { rateLimit })
    expect(rateLimit.isActive()).toBe(false)
    await elapse(Promise.all([call(contoso), call(fabrikam)]))
    expect(rateLimit.isActive()).toBe(true)
    await vi.advanceTimersByTimeAsync(61_000)
    await elapse(call(northwind))
    expect(rateLimit.isActive()).toBe(false)
  })

  test('it is not forgotten while calls are still waiting', async () => {
    // All but the first hang: each yields its slot after a second.
    const hanging = partner([text(429, null, { 'Retry-After': '1' }), deaf], {
      attemptTimeoutMs: 5_000,
      timeoutMs: 200_000,
      retry: { limit: 1 },
    })
    const first = rejection(hanging.call(contoso))
    await settle()
    const waiting = Array.from({ length: 62 }, () => rejection(hanging.call(contoso, { retry: false })))
    await vi.advanceTimersByTimeAsync(62_500)
    expect(hanging.sent).toHaveLength(63)
    const late = rejection(hanging.call(contoso, { retry: false }))
    await settle()
    expect(hanging.sent).toHaveLength(63)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(hanging.sent).toHaveLength(64)
    await elapse(Promise.all([first, ...waiting, late]))
  })

  test('clients that share a rate limit hold each other', async () => {
    const rateLimit = createRateLimit()
    const one = service(firstOf([contoso], [5]), { rateLimit })
    const other = service(firstOf([], []), { rateLimit })
    const first = one.call(contoso)
    await settle()
    await elapse(Promise.all([first, other.call(contoso)]))
    expect(other.sent[0]!.at - one.sent[0]!.at).toBeGreaterThanOrEqual(5_000)
  })

  test('no call is held when `rateLimit` is false', async () => {
    const { call, sentAt } = service(firstOf([contoso], [5]), { rateLimit: false })
    const first = call(contoso)
    await settle()
    await elapse(Promise.all([first, ...Array.from({ length: 9 }, () => call(contoso))]))
    expect(sentAt(contoso)).toEqual([
      [0, 10],
      [5_000, 1],
    ])
  })
})

describe('a held call', () => {
  test('fails immediately if the wait exceeds its timeout, and reports the wait', async () => {
    const { call, sent, events } = service(firstOf([contoso], [60]))
    const first = call(contoso)
    await settle()
    const error = await rejection(call(contoso, { timeoutMs: 60_000 }))
    expect(error).toMatchObject({
      code: 'timeout',
      attempts: 0,
      isAmbiguous: false,
      isRetryable: true,
      retryAfterMs: 60_000,
    })
    expect(error.message).toBe(
      'GET /customers/{customerId}/deviceBatches was not sent: the service is throttling this client for another 60000 ms, which exceeds `timeoutMs`. Try again after that, or raise `timeoutMs`.',
    )
    expect(sent).toHaveLength(1)
    expect(events.filter((event) => event.type === 'attempt')).toHaveLength(1)
    await elapse(first)
  })

  test('fails as soon as the wait grows beyond its timeout', async () => {
    const { call } = service((_, count) => (count < 2 ? throttled(count === 0 ? 1 : 100) : undefined))
    const first = call(contoso)
    await settle()
    const held = rejection(call(contoso, { timeoutMs: 50_000 }))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await held).toMatchObject({ code: 'timeout', attempts: 0, retryAfterMs: 100_000 })
    await elapse(first)
  })

  test("fails as soon as another customer's 429 makes the wait exceed its timeout", async () => {
    const { call } = service(firstOf([contoso, fabrikam], [1, 100]), { retry: { limit: 0 } })
    expect((await call(contoso)).status).toBe(429)
    const held = [1, 2].map(() => rejection(call(contoso, { timeoutMs: 50_000 })))
    expect((await call(fabrikam)).status).toBe(429)
    expect(await Promise.all(held)).toMatchObject([{ retryAfterMs: 100_000 }, { retryAfterMs: 100_000 }])
  })

  test('ends immediately with the reason of its signal, frees its slot and leaves no timer or listener', async () => {
    const { call, sentAt } = service(firstOf([contoso], [60]))
    const first = call(contoso)
    await settle()
    const controller = new AbortController()
    const listeners = countListeners(controller.signal)
    const held = Array.from({ length: 5 }, () => rejection(call(contoso, { signal: controller.signal })))
    const kept = call(contoso)
    await settle()
    // One for each held call, one for the backoff of the first, one for the hold.
    expect(vi.getTimerCount()).toBe(8)
    controller.abort('enough')
    expect(await Promise.all(held)).toEqual(Array(5).fill('enough'))
    expect(listeners()).toBe(0)
    expect(vi.getTimerCount()).toBe(3)
    await elapse(Promise.all([first, kept]))
    expect(sentAt(contoso)).toEqual([
      [0, 1],
      [60_000, 1],
      [60_010, 1],
    ])
  })

  test('that was the last one leaves no timer when it is aborted', async () => {
    const { call } = service(firstOf([contoso], [60]), { retry: { limit: 0 } })
    await call(contoso)
    const controller = new AbortController()
    const held = rejection(call(contoso, { signal: controller.signal, timeoutMs: Infinity }))
    await settle()
    expect(vi.getTimerCount()).toBe(1)
    controller.abort('enough')
    expect(await held).toBe('enough')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('frees its slot when it is aborted at the moment it may go', async () => {
    const controller = new AbortController()
    let asked = 0
    const { call, sentAt } = service(firstOf([contoso], [1]), {
      credential: () => {
        // The second belongs to the call that is sent first, the third to the next one.
        if (++asked === 3) controller.abort('enough')
        return 'secret-token'
      },
    })
    const first = call(contoso)
    await settle()
    const held = rejection(call(contoso, { signal: controller.signal }))
    const kept = call(contoso)
    await elapse(Promise.all([first, kept]))
    expect(await held).toBe('enough')
    expect(sentAt(contoso).map(([, count]) => count)).toEqual([1, 1, 1])
  })

  test('removes no other call from the queue when it is aborted just as it is let go', async () => {
    const { call } = service(firstOf([contoso], [1]), { retry: { limit: 0 } })
    expect((await call(contoso)).status).toBe(429)
    const controller = new AbortController()
    const held = rejection(call(contoso, { signal: controller.signal }))
    const kept = Array.from({ length: 4 }, () => call(contoso))
    await settle()
    // Fires right after the timer of the hold, before the call that was let go can continue.
    setTimeout(() => controller.abort('enough'), 1_000)
    vi.advanceTimersByTime(1_000)
    expect(await held).toBe('enough')
    const responses = await elapse(Promise.all(kept))
    expect(responses.map(({ status }) => status)).toEqual(Array(4).fill(200))
  })

  test.each([1, 2, 3, 4])(
    'goes although its timer fired a little early, and the hold ends after it has read the clock %i times',
    async (readings) => {
      const { call } = service(firstOf([contoso], [5]), { retry: { limit: 0 } })
      expect((await call(contoso)).status).toBe(429)
      const heldUntil = performance.now() + 5_000
      const clock = vi.spyOn(performance, 'now')
      const held = call(contoso)
      await settle()
      let read = 0
      clock.mockImplementation(() => heldUntil - (read++ < readings ? 0.01 : 0))
      vi.advanceTimersToNextTimer()
      clock.mockRestore()
      const { status } = await elapse(held)
      expect(status).toBe(200)
    },
  )

  test('is reported as a wait, with the time during which nothing is sent', async () => {
    const { call, events } = service(firstOf([contoso], [5]))
    const first = call(contoso)
    await settle()
    await vi.advanceTimersByTimeAsync(2_000)
    const held = call(contoso)
    await settle()
    expect(events.at(-1)).toMatchObject({
      type: 'wait',
      reason: 'held',
      delayMs: 3_000,
      attempt: 0,
      path: '/customers/{customerId}/deviceBatches',
    })
    await elapse(Promise.all([first, held]))
  })

  test('is not held longer than an hour by an incorrect header', async () => {
    const { call, sentAt } = service(firstOf([contoso], [10 ** 9]))
    expect((await call(contoso)).status).toBe(429)
    await elapse(call(contoso, { timeoutMs: Infinity }))
    expect(sentAt(contoso).map(([at]) => at)).toEqual([0, 3_600_000])
  })

  test('requests its token when it goes, not before', async () => {
    let given = 0
    const { call, sent } = service(firstOf([contoso], [5]), { credential: () => `token-${++given}` })
    const first = call(contoso)
    await settle()
    const held = call(contoso)
    await settle()
    expect(given).toBe(1)
    await elapse(Promise.all([first, held]))
    expect(sent.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
      'Bearer token-3',
    ])
  })
})

describe('a call that waits for its token', () => {
  /** The first token is there at once, the others after `ms`. */
  const slowly = (ms: number) => {
    let given = 0
    return async (): Promise<string> => {
      if (given++ > 0) await new Promise((resolve) => setTimeout(resolve, ms))
      return `token-${given}`
    }
  }

  test('is held by a 429 that arrives meanwhile', async () => {
    const { call, sentAt, events } = service(firstOf([contoso], [5]), { credential: slowly(500) })
    const calls = Array.from({ length: 4 }, () => call(contoso))
    await elapse(Promise.all(calls))
    expect(sentAt(contoso).filter(([at]) => at > 0 && at < 5_000)).toEqual([])
    expect(waits(events)).toEqual([5_000, 4_500, 4_500, 4_500])
  })

  test("is held by another call's 429 even after its own turn has come", async () => {
    let given = 0
    const { call, sentAt } = service((_, count) => (count < 2 ? throttled(5) : undefined), {
      async credential() {
        // After a second, the slot of the call that waits for the second token goes to the next call.
        if (++given === 2) await new Promise((resolve) => setTimeout(resolve, 3_000))
        return 'token'
      },
    })
    const first = call(contoso, { retry: false })
    await settle()
    await elapse(Promise.all([first, call(contoso), call(contoso)]))
    expect(sentAt(contoso).map(([at]) => at)).toEqual([0, 6_000, 11_000, 11_010])
  })

  test('requests no other token after such a hold', async () => {
    let given = 0
    const credential = slowly(500)
    const { call, sent } = service(firstOf([contoso], [5]), {
      credential: () => {
        given++
        return credential()
      },
    })
    await elapse(Promise.all([call(contoso, { retry: false }), call(contoso), call(contoso)]))
    expect(given).toBe(sent.length)
  })

  test('takes its turn if a 429 has come and gone meanwhile', async () => {
    const { call, sentAt } = service(firstOf([contoso], [5]), { credential: slowly(6_000) })
    const first = call(contoso, { retry: false })
    const others = Array.from({ length: 4 }, () => call(contoso))
    await elapse(Promise.all([first, ...others]))
    const [, ...after] = sentAt(contoso)
    expect(after[0]![1]).toBe(1)
  })

  test('fails at once if the 429 that arrives meanwhile exceeds its timeout', async () => {
    const { call, sent } = service(firstOf([contoso], [5]), { credential: slowly(500) })
    const first = call(contoso, { retry: false })
    const late = rejection(call(contoso, { timeoutMs: 2_000 }))
    await elapse(Promise.all([first, late]))
    expect(await late).toMatchObject({ code: 'timeout', attempts: 0, retryAfterMs: 4_500 })
    expect(sent).toHaveLength(1)
  })
})

test('1,000 calls, 16 at once, against 20 a second: few excess requests, none too early, no failures', async () => {
  let window = -1
  let used = 0
  const holds: number[] = []
  const early: number[] = []
  const events: PartnerCenterEvent[] = []
  const { call, sent } = service(
    ({ at }) => {
      if (holds.some((until) => at < until)) early.push(at)
      const current = Math.floor(at / 1_000)
      if (current !== window) [window, used] = [current, 0]
      return used++ < 20 ? undefined : throttled(1)
    },
    {
      observe: (event) => {
        events.push(event)
        if (event.type === 'attempt' && event.status === 429) holds.push(performance.now() + 1_000)
      },
    },
  )
  let next = 0
  const failed: unknown[] = []
  const worker = async (): Promise<void> => {
    while (next++ < 1_000) {
      const response = await call(contoso)
      if (response.status !== 200) failed.push(response.status)
    }
  }
  const state = { done: false }
  const done = Promise.all(Array.from({ length: 16 }, worker)).then(() => (state.done = true))
  while (!state.done) await vi.advanceTimersToNextTimerAsync()
  await done
  expect(failed).toEqual([])
  expect(early).toEqual([])
  expect(sent.length).toBeLessThan(1_500)
  // No hold adds to another: the longest wait is one Retry-After.
  expect(Math.max(...waits(events))).toBe(1_000)
})
