import type { AccessToken, GetTokenOptions, PartnerFetchOptions, TokenCredential } from '@devicebatch/edge'
import { AuthenticationError, getBatchUploadStatus } from '@devicebatch/edge'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import type { ErrorDetails } from '../../src/errors.ts'
import type { Answer, Sent } from '../helpers.ts'
import {
  countListeners,
  elapse,
  finished,
  json,
  moveTime,
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
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const onWorkers = (): unknown => vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' })

const minute = 60_000
const tokensOf = (sent: Sent[]): string[] =>
  sent.map(({ headers }) => headers.authorization!.replace('Bearer ', ''))

/** Returns token-1, token-2, …, each valid for an hour unless `answer` specifies otherwise. */
function counting(answer: (count: number) => Partial<AccessToken> = () => ({})): TokenCredential & {
  asked: { scopes: unknown; options: GetTokenOptions }[]
} {
  const asked: { scopes: unknown; options: GetTokenOptions }[] = []
  return {
    asked,
    async getToken(scopes, options) {
      asked.push({ scopes, options: options! })
      const count = asked.length
      return { token: `token-${count}`, expiresOnTimestamp: Date.now() + 60 * minute, ...answer(count) }
    },
  }
}

/** Waits until the test settles the token. */
function waiting(): TokenCredential & {
  asked: { options: GetTokenOptions; give(token: string): void; fail(error: unknown): void }[]
} {
  const asked: { options: GetTokenOptions; give(token: string): void; fail(error: unknown): void }[] = []
  return {
    asked,
    getToken: (_, options) =>
      new Promise((resolve, reject) => {
        asked.push({
          options: options!,
          give: (token) => resolve({ token, expiresOnTimestamp: Date.now() + 60 * minute }),
          fail: reject,
        })
      }),
  }
}

describe('the token of a credential', () => {
  test('is requested with the scopes of Partner Center or the configured ones', async () => {
    for (const [scopes, asked] of [
      [undefined, ['https://api.partnercenter.microsoft.com/.default']],
      ['a/.default', ['a/.default']],
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
    ] as const) {
      const credential = counting()
      const { call } = partner(finished, { credential, scopes: scopes as string[] | undefined })
      await call(statusPath)
      expect(credential.asked[0]!.scopes).toEqual(asked)
    }
  })

  test('is requested once and used until shortly before it expires', async () => {
    const credential = counting()
    const { call, sent } = partner(finished, { credential })
    await call(statusPath)
    await vi.advanceTimersByTimeAsync(54 * minute)
    await call(statusPath)
    expect(tokensOf(sent)).toEqual(['token-1', 'token-1'])
    await vi.advanceTimersByTimeAsync(6 * minute - 30_000)
    await call(statusPath)
    expect(tokensOf(sent)).toEqual(['token-1', 'token-1', 'token-2'])
    expect(credential.asked).toHaveLength(2)
  })

  test('is requested once, no matter how many calls wait for it', async () => {
    const credential = waiting()
    const { call, sent, events } = partner(finished, { credential })
    await vi.advanceTimersByTimeAsync(1_000)
    const calls = Array.from({ length: 100 }, () => call(statusPath))
    await settle()
    expect(credential.asked).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(200)
    credential.asked[0]!.give('shared')
    await Promise.all(calls)
    expect(new Set(tokensOf(sent))).toEqual(new Set(['shared']))
    expect(events.filter(({ type }) => type === 'token')).toEqual([
      { type: 'token', reason: 'missing', durationMs: 200 },
    ])
  })

  test('is renewed in the background before it expires, while calls continue with the old one', async () => {
    const credential = counting()
    const { call, sent, events } = partner(finished, { credential })
    await call(statusPath)
    await vi.advanceTimersByTimeAsync(55 * minute)
    await call(statusPath)
    await settle()
    await call(statusPath)
    expect(tokensOf(sent)).toEqual(['token-1', 'token-1', 'token-2'])
    expect(events.filter(({ type }) => type === 'token')).toMatchObject([
      { reason: 'missing' },
      { reason: 'expiring' },
    ])
  })

  test('whose background renewal is lost on Workers is renewed again, and no call waits for the lost one', async () => {
    onWorkers()
    const credential = waiting()
    const { call, sent } = partner(finished, { credential })
    const first = call(statusPath)
    await settle()
    credential.asked[0]!.give('token-1')
    await first
    await vi.advanceTimersByTimeAsync(56 * minute)
    await call(statusPath)
    await vi.advanceTimersByTimeAsync(30_000)
    await call(statusPath)
    expect(credential.asked).toHaveLength(3)
    credential.asked[2]!.give('token-2')
    await settle()
    await call(statusPath)
    expect(tokensOf(sent)).toEqual(['token-1', 'token-1', 'token-1', 'token-2'])
    credential.asked[1]!.fail(new Error('late'))
  })

  test('is renewed in the background by one request at a time, however long that takes', async () => {
    const credential = waiting()
    const { call } = partner(finished, { credential })
    const first = call(statusPath)
    await settle()
    credential.asked[0]!.give('token-1')
    await first
    await vi.advanceTimersByTimeAsync(56 * minute)
    await call(statusPath)
    await vi.advanceTimersByTimeAsync(45_000)
    await call(statusPath)
    expect(credential.asked).toHaveLength(2)
    credential.asked[1]!.give('token-2')
    await settle()
  })

  test('does not keep the process alive while it is renewed in the background, only while a call waits', async () => {
    const credential = waiting()
    const { call } = partner(finished, { credential })
    const timers: ReturnType<typeof setTimeout>[] = []
    const faked = globalThis.setTimeout
    globalThis.setTimeout = ((run: () => void, ms: number) => {
      const timer = faked(run, ms)
      timers.push(timer)
      return timer
    }) as typeof setTimeout
    const keepingAlive = (): boolean[] => timers.splice(0).map((timer) => timer.hasRef())
    const first = call(statusPath)
    await settle()
    expect(keepingAlive()).not.toContain(false)
    credential.asked[0]!.give('token-1')
    await first
    await vi.advanceTimersByTimeAsync(56 * minute)
    keepingAlive()
    await call(statusPath)
    expect(credential.asked).toHaveLength(2)
    // That of the renewal and that of the call.
    expect(keepingAlive()).toEqual([false, true])
    credential.asked[1]!.give('token-2')
    await settle()
    globalThis.setTimeout = faked
  })

  test('is renewed from the time that its credential specifies', async () => {
    const credential = counting(() => ({ refreshAfterTimestamp: Date.now() + 10 * minute }))
    const { call } = partner(finished, { credential })
    await call(statusPath)
    await vi.advanceTimersByTimeAsync(10 * minute - 1)
    await call(statusPath)
    await settle()
    expect(credential.asked).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    await call(statusPath)
    await settle()
    expect(credential.asked).toHaveLength(2)
  })

  test('that cannot be renewed in the background stays in use, and is requested again after a pause', async () => {
    const credential = counting((count) => {
      if (count === 2) throw new Error('not now')
      return {}
    })
    const { call, sent, events } = partner(finished, { credential })
    await call(statusPath)
    await vi.advanceTimersByTimeAsync(56 * minute)
    for (let count = 0; count < 5; count++) {
      await call(statusPath)
      await settle()
    }
    expect(credential.asked).toHaveLength(2)
    expect(events).toContainEqual({
      type: 'token',
      reason: 'expiring',
      durationMs: expect.any(Number),
      error: 'authentication',
    })
    await vi.advanceTimersByTimeAsync(30_000)
    await call(statusPath)
    await settle()
    await call(statusPath)
    expect(tokensOf(sent)).toEqual([...Array<string>(7).fill('token-1'), 'token-3'])
  })

  test('with a short lifetime is still reused for part of it', async () => {
    const credential = counting(() => ({ expiresOnTimestamp: Date.now() + 10_000 }))
    const { call, sent } = partner(finished, { credential })
    await call(statusPath)
    await vi.advanceTimersByTimeAsync(4_999)
    await call(statusPath)
    await settle()
    expect(credential.asked).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    await call(statusPath)
    await settle()
    expect(tokensOf(sent)).toEqual(['token-1', 'token-1', 'token-1'])
    expect(credential.asked).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(10_000)
    await call(statusPath)
    expect(tokensOf(sent).at(-1)).toBe('token-3')
  })

  test.each([0, -1, NaN, undefined, 'soon'])(
    'that does not say when it expires (%j) is used once',
    async (expiresOnTimestamp) => {
      const credential = counting(() => ({ expiresOnTimestamp: expiresOnTimestamp as number }))
      const { call, sent } = partner(finished, { credential })
      await call(statusPath)
      await vi.advanceTimersByTimeAsync(1)
      await call(statusPath)
      expect(tokensOf(sent)).toEqual(['token-1', 'token-2'])
    },
  )

  test('that expires within seconds is rejected with the fix, before any request', async () => {
    const credential = counting(() => ({ expiresOnTimestamp: Math.floor(Date.now() / 1000) + 3600 }))
    const { call, sent } = partner(finished, { credential })
    const error = await rejection(call(statusPath))
    expect(error).toMatchObject({ code: 'authentication', isRetryable: false })
    expect(error.message).toMatch(/`expiresOnTimestamp` must be in milliseconds .* looks like seconds/)
    expect(sent).toHaveLength(0)
  })

  test('is not shared between clients', async () => {
    const credential = counting()
    await partner(finished, { credential }).call(statusPath)
    await partner(finished, { credential }).call(statusPath)
    expect(credential.asked).toHaveLength(2)
  })
})

describe('a slow credential', () => {
  test('is called once, no matter how long it takes, since a second call might use a refresh token twice', async () => {
    const credential = waiting()
    const { call, sent } = partner(finished, { credential })
    const first = call(statusPath)
    await vi.advanceTimersByTimeAsync(20_000)
    const second = call(statusPath)
    await vi.advanceTimersByTimeAsync(20_000)
    expect(credential.asked).toHaveLength(1)
    credential.asked[0]!.give('shared')
    await Promise.all([first, second])
    expect(tokensOf(sent)).toEqual(['shared', 'shared'])
  })

  test('is called again on Workers after five seconds, and the first token to arrive releases every caller', async () => {
    onWorkers()
    const credential = waiting()
    const { call, sent } = partner(finished, { credential })
    const calls = [call(statusPath), call(statusPath), call(statusPath)]
    await vi.advanceTimersByTimeAsync(4_999)
    expect(credential.asked).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(credential.asked).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(5_000)
    calls.push(call(statusPath))
    expect(credential.asked).toHaveLength(3)
    credential.asked[0]!.give('first')
    await Promise.all(calls)
    expect(tokensOf(sent)).toEqual(Array(4).fill('first'))
    expect(credential.asked.slice(1).map(({ options }) => options.abortSignal!.aborted)).toEqual([true, true])
  })

  test('whose first request fails on Workers leaves later callers on the second', async () => {
    onWorkers()
    const credential = waiting()
    const { call, sent } = partner(finished, { credential, retry: false })
    const lost = rejection(call(statusPath))
    const second = call(statusPath)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(credential.asked).toHaveLength(2)
    credential.asked[0]!.fail(new Error('lost'))
    expect(await lost).toMatchObject({ code: 'authentication' })
    const third = call(statusPath)
    await settle()
    expect(credential.asked).toHaveLength(2)
    credential.asked[1]!.give('second')
    await Promise.all([second, third])
    expect(tokensOf(sent)).toEqual(['second', 'second'])
  })

  test.each([false, true])(
    'that takes seven seconds makes no call time out (on Workers: %s)',
    async (isOnWorkers) => {
      if (isOnWorkers) onWorkers()
      let calls = 0
      const { call } = partner(finished, {
        credential: {
          getToken: async () => {
            const count = ++calls
            await new Promise((resolve) => setTimeout(resolve, 7_000))
            return { token: `token-${count}`, expiresOnTimestamp: Date.now() + 60 * minute }
          },
        },
        timeoutMs: 30_000,
      })
      const all = Promise.allSettled(Array.from({ length: 12 }, () => call(statusPath)))
      await vi.advanceTimersByTimeAsync(8_000)
      expect((await all).map(({ status }) => status)).toEqual(Array(12).fill('fulfilled'))
      await vi.advanceTimersByTimeAsync(30_000)
    },
  )
})

describe('a credential that fails', () => {
  test('rejects every waiting call with an AuthenticationError, and is called again by the next', async () => {
    const credential = waiting()
    const { call, sent, events } = partner(finished, { credential, retry: false })
    const calls = [1, 2, 3].map(() => rejection(getBatchUploadStatus(call, upload)))
    await settle()
    const cause = new Error('its own words')
    credential.asked[0]!.fail(cause)
    for (const error of await Promise.all(calls)) {
      expect(error).toMatchObject({ code: 'authentication', name: 'AuthenticationError', isRetryable: true })
      expect(error.message).toBe(
        'The credential returned no token; see `cause`. Check the tenant, client ID, secret and consent.',
      )
      expect(error.cause).toBe(cause)
      expect(error).not.toHaveProperty('requestId')
    }
    expect(sent).toHaveLength(0)
    expect(events).toEqual([
      { type: 'token', reason: 'missing', durationMs: expect.any(Number), error: 'authentication' },
    ])
    const next = call(statusPath)
    await settle()
    credential.asked[1]!.give('second')
    await next
    expect(tokensOf(sent)).toEqual(['second'])
  })

  test.each<[string, Partial<Error> & Record<string, unknown>, boolean]>([
    ['the network is down', { message: 'getaddrinfo ENOTFOUND login.microsoftonline.com' }, true],
    ['statusCode 408', { statusCode: 408 }, true],
    ['statusCode 429', { statusCode: 429 }, true],
    ['statusCode 500', { statusCode: 500 }, true],
    ['statusCode 503', { statusCode: 503, message: 'AADSTS90033: busy' }, true],
    ['statusCode 400', { statusCode: 400 }, false],
    ['an error of OAuth', { errorCode: 'invalid_grant' }, false],
    ['an unknown error code', { errorCode: 'cache_invalid' }, true],
    ['a demand to sign in', { errorCode: 'interaction_required' }, false],
    ['an AADSTS code', { message: 'AADSTS7000215: Invalid client secret provided.' }, false],
    ['nothing configured', { name: 'CredentialUnavailableError' }, false],
    ['a person who must sign in', { name: 'AuthenticationRequiredError' }, false],
  ])('with %s is retryable unless it is a refusal', async (_, properties, isRetryable) => {
    const { call } = partner(finished, {
      credential: { getToken: () => Promise.reject(Object.assign(new Error(), properties)) },
      retry: false,
    })
    expect(await rejection(call(statusPath))).toMatchObject({ code: 'authentication', isRetryable })
  })

  test.each<[unknown, string]>([
    [null, 'undefined'],
    [undefined, 'undefined'],
    [{}, 'undefined'],
    [{ token: '' }, 'a string in another form'],
    [{ token: 'Bearer abc' }, 'a string in another form'],
    [{ token: 'hush\n' }, 'a string in another form'],
    [{ token: 'hüsh' }, 'a string in another form'],
    [{ token: 5 }, 'number'],
  ])('by returning %j instead of a token gets an error that says so', async (answer, got) => {
    const { call, sent } = partner(finished, { credential: { getToken: async () => answer as AccessToken } })
    const error = await rejection(call(statusPath))
    expect(error).toMatchObject({ code: 'authentication' })
    expect(error.message).toBe(
      `The credential must return an access token as a string without spaces and without "Bearer"; got ${got}.`,
    )
    expect(sent).toHaveLength(0)
  })

  test('by never settling is abandoned after a minute, and reported to observe', async () => {
    await vi.advanceTimersByTimeAsync(1_000)
    const credential = waiting()
    const { call, events } = partner(finished, { credential, retry: false })
    const error = await rejection(elapse(call(statusPath)))
    expect(error).toMatchObject({ code: 'authentication', isRetryable: true })
    expect(error.message).toContain('returned no token within 60000 ms')
    expect(credential.asked[0]!.options.abortSignal!.aborted).toBe(true)
    expect(events).toEqual([
      { type: 'token', reason: 'missing', durationMs: minute, error: 'authentication' },
    ])
  })
})

describe('a token endpoint that is busy', () => {
  const busy = (times: number, details: ErrorDetails): TokenCredential & { askedAt: number[] } => {
    const askedAt: number[] = []
    return {
      askedAt,
      async getToken() {
        askedAt.push(performance.now())
        if (askedAt.length <= times) throw new AuthenticationError('Microsoft Entra is busy.', details)
        return { token: 'token', expiresOnTimestamp: Date.now() + 60 * minute }
      },
    }
  }

  test('is retried with backoff, like the API, and the retries count toward those of the call', async () => {
    const credential = busy(2, { isRetryable: true })
    const { call, events, sent } = partner([text(503, null), text(503, null)], { credential })
    expect((await elapse(call(statusPath))).status).toBe(503)
    expect(credential.askedAt).toHaveLength(3)
    expect(sent).toHaveLength(2)
    expect(events.filter(({ type }) => type === 'wait')).toHaveLength(3)
  })

  test('gets no request for exactly as long as its Retry-After demands', async () => {
    const credential = busy(1, { isRetryable: true, retryAfterMs: 7_000 })
    const { call, events } = partner(finished, { credential })
    await elapse(call(statusPath))
    expect(credential.askedAt[1]! - credential.askedAt[0]!).toBe(7_000)
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'wait', delayMs: 7_000, reason: 'retry-after' }),
    )
  })

  test('for longer than the timeout of a call ends the call immediately, with the requested wait', async () => {
    const credential = busy(1, { isRetryable: true, retryAfterMs: 7_000 })
    const { call, sent } = partner(finished, { credential, timeoutMs: 5_000 })
    expect(await rejection(call(statusPath))).toMatchObject({ code: 'authentication', retryAfterMs: 7_000 })
    expect(credential.askedAt).toHaveLength(1)
    expect(sent).toHaveLength(0)
  })

  test.each<[string, Partial<PartnerFetchOptions>, ErrorDetails]>([
    ['retries are off', { retry: false }, { isRetryable: true }],
    ['it rejected', {}, { isRetryable: false }],
  ])('is called once when %s', async (_, options, details) => {
    const credential = busy(1, details)
    const { call } = partner(finished, { credential, ...options })
    expect(await rejection(call(statusPath))).toMatchObject({ code: 'authentication' })
    expect(credential.askedAt).toHaveLength(1)
  })
})

describe('an abort while waiting for a token', () => {
  test('by one of many callers ends only that call', async () => {
    const credential = waiting()
    const controller = new AbortController()
    const listeners = countListeners(controller.signal)
    const { call, sent } = partner(finished, { credential })
    const leaving = rejection(call(statusPath, { signal: controller.signal }))
    const staying = call(statusPath)
    await settle()
    controller.abort('bye')
    expect(await leaving).toBe('bye')
    expect(listeners()).toBe(0)
    expect(credential.asked[0]!.options.abortSignal!.aborted).toBe(false)
    credential.asked[0]!.give('shared')
    await staying
    expect(tokensOf(sent)).toEqual(['shared'])
  })

  test('by the last caller ends the token request', async () => {
    const credential = waiting()
    const controllers = [new AbortController(), new AbortController()]
    const { call, events } = partner(finished, { credential })
    const leaving = controllers.map(({ signal }) => rejection(call(statusPath, { signal })))
    await settle()
    controllers[0]!.abort(1)
    await settle()
    const { abortSignal } = credential.asked[0]!.options
    expect(abortSignal!.aborted).toBe(false)
    controllers[1]!.abort(2)
    expect(await Promise.all(leaving)).toEqual([1, 2])
    await settle()
    expect(abortSignal!.aborted).toBe(true)
    expect(events).toEqual([
      { type: 'token', reason: 'missing', durationMs: expect.any(Number), error: 'aborted' },
    ])
  })

  test.each([0, 1, 2, 3, 4, 5, 6])('does not reach a call that begins %i turns later', async (turns) => {
    const credential = waiting()
    const controller = new AbortController()
    const { call } = partner(finished, { credential })
    const leaving = rejection(call(statusPath, { signal: controller.signal }))
    await settle()
    controller.abort('bye')
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    const next = call(statusPath)
    expect(await leaving).toBe('bye')
    await settle()
    credential.asked.at(-1)!.give('own')
    expect((await next).status).toBe(200)
  })
})

describe('a 401 response', () => {
  const unauthorized = json(401, { code: 400 })

  test('is retried once with another token', async () => {
    const credential = counting()
    const { call, sent, events } = partner([unauthorized, finished], { credential })
    expect((await call(statusPath)).status).toBe(200)
    expect(tokensOf(sent)).toEqual(['token-1', 'token-2'])
    expect(events.map((event) => (event.type === 'token' ? event.reason : event.type))).toEqual([
      'missing',
      'attempt',
      'refused',
      'attempt',
    ])
    await call(statusPath)
    expect(tokensOf(sent).at(-1)).toBe('token-2')
  })

  test('that demands MFA is returned immediately, and no token is renewed for it', async () => {
    const credential = counting()
    const { call, sent } = partner(json(401, { code: 900421, description: 'Unauthorized' }), { credential })
    expect(await rejection(getBatchUploadStatus(call, upload))).toMatchObject({ serviceCode: '900421' })
    expect(credential.asked).toHaveLength(1)
    expect(sent).toHaveLength(1)
  })

  test('is returned if it occurs again', async () => {
    const credential = counting()
    const { call, sent } = partner(unauthorized, { credential })
    const error = await rejection(getBatchUploadStatus(call, upload))
    expect(error).toMatchObject({ code: 'api', status: 401, serviceCode: '400', attempts: 2 })
    expect(tokensOf(sent)).toEqual(['token-1', 'token-2'])
  })

  test('does not use up a retry, and another 401 after those causes no second renewal', async () => {
    const credential = counting()
    const { call, sent } = partner(
      [unauthorized, text(503, null), text(503, null), text(503, null), unauthorized],
      { credential },
    )
    expect((await elapse(call(statusPath))).status).toBe(401)
    expect(tokensOf(sent)).toEqual(['token-1', 'token-2', 'token-2', 'token-2', 'token-2'])
  })

  test('is retried for a write, and with retries off', async () => {
    const { call, sent } = partner([unauthorized, text(202, null)], { credential: counting(), retry: false })
    expect((await call(statusPath, { method: 'POST', body: '{}' })).status).toBe(202)
    expect(sent.map(({ body }) => body)).toEqual(['{}', '{}'])
    expect(new Set(sent.map(({ headers }) => headers['ms-requestid'])).size).toBe(1)
  })

  test('forwards its claims challenge', async () => {
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}'
    const challenge = `Bearer realm="", error="insufficient_claims", claims="${btoa(claims)}"`
    const credential = counting()
    const { call } = partner([text(401, null, { 'WWW-Authenticate': challenge }), finished], { credential })
    await call(statusPath)
    expect(credential.asked.map(({ options }) => options.claims)).toEqual([undefined, claims])
  })

  test.each(['OAuth realm=urn:cpsvc:cpid:{0}', 'Bearer claims="%%%"', 'Bearer claims=""'])(
    'with the challenge %s is renewed without claims',
    async (challenge) => {
      const credential = counting()
      const { call } = partner([text(401, null, { 'WWW-Authenticate': challenge }), finished], { credential })
      await call(statusPath)
      expect(credential.asked.map(({ options }) => options.claims)).toEqual([undefined, undefined])
    },
  )

  test('is not retried with the same token', async () => {
    const credential = counting(() => ({ token: 'always' }))
    const { call, sent } = partner(unauthorized, { credential })
    expect((await call(statusPath)).status).toBe(401)
    expect(sent).toHaveLength(1)
    expect(credential.asked).toHaveLength(2)
  })

  test('of many concurrent calls causes one renewal', async () => {
    const credential = counting()
    const { call } = partner(
      ({ headers }) => new Response(null, { status: headers.authorization === 'Bearer token-1' ? 401 : 204 }),
      { credential },
    )
    const answers = await Promise.all(Array.from({ length: 50 }, () => call(statusPath)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]))
    expect(credential.asked).toHaveLength(2)
  })

  test('of a call that started with an older token is retried with the current one', async () => {
    const credential = counting()
    let late!: (response: Response) => void
    const { call, sent } = partner(
      [() => new Promise((resolve) => (late = resolve)), text(401, null), finished],
      { credential },
    )
    const slow = call(statusPath)
    await settle()
    await call(statusPath)
    late(new Response(null, { status: 401 }))
    expect((await slow).status).toBe(200)
    expect(tokensOf(sent)).toEqual(['token-1', 'token-1', 'token-2', 'token-2'])
    expect(credential.asked).toHaveLength(2)
  })

  test('of several calls with the same claims causes one renewal, during it and after it', async () => {
    const claims = '{"access_token":{}}'
    const challenged = text(401, null, { 'WWW-Authenticate': `Bearer claims="${btoa(claims)}"` })
    const credential = waiting()
    const challenges: ((response: Response) => void)[] = []
    const slow: Answer = () => new Promise((resolve) => challenges.push(resolve))
    const { call, sent } = partner([slow, slow, slow, finished], { credential })
    const calls = [1, 2, 3].map(() => call(statusPath))
    await settle()
    credential.asked[0]!.give('first')
    await settle()
    for (const respond of challenges.slice(0, 2)) respond(challenged(sent[0]!))
    await settle()
    credential.asked[1]!.give('with-claims')
    await settle()
    challenges[2]!(challenged(sent[0]!))
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200])
    expect(credential.asked.map(({ options }) => options.claims)).toEqual([undefined, claims])
    expect(tokensOf(sent).slice(3)).toEqual(Array(3).fill('with-claims'))
  })

  test('with claims is not retried with a token that is being requested without them', async () => {
    const claims = '{"access_token":{}}'
    const challenged = text(401, null, { 'WWW-Authenticate': `Bearer claims="${btoa(claims)}"` })
    const credential = waiting()
    const { call, sent } = partner([finished, challenged, finished], { credential })
    const first = call(statusPath)
    await settle()
    credential.asked[0]!.give('first')
    await first
    await vi.advanceTimersByTimeAsync(56 * minute)

    const second = call(statusPath)
    await settle()
    expect(credential.asked.map(({ options }) => options.claims)).toEqual([undefined, undefined, claims])
    credential.asked[2]!.give('with-claims')
    expect((await second).status).toBe(200)
    expect(tokensOf(sent)).toEqual(['first', 'first', 'with-claims'])
    credential.asked[1]!.give('late')
    await settle()
    await call(statusPath)
    expect(tokensOf(sent).at(-1)).toBe('with-claims')
  })

  test('with claims is not retried with a token that was renewed without them', async () => {
    const claims = '{"access_token":{}}'
    const challenged = text(401, null, { 'WWW-Authenticate': `Bearer claims="${btoa(claims)}"` })
    const credential = waiting()
    let challenge!: () => void
    const slow = new Promise<void>((resolve) => (challenge = resolve))
    const { call, sent } = partner(
      [finished, async (request) => (await slow, challenged(request)), finished],
      { credential },
    )
    const first = call(statusPath)
    await settle()
    credential.asked[0]!.give('first')
    await first
    await vi.advanceTimersByTimeAsync(56 * minute)
    const second = call(statusPath)
    await settle()
    credential.asked[1]!.give('renewed')
    await settle()
    challenge()
    await settle()
    expect(credential.asked.map(({ options }) => options.claims)).toEqual([undefined, undefined, claims])
    credential.asked[2]!.give('with-claims')
    expect((await second).status).toBe(200)
    expect(tokensOf(sent)).toEqual(['first', 'first', 'with-claims'])
  })

  test('becomes an AuthenticationError when no other token can be obtained', async () => {
    const credential = counting((count) => {
      if (count > 1) throw new Error('no')
      return {}
    })
    const { call, sent } = partner(unauthorized, { credential })
    expect(await rejection(call(statusPath))).toMatchObject({ code: 'authentication', attempts: 1 })
    expect(sent).toHaveLength(1)
  })
})

describe('a function that returns tokens', () => {
  test('and something else after a 401 gives an AuthenticationError with the facts of the call', async () => {
    let count = 0
    const { call } = partner(text(401, null), { credential: () => (count++ === 0 ? 'first' : '') })
    expect(await rejection(call(statusPath))).toMatchObject({ code: 'authentication', attempts: 1 })
  })

  test('is called for each attempt, since the expiry of its token is unknown', async () => {
    let count = 0
    const { call, sent } = partner([text(503, null), finished], { credential: () => `token-${++count}` })
    await elapse(call(statusPath))
    await elapse(call(statusPath))
    expect(tokensOf(sent)).toEqual(['token-1', 'token-2', 'token-3'])
  })

  test('is called again after a 401, with the claims, and the same token is not accepted again', async () => {
    const credential = vi.fn<(options: GetTokenOptions) => string>(() => 'same')
    const { call, sent, events } = partner(
      text(401, null, { 'WWW-Authenticate': `Bearer claims="${btoa('{}')}"` }),
      { credential },
    )
    expect((await call(statusPath)).status).toBe(401)
    expect(sent).toHaveLength(1)
    expect(events.flatMap((event) => (event.type === 'token' ? event.reason : []))).toEqual([
      'missing',
      'refused',
    ])
    expect(credential.mock.calls.map(([options]) => options.claims)).toEqual([undefined, '{}'])
    expect(credential.mock.calls[0]![0].abortSignal).toBeInstanceOf(AbortSignal)
  })

  test.each<[string, () => string | Promise<string>]>([
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['gives nothing', () => ''],
    ['gives no text', () => undefined as never],
  ])('that %s gives an AuthenticationError', async (_, credential) => {
    const { call, sent } = partner(finished, { credential })
    expect(await rejection(elapse(call(statusPath)))).toMatchObject({
      code: 'authentication',
      isAmbiguous: false,
    })
    expect(sent).toHaveLength(0)
  })

  test('that is ended by its signal is observed as aborted', async () => {
    const controller = new AbortController()
    const { call, events } = partner(finished, {
      credential: ({ abortSignal }) =>
        new Promise((_, reject) => abortSignal!.addEventListener('abort', () => reject(new Error('ended')))),
    })
    const ended = rejection(call(statusPath, { signal: controller.signal }))
    await settle()
    controller.abort('bye')
    expect(await ended).toBe('bye')
    await settle()
    expect(events).toEqual([
      { type: 'token', reason: 'missing', durationMs: expect.any(Number), error: 'aborted' },
    ])
  })
})
