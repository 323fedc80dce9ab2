import { createPartnerFetch, InvalidArgumentError } from '@devicebatch/edge'
import { describe, expect, test } from 'vitest'

import { finished, partner, rejection, statusPath, thrown } from './helpers.ts'

const credential = (): string => 'secret-token'

function refusal(options: object): string {
  const error = thrown(() => createPartnerFetch({ credential, ...options }))
  expect(error).toBeInstanceOf(InvalidArgumentError)
  expect(error).toMatchObject({ code: 'invalid-argument', name: 'InvalidArgumentError', isRetryable: false })
  return error.message
}

describe('an invalid option is rejected immediately', () => {
  test.each([undefined, null, 'token', 5, {}, { getToken: 'token' }])('credential %j', (value) => {
    expect(refusal({ credential: value })).toMatch(/^`credential` must have a getToken\(scopes\)/)
  })

  test('no options at all', () => {
    expect(thrown(() => createPartnerFetch(undefined as never)).message).toMatch(/^`credential` must/)
    expect(thrown(() => createPartnerFetch(null as never)).message).toMatch(/^`credential` must/)
  })

  test.each(['apiKey', 'timeout', 'toString'])(
    '%s, which is not an option, with a list of the options',
    (name) => {
      expect(refusal({ [name]: 'hush' })).toBe(
        `\`${name}\` is not an option. The options are \`credential\`, \`cloud\`, \`baseUrl\`, \`scopes\`, \`fetch\`, ` +
          '`applicationName`, `locale`, `validateMfa`, `attemptTimeoutMs`, `timeoutMs`, `retry`, `rateLimit`, `observe`.',
      )
    },
  )

  test('retry.retries, which is not an option, for the client and for a call', async () => {
    const message =
      '`retry.retries` is not an option. The options are `retry.limit`, `retry.baseDelayMs`, `retry.maxDelayMs`.'
    const retry: object = { retries: 5 }
    expect(refusal({ retry })).toBe(message)
    expect((await rejection(partner(finished).call(statusPath, { retry }))).message).toBe(message)
  })

  test('except an undefined option or what a runtime adds to the init of a call', async () => {
    const { call } = partner(finished, { apiKey: undefined } as object)
    expect((await call(statusPath, { cf: { cacheTtl: 0 }, dispatcher: {} } as object)).status).toBe(200)
  })

  test.each(['mars', '', 'constructor', '__proto__'])('cloud %j', (cloud) => {
    expect(refusal({ cloud })).toBe(
      `\`cloud\` must be one of global, germany, us-government, china; got ${JSON.stringify(cloud)}. For any other address, set \`baseUrl\`.`,
    )
  })

  test('cloud and baseUrl together', () => {
    expect(refusal({ cloud: 'global', baseUrl: 'https://example.com/v1' })).toBe(
      'Set `cloud` or `baseUrl`, not both.',
    )
  })

  test.each<unknown>([
    'https://example.com',
    'https://example.com/',
    'https://example.com/v2',
    'https://example.com/v1/customers',
    'https://example.com/av1',
    'http://example.com/v1',
    'http://localhost.example.com/v1',
    'http://127.0.0.1.example.com/v1',
    'http://notlocalhost/v1',
    'http://10.0.0.1/v1',
    'ftp://localhost/v1',
    'https://user:hush@example.com/v1',
    'https://:hush@example.com/v1',
    'https://example.com/v1?key=hush',
    'https://example.com/v1#hush',
    'https://example.com?hush/v1',
    'https:/user:hush@example.com/v1',
    'https:///user:hush@example.com/v1',
    'https://user:p/hush@example.com/v1',
    'https://user:p?hush@example.com/v1',
    'https://user:12/hush@example.com/v1',
    'https://example.com/v1?a\nhush',
    'example.com/v1',
    '/v1',
    '',
    null,
    7,
  ])('baseUrl %j', (baseUrl) => {
    const message = refusal({ baseUrl })
    expect(message).toMatch(
      /^`baseUrl` must be an https URL \(http only on a loopback host\) that ends in \/v1, such as https:\/\/api\.partnercenter\.microsoft\.com\/v1; got /,
    )
    expect(message).not.toContain('hush')
  })

  test.each([
    ['https://user:hush@example.com/v2', '"https://…example.com/v2"'],
    ['user:hush@example.com/v1', '"…example.com/v1"'],
    ['https://example.com/v1?key=hush', '"https://example.com/v1…"'],
    ['https://example.com/a@b/v2', '"https://…b/v2"'],
    ['https:/user:hush@example.com/v2', '"…example.com/v2"'],
  ])('baseUrl %j, shown without what may be a secret', (baseUrl, shown) => {
    expect(refusal({ baseUrl })).toContain(`got ${shown}.`)
  })

  test.each(['attemptTimeoutMs', 'timeoutMs'])('%s', (name) => {
    for (const value of [0, -1, NaN, '5', null, {}]) {
      expect(refusal({ [name]: value })).toMatch(
        new RegExp(`^\`${name}\` must be a positive number of milliseconds; got `),
      )
    }
  })

  test.each<[object | number | boolean | null | string, string]>([
    [{ limit: -1 }, '`retry.limit` must be an integer of at least 0; got -1.'],
    [{ limit: 1.5 }, '`retry.limit` must be an integer of at least 0; got 1.5.'],
    [{ limit: '3' }, '`retry.limit` must be an integer of at least 0; got "3".'],
    [{ limit: Infinity }, '`retry.limit` must be an integer of at least 0; got Infinity.'],
    [{ baseDelayMs: 0 }, '`retry.baseDelayMs` must be a positive number of milliseconds; got 0.'],
    [{ maxDelayMs: -5 }, '`retry.maxDelayMs` must be a positive number of milliseconds; got -5.'],
    [null, '`retry` must be an object such as { limit: 3 }, or false; got null.'],
    [true, '`retry` must be an object such as { limit: 3 }, or false; got true.'],
    [3, '`retry` must be an object such as { limit: 3 }, or false; got 3.'],
    ['no', '`retry` must be an object such as { limit: 3 }, or false; got "no".'],
  ])('retry %j', async (retry, message) => {
    expect(refusal({ retry })).toBe(message)
    const { call, sent } = partner(finished)
    expect((await rejection(call(statusPath, { retry } as never))).message).toBe(message)
    expect(sent).toHaveLength(0)
  })

  test.each([['applicationName'], ['locale']])('%s', (name) => {
    for (const value of ['', 'Zürich', 'a\nb', 'a\u0000', 5, null]) {
      expect(refusal({ [name]: value })).toMatch(
        new RegExp(`^\`${name}\` must be printable ASCII, since it is sent in a header; got `),
      )
    }
  })

  test.each<[unknown]>([[''], [[]], [['a', '']], [5], [[5]], [null]])('scopes %j', (scopes) => {
    expect(refusal({ scopes })).toMatch(
      /^`scopes` must be a non-empty string or an array of non-empty strings; got /,
    )
  })

  test.each([true, {}, 'shared'])('rateLimit: %j', (rateLimit) => {
    expect(refusal({ rateLimit })).toMatch(
      /^`rateLimit` must be what createRateLimit\(\) returned, or false; got /,
    )
  })

  test.each(['fetch', 'observe'])('%s', (name) => {
    for (const value of ['x', {}, null, 5])
      expect(refusal({ [name]: value })).toMatch(new RegExp(`^\`${name}\` must be a function; got `))
  })

  test('timeoutMs of a call', async () => {
    const { call, sent } = partner(finished)
    await expect(call(statusPath, { timeoutMs: 0 })).rejects.toThrow(
      '`timeoutMs` must be a positive number of milliseconds; got 0.',
    )
    expect(sent).toHaveLength(0)
  })
})

describe('where calls are sent', () => {
  test.each<[object, string]>([
    [{}, 'https://api.partnercenter.microsoft.com/v1'],
    [{ cloud: 'global' }, 'https://api.partnercenter.microsoft.com/v1'],
    [{ cloud: 'germany' }, 'https://api.partnercenter.microsoft.com/v1'],
    [{ cloud: 'us-government' }, 'https://api.partnercenter.microsoft.com/v1'],
    [{ cloud: 'china' }, 'https://partner.partnercenterapi.microsoftonline.cn/v1'],
    [{ cloud: undefined, baseUrl: undefined }, 'https://api.partnercenter.microsoft.com/v1'],
    [{ baseUrl: 'https://example.com/v1/' }, 'https://example.com/v1'],
    [{ baseUrl: 'HTTPS://Example.com:443/gateway/v1' }, 'https://example.com/gateway/v1'],
    [{ baseUrl: 'http://localhost:8080/v1' }, 'http://localhost:8080/v1'],
    [{ baseUrl: 'http://127.0.0.1:8080/v1' }, 'http://127.0.0.1:8080/v1'],
    [{ baseUrl: 'http://127.20.30.254/v1' }, 'http://127.20.30.254/v1'],
    [{ baseUrl: 'http://[::1]:8080/v1' }, 'http://[::1]:8080/v1'],
  ])('%j', async (options, base) => {
    const { call, sent } = partner(finished, options)
    await call(statusPath)
    expect(sent[0]!.url).toBe(base + statusPath)
  })
})

test('`undefined` for an option means its default', async () => {
  const names = [
    'cloud',
    'baseUrl',
    'scopes',
    'applicationName',
    'locale',
    'validateMfa',
    'attemptTimeoutMs',
    'timeoutMs',
    'retry',
    'observe',
  ]
  const { call, sent } = partner(finished, Object.fromEntries(names.map((name) => [name, undefined])))
  await call(statusPath, { signal: undefined, timeoutMs: undefined, retry: undefined, requestId: undefined })
  expect(sent).toHaveLength(1)
})

test.each([
  [{}, 'https://api.partnercenter.microsoft.com/.default'],
  [{ cloud: 'us-government' }, 'https://api.partnercenter.microsoft.com/.default'],
  [{ cloud: 'china' }, 'https://partner.partnercenterapi.microsoftonline.cn/.default'],
  [
    { baseUrl: 'https://partner.partnercenterapi.microsoftonline.cn/v1' },
    'https://partner.partnercenterapi.microsoftonline.cn/.default',
  ],
  [{ cloud: 'china', scopes: 'mine' }, 'mine'],
] as const)('with %j, tokens are requested for %s', async (options, scope) => {
  const asked: unknown[] = []
  const credential = {
    getToken: (scopes: string | string[]) => {
      asked.push(scopes)
      return Promise.resolve({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 })
    },
  }
  const { call } = partner(finished, { credential, ...options })
  await call(statusPath)
  expect(asked).toEqual([[scope]])
})
