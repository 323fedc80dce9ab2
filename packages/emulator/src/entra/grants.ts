/** Which token requests are granted: RFC 6749, sections 4.1.3, 4.4 and 6, and RFC 7636, section 4.6. */

import { emulatorCredentials } from '../credentials.ts'
import type { EmulatorState } from '../state/state.ts'
import { missing, refuse } from './errors.ts'
import type { Refusal } from './errors.ts'

/** The two versions of the endpoint; v1 calls the audience `resource`. */
export type TokenEndpointVersion = 'v1' | 'v2'

export interface TokenClient {
  id: string | null
  secret: string | null
}

/** Who the token is for. A user's comes with a refresh token if the sign-in requested one. */
export type Grant = { kind: 'app' } | { kind: 'user'; mfa: boolean; refreshable: boolean; redeem: () => void }

/** The grant, or why it is refused. Nothing is consumed before `redeem()` is called. */
export async function decideGrant(
  form: URLSearchParams,
  version: TokenEndpointVersion,
  client: TokenClient,
  state: EmulatorState,
  now: number,
): Promise<Grant | Refusal> {
  const grantType = form.get('grant_type')
  if (!grantType) return missing('grant_type')
  if (!['client_credentials', 'refresh_token', 'authorization_code'].includes(grantType)) {
    const text = `The app requested an unsupported grant type '${grantType}'.`
    return refuse('unsupported_grant_type', 70003, text)
  }
  const refusal = refuseClient(client)
  if (refusal) return refusal
  if (grantType === 'authorization_code') return await decideCode(form, version, state, now)
  if (grantType === 'refresh_token') return decideRefreshToken(form, state, now)
  return decideClientCredentials(form, version)
}

function refuseClient({ id, secret }: TokenClient): Refusal | undefined {
  if (!id) return missing('client_id')
  if (id.toLowerCase() !== emulatorCredentials.clientId) {
    return refuse(
      'unauthorized_client',
      700016,
      'Application with this identifier was not found in the directory.',
    )
  }
  if (!secret) {
    const text = "The request body must contain 'client_assertion' or 'client_secret'."
    return { status: 401, error: 'invalid_client', code: 7000218, text }
  }
  if (secret === emulatorCredentials.clientSecret) return undefined
  return {
    status: 401,
    error: 'invalid_client',
    code: 7000215,
    text: 'Invalid client secret provided.',
  }
}

function decideClientCredentials(form: URLSearchParams, version: TokenEndpointVersion): Grant | Refusal {
  const audience = version === 'v1' ? 'resource' : 'scope'
  const value = form.get(audience)
  if (!value) return missing(audience)
  if (version === 'v1' || value.endsWith('/.default')) return { kind: 'app' }
  return refuse(
    'invalid_scope',
    1002012,
    'Client credential flows must have a scope that ends with /.default.',
  )
}

/** Ninety days without use: Entra ID's default lifetime of a refresh token. */
const refreshTokenLifetimeMs = 90 * 86_400_000

function decideRefreshToken(form: URLSearchParams, state: EmulatorState, now: number): Grant | Refusal {
  const value = form.get('refresh_token')
  if (!value) return missing('refresh_token')
  const token = state.refreshTokens.get(value)
  if (!token) return refuse('invalid_grant', 70000, 'The provided refresh token is not valid.')
  if (now - token.lastUsedAt >= refreshTokenLifetimeMs) {
    const text = `The refresh token has expired due to inactivity. The token was issued on ${new Date(token.lastUsedAt).toISOString()} and was inactive for 90.00:00:00.`
    return refuse('invalid_grant', 700082, text)
  }
  if (!token.mfa) {
    const text =
      "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access 'fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd'."
    return refuse('invalid_grant', 50076, text)
  }
  const redeem = (): void => {
    token.lastUsedAt = now
  }
  return { kind: 'user', mfa: token.mfa, refreshable: true, redeem }
}

async function decideCode(
  form: URLSearchParams,
  version: TokenEndpointVersion,
  state: EmulatorState,
  now: number,
): Promise<Grant | Refusal> {
  const value = form.get('code')
  if (!value) return missing('code')
  const code = state.authorizationCodes.get(value)
  if (!code)
    return refuse('invalid_grant', 70000, "The provided value for the 'code' parameter is not valid.")
  const redirectUri = form.get('redirect_uri')
  // The documented request to the v1 endpoint has none.
  if (redirectUri === null && version === 'v2') return missing('redirect_uri')
  if (redirectUri !== null && redirectUri !== code.redirectUri) {
    const text =
      'The reply address does not match the reply address provided when requesting Authorization code.'
    return refuse('invalid_grant', 500112, text)
  }
  if (code.codeChallenge !== undefined) {
    const verifier = form.get('code_verifier') ?? ''
    const challenge = code.codeChallengeMethod === 'S256' ? await sha256(verifier) : verifier
    if (challenge !== code.codeChallenge) {
      const text =
        'The Code_Verifier does not match the code_challenge supplied in the authorization request.'
      return refuse('invalid_grant', 501481, text)
    }
  }
  if (code.redeemed) {
    const text =
      'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.'
    return refuse('invalid_grant', 54005, text)
  }
  if (code.expiresAt <= now) {
    const text =
      'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.'
    return refuse('invalid_grant', 70008, text)
  }
  const redeem = (): void => {
    code.redeemed = true
  }
  const refreshable = version === 'v1' || code.scope.split(' ').includes('offline_access')
  return { kind: 'user', mfa: true, refreshable, redeem }
}

/** The base64url-encoded SHA-256 of the text, which is how RFC 7636 derives a challenge from a verifier. */
async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const base64 = btoa(String.fromCharCode(...new Uint8Array(digest)))
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
