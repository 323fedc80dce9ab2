/** The OpenID provider, such as Microsoft Entra: all requests to it. oauth4webapi makes them and checks every response. */
import * as oauth from 'oauth4webapi'

import { isLoopback } from '../http/loopback.ts'
import type { Claims } from './person.ts'

/** The app registration of the dashboard, and where people see the dashboard. */
export interface OpenIdSettings {
  /** Such as `https://login.microsoftonline.com/<tenant ID>/v2.0`. */
  issuer: string
  clientId: string
  clientSecret: string
  /** The URL that people see. `/sign-in/callback` and `/sign-in` there are registered as redirect URIs. */
  publicUrl: string
}

/** What has to come back with the response to a sign-in, and what proves that it is ours. */
export interface SignInRequest {
  state: string
  nonce: string
  codeVerifier: string
}

/** What the provider says about somebody who has signed in. */
export interface SignInResult {
  claims: Claims
  /** For ending the session at the provider. */
  idToken: string
  /** For reading the roles again; absent if the provider issues none. */
  refreshToken: string | undefined
}

/** Every method rejects with what `describeFailure` explains. */
export interface OpenIdProvider {
  /** Reads the provider's metadata, once. */
  discover(): Promise<unknown>
  /** Starts a sign-in: where to send the visitor. */
  begin(): Promise<{ url: URL; request: SignInRequest }>
  /** Completes a sign-in with the parameters of the callback. */
  finish(parameters: URLSearchParams, request: SignInRequest): Promise<SignInResult>
  /** Reads the claims of a person again; `undefined` if the provider does not vouch for them. */
  renew(refreshToken: string, subject: string): Promise<SignInResult | undefined>
  /** Where to send the visitor to end the session at the provider too; `undefined` if it has no such page. */
  endSession(idToken: string): Promise<URL | undefined>
}

const timeoutMs = 10_000
/** How far the provider's clock may be from ours. */
const clockToleranceSeconds = 60
/** `offline_access` asks for the refresh token. */
const scope = 'openid profile offline_access'

/** Creates a client of the provider; it sends nothing yet. */
export function createOpenIdProvider(settings: OpenIdSettings): OpenIdProvider {
  const { clientId, clientSecret, publicUrl } = settings
  const issuer = new URL(settings.issuer)
  const client: oauth.Client = { client_id: clientId, [oauth.clockTolerance]: clockToleranceSeconds }
  const http = {
    signal: () => AbortSignal.timeout(timeoutMs),
    // Only for tests and a provider on this machine: the settings refuse any other http address.
    [oauth.allowInsecureRequests]: issuer.protocol === 'http:' && isLoopback(issuer.hostname),
  }
  const redirectUri = new URL('/sign-in/callback', publicUrl).href
  let discovered: Promise<oauth.AuthorizationServer> | undefined

  const discover = (): Promise<oauth.AuthorizationServer> => {
    discovered ??= oauth
      .discoveryRequest(issuer, http)
      .then((response) => oauth.processDiscoveryResponse(issuer, response))
      .catch((error: unknown) => {
        discovered = undefined
        throw error
      })
    return discovered
  }
  const authentication = (server: oauth.AuthorizationServer): oauth.ClientAuth =>
    server.token_endpoint_auth_methods_supported?.includes('client_secret_post')
      ? oauth.ClientSecretPost(clientSecret)
      : oauth.ClientSecretBasic(clientSecret)
  const resultOf = async (
    server: oauth.AuthorizationServer,
    response: Response,
    tokens: oauth.TokenEndpointResponse,
  ): Promise<SignInResult | undefined> => {
    const claims = oauth.getValidatedIdTokenClaims(tokens)
    if (!claims) return undefined
    await oauth.validateApplicationLevelSignature(server, response, http)
    return { claims, idToken: tokens.id_token!, refreshToken: tokens.refresh_token }
  }

  return {
    discover,
    async begin() {
      const server = await discover()
      const request: SignInRequest = {
        state: oauth.generateRandomState(),
        nonce: oauth.generateRandomNonce(),
        codeVerifier: oauth.generateRandomCodeVerifier(),
      }
      return { url: await authorizationUrl(server, request, { clientId, redirectUri }), request }
    },
    async finish(parameters, { state, nonce, codeVerifier }) {
      const server = await discover()
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        authentication(server),
        oauth.validateAuthResponse(server, client, parameters, state),
        redirectUri,
        codeVerifier,
        http,
      )
      const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
        expectedNonce: nonce,
        requireIdToken: true,
      })
      return (await resultOf(server, response, tokens))!
    },
    async renew(refreshToken, subject) {
      const server = await discover()
      const response = await oauth.refreshTokenGrantRequest(
        server,
        client,
        authentication(server),
        refreshToken,
        http,
      )
      const tokens = await oauth.processRefreshTokenResponse(server, client, response)
      const result = await resultOf(server, response, tokens)
      if (result?.claims.sub !== subject) return undefined
      return { ...result, refreshToken: result.refreshToken ?? refreshToken }
    },
    async endSession(idToken) {
      const { end_session_endpoint: endpoint } = await discover()
      if (endpoint === undefined) return undefined
      const url = new URL(endpoint)
      url.searchParams.set('id_token_hint', idToken)
      url.searchParams.set('client_id', clientId)
      url.searchParams.set('post_logout_redirect_uri', new URL('/sign-in', publicUrl).href)
      return url
    },
  }
}

async function authorizationUrl(
  server: oauth.AuthorizationServer,
  { state, nonce, codeVerifier }: SignInRequest,
  { clientId, redirectUri }: { clientId: string; redirectUri: string },
): Promise<URL> {
  const url = new URL(server.authorization_endpoint!)
  const parameters = {
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url
}
