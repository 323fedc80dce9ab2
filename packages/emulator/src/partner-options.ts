/** The options that make a Partner Center client use an emulator: a fetch, and a credential that signs in there. */

import { oneOf } from './check-value.ts'
import { emulatorCredentials } from './credentials.ts'

/** Works with `createPartnerCenter`, `createPartnerFetch`, and anything else that takes a fetch and an Azure credential. */
export interface EmulatorPartnerOptions {
  /** Gets tokens from the emulator's token endpoint; shaped like the credentials of `@azure/identity`. */
  credential: {
    /**
     * Gets a token; the scopes do not matter. If that fails, it rejects with an `Error` that has the `statusCode` of the token
     * endpoint.
     */
    getToken(
      scopes: string | string[],
      options?: { abortSignal?: AbortSignal | undefined },
    ): Promise<{ token: string; expiresOnTimestamp: number }>
  }
  /** The emulator's own `fetch`. */
  fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
}

/** Signs in on behalf of a user (`user`, the default), or app-only (`app`). */
export function partnerOptions(
  fetch: EmulatorPartnerOptions['fetch'],
  kind: 'user' | 'app' | undefined,
): EmulatorPartnerOptions {
  const isUser = oneOf('kind', kind, ['user', 'app']) === 'user'
  const { tenantId, clientId, clientSecret } = emulatorCredentials
  let { refreshToken } = emulatorCredentials

  const credential: EmulatorPartnerOptions['credential'] = {
    async getToken(scopes, options = {}) {
      const { abortSignal } = options
      const form = new URLSearchParams({
        client_id: clientId,
        client_secret: clientSecret,
        scope: 'https://api.partnercenter.microsoft.com/.default',
        grant_type: isUser ? 'refresh_token' : 'client_credentials',
        ...(isUser && { refresh_token: refreshToken }),
      })
      const response = await fetch(`https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`, {
        method: 'POST',
        body: form,
        ...(abortSignal && { signal: abortSignal }),
      })
      const body = (await response.json()) as Record<string, string> & { expires_in: number }
      if (body['access_token'] === undefined) {
        // After a reset or restore, the emulator knows only the first refresh token again.
        if (isUser && refreshToken !== emulatorCredentials.refreshToken) {
          ;({ refreshToken } = emulatorCredentials)
          return await credential.getToken(scopes, options)
        }
        const error = new Error(
          `The emulator issued no token: ${body['error_description'] ?? response.status}`,
        )
        throw Object.assign(error, { statusCode: response.status })
      }
      refreshToken = body['refresh_token'] ?? refreshToken
      return {
        token: body['access_token'],
        // The caller compares it with its own clock, not with the emulator's.
        expiresOnTimestamp: Date.now() + body.expires_in * 1_000,
      }
    },
  }
  return { fetch, credential }
}
