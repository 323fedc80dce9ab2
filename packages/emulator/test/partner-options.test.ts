import { createEmulator } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { customerId, laptop } from './caller.ts'

const scopes = 'https://api.partnercenter.microsoft.com/.default'

/** Creates a batch with a token from these options. */
async function createBatch(kind?: 'user' | 'app') {
  const emulator = createEmulator()
  const { credential, fetch } = emulator.partnerOptions(kind)
  const { token, expiresOnTimestamp } = await credential.getToken(scopes)
  const answer = await fetch(`https://emulator.test/v1/customers/${customerId}/deviceBatches`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: JSON.stringify({ batchId: 'B', devices: [laptop('A')] }),
  })
  return { status: answer.status, expiresOnTimestamp, requests: emulator.requests }
}

test('the options sign in on behalf of a user, who may create batches', async () => {
  const { status, expiresOnTimestamp, requests } = await createBatch()
  expect(status).toBe(202)
  expect(requests.map(({ operation }) => operation)).toEqual(['getToken', 'createDeviceBatch'])
  expect(new URLSearchParams(requests[0]?.body).get('grant_type')).toBe('refresh_token')
  expect(expiresOnTimestamp - Date.now()).toBeGreaterThan(3_500_000)
  expect(expiresOnTimestamp - Date.now()).toBeLessThanOrEqual(3_600_000)
})

test('the options sign in app-only on request', async () => {
  const { status, requests } = await createBatch('app')
  expect(status).toBe(403)
  expect(new URLSearchParams(requests[0]?.body).get('grant_type')).toBe('client_credentials')
})

test('the user of the options stays signed in when refresh tokens are replaced', async () => {
  const emulator = createEmulator({ quirks: { refreshTokenRotation: 'replace' } })
  const { credential } = emulator.partnerOptions()
  const tokens = [await credential.getToken(scopes), await credential.getToken(scopes)]
  expect(new Set(tokens.map(({ token }) => token)).size).toBe(2)
})

test("a refused token request rejects with Entra ID's status and message", async () => {
  const emulator = createEmulator({ refreshTokenHasMfa: false })
  const refused = emulator.partnerOptions().credential.getToken(scopes)
  await expect(refused).rejects.toMatchObject({
    statusCode: 400,
    message: expect.stringContaining('AADSTS50076'),
  })
})

test('a token request ends with its signal', async () => {
  const emulator = createEmulator({ timeScale: 0, quirks: { tokenDelayMs: 60_000 } })
  const reason = new Error('mine')
  const token = emulator
    .partnerOptions()
    .credential.getToken(scopes, { abortSignal: AbortSignal.abort(reason) })
  await expect(token).rejects.toBe(reason)
})

test('the options accept only user and app', () => {
  expect(() => createEmulator().partnerOptions('admin' as 'app')).toThrow('"kind" must be one of user, app')
})

test('the user of the options can sign in again after a reset', async () => {
  const emulator = createEmulator()
  const { credential } = emulator.partnerOptions()
  await credential.getToken(scopes)
  emulator.reset()
  expect(await credential.getToken(scopes)).toMatchObject({ token: expect.any(String) })
})
