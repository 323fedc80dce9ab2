import { createHash } from 'node:crypto'

import { createEmulator, emulatorCredentials } from '@devicebatch/emulator'
import { expect, onTestFinished, test, vi } from 'vitest'

import { requestToken } from '../caller.ts'
import type { Fetch } from '../caller.ts'

const redirectUri = 'http://localhost:53124/callback'
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const codeChallenge = createHash('sha256').update(verifier).digest('base64url')

/** Opens the authorize endpoint; `query` replaces or, with undefined, removes single parameters. */
async function signIn(fetch: Fetch, query: Record<string, string | undefined> = {}): Promise<Response> {
  const parameters = {
    client_id: emulatorCredentials.clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'https://api.partnercenter.microsoft.com/user_impersonation offline_access',
    state: 'a b&c',
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
    ...query,
  }
  const url = new URL(`https://emulator.test/${emulatorCredentials.tenantId}/oauth2/v2.0/authorize`)
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, value)
  }
  return fetch(url.href)
}

/** Where a sign-in leads to. */
async function landing(answer: Promise<Response>): Promise<URL> {
  const { status, headers } = await answer
  expect(status).toBe(302)
  return new URL(headers.get('Location') ?? '')
}

async function codeOf(answer: Promise<Response>): Promise<string> {
  return (await landing(answer)).searchParams.get('code') ?? ''
}

const redeem = (fetch: Fetch, form: Record<string, string | undefined>): Promise<Response> =>
  requestToken(fetch, {
    grant_type: 'authorization_code',
    redirect_uri: redirectUri,
    code_verifier: verifier,
    refresh_token: undefined,
    ...form,
  })

test('a sign-in redirects to the program with a code and its state, and the code gets tokens for a user', async () => {
  const { fetch } = createEmulator()
  const url = await landing(signIn(fetch))
  expect(url.origin + url.pathname).toBe(redirectUri)
  expect(url.searchParams.get('state')).toBe('a b&c')
  const answer = await redeem(fetch, { code: url.searchParams.get('code') ?? '' })
  expect(answer.status).toBe(200)
  const tokens: { access_token: string; refresh_token: string } = await answer.json()
  expect(tokens).toMatchObject({ scope: 'https://api.partnercenter.microsoft.com/user_impersonation' })
  const refreshed = await requestToken(fetch, {
    grant_type: 'refresh_token',
    refresh_token: tokens.refresh_token,
  })
  expect(refreshed.status).toBe(200)
})

test('query parameters that the redirect URI already has are kept', async () => {
  const { fetch } = createEmulator()
  const url = await landing(signIn(fetch, { redirect_uri: 'http://127.0.0.1:1/?mine=1', state: undefined }))
  expect(url.searchParams.get('mine')).toBe('1')
  expect(url.searchParams.has('state')).toBe(false)
})

test('no refresh token is issued without the scope offline_access', async () => {
  const { fetch } = createEmulator()
  const scope = 'https://api.partnercenter.microsoft.com/user_impersonation'
  const answer = await redeem(fetch, { code: await codeOf(signIn(fetch, { scope })) })
  expect(await answer.json()).not.toHaveProperty('refresh_token')
})

test('the older token endpoint accepts a code with only a resource, as documented', async () => {
  const { fetch } = createEmulator()
  const code = await codeOf(signIn(fetch, { code_challenge: undefined, code_challenge_method: undefined }))
  const form = { grant_type: 'authorization_code', code, scope: undefined, refresh_token: undefined }
  const answer = await requestToken(fetch, form, undefined, '/contoso/oauth2/token')
  expect(await answer.json()).toMatchObject({
    scope: 'user_impersonation',
    expires_in: '3600',
    refresh_token: expect.any(String),
  })
})

test('a plain challenge must equal the verifier', async () => {
  const { fetch } = createEmulator()
  const query = { code_challenge: verifier, code_challenge_method: undefined }
  const code = await codeOf(signIn(fetch, query))
  expect((await redeem(fetch, { code, code_verifier: codeChallenge })).status).toBe(400)
  expect((await redeem(fetch, { code })).status).toBe(200)
})

test.for([
  ['no code', { code: undefined }, 900144],
  ['a code from elsewhere', { code: 'mine' }, 70000],
  ['no address', { redirect_uri: undefined }, 900144],
  ['another address', { redirect_uri: 'http://localhost:1/callback' }, 500112],
  ['another verifier', { code_verifier: 'x'.repeat(43) }, 501481],
  ['no verifier', { code_verifier: undefined }, 501481],
  ['a wrong secret', { client_secret: 'wrong' }, 7000215],
] as const)('a code with %s gets no token, and can still be used', async ([, form, code]) => {
  const { fetch } = createEmulator()
  const good = await codeOf(signIn(fetch))
  const refused = await redeem(fetch, { code: good, ...form })
  expect(refused.status).toBeGreaterThanOrEqual(400)
  expect(await refused.json()).toMatchObject({ error_codes: [code] })
  expect((await redeem(fetch, { code: good })).status).toBe(200)
})

test('a code can be redeemed once', async () => {
  const { fetch } = createEmulator()
  const code = await codeOf(signIn(fetch))
  await redeem(fetch, { code })
  const again = await redeem(fetch, { code })
  expect(await again.json()).toMatchObject({ error: 'invalid_grant', error_codes: [54005] })
})

test('a code is valid for ten minutes', async () => {
  const { fetch, clock } = createEmulator({ timeScale: 0 })
  const code = await codeOf(signIn(fetch))
  clock.advance(599_999)
  expect((await redeem(fetch, { code })).status).toBe(200)
  const lateCode = await codeOf(signIn(fetch))
  clock.advance(600_000)
  const late = await redeem(fetch, { code: lateCode })
  expect(await late.json()).toMatchObject({ error: 'invalid_grant', error_codes: [70008] })
})

test('a fast clock does not shorten the life of a code', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const { fetch } = createEmulator({ timeScale: 60 })
  const code = await codeOf(signIn(fetch))
  vi.setSystemTime(Date.now() + 599_999)
  expect((await redeem(fetch, { code })).status).toBe(200)
})

test.for([
  ['an unknown client', { client_id: 'contoso' }, 'AADSTS700016'],
  ['no client', { client_id: undefined }, 'AADSTS900144'],
  ['no address', { redirect_uri: undefined }, 'AADSTS900144'],
  ['an address on another machine', { redirect_uri: 'http://example.com/' }, 'AADSTS50011'],
  ['an address that looks like this machine', { redirect_uri: 'http://localhost.example/' }, 'AADSTS50011'],
  ['an address that is none', { redirect_uri: 'localhost' }, 'AADSTS50011'],
  ['a script as its address', { redirect_uri: 'javascript:alert(1)' }, 'AADSTS50011'],
] as const)('a sign-in with %s ends on a page and leads nowhere', async ([, query, text]) => {
  const { fetch } = createEmulator()
  const answer = await signIn(fetch, query)
  expect(answer.status).toBe(400)
  expect(answer.headers.get('Location')).toBeNull()
  expect(answer.headers.get('Content-Type')).toBe('text/html; charset=utf-8')
  expect(await answer.text()).toContain(text)
})

test.for([
  ['no response type', { response_type: undefined }, 'invalid_request'],
  ['another response type', { response_type: 'id_token' }, 'unsupported_response_type'],
  ['another response mode', { response_mode: 'form_post' }, 'invalid_request'],
  ['no scope', { scope: undefined }, 'invalid_request'],
  ['another method of challenge', { code_challenge_method: 'S512' }, 'invalid_request'],
  ['a challenge that is too short', { code_challenge: 'short' }, 'invalid_request'],
] as const)('a sign-in with %s leads back with the error and the state', async ([, query, error]) => {
  const { fetch } = createEmulator()
  const { searchParams } = await landing(signIn(fetch, query))
  expect(searchParams.get('error')).toBe(error)
  expect(searchParams.get('error_description')).toMatch(/^AADSTS\d+: /)
  expect(searchParams.get('state')).toBe('a b&c')
  expect(searchParams.has('code')).toBe(false)
})

test('the user can cancel the sign-in', async () => {
  const { fetch, faults } = createEmulator()
  faults.add({ effect: { kind: 'deny' } })
  const { searchParams } = await landing(signIn(fetch))
  expect(Object.fromEntries(searchParams)).toMatchObject({ error: 'access_denied', error_subcode: 'cancel' })
  expect((await landing(signIn(fetch))).searchParams.has('code')).toBe(true)
})
