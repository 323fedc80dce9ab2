/** Sign-in. */
import type { PartnerCenterOptions } from '@devicebatch/client'
import type { AppOptions, ClientSecretOptions, RefreshTokenOptions } from '@devicebatch/client/credentials'
import { appOnly, appUser } from '@devicebatch/client/credentials'
import { expect, test } from 'vitest'

import { customerId, documented, soon, trackingId } from '../shared/samples.ts'
import type { Emulator } from './lab.ts'
import { partnerOf, rejection, startEmulator } from './lab.ts'

const scope = 'https://api.partnercenter.microsoft.com/.default'

type Credential = PartnerCenterOptions['credential']

async function read(emulator: Emulator, credential: Credential) {
  return await uploadOf(emulator, credential).get()
}

function uploadOf(emulator: Emulator, credential: Credential) {
  const { batchUploadStatus } = partnerOf(emulator, { credential }).customers.byId(customerId)
  return batchUploadStatus.byId(trackingId)
}

function appOf({ credentials, url }: Emulator) {
  const { refreshToken: _, ...app } = credentials
  return appOnly({ ...app, authorityHost: url })
}

function userOf(
  { credentials, url }: Emulator,
  options: Partial<AppOptions & ClientSecretOptions & RefreshTokenOptions> = {},
) {
  return appUser({ ...credentials, authorityHost: url, onRefreshToken: () => {}, ...options })
}

test('appOnly signs in with the secret of the app, once for many calls', async () => {
  const emulator = await startEmulator()
  const { tenantId, clientId, clientSecret } = emulator.credentials
  const credential = appOnly({ tenantId, clientId, clientSecret, authorityHost: emulator.url })
  const upload = uploadOf(emulator, credential)
  expect(await upload.get()).toEqual(documented)
  expect(await upload.get()).toEqual(documented)
  const [request, ...more] = await emulator.requests('getToken')
  expect(more).toEqual([])
  expect(request).toMatchObject({ method: 'POST', path: `/${tenantId}/oauth2/v2.0/token` })
  expect(Object.fromEntries(new URLSearchParams(request!.body))).toEqual({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope,
  })
})

test('appUser passes on each new refresh token before it uses the access token', async () => {
  const emulator = await startEmulator({ quirks: { refreshTokenRotation: 'replace' } })
  const stored: string[] = []
  const askedBefore: number[] = []
  const credential = userOf(emulator, {
    async onRefreshToken(token) {
      askedBefore.push((await emulator.requests()).length)
      stored.push(token)
    },
  })
  const upload = uploadOf(emulator, credential)
  expect(await upload.get()).toEqual(documented)
  await emulator.advance(3_600_000)
  expect(await upload.get()).toEqual(documented)
  const sent = (await emulator.requests('getToken')).map(({ body }) =>
    new URLSearchParams(body).get('refresh_token'),
  )
  expect(sent).toEqual([emulator.credentials.refreshToken, stored[0]])
  expect(stored).toHaveLength(2)
  // The second time, the service rejected the old token first.
  expect(askedBefore).toEqual([0, 2])
})

test('a refresh token that could not be stored fails the call with the reason', async () => {
  const emulator = await startEmulator()
  const reason = new Error('The vault is closed.')
  const credential = userOf(emulator, { onRefreshToken: () => Promise.reject(reason) })
  const error = (await rejection(read(emulator, credential))) as Error
  expect(error).toMatchObject({ code: 'authentication' })
  expect(error.cause).toBe(reason)
  expect(await emulator.requests()).toEqual([])
})

test('a refresh token without multifactor authentication is refused with its error code', async () => {
  const emulator = await startEmulator({ refreshTokenHasMfa: false })
  const error = await rejection(read(emulator, userOf(emulator)))
  expect(error).toMatchObject({
    code: 'authentication',
    message: expect.stringContaining('AADSTS50076'),
    isRetryable: false,
  })
})

test('a sign-in that a busy token endpoint delays is retried within the call', async () => {
  const emulator = await startEmulator()
  const credential = appOf(emulator)
  await emulator.fail({ operation: 'getToken', times: 2, effect: { kind: 'answer', status: 503 } })
  expect(await read(emulator, credential)).toEqual(documented)
  expect(await emulator.requests('getToken')).toHaveLength(3)
})

test('a wait continues after a transient sign-in failure', async () => {
  const emulator = await startEmulator()
  const credential = appOf(emulator)
  await emulator.fail({ operation: 'getToken', times: 2, effect: { kind: 'answer', status: 503 } })
  const report = await uploadOf(emulator, credential).wait(soon)
  expect(report).toMatchObject({ status: 'finished' })
  expect(await emulator.requests('getToken')).toHaveLength(3)
})

test('a credential function is called for each call, and anything with getToken works', async () => {
  const emulator = await startEmulator()
  const inner = appOf(emulator)
  const asked: unknown[] = []
  const credential = {
    async getToken(scopes: string | string[]) {
      asked.push(scopes)
      return await inner.getToken(scopes)
    },
  }
  expect(await read(emulator, credential)).toEqual(documented)
  expect(asked).toEqual([[scope]])
  const { token } = (await inner.getToken(scope))!
  expect(await read(emulator, async () => token)).toEqual(documented)
})

test('a token that does not fit into a header is refused before any request', async () => {
  const emulator = await startEmulator()
  const error = (await rejection(read(emulator, () => 'Bearer töken'))) as Error
  expect(error).toMatchObject({ code: 'authentication' })
  expect(error.message).not.toContain('töken')
  expect(await emulator.requests()).toEqual([])
})
