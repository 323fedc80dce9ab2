import { AuthenticationError, getBatchUploadStatus } from '@devicebatch/edge'
import { wait, withinLimit } from '@devicebatch/edge/internal'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import type { Answer } from '../helpers.ts'
import {
  countListeners,
  deaf,
  elapse,
  finished,
  hangs,
  moveTime,
  partial,
  partner,
  rejection,
  settle,
  statusPath,
  text,
  upload,
} from '../helpers.ts'

beforeEach(moveTime)
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const slow: [string, Answer][] = [
  ['a fetch that hangs', hangs],
  ['a fetch that does not hear its signal', deaf],
  ['a body that stalls', partial(200, '{', 'stall')],
  ['an error body that stalls', partial(503, '{', 'stall')],
  [
    'a body that does not hear the signal',
    () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })),
  ],
]

describe('wait', () => {
  test('resolves after its time, not before', async () => {
    const done = vi.fn()
    void wait(1_000).then(done)
    await vi.advanceTimersByTimeAsync(999)
    expect(done).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(done).toHaveBeenCalledOnce()
  })

  test('can wait longer than a timer of the runtime', async () => {
    const done = vi.fn()
    const ms = 2 * (2 ** 31 - 1) + 5_000
    void wait(ms).then(done)
    await vi.advanceTimersByTimeAsync(ms - 1)
    expect(done).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(done).toHaveBeenCalledOnce()
  })

  test('rejects with the reason of the signal immediately, even if the signal was already aborted', async () => {
    const controller = new AbortController()
    const reason = { why: 'closed' }
    const waiting = rejection(wait(1_000, controller.signal))
    controller.abort(reason)
    expect(await waiting).toBe(reason)
    expect(await rejection(wait(1_000, controller.signal))).toBe(reason)
  })

  test('without a timeout is ended only by its signal', async () => {
    const controller = new AbortController()
    const waiting = rejection(wait(Infinity, controller.signal))
    await vi.advanceTimersByTimeAsync(1e12)
    controller.abort('enough')
    expect(await waiting).toBe('enough')
  })

  test('leaves no listener, however it ends', async () => {
    const controller = new AbortController()
    const listeners = countListeners(controller.signal)
    await elapse(wait(10, controller.signal))
    expect(listeners()).toBe(0)
    const waiting = rejection(wait(10, controller.signal))
    expect(listeners()).toBe(1)
    controller.abort()
    await waiting
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('withinLimit', () => {
  const limit = new Error('time is up')
  const forever = (): Promise<never> => new Promise(() => {})

  test.each<[string, () => Promise<unknown>]>([
    ['resolves', () => Promise.resolve(1)],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['never ends', forever],
  ])('leaves neither timer nor listener after work that %s', async (_, work) => {
    const { signal } = new AbortController()
    const listeners = countListeners(signal)
    await elapse(withinLimit(work, 100, signal, () => limit).catch(() => undefined))
    expect(listeners()).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('signals the work when its time is up, and why', async () => {
    let own: AbortSignal | undefined
    const ended = rejection(
      withinLimit(
        (signal) => {
          own = signal
          return forever()
        },
        100,
        null,
        () => limit,
      ),
    )
    await vi.advanceTimersByTimeAsync(99)
    expect(own!.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await ended).toBe(limit)
    expect(own!.reason).toBe(limit)
  })

  test('does not start after the deadline or an abort', async () => {
    const work = vi.fn(forever)
    expect(await rejection(withinLimit(work, 0, null, () => limit))).toBe(limit)
    expect(await rejection(withinLimit(work, 10, AbortSignal.abort('stop'), () => limit))).toBe('stop')
    expect(work).not.toHaveBeenCalled()
  })

  test('leaves neither timer nor listener after work that throws at once', async () => {
    const { signal } = new AbortController()
    const listeners = countListeners(signal)
    const error = new Error('at once')
    const begun = withinLimit(
      () => {
        throw error
      },
      60_000,
      signal,
      () => limit,
    )
    expect(await rejection(begun)).toBe(error)
    expect(listeners()).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('reacts to an abort that arrives while the work starts', async () => {
    const controller = new AbortController()
    const begun = withinLimit(
      () => {
        controller.abort('at once')
        return forever()
      },
      10,
      controller.signal,
      () => limit,
    )
    expect(await rejection(begun)).toBe('at once')
  })
})

describe('an attempt', () => {
  test('does not end before a timeout with a fraction of a millisecond', async () => {
    const { call, sent } = partner(hangs, { attemptTimeoutMs: 10.9, retry: false })
    expect(await rejection(elapse(getBatchUploadStatus(call, upload)))).toMatchObject({ code: 'timeout' })
    expect(performance.now() - sent[0]!.at).toBe(11)
  })

  test.each(slow)('ends after `attemptTimeoutMs` with %s', async (_, answer) => {
    const { call, sent } = partner(answer, { attemptTimeoutMs: 1_000, retry: false })
    const error = await rejection(elapse(getBatchUploadStatus(call, upload)))
    expect(error).toMatchObject({ code: 'timeout', attempts: 1, isRetryable: true, isAmbiguous: false })
    expect(error.message).toBe(
      'GET /customers/{customerId}/batchJobStatus/{batchTrackingId} timed out on attempt 1: it exceeded `attemptTimeoutMs` (1000 ms). Try again later or raise the timeout.',
    )
    expect(performance.now() - sent[0]!.at).toBe(1_000)
    expect(sent[0]!.signal.aborted).toBe(true)
  })

  test('has 60 seconds by default', async () => {
    const { call, sent } = partner([hangs, finished])
    await elapse(call(statusPath))
    expect(sent[1]!.at - sent[0]!.at).toBeGreaterThanOrEqual(60_000)
    expect(sent[1]!.at - sent[0]!.at).toBeLessThanOrEqual(60_750)
  })

  test('that times out is retried, and the next one has its own timeout', async () => {
    const { call, sent } = partner([hangs, deaf, finished], { attemptTimeoutMs: 1_000 })
    expect((await elapse(call(statusPath))).status).toBe(200)
    expect(sent).toHaveLength(3)
  })
})

describe('a call', () => {
  test.each(slow)('ends after `timeoutMs` with %s', async (_, answer) => {
    const started = performance.now()
    const { call, sent } = partner(answer, { timeoutMs: 3_000 })
    const error = await rejection(elapse(call(statusPath)))
    expect(error).toMatchObject({ code: 'timeout', attempts: 1 })
    expect(error.message).toContain('attempt 1: it exceeded `timeoutMs` (3000 ms)')
    expect(performance.now() - started).toBe(3_000)
    expect(sent).toHaveLength(1)
  })

  test('has 120 seconds by default, with all its attempts', async () => {
    const started = performance.now()
    const { call } = partner(hangs)
    expect((await rejection(elapse(call(statusPath)))).message).toContain(
      'attempt 2: it exceeded `timeoutMs` (120000 ms)',
    )
    expect(performance.now() - started).toBe(120_000)
  })

  test('can have its own timeout, longer or shorter', async () => {
    const started = performance.now()
    const { call } = partner(hangs, { attemptTimeoutMs: Infinity })
    await rejection(elapse(call(statusPath, { timeoutMs: 700 })))
    expect(performance.now() - started).toBe(700)
    await rejection(elapse(call(statusPath, { timeoutMs: 500_000 })))
    expect(performance.now() - started).toBe(500_700)
  })

  test('includes the time for the token in its timeout', async () => {
    const { call, sent } = partner(finished, { credential: () => new Promise(() => {}), timeoutMs: 2_000 })
    const error = await rejection(elapse(call(statusPath)))
    expect(error).toMatchObject({ code: 'timeout', attempts: 0 })
    expect(error.message).toContain(
      ' timed out before its first attempt: it exceeded `timeoutMs` (2000 ms). Try again later or raise the timeout.',
    )
    expect(sent).toHaveLength(0)
  })

  /** Advances time without firing timers, as when the process was busy or suspended. */
  const holdUp = (): ((ms: number) => void) => {
    let heldMs = 0
    const now = performance.now.bind(performance)
    vi.spyOn(performance, 'now').mockImplementation(() => now() + heldMs)
    return (ms) => (heldMs += ms)
  }

  test('that times out before its first request has no attempt and is not ambiguous', async () => {
    const pass = holdUp()
    const { call, sent, events } = partner(finished, {
      credential: () => {
        pass(130_000)
        return 'secret-token'
      },
    })
    const error = await rejection(call(statusPath, { method: 'POST', body: '{}' }))
    expect(error).toMatchObject({ code: 'timeout', attempts: 0, isAmbiguous: false })
    expect(error.message).not.toContain('look before')
    expect(sent).toHaveLength(0)
    expect(events.filter(({ type }) => type === 'attempt')).toEqual([])
  })

  test('that times out while it waits for a Retry-After has one attempt and is not ambiguous', async () => {
    const pass = holdUp()
    const { call, sent, events } = partner(text(429, null, { 'Retry-After': '1' }))
    const ended = rejection(call(statusPath, { method: 'POST', body: '{}' }))
    await settle()
    pass(130_000)
    expect(await elapse(ended)).toMatchObject({ code: 'timeout', attempts: 1, isAmbiguous: false })
    expect(sent).toHaveLength(1)
    expect(events.filter(({ type }) => type === 'attempt')).toHaveLength(1)
  })

  test('that times out while it waits after an ambiguous response stays ambiguous', async () => {
    const pass = holdUp()
    const { call } = partner(text(503, null, { 'Retry-After': '1' }))
    const ended = rejection(call(statusPath, { method: 'POST', body: '{}' }))
    await settle()
    pass(130_000)
    expect(await elapse(ended)).toMatchObject({ code: 'timeout', attempts: 1, isAmbiguous: true })
  })

  test('without timeouts lasts as long as its response takes', async () => {
    const { call } = partner(
      () => new Promise((resolve) => setTimeout(() => resolve(new Response('late')), 1e10)),
      { timeoutMs: Infinity, attemptTimeoutMs: Infinity },
    )
    expect(await (await elapse(call(statusPath))).text()).toBe('late')
  })

  test.each<[string, Answer]>([
    ['succeeds', finished],
    ['is refused', text(404, 'no')],
    ['is given up', text(503, null)],
  ])('that %s leaves no timer and no listener', async (_, answer) => {
    const { signal } = new AbortController()
    const listeners = countListeners(signal)
    const { call } = partner(answer)
    for (let count = 0; count < 20; count++) await elapse(call(statusPath, { signal }))
    expect(listeners()).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('an abort', () => {
  const reason = Object.freeze({ mine: true })

  test.each(slow)('ends the request immediately, with %s', async (_, answer) => {
    const controller = new AbortController()
    const listeners = countListeners(controller.signal)
    const { call, sent, events } = partner(answer)
    const ended = rejection(call(statusPath, { signal: controller.signal }))
    await settle()
    expect(sent).toHaveLength(1)
    controller.abort(reason)
    expect(await ended).toBe(reason)
    expect(sent[0]!.signal.reason).toBe(reason)
    expect(events.at(-1)).toMatchObject({ type: 'attempt', error: 'aborted' })
    expect(listeners()).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('ends the wait before a retry', async () => {
    const controller = new AbortController()
    const { call, sent } = partner(text(503, null, { 'Retry-After': '60' }))
    const ended = rejection(call(statusPath, { signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(1_000)
    controller.abort(reason)
    expect(await ended).toBe(reason)
    await vi.advanceTimersByTimeAsync(100_000)
    expect(sent).toHaveLength(1)
  })

  test('ends the wait for a token, both of a function and of a credential', async () => {
    for (const credential of [
      () => new Promise<string>(() => {}),
      { getToken: () => new Promise<null>(() => {}) },
    ]) {
      const controller = new AbortController()
      const { call } = partner(finished, { credential })
      const ended = rejection(call(statusPath, { signal: controller.signal }))
      await settle()
      controller.abort(reason)
      expect(await ended).toBe(reason)
      expect(vi.getTimerCount()).toBe(0)
    }
  })

  test('before the call sends nothing and requests no token', async () => {
    const credential = vi.fn(() => 'secret-token')
    const { call, sent } = partner(finished, { credential })
    expect(await rejection(call(statusPath, { signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(credential).not.toHaveBeenCalled()
    expect(sent).toHaveLength(0)
  })

  test('of a Request also ends the call, unless the call overrides or clears the signal', async () => {
    const controller = new AbortController()
    const request = new Request(`https://api.partnercenter.microsoft.com/v1${statusPath}`, {
      signal: controller.signal,
    })
    const { call } = partner([hangs, finished])
    const ended = rejection(call(request))
    await settle()
    controller.abort(reason)
    expect(await ended).toBe(reason)
    expect((await call(request, { signal: null })).status).toBe(200)
  })

  test('stops reading a body that the caller streams', async () => {
    const controller = new AbortController()
    const { call, sent } = partner(finished)
    const body = new ReadableStream({ pull: () => new Promise(() => {}) })
    const ended = rejection(call(statusPath, { method: 'POST', body, signal: controller.signal }))
    await settle()
    controller.abort(reason)
    expect(await ended).toBe(reason)
    expect(sent).toHaveLength(0)
  })

  test.each([null, 0, '', false, Number.NaN])(
    'with the reason %j rejects with exactly that',
    async (falsy) => {
      for (const answer of [hangs, deaf, partial(200, '{', 'stall'), text(503, null)]) {
        const controller = new AbortController()
        const { call, sent } = partner(answer)
        const ended = rejection(call(statusPath, { signal: controller.signal }))
        await settle()
        expect(sent).toHaveLength(1)
        controller.abort(falsy)
        expect(await ended).toBe(falsy)
        expect(await rejection(call(statusPath, { signal: controller.signal }))).toBe(falsy)
      }
      const controller = new AbortController()
      const { call } = partner([], { credential: () => new Promise(() => {}) })
      const ended = rejection(call(statusPath, { signal: controller.signal }))
      await settle()
      controller.abort(falsy)
      expect(await ended).toBe(falsy)
    },
  )

  test('with one of our own errors rejects with exactly that, even while a token is being renewed', async () => {
    const failure = new AuthenticationError('of another call')
    const controller = new AbortController()
    let asked = 0
    const { call } = partner(text(401, null), {
      credential: () => (++asked > 1 ? new Promise(() => {}) : 'secret-token'),
    })
    const ended = rejection(call(statusPath, { signal: controller.signal }))
    await settle()
    expect(asked).toBe(2)
    controller.abort(failure)
    expect(await ended).toBe(failure)
  })

  test.each<[unknown, string]>([
    [new AbortController(), 'object. Pass `controller.signal`, not the controller.'],
    [{}, 'object.'],
    ['stop', '"stop".'],
    [5, '5.'],
    [true, 'true.'],
  ])('requires an AbortSignal: %j is rejected before anything is sent', async (signal, got) => {
    const { call, sent, events } = partner(finished)
    const error = await rejection(getBatchUploadStatus(call, upload, { signal: signal as AbortSignal }))
    expect(error).toMatchObject({ code: 'invalid-argument' })
    expect(error.message).toBe(`\`signal\` must be an AbortSignal; got ${got}`)
    expect(sent).toHaveLength(0)
    expect(events).toEqual([])
  })

  test('without a reason rejects with the standard one', async () => {
    const controller = new AbortController()
    const { call } = partner(hangs)
    const ended = rejection(call(statusPath, { signal: controller.signal }))
    await settle()
    controller.abort()
    expect(await ended).toMatchObject({ name: 'AbortError' })
  })

  test('with the reason undefined does not abort another call', async () => {
    const controller = new AbortController()
    const { call } = partner([hangs, finished])
    const first = rejection(call(statusPath, { signal: controller.signal }))
    await settle()
    const second = call(statusPath)
    controller.abort(reason)
    expect(await first).toBe(reason)
    expect((await second).status).toBe(200)
  })
})
