import type { PartnerCenterEvent } from '@devicebatch/edge'
import { getBatchUploadStatus } from '@devicebatch/edge'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import type { Answer } from '../helpers.ts'
import {
  customerId,
  elapse,
  finished,
  guid,
  hangs,
  json,
  moveTime,
  partial,
  partner,
  refusesConnection,
  rejection,
  statusPath,
  text,
  upload,
  waits,
} from '../helpers.ts'

beforeEach(moveTime)
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const readingOrRepeatable = ['GET', 'HEAD', 'PUT', 'DELETE']
const writing = ['POST', 'PATCH']
const notNow = [408, 500, 502, 503, 504]
const final = [200, 202, 204, 304, 400, 401, 403, 404, 405, 406, 409, 410, 412, 417, 422, 425, 501, 505, 507]
const noAnswer: [string, Answer][] = [
  ['a refused connection', refusesConnection],
  ['an attempt that takes too long', hangs],
  ['a body that is cut off', partial(200, '{"status":', 'cut')],
  ['a body that stalls', partial(200, '{"status":', 'stall')],
  ['an error body that is cut off', partial(500, '{"code":', 'cut')],
]

async function attemptsOf(method: string, answer: Answer): Promise<number> {
  const { call, sent } = partner(answer, { attemptTimeoutMs: 5_000 })
  await elapse(call(statusPath, { method }).catch(() => undefined))
  return sent.length
}

describe('which attempts are retried', () => {
  const rows = [
    ...readingOrRepeatable.flatMap((method) => notNow.map((status) => [method, status, 4] as const)),
    ...writing.flatMap((method) => notNow.map((status) => [method, status, 2] as const)),
    ...[...readingOrRepeatable, ...writing].map((method) => [method, 429, 4] as const),
    ...[...readingOrRepeatable, ...writing].flatMap((method) =>
      final.filter((status) => status !== 401).map((status) => [method, status, 1] as const),
    ),
  ]
  test.each(rows)('%s that gets a %i is sent %i times', async (method, status, attempts) => {
    expect(await attemptsOf(method, text(status, null))).toBe(attempts)
  })

  test.each(
    [...readingOrRepeatable, ...writing].flatMap((method) =>
      noAnswer.map(([name, answer]) => [method, name, answer] as const),
    ),
  )('%s after %s', async (method, _, answer) => {
    expect(await attemptsOf(method, answer)).toBe(writing.includes(method) ? 2 : 4)
  })

  test('the method is compared in uppercase', async () => {
    expect(await attemptsOf('put', text(503, null))).toBe(4)
  })

  test('a call is retried until it succeeds', async () => {
    const { call, sent } = partner([refusesConnection, text(503, null), finished])
    expect((await elapse(call(statusPath))).status).toBe(200)
    expect(sent).toHaveLength(3)
  })

  test('a throttled write may be retried again after it was ambiguous', async () => {
    const { call, sent } = partner([text(500, null), text(429, null), text(429, null), text(202, null)])
    expect((await elapse(call(statusPath, { method: 'POST', body: '{}' }))).status).toBe(202)
    expect(sent).toHaveLength(4)
  })

  test('an ambiguous write is retried once, whatever was throttled in between', async () => {
    const { call, sent } = partner([text(429, null), text(500, null), text(429, null), text(503, null)])
    expect((await elapse(call(statusPath, { method: 'PATCH', body: '{}' }))).status).toBe(503)
    expect(sent).toHaveLength(4)
    expect(sent.map(({ body }) => body)).toEqual(['{}', '{}', '{}', '{}'])
  })

  test.each([
    [{ limit: 0 }, 1],
    [{ limit: 1 }, 2],
    [{ limit: 6 }, 7],
    [{ limit: undefined }, 4],
    [false, 1],
  ] as const)('retry %j allows %i attempts, for the client and for one call', async (retry, attempts) => {
    const own = partner(text(503, null), { retry })
    await elapse(own.call(statusPath))
    expect(own.sent).toHaveLength(attempts)
    const { call, sent } = partner(text(503, null), { retry: { limit: 2 } })
    await elapse(call(statusPath, { retry }))
    expect(sent).toHaveLength(retry === false || retry.limit !== undefined ? attempts : 3)
  })

  test('`retry` of a call turns retries back on, with the defaults, when the client has them off', async () => {
    const { call, sent } = partner(text(503, null), { retry: false })
    await elapse(call(statusPath, { retry: {} }))
    expect(sent).toHaveLength(4)
  })
})

describe('how long a call waits before a retry', () => {
  const delays = async (random: number, options: object = {}): Promise<number[]> => {
    vi.spyOn(Math, 'random').mockReturnValue(random)
    const { call, events } = partner(text(503, null), { timeoutMs: Infinity, ...options })
    await elapse(call(statusPath))
    return waits(events)
  }

  test('it doubles, and up to half of it is added at random', async () => {
    expect(await delays(0)).toEqual([500, 1_000, 2_000])
    expect(await delays(0.5)).toEqual([625, 1_250, 2_500])
    expect(await delays(1)).toEqual([750, 1_500, 3_000])
  })

  test('it is capped', async () => {
    const retry = { limit: 5, baseDelayMs: 1_000, maxDelayMs: 3_000 }
    expect(await delays(1, { retry })).toEqual([1_500, 3_000, 3_000, 3_000, 3_000])
    expect((await delays(1, { retry: { limit: 8 } })).slice(5)).toEqual([24_000, 30_000, 30_000])
  })

  test('it follows the options of a call rather than those of the client', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const { call, events } = partner(text(503, null), { retry: { baseDelayMs: 5_000, maxDelayMs: 5_000 } })
    await elapse(call(statusPath, { retry: { baseDelayMs: 100, maxDelayMs: 200 } }))
    expect(waits(events)).toEqual([100, 200, 200])
  })

  test('it passes between the requests', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1)
    const { call, sent } = partner(text(503, null))
    await elapse(call(statusPath))
    expect(sent.map(({ at }) => at - sent[0]!.at)).toEqual([0, 750, 2_250, 5_250])
  })

  test('it never leaves its bounds, no matter how many retries there are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          limit: fc.integer({ min: 0, max: 60 }),
          baseDelayMs: fc.integer({ min: 1, max: 10_000 }),
          maxDelayMs: fc.integer({ min: 1, max: 100_000 }),
        }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (retry, random) => {
          const seen = await delays(random, { retry })
          expect(seen).toHaveLength(retry.limit)
          seen.forEach((delayMs, index) => {
            const full = Math.min(retry.baseDelayMs * 2 ** index, retry.maxDelayMs)
            expect(delayMs).toBeGreaterThanOrEqual(full)
            expect(delayMs).toBeLessThanOrEqual(Math.min(full * 1.5, retry.maxDelayMs))
          })
        },
      ),
      { numRuns: 30 },
    )
  })

  test.each<[string, Answer, string]>([
    ['no response', refusesConnection, 'no-answer'],
    ['a 429', text(429, null), 'throttled'],
    ['a 503', text(503, null), 'server-error'],
    ['a Retry-After', text(503, null, { 'Retry-After': '1' }), 'retry-after'],
  ])('the event of a wait after %s reports the reason', async (_, answer, reason) => {
    const { call, events } = partner([answer, finished])
    await elapse(call(statusPath))
    expect(events.find(({ type }) => type === 'wait')).toMatchObject({ reason, attempt: 1, method: 'GET' })
  })
})

describe('a wait that would outlast the call', () => {
  test('does not start: the response is returned immediately, with the wait the service requested', async () => {
    const { call, sent } = partner(json(429, {}, { 'Retry-After': '121' }))
    const error = await rejection(getBatchUploadStatus(call, upload))
    expect(error).toMatchObject({ code: 'api', status: 429, retryAfterMs: 121_000, attempts: 1 })
    expect(sent).toHaveLength(1)
  })

  test('does not start when it would last as long as the timeout', async () => {
    const { call, sent } = partner(text(429, null, { 'Retry-After': '120' }))
    expect((await call(statusPath)).status).toBe(429)
    expect(sent).toHaveLength(1)
  })

  test('starts when the call has just enough time for it', async () => {
    const { call, sent } = partner(text(429, null, { 'Retry-After': '119' }))
    await elapse(call(statusPath))
    expect(sent.map(({ at }) => at - sent[0]!.at)).toEqual([0, 119_000])
  })

  test('is compared with the time that is left', async () => {
    const { call, sent } = partner(text(429, null, { 'Retry-After': '50' }))
    await elapse(call(statusPath))
    expect(sent).toHaveLength(3)
    const short = partner(text(503, null), { timeoutMs: 200 })
    expect((await elapse(short.call(statusPath))).status).toBe(503)
    expect(short.sent).toHaveLength(1)
  })
})

describe('MS-RequestId', () => {
  const ids = (sent: { headers: Record<string, string> }[], name: string): (string | undefined)[] =>
    sent.map(({ headers }) => headers[name])

  test('is the same for every attempt and new for every call, like MS-CorrelationId', async () => {
    const { call, sent } = partner([text(503, null), finished, text(401, null), finished])
    await elapse(call(statusPath))
    await elapse(call(statusPath))
    for (const name of ['ms-requestid', 'ms-correlationid']) {
      const [a, b, c] = ids(sent, name)
      expect(a).toMatch(guid)
      expect(b).toBe(a)
      expect(c).toMatch(guid)
      expect(c).not.toBe(a)
    }
    expect(ids(sent, 'ms-requestid')).not.toContain(sent[0]!.headers['ms-correlationid'])
  })

  test('is kept when the caller sets it, as an option or as a header in any letter case', async () => {
    const requestId = '11111111-2222-4333-8444-555555555555'
    const correlationId = '66666666-2222-4333-8444-555555555555'
    const { call, sent } = partner([text(503, null), finished])
    await elapse(call(statusPath, { requestId, correlationId }))
    await elapse(
      call(statusPath, { headers: { 'ms-REQUESTID': requestId, 'ms-correlationid': correlationId } }),
    )
    await elapse(
      call(
        new Request(`https://api.partnercenter.microsoft.com/v1${statusPath}`, {
          headers: { 'MS-RequestId': requestId },
        }),
      ),
    )
    expect(ids(sent, 'ms-requestid')).toEqual(Array(4).fill(requestId))
    expect(ids(sent, 'ms-correlationid').slice(0, 3)).toEqual(Array(3).fill(correlationId))
  })

  test('is rejected before anything is sent when it is not a GUID', async () => {
    const { call, sent } = partner(finished)
    await expect(call(statusPath, { requestId: 'first try' })).rejects.toThrow(
      '`requestId` must be a GUID such as 0127ed8e',
    )
    await expect(call(statusPath, { headers: { 'MS-CorrelationId': 'x' } })).rejects.toThrow(
      '`correlationId` must be a GUID',
    )
    expect(sent).toHaveLength(0)
  })
})

describe('a write with an unknown outcome', () => {
  const path = `/customers/${customerId}/deviceBatches`

  test.each<[string, string, boolean, Answer[]]>([
    ['POST', 'no answer twice', true, [refusesConnection]],
    ['POST', 'a 503, then a refusal', true, [text(503, null), hangs]],
    ['PUT', 'no answer', true, [refusesConnection]],
    ['DELETE', 'no answer', true, [refusesConnection]],
    ['GET', 'no answer', false, [refusesConnection]],
    ['HEAD', 'no answer', false, [refusesConnection]],
  ])('%s after %s is marked ambiguous: %s', async (method, _, isAmbiguous, answers) => {
    const { call } = partner(answers)
    const error = await rejection(elapse(call(path, { method })))
    expect(error).toMatchObject({ isAmbiguous, isRetryable: true })
    expect(error.message.includes('The service may have processed it; check before resending.')).toBe(
      isAmbiguous,
    )
  })

  test('stays ambiguous when the last attempt never started because no token could be obtained', async () => {
    let asked = 0
    const { call } = partner(text(500, null), {
      credential: () => {
        if (++asked > 1) throw new Error('no more')
        return 'secret-token'
      },
    })
    const error = await rejection(elapse(call(path, { method: 'POST', body: '{}' })))
    expect(error).toMatchObject({ code: 'authentication', isAmbiguous: true, attempts: 1 })
    expect((error as { requestId?: string }).requestId).toMatch(guid)
    expect(error.message).toMatch(
      /^The credential returned no token;.* The service may have processed it; check before resending\.$/,
    )
  })

  test('ends with the cause that ended its wait for the token of the next attempt', async () => {
    const slowAfterFirst = (): (() => string | Promise<string>) => {
      let asked = 0
      return () => (++asked > 1 ? new Promise(() => {}) : 'secret-token')
    }
    const controller = new AbortController()
    const aborted = partner(text(503, null), { credential: slowAfterFirst() })
    const ended = rejection(aborted.call(path, { method: 'POST', body: '{}', signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(1_000)
    controller.abort('enough')
    expect(await ended).toBe('enough')

    const late = partner(text(503, null), { credential: slowAfterFirst(), timeoutMs: 5_000 })
    expect(await rejection(elapse(late.call(path, { method: 'POST', body: '{}' })))).toMatchObject({
      code: 'timeout',
      isAmbiguous: true,
      attempts: 1,
    })
  })
})

test('the waits of a call are reported with its IDs, method and path template', async () => {
  const { call, events, sent } = partner([text(503, null), finished])
  await elapse(call(statusPath))
  expect(events.map(({ type }) => type)).toEqual(['token', 'attempt', 'wait', 'token', 'attempt'])
  const { delayMs, ...wait } = events[2] as Extract<PartnerCenterEvent, { type: 'wait' }>
  expect(delayMs).toBeGreaterThan(0)
  expect(wait).toEqual({
    type: 'wait',
    method: 'GET',
    path: '/customers/{customerId}/batchJobStatus/{batchTrackingId}',
    requestId: sent[0]!.headers['ms-requestid'],
    correlationId: sent[0]!.headers['ms-correlationid'],
    attempt: 1,
    reason: 'server-error',
  })
})
