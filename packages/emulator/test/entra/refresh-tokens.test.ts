import { createEmulator, emulatorCredentials } from '@devicebatch/emulator'
import type { Emulator } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { requestToken } from '../caller.ts'

interface Answer {
  refresh_token?: string
  error?: string
  error_codes?: number[]
  error_description?: string
}

async function refresh(
  emulator: Emulator,
  refreshToken: string = emulatorCredentials.refreshToken,
): Promise<Answer> {
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken }
  const answer = await requestToken(emulator.fetch, form)
  return answer.json()
}

test('by default, using a refresh token returns a new one, and the old one stays valid', async () => {
  const emulator = createEmulator()
  const { refresh_token: next } = await refresh(emulator)
  expect(next).not.toBe(emulatorCredentials.refreshToken)
  expect(await refresh(emulator)).not.toHaveProperty('error')
  expect(await refresh(emulator, next)).not.toHaveProperty('error')
})

test('with refreshTokenRotation replace, the old refresh token is refused from then on', async () => {
  const emulator = createEmulator({ quirks: { refreshTokenRotation: 'replace' } })
  const { refresh_token: next } = await refresh(emulator)
  expect(await refresh(emulator)).toMatchObject({ error: 'invalid_grant', error_codes: [70000] })
  expect(await refresh(emulator, next)).not.toHaveProperty('error')
})

test('with refreshTokenRotation none, no new refresh token is issued', async () => {
  const emulator = createEmulator({ quirks: { refreshTokenRotation: 'none' } })
  expect(await refresh(emulator)).not.toHaveProperty('refresh_token')
  expect(await refresh(emulator)).not.toHaveProperty('error')
})

test('a refresh token expires after 90 days without use, and use keeps it alive', async () => {
  const emulator = createEmulator({ timeScale: 0, quirks: { refreshTokenRotation: 'none' } })
  emulator.clock.advance(89 * 86_400_000)
  expect(await refresh(emulator)).not.toHaveProperty('error')
  emulator.clock.advance(89 * 86_400_000)
  expect(await refresh(emulator)).not.toHaveProperty('error')
  emulator.clock.advance(90 * 86_400_000)
  expect(await refresh(emulator)).toMatchObject({
    error: 'invalid_grant',
    error_codes: [700082],
    error_description: expect.stringContaining('inactive for 90.00:00:00'),
  })
})

test('a refresh token without multifactor authentication is refused with AADSTS50076', async () => {
  const emulator = createEmulator({ refreshTokenHasMfa: false })
  expect(await refresh(emulator)).toMatchObject({
    error: 'invalid_grant',
    error_codes: [50076],
    error_description: expect.stringContaining('fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd'),
  })
  // App-only sign-in needs none.
  expect((await requestToken(emulator.fetch, {})).status).toBe(200)
})
