/** What is in an access token, for programs that decode it. */
import { createEmulator, emulatorCredentials } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { requestToken } from '../caller.ts'

const now = '2030-01-02T03:04:05Z'
const seconds = Date.parse(now) / 1_000
const { tenantId, clientId } = emulatorCredentials

const ofEveryToken = {
  aud: 'https://api.partnercenter.microsoft.com',
  iss: `https://sts.windows.net/${tenantId}/`,
  iat: seconds,
  nbf: seconds,
  exp: seconds + 3_600,
  appid: clientId,
  tid: tenantId,
  uti: expect.any(String),
  ver: '1.0',
}

async function claims(form: Record<string, string | undefined>, options = {}, path?: string) {
  const emulator = createEmulator({ startTime: now, timeScale: 0, ...options })
  const answer = await requestToken(emulator.fetch, form, undefined, path)
  const { access_token: token }: { access_token: string } = await answer.json()
  const [header = '', payload = '', ...rest] = token.split('.')
  // It is unsigned, so it cannot pass for a token from Microsoft Entra.
  expect(JSON.parse(atob(header))).toEqual({ typ: 'JWT', alg: 'none' })
  expect(rest).toEqual(['emulator-access-token'])
  return JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
}

test('an app-only token has the audience, the tenant and the app, and neither a scope nor a sign-in', async () => {
  expect(await claims({})).toEqual({ ...ofEveryToken, idtyp: 'app' })
})

test("a user's token also has the scope, and says how the user signed in", async () => {
  expect(await claims({ grant_type: 'refresh_token' })).toEqual({
    ...ofEveryToken,
    idtyp: 'user',
    scp: 'user_impersonation',
    amr: ['pwd', 'mfa'],
  })
})

test("with isMfaCompliant false, a user's token has no MFA claim", async () => {
  const options = { quirks: { isMfaCompliant: false } }
  expect(await claims({ grant_type: 'refresh_token' }, options)).toMatchObject({ amr: ['pwd'] })
})

test('the token is for the resource and the tenant that were requested', async () => {
  const other = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'
  const scope = 'https://graph.microsoft.com/.default'
  expect(await claims({ scope }, {}, `/${other}/oauth2/v2.0/token`)).toMatchObject({
    aud: 'https://graph.microsoft.com',
    tid: other,
  })
  const v1 = { scope: undefined, resource: 'https://graph.windows.net' }
  expect(await claims(v1, {}, '/contoso.com/oauth2/token')).toMatchObject({
    aud: 'https://graph.windows.net',
    tid: tenantId,
  })
})
