/** The authorization code grant: a browser returns with a code, which is redeemed for a refresh token. */
import { AuthenticationError } from '@devicebatch/client'
import type { Authority } from '@devicebatch/edge/internal'
import { defaultScope, resolveBaseUrl } from '@devicebatch/edge/internal'
import * as oauth from 'oauth4webapi'

import { plainText } from '../output/format.ts'
import type { EnvironmentSettings } from '../service/environment.ts'

/** The app that a user signs in to, and the service that the tokens are for. */
export type SignInApp = Pick<EnvironmentSettings, 'clientId' | 'clientSecret' | 'baseUrl' | 'cloud'>

/** A sign-in that has begun. */
export interface SignIn {
  /** The URL to open in a browser. */
  url: string
  redirectUri: string
  state: string
  verifier: string
}

/** Begins the sign-in: RFC 6749, section 4.1.1, with PKCE (RFC 7636). */
export async function startSignIn(
  settings: SignInApp,
  server: Authority,
  redirectUri: string,
): Promise<SignIn> {
  const url = new URL(server.authorization_endpoint)
  const [state, verifier] = [oauth.generateRandomState(), oauth.generateRandomCodeVerifier()]
  const parameters = {
    client_id: settings.clientId,
    response_type: 'code',
    response_mode: 'query',
    redirect_uri: redirectUri,
    scope: scopeOf(settings),
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return { url: url.href, redirectUri, state, verifier }
}

/** Redeems the code of the redirect for a refresh token. Rejects with `AuthenticationError`. */
export async function redeemCode(
  settings: SignInApp,
  server: Authority,
  { redirectUri, state, verifier }: SignIn,
  redirect: URL,
  signal: AbortSignal,
): Promise<string> {
  const client = { client_id: settings.clientId }
  try {
    const parameters = oauth.validateAuthResponse(server, client, redirect, state)
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.ClientSecretPost(settings.clientSecret),
      parameters,
      redirectUri,
      verifier,
      { signal, additionalParameters: { scope: scopeOf(settings) }, [oauth.allowInsecureRequests]: true },
    )
    const { refresh_token } = await oauth.processAuthorizationCodeResponse(server, client, response)
    if (refresh_token !== undefined) return refresh_token
  } catch (error) {
    signal.throwIfAborted()
    throw describeRefusal(error)
  }
  throw new AuthenticationError(
    'Microsoft Entra returned no refresh token. Grant the app the offline_access permission, and sign in again.',
    { isRetryable: false },
  )
}

/** The scope of the API's tokens, and a refresh token. */
function scopeOf({ baseUrl, cloud }: SignInApp): string {
  const service = resolveBaseUrl(baseUrl === undefined ? { cloud } : { baseUrl })
  return `${defaultScope(service)} offline_access`
}
function describeRefusal(error: unknown): AuthenticationError {
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
    const [reason] = (error.error_description ?? error.error).split(/\r?\n/)
    return new AuthenticationError(`The sign-in failed: ${plainText(reason!)}`, { isRetryable: false }, error)
  }
  // The library's message contains no token; the error itself may.
  const message = error instanceof Error ? error.message : 'the response cannot be read'
  return new AuthenticationError(
    `The sign-in failed: ${plainText(message)}. Run "devicebatch login" again.`,
    { isRetryable: true },
  )
}
