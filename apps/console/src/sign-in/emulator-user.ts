/** Signs in the user of an emulator, who consents at once, without a browser. */
import type { TokenCredential } from '@devicebatch/client'
import { isPartnerCenterError } from '@devicebatch/client'
import { appUser } from '@devicebatch/edge/credentials'
import { resolveAuthority } from '@devicebatch/edge/internal'
import { emulatorCredentials } from '@devicebatch/emulator'

import { redeemCode, startSignIn } from './code-grant.ts'

/** The tenant that the user belongs to. */
export const emulatorTenantId: string = emulatorCredentials.tenantId

/** What Microsoft Entra and the emulator say of a refresh token that they do not know, or no longer. */
const unknownToken = 'AADSTS70000'

/**
 * The user of the emulator at this origin. If it replaces its refresh tokens, an earlier command has used the first one up, and
 * the user signs in again.
 */
export function emulatorUser(origin: string, fetch: typeof globalThis.fetch): TokenCredential {
  const app = { ...emulatorCredentials, authorityHost: origin, fetch }
  let { refreshToken } = emulatorCredentials
  const user = appUser({
    ...app,
    refreshToken: () => refreshToken,
    onRefreshToken: (next) => void (refreshToken = next),
  })
  return {
    async getToken(scopes, options) {
      try {
        return await user.getToken(scopes, options)
      } catch (error) {
        if (
          !isPartnerCenterError(error) ||
          error.code !== 'authentication' ||
          error.serviceCode !== unknownToken
        )
          throw error
        refreshToken = await signIn(origin, fetch, options?.abortSignal)
        return await user.getToken(scopes, options)
      }
    },
  }
}

/** Returns a new refresh token. */
async function signIn(
  origin: string,
  fetch: typeof globalThis.fetch,
  signal: AbortSignal = new AbortController().signal,
): Promise<string> {
  const app = { ...emulatorCredentials, baseUrl: `${origin}/v1`, cloud: undefined }
  const authority = resolveAuthority({ tenantId: emulatorTenantId, authorityHost: origin })
  const request = await startSignIn(app, authority, 'http://localhost')
  const response = await fetch(request.url, { redirect: 'manual', signal })
  await response.body?.cancel()
  const redirect = new URL(response.headers.get('Location') ?? request.redirectUri)
  return await redeemCode(app, authority, request, redirect, signal)
}
