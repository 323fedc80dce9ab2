import { createServer } from 'node:http'

import type { AuthenticationError, TokenCredential } from '@devicebatch/edge'
import { createPartnerFetch } from '@devicebatch/edge'
import { appOnly, appUser } from '@devicebatch/edge/credentials'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import type { Answer, Sent } from '../helpers.ts'
import { finished, json, moveTime, network, rejection, settle, statusPath, text, thrown } from '../helpers.ts'

const app = {
  tenantId: 'contoso.onmicrosoft.com',
  clientId: '11111111-2222-4333-8444-555555555555',
  clientSecret: 's3cret/~value',
}
const scope = 'https://api.partnercenter.microsoft.com/.default'
const granted = (extra: object = {}): Answer =>
  json(200, {
    token_type: 'Bearer',
    access_token: 'access',
    expires_in: 3_599,
    ext_expires_in: 3_599,
    ...extra,
  })
const refused = (code: number, error = 'invalid_grant', status = 400): Answer =>
  json(status, {
    error,
    error_description: `AADSTS${code}: Words of Entra about it. Trace ID: x`,
    error_codes: [code],
    timestamp: '2026-01-05 12:00:00Z',
    trace_id: 't',
    correlation_id: 'c',
  })

const form = ({ body }: Sent): Record<string, string> => Object.fromEntries(new URLSearchParams(body))

beforeEach(moveTime)
afterEach(() => {
  if (vi.isFakeTimers()) expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

function user(
  answers: Answer | Answer[],
  options: object = {},
): { credential: TokenCredential; sent: Sent[]; stored: string[] } {
  const { fetch, sent } = network(...[answers].flat())
  const stored: string[] = []
  const credential = appUser({
    ...app,
    refreshToken: 'refresh-0',
    onRefreshToken: (token) => void stored.push(token),
    fetch,
    ...options,
  })
  return { credential, sent, stored }
}

function only(
  answers: Answer | Answer[],
  options: object = {},
): { credential: TokenCredential; sent: Sent[] } {
  const { fetch, sent } = network(...[answers].flat())
  return { credential: appOnly({ ...app, fetch, ...options }), sent }
}

describe('appOnly', () => {
  test('requests a token from the v2 endpoint of the tenant with the client secret', async () => {
    const { credential, sent } = only(granted())
    expect(await credential.getToken([scope])).toEqual({
      token: 'access',
      expiresOnTimestamp: Date.now() + 3_599_000,
    })
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({
      method: 'POST',
      url: 'https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token',
      redirect: 'manual',
    })
    expect(sent[0]!.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/)
    expect(form(sent[0]!)).toEqual({
      grant_type: 'client_credentials',
      client_id: app.clientId,
      client_secret: app.clientSecret,
      scope,
    })
  })

  test.each([
    [undefined, 'login.microsoftonline.com'],
    ['global', 'login.microsoftonline.com'],
    ['germany', 'login.microsoftonline.de'],
    ['us-government', 'login.microsoftonline.us'],
    ['china', 'login.chinacloudapi.cn'],
  ])('uses the authority of the cloud %s', async (cloud, host) => {
    const { credential, sent } = only(granted(), { cloud })
    await credential.getToken(scope)
    expect(new URL(sent[0]!.url).host).toBe(host)
  })

  test('uses a custom authority, including one on this machine', async () => {
    for (const authorityHost of ['https://login.example', 'http://localhost:8080', 'http://127.0.0.1:1/']) {
      const { credential, sent } = only(granted(), { authorityHost })
      await credential.getToken(scope)
      expect(sent[0]!.url).toBe(
        `${authorityHost.replace(/\/$/, '')}/contoso.onmicrosoft.com/oauth2/v2.0/token`,
      )
    }
  })

  test('requests its own scopes if it has any', async () => {
    for (const [scopes, expected] of [
      ['a', 'a'],
      [['a', 'b'], 'a b'],
      [undefined, scope],
    ] as const) {
      const { credential, sent } = only(granted(), { scopes })
      await credential.getToken([scope])
      expect(form(sent[0]!).scope).toBe(expected)
    }
  })

  test.each([
    ['3599', 3_599_000],
    [3_599, 3_599_000],
    [undefined, 3_600_000],
  ])('accepts expires_in %j', async (expires_in, life) => {
    const { credential } = only(granted({ expires_in }))
    expect((await credential.getToken(scope))!.expiresOnTimestamp - Date.now()).toBe(life)
  })

  test('forwards claims', async () => {
    const { credential, sent } = only(granted())
    await credential.getToken(scope, { claims: '{"access_token":{}}' })
    expect(form(sent[0]!).claims).toBe('{"access_token":{}}')
  })

  test('supplies the token of a partner fetch', async () => {
    const { credential } = only(granted())
    const { fetch, sent } = network(finished)
    await createPartnerFetch({ credential, fetch })(statusPath)
    expect(sent[0]!.headers.authorization).toBe('Bearer access')
  })
})

describe('an invalid credential option is rejected immediately', () => {
  test.each(['tenantId', 'clientId', 'clientSecret'])('%s', (name) => {
    for (const value of [undefined, null, '', '  ', 5]) {
      const error = thrown(() => appOnly({ ...app, [name]: value }))
      expect(error).toMatchObject({ code: 'invalid-argument' })
      expect(error.message).toMatch(new RegExp(`^\`${name}\` must be a non-empty string`))
    }
  })

  test('no options at all', () => {
    expect(thrown(() => appOnly(undefined as never)).message).toMatch(
      /^`tenantId` must be a non-empty string/,
    )
  })

  test.each(['..', '.', 'a/b', 'a\\b', 'a\n'])('tenantId %j, which would change the URL', (tenantId) => {
    expect(thrown(() => appOnly({ ...app, tenantId })).message).toMatch(
      /^`tenantId` must be a non-empty string/,
    )
  })

  test.each(['refreshToken'])('%s', (refreshToken) => {
    for (const value of [undefined, '', 5]) {
      expect(
        thrown(() => appUser({ ...app, onRefreshToken: () => {}, [refreshToken]: value } as never)).message,
      ).toMatch(/^`refreshToken` must be a non-empty string/)
    }
  })

  test('apiKey, which is not an option, with a list of the options', () => {
    const listed =
      'is not an option. The options are `tenantId`, `clientId`, `clientSecret`, `clientAssertion`, `cloud`, `authorityHost`, `scopes`, `fetch`'
    expect(thrown(() => appOnly({ ...app, apiKey: 'hush' } as never)).message).toBe(`\`apiKey\` ${listed}.`)
    expect(thrown(() => appUser({ ...app, apiKey: 'hush' } as never)).message).toBe(
      `\`apiKey\` ${listed}, \`refreshToken\`, \`onRefreshToken\`.`,
    )
    expect(thrown(() => appOnly({ ...app, refreshToken: 'hush' } as never)).message).toContain(
      '`refreshToken` is not',
    )
  })

  test('onRefreshToken', () => {
    expect(thrown(() => appUser({ ...app, refreshToken: 'r' } as never)).message).toBe(
      '`onRefreshToken` must be a function that stores the new refresh token.',
    )
  })

  test('cloud and authorityHost', () => {
    expect(thrown(() => appOnly({ ...app, cloud: 'mars' as never })).message).toBe(
      '`cloud` must be one of global, germany, us-government, china; got "mars".',
    )
    expect(thrown(() => appOnly({ ...app, cloud: 'global', authorityHost: 'https://x' })).message).toBe(
      'Set `cloud` or `authorityHost`, not both.',
    )
    for (const authorityHost of ['http://login.example', 'login.example', '', 'ftp://x']) {
      expect(thrown(() => appOnly({ ...app, authorityHost })).message).toBe(
        `\`authorityHost\` must be an https URL without user name and password (http only on a loopback host), such as https://login.microsoftonline.com; got "${authorityHost}".`,
      )
    }
  })

  test.each([
    'https://me:hunter2@login.example',
    'me:hunter2@login.example',
    'http://x?key=hunter2',
    'https:/me:hunter2@x',
    'https://me:a/hunter2@x',
  ])('authorityHost %s, without revealing its secret', (authorityHost) => {
    const { message } = thrown(() => appOnly({ ...app, authorityHost }))
    expect(message).toMatch(/^`authorityHost` must be an https URL without user name and password/)
    expect(message).not.toContain('hunter2')
  })

  test('without ever revealing the secret in the message', () => {
    expect(thrown(() => appOnly({ ...app, tenantId: '' })).message).not.toContain(app.clientSecret)
  })
})

describe('appUser', () => {
  test('sends the refresh token of the user and requests a new one', async () => {
    const { credential, sent } = user(granted())
    await credential.getToken([scope])
    expect(form(sent[0]!)).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-0',
      client_id: app.clientId,
      client_secret: app.clientSecret,
      scope: `${scope} offline_access`,
    })
  })

  test('sends its own scopes and still requests a new refresh token', async () => {
    const { credential, sent } = user(granted(), {
      scopes: 'https://api.partnercenter.microsoft.com/user_impersonation',
    })
    await credential.getToken([scope])
    expect(form(sent[0]!).scope).toBe(
      'https://api.partnercenter.microsoft.com/user_impersonation offline_access',
    )
  })

  test('passes on a new refresh token, waits for it to be stored, and uses it from then on', async () => {
    let stored!: () => void
    const onRefreshToken = vi.fn<(token: string) => Promise<void>>(
      () => new Promise((resolve) => (stored = resolve)),
    )
    const { credential, sent } = user(
      [
        granted({ refresh_token: 'refresh-1' }),
        granted({ access_token: 'second', refresh_token: 'refresh-1' }),
      ],
      { onRefreshToken },
    )
    const done = vi.fn()
    const first = credential.getToken(scope).then(done)
    await settle()
    expect(onRefreshToken.mock.calls).toEqual([['refresh-1']])
    expect(done).not.toHaveBeenCalled()
    stored()
    await first
    expect(done).toHaveBeenCalledWith(expect.objectContaining({ token: 'access' }))
    await credential.getToken(scope)
    expect(form(sent[1]!).refresh_token).toBe('refresh-1')
    expect(onRefreshToken).toHaveBeenCalledOnce()
  })

  test('does not report an unchanged or absent refresh token', async () => {
    const { credential, stored, sent } = user([granted(), granted({ refresh_token: 'refresh-0' }), granted()])
    for (let count = 0; count < 3; count++) await credential.getToken(scope)
    expect(stored).toEqual([])
    expect(sent.map((one) => form(one).refresh_token)).toEqual(Array(3).fill('refresh-0'))
  })

  test('returns no token if the new refresh token could not be stored, and passes it on again', async () => {
    const onRefreshToken = vi.fn().mockRejectedValueOnce(new Error('disk full')).mockResolvedValue(undefined)
    const { credential, sent } = user([granted({ refresh_token: 'refresh-1' }), granted()], {
      onRefreshToken,
    })
    expect((await rejection(credential.getToken(scope))).message).toBe('disk full')
    await credential.getToken(scope)
    expect(onRefreshToken.mock.calls).toEqual([['refresh-1'], ['refresh-1']])
    expect(form(sent[1]!).refresh_token).toBe('refresh-1')
  })

  test('stores the new refresh token of a grant whose caller aborted, and uses it next', async () => {
    let respond!: () => void
    const arrives = new Promise<void>((resolve) => (respond = resolve))
    const { credential, sent, stored } = user([
      async (request) => (await arrives, granted({ refresh_token: 'refresh-1' })(request)),
      granted({ access_token: 'second' }),
    ])
    const controller = new AbortController()
    const gone = rejection(credential.getToken(scope, { abortSignal: controller.signal }))
    await settle()
    controller.abort('bye')
    expect(await gone).toBe('bye')
    expect(sent[0]!.signal.aborted).toBe(false)
    respond()
    await settle()
    expect(stored).toEqual(['refresh-1'])
    expect((await credential.getToken(scope))!.token).toBe('second')
    expect(form(sent[1]!).refresh_token).toBe('refresh-1')
  })

  test('sends nothing for a caller that has already aborted', async () => {
    const { credential, sent } = user(granted())
    const gone = rejection(credential.getToken(scope, { abortSignal: AbortSignal.abort('bye') }))
    expect(await gone).toBe('bye')
    expect(sent).toHaveLength(0)
  })

  test('sends a refresh token once: callers share a grant, and a grant for other scopes or claims waits for it', async () => {
    let count = 0
    const { credential, sent } = user(async (request) => {
      const token = ++count
      await new Promise((resolve) => setTimeout(resolve, 8_000))
      return granted({ access_token: `access-${token}`, refresh_token: `refresh-${token}` })(request)
    })
    const first = credential.getToken(scope)
    const other = credential.getToken('other')
    const claims = credential.getToken(scope, { claims: '{}' })
    await vi.advanceTimersByTimeAsync(6_000)
    const same = credential.getToken(scope)
    await vi.advanceTimersByTimeAsync(30_000)
    expect((await Promise.all([first, same, other, claims])).map((answer) => answer!.token)).toEqual([
      'access-1',
      'access-1',
      'access-2',
      'access-3',
    ])
    expect(sent.map((one) => form(one).refresh_token)).toEqual(['refresh-0', 'refresh-1', 'refresh-2'])
  })

  test('abandons a grant that hangs for a minute, and reports it', async () => {
    const { credential, sent } = user([() => new Promise(() => {}), granted()])
    const late = rejection(credential.getToken(scope))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await late).toMatchObject({
      code: 'authentication',
      isRetryable: true,
      message: 'The token endpoint returned no token within 60000 ms. Check that it can be reached.',
    })
    expect(sent[0]!.signal.aborted).toBe(true)
    expect((await credential.getToken(scope))!.token).toBe('access')
  })

  test('accepts a response with an ID token whose issuer identifies the tenant by its GUID', async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const now = Math.floor(Date.now() / 1_000)
    const id_token = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iss: 'https://login.microsoftonline.com/0127ed8e-ff72-4983-a3d8-e8d8bd378932/v2.0', aud: app.clientId, sub: 's', iat: now, exp: now + 3_600 })}.${part({})}`
    const { credential } = user(granted({ id_token }))
    expect((await credential.getToken(scope))!.token).toBe('access')
  })
})

describe('a Microsoft Entra error becomes an AuthenticationError that explains what to do', () => {
  test.each<[number, string]>([
    [50034, 'The user account does not exist in this tenant.'],
    [50057, 'Sign in with another account that has a partner role.'],
    [50105, 'Assign the user to the app'],
    [50076, 'Sign in interactively with MFA'],
    [50078, 'Sign in interactively with MFA'],
    [53003, 'A Conditional Access policy blocks this sign-in'],
    [50173, 'Sign in again, and store each new refresh token.'],
    [700084, 'Register a redirect URI of the type Web'],
    [65001, 'Have an administrator grant consent'],
    [650057, 'Add the API permission for Microsoft Partner Center'],
    [90002, 'Check `tenantId`, `scopes` and `cloud`.'],
    [700016, 'The app does not exist in this tenant. Check `clientId` and `tenantId`.'],
    [7000112, 'Enable the app'],
    [7000215, 'Use the value of the client secret, not its ID.'],
    [7000218, 'Set `clientSecret` or `clientAssertion`.'],
    [7000222, 'The client secret expired.'],
  ])('AADSTS%i', async (code, advice) => {
    for (const status of [400, 401]) {
      const { credential } = user(refused(code, 'invalid_grant', status))
      const error = await rejection<AuthenticationError>(credential.getToken(scope))
      expect(error).toMatchObject({ name: 'AuthenticationError', code: 'authentication', isRetryable: false })
      expect(error.serviceCode).toBe(`AADSTS${code}`)
      expect(error.message).toContain(`(AADSTS${code})`)
      expect(error.message).toContain(advice)
      expect(error.message).not.toContain('Words of Entra')
    }
  })

  test('even when the code appears only in the description', async () => {
    const { credential } = only(
      json(401, {
        error: 'invalid_client',
        error_description: 'AADSTS7000215: Invalid client secret provided.',
      }),
    )
    expect((await rejection(credential.getToken(scope))).message).toContain(
      'Use the value of the client secret',
    )
  })

  test('even with a WWW-Authenticate header', async () => {
    const { credential } = only(
      json(
        401,
        { error: 'invalid_client', error_codes: [7000215] },
        { 'WWW-Authenticate': 'Basic realm="entra"' },
      ),
    )
    expect((await rejection(credential.getToken(scope))).message).toContain(
      'Use the value of the client secret',
    )
  })

  test.each([
    ['invalid_client', 'Check `clientId`, and `clientSecret` or `clientAssertion`.'],
    ['invalid_grant', 'The refresh token was rejected. Sign in again'],
    ['interaction_required', 'Sign in interactively with MFA'],
    ['consent_required', 'Have an administrator grant consent'],
    ['invalid_scope', 'Check `scopes` and `cloud`.'],
    ['unauthorized_client', 'Check which sign-in flows the app registration allows.'],
    ['something_else', 'Check the tenant, client ID, secret and consent.'],
  ])('%s, with an unknown code', async (error, advice) => {
    const { credential } = only(refused(1, error))
    expect((await rejection(credential.getToken(scope))).message).toContain(advice)
  })
})

test.each([
  'constructor',
  '__proto__',
  'toString',
  'x'.repeat(2_000),
  app.clientSecret,
  'refresh-0',
  'a b\u001b[31m',
])('an error that is not an OAuth code is not quoted: %j', async (error) => {
  const { credential } = user(json(400, { error }))
  const { message } = await rejection(credential.getToken(scope))
  expect(message.length).toBeLessThan(200)
  expect(message).not.toMatch(/native code|s3cret|refresh-0|\p{Cc}|x{61}/u)
  expect(message).toContain('Check the tenant, client ID, secret and consent.')
})

describe('a busy token endpoint', () => {
  test.each<[string, Answer, number | undefined]>([
    ['503 with AADSTS90033', refused(90033, 'temporarily_unavailable', 503), undefined],
    ['400 with AADSTS90033', refused(90033, 'temporarily_unavailable'), undefined],
    ['504 with HTML', text(504, '<html>Gateway Time-out</html>', { 'Content-Type': 'text/html' }), undefined],
    ['429 with Retry-After', json(429, { error: 'slow_down' }, { 'Retry-After': '7' }), 7_000],
  ])('with %s is retryable, and reports how long to wait', async (_, answer, retryAfterMs) => {
    const { credential } = only(answer)
    const error = await rejection<AuthenticationError>(credential.getToken(scope))
    expect(error).toMatchObject({ code: 'authentication', isRetryable: true })
    expect(error.retryAfterMs).toBe(retryAfterMs)
    expect(error.message).toContain('Try again later')
  })
})

describe('a client assertion', () => {
  const assertion = `${'e'.repeat(10)}.${'p'.repeat(10)}.sig-_`
  const { clientSecret: _, ...rest } = app

  test('is created for each request, for the token endpoint and the client, and replaces the secret', async () => {
    const { fetch, sent } = network(granted())
    const clientAssertion = vi.fn<() => string>(() => assertion)
    const credential = appOnly({ ...rest, fetch, clientAssertion })
    await credential.getToken(scope)
    await credential.getToken(scope)
    expect(clientAssertion.mock.calls).toEqual(
      [1, 2].map(() => [
        {
          tokenEndpoint: 'https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token',
          clientId: app.clientId,
        },
      ]),
    )
    expect(form(sent[1]!)).toEqual({
      grant_type: 'client_credentials',
      client_id: app.clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      scope,
    })
  })

  test('that fails becomes an AuthenticationError with its cause, and nothing is sent', async () => {
    const cause = new Error('no key')
    const { fetch, sent } = network(granted())
    const credential = appOnly({ ...rest, fetch, clientAssertion: () => Promise.reject(cause) })
    const error = await rejection(credential.getToken(scope))
    expect(error).toMatchObject({ code: 'authentication', isRetryable: false })
    expect(error.message).toMatch(/^`clientAssertion` failed, so no token was requested/)
    expect(error.cause).toBe(cause)
    expect(sent).toHaveLength(0)
  })

  test.each([undefined, '', 'hush', 'a.b', 5, 'a.b.c d'])(
    'with an invalid format, %j, is rejected before anything is sent',
    async (value) => {
      const { fetch, sent } = network(granted())
      const credential = appOnly({ ...rest, fetch, clientAssertion: () => value as string })
      const { message } = await rejection(credential.getToken(scope))
      expect(message).toMatch(/^`clientAssertion` must return a signed JWT/)
      expect(message).not.toContain('hush')
      expect(sent).toHaveLength(0)
    },
  )

  test('is never quoted in a message', async () => {
    const { fetch } = network(json(400, { error: assertion }))
    const credential = appOnly({ ...rest, fetch, clientAssertion: () => assertion })
    expect((await rejection(credential.getToken(scope))).message).not.toContain('sig-_')
  })

  test('and a secret are mutually exclusive, and one of them is required', () => {
    const both = { ...app, clientAssertion: () => assertion } as never
    expect(thrown(() => appOnly(both)).message).toBe('Set `clientSecret` or `clientAssertion`, not both.')
    expect(thrown(() => appOnly({ ...rest, clientAssertion: assertion as never })).message).toBe(
      '`clientAssertion` must be a function that returns a signed JWT.',
    )
    expect(thrown(() => appOnly(rest as never)).message).toMatch(/^`clientSecret` must be a non-empty string/)
  })
})

describe('a refresh token shared by several processes', () => {
  test('is read before each grant', async () => {
    let inFile = 'refresh-0'
    const { credential, sent } = user(granted(), { refreshToken: () => inFile })
    await credential.getToken(scope)
    inFile = 'refresh-1'
    await credential.getToken(scope)
    expect(sent.map((one) => form(one).refresh_token)).toEqual(['refresh-0', 'refresh-1'])
  })

  test('that another process used up is read again, and the grant is retried once with its successor', async () => {
    let inFile = 'refresh-0'
    const { credential, sent, stored } = user(
      [
        (request) => {
          inFile = 'refresh-1'
          return refused(70008)(request)
        },
        granted({ refresh_token: 'refresh-2' }),
      ],
      { refreshToken: async () => inFile },
    )
    expect((await credential.getToken(scope))!.token).toBe('access')
    expect(sent.map((one) => form(one).refresh_token)).toEqual(['refresh-0', 'refresh-1'])
    expect(stored).toEqual(['refresh-2'])
  })

  test('that was rejected permanently is sent once', async () => {
    const { credential, sent } = user(refused(70008), { refreshToken: () => 'refresh-0' })
    expect(await rejection(credential.getToken(scope))).toMatchObject({ serviceCode: 'AADSTS70008' })
    expect(sent).toHaveLength(1)
  })

  test('that could not be stored takes precedence over the older one in the store', async () => {
    const onRefreshToken = vi.fn().mockRejectedValueOnce(new Error('disk full')).mockResolvedValue(undefined)
    const { credential, sent } = user([granted({ refresh_token: 'refresh-1' }), granted()], {
      refreshToken: () => 'refresh-0',
      onRefreshToken,
    })
    expect((await rejection(credential.getToken(scope))).message).toBe('disk full')
    await credential.getToken(scope)
    expect(form(sent[1]!).refresh_token).toBe('refresh-1')
  })
})

describe('a server that does not behave like a token endpoint', () => {
  test('is unreachable', async () => {
    const cause = new TypeError('fetch failed')
    const { credential } = only(() => {
      throw cause
    })
    const error = await rejection(credential.getToken(scope))
    expect(error).toMatchObject({
      code: 'authentication',
      isRetryable: true,
      message:
        "Microsoft Entra's token endpoint could not be reached. Check the network, `cloud` and `authorityHost`.",
    })
    expect(error.cause).toBe(cause)
  })

  test.each([
    ['ECONNREFUSED', true, 'Check the network, `cloud` and `authorityHost`.'],
    ['ENOTFOUND', true, 'Check the network, `cloud` and `authorityHost`.'],
    ['SELF_SIGNED_CERT_IN_CHAIN', false, 'The certificate is not trusted'],
  ])('is unreachable, and the error explains why: %s', async (code, isRetryable, advice) => {
    const { credential } = only(() => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code }) })
    })
    const error = await rejection(credential.getToken(scope))
    expect(error).toMatchObject({ code: 'authentication', isRetryable })
    expect(error.message).toContain(`could not be reached (${code}). ${advice}`)
  })

  test.each<[string, Answer, number, boolean]>([
    ['an HTML page', text(200, '<html>hush</html>', { 'Content-Type': 'text/html' }), 200, true],
    ['an HTML error', text(503, '<html>hush</html>', { 'Content-Type': 'text/html' }), 503, true],
    ['nothing', text(500, null), 500, true],
    ['throttling', text(429, 'hush'), 429, true],
    ['a redirect', text(302, null, { Location: 'https://evil.example/' }), 302, false],
    [
      'JSON without a token',
      json(200, { token_type: 'Bearer', expires_in: 5, refresh_token: 'hush' }),
      200,
      true,
    ],
    [
      'a token of another type',
      json(200, { token_type: 'mac', access_token: 'hush', expires_in: 5 }),
      200,
      true,
    ],
    [
      'JSON that is cut off',
      text(200, '{"access_token":"hush', { 'Content-Type': 'application/json' }),
      200,
      true,
    ],
  ])('responds with %s', async (_, answer, status, isRetryable) => {
    const { credential, sent } = only(answer)
    const error = await rejection(credential.getToken(scope))
    expect(error).toMatchObject({ code: 'authentication', isRetryable })
    expect(error.message).toMatch(
      new RegExp(`^The token endpoint returned ${status} with something that is not a token response`),
    )
    expect(error.message).toMatch(
      status >= 429 ? /Try again later\.$/ : /Check `cloud` and `authorityHost`\.$/,
    )
    expect(error.message + JSON.stringify(error) + error.stack).not.toContain('hush')
    expect(error.cause).toBeUndefined()
    expect(sent).toHaveLength(1)
  })

  test('is aborted, and the reason reaches the caller unchanged', async () => {
    const controller = new AbortController()
    const { credential } = only(
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    )
    const ended = rejection(credential.getToken(scope, { abortSignal: controller.signal }))
    await settle()
    const reason = { mine: true }
    controller.abort(reason)
    expect(await ended).toBe(reason)
  })
})

test('the global fetch sends requests to a server on this machine', async () => {
  vi.useRealTimers()
  const server = createServer((request, response) => {
    request.resume()
    response
      .setHeader('Content-Type', 'application/json')
      .end('{"token_type":"Bearer","access_token":"served","expires_in":"60"}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as { port: number }
    const credential = appOnly({ ...app, authorityHost: `http://127.0.0.1:${port}` })
    expect((await credential.getToken(scope))!.token).toBe('served')
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
