import { createEmulator, documentedUpload, emulatorCredentials } from '@devicebatch/emulator'
import { expect, onTestFinished, test, vi } from 'vitest'

import { requestToken } from '../caller.ts'

const statusUrl = `https://emulator.test/v1/customers/${documentedUpload.customerId}/batchJobStatus/${documentedUpload.batchTrackingId}`
const v1Path = `/${emulatorCredentials.tenantId}/oauth2/token`

interface Tokens {
  access_token: string
  refresh_token?: string
}

test('client credentials get a bearer token that the API accepts', async () => {
  const emulator = createEmulator()
  const answer = await requestToken(emulator.fetch, {})
  expect(answer.status).toBe(200)
  expect(answer.headers.get('Cache-Control')).toBe('no-store')
  const tokens: Tokens = await answer.json()
  expect(tokens).toEqual({
    token_type: 'Bearer',
    access_token: expect.any(String),
    expires_in: 3_600,
    ext_expires_in: 3_600,
  })
  const status = await emulator.fetch(statusUrl, {
    headers: { Authorization: `Bearer ${tokens.access_token}` },
  })
  expect(status.status).toBe(200)
})

test('the v1 endpoint sends its numbers as strings', async () => {
  const emulator = createEmulator({ startTime: '2019-01-02T22:00:00Z', timeScale: 0 })
  const answer = await requestToken(emulator.fetch, { scope: undefined }, undefined, v1Path)
  expect(await answer.json()).toEqual({
    token_type: 'Bearer',
    access_token: expect.any(String),
    expires_in: '3600',
    ext_expires_in: '3600',
    expires_on: '1546470000',
    not_before: '1546466400',
    resource: 'https://api.partnercenter.microsoft.com',
  })
})

test.for(['/{tenant}/oauth2/v2.0/token', '/{tenant}/oauth2/token'])(
  'a refresh token gets an access token and a new refresh token, which works too, at %s',
  async (template) => {
    const emulator = createEmulator()
    const path = template.replace('{tenant}', 'contoso.onmicrosoft.com')
    const first = await requestToken(emulator.fetch, { grant_type: 'refresh_token' }, undefined, path)
    const { refresh_token: rotated }: Tokens = await first.json()
    expect(rotated).toMatch(/^emulator-refresh-token\./)
    const second = await requestToken(
      emulator.fetch,
      { grant_type: 'refresh_token', refresh_token: rotated },
      undefined,
      path,
    )
    expect(second.status).toBe(200)
    expect(await second.json()).toMatchObject({ scope: expect.stringContaining('user_impersonation') })
  },
)

test('the client can authenticate with a Basic header', async () => {
  const { clientId, clientSecret } = emulatorCredentials
  const emulator = createEmulator()
  const answer = await emulator.fetch('https://emulator.test/contoso/oauth2/v2.0/token', {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'https://api.partnercenter.microsoft.com/.default',
    }),
  })
  expect(answer.status).toBe(200)
})

test.for([
  ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
  ['no secret', { client_secret: undefined }, 401, 'invalid_client', 7000218],
  ['an unknown client', { client_id: 'contoso' }, 400, 'unauthorized_client', 700016],
  ['no grant type', { grant_type: undefined }, 400, 'invalid_request', 900144],
  ['another grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
  ['no scope', { scope: undefined }, 400, 'invalid_request', 900144],
  ['a scope of single permissions', { scope: 'user_impersonation' }, 400, 'invalid_scope', 1002012],
  ['a wrong refresh token', { grant_type: 'refresh_token', refresh_token: 'x' }, 400, 'invalid_grant', 70000],
] as const)('%s is refused in the form of Entra ID', async ([, form, status, error, code]) => {
  const emulator = createEmulator({ startTime: '2020-01-14T20:30:08Z', timeScale: 0 })
  const answer = await requestToken(emulator.fetch, form)
  expect(answer.status).toBe(status)
  expect(await answer.json()).toEqual({
    error,
    error_description: expect.stringMatching(new RegExp(`^AADSTS${code}: `)),
    error_codes: [code],
    timestamp: '2020-01-14 20:30:08Z',
    trace_id: expect.any(String),
    correlation_id: expect.any(String),
  })
})

test.for([
  ['no token', undefined, 800001],
  ['another scheme', 'Basic abc', 800001],
  ['a token from elsewhere', 'Bearer abc', 400],
] as const)('a call with %s is answered with 401', async ([, authorization, code]) => {
  const emulator = createEmulator()
  const answer = await emulator.fetch(
    statusUrl,
    authorization ? { headers: { Authorization: authorization } } : {},
  )
  expect(answer.status).toBe(401)
  expect(await answer.json()).toMatchObject({ code })
})

test('a token is valid for an hour of the clock', async () => {
  const emulator = createEmulator({ timeScale: 0 })
  const answer = await requestToken(emulator.fetch, {})
  const { access_token: token }: Tokens = await answer.json()
  const headers = { Authorization: `Bearer ${token}` }
  emulator.clock.advance(3_599_999)
  expect((await emulator.fetch(statusUrl, { headers })).status).toBe(200)
  emulator.clock.advance(1)
  const late = await emulator.fetch(statusUrl, { headers })
  expect(late.status).toBe(401)
  expect(await late.json()).toMatchObject({ code: 400, description: expect.stringContaining('expired') })
})

test('a fast clock does not shorten the life of a token, whose holder counts in real time', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const emulator = createEmulator({ timeScale: 60 })
  const answer = await requestToken(emulator.fetch, {})
  const { access_token: token, expires_in: seconds }: Tokens & { expires_in: number } = await answer.json()
  const headers = { Authorization: `Bearer ${token}` }
  vi.setSystemTime(Date.now() + seconds * 1_000 - 1)
  expect((await emulator.fetch(statusUrl, { headers })).status).toBe(200)
  vi.setSystemTime(Date.now() + 1)
  expect((await emulator.fetch(statusUrl, { headers })).status).toBe(401)
})
