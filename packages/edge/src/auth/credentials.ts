/**
 * Credentials for Partner Center on Microsoft Entra's v2 token endpoint, for every runtime; on oauth4webapi.
 *
 * @module @devicebatch/edge/credentials
 */
import * as oauth from 'oauth4webapi'

import { withinLimit } from '../call/deadline.ts'
import { AuthenticationError, InvalidArgumentError } from '../errors.ts'
import type { Cloud } from '../options.ts'
import { resolveAuthority } from './authority.ts'
import { aadstsCode, entraRemedy } from './entra-errors.ts'
import { sharedForMs } from './shared-for.ts'
import type { AccessToken, GetTokenOptions, TokenCredential } from './token.ts'

/** What both kinds of sign-in need. */
export interface AppOnlyOptions {
  /** The partner's own tenant: GUID or domain name. Not the customer's. */
  tenantId: string
  /** The application (client) id of the app registration. */
  clientId: string
  /** The value of the app's client secret, not its id. Never use one in a browser. */
  clientSecret: string
  /** Which Microsoft Entra to ask. Default `'global'`. Exclusive with `authorityHost`. */
  cloud?: Cloud | undefined
  /** The address of another authority, as `@azure/identity` names it: https, or http on a loopback host. */
  authorityHost?: string | undefined
  /** What to ask for instead of the scopes that the partner fetch asks with. */
  scopes?: string | string[] | undefined
  /** The fetch to ask with. Default `globalThis.fetch`. */
  fetch?: typeof globalThis.fetch | undefined
}

/** What App+User sign-in needs beside that. */
export interface AppUserOptions extends AppOnlyOptions {
  /** The refresh token of a user who signed in to this app with MFA. */
  refreshToken: string
  /**
   * Called with each refresh token that replaces the one before, and awaited before its access token is used. Store it
   * safely: the old one may stop working.
   */
  onRefreshToken: (refreshToken: string) => void | Promise<void>
}

/** A grant that nothing ends is abandoned after this time. */
const grantTimeoutMs = 60_000

/**
 * App-only sign-in with a client secret (RFC 6749, section 4.4).
 *
 * Its `getToken` rejects with {@link AuthenticationError}, whose message says what to do. The newest documents do not allow
 * app-only sign-in for creating a device batch: use {@link appUser} for that.
 *
 * @throws `InvalidArgumentError` when an option is missing or wrong.
 * @example
 * ```ts
 * import { createPartnerFetch } from '@devicebatch/edge'
 * import { appOnly } from '@devicebatch/edge/credentials'
 *
 * const credential = appOnly({
 *   tenantId: 'contoso.onmicrosoft.com',
 *   clientId: '11111111-2222-4333-8444-555555555555',
 *   clientSecret: process.env.CLIENT_SECRET!,
 * })
 * const partnerFetch = createPartnerFetch({ credential })
 * ```
 */
export function appOnly(options: AppOnlyOptions): TokenCredential {
  const endpoint = tokenEndpoint(options)
  return {
    async getToken(scopes, getTokenOptions) {
      return toAccessToken(await endpoint('client_credentials', scopes, {}, getTokenOptions))
    },
  }
}

/**
 * App+User sign-in with the refresh token of a user, as the Secure Application Model describes it (RFC 6749, section 6).
 *
 * Its `getToken` rejects with {@link AuthenticationError}, whose message says what to do, and with what `onRefreshToken`
 * rejects with, as its `cause`.
 *
 * @throws `InvalidArgumentError` when an option is missing or wrong.
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises'
 *
 * import { appUser } from '@devicebatch/edge/credentials'
 *
 * const credential = appUser({
 *   tenantId: 'contoso.onmicrosoft.com',
 *   clientId: '11111111-2222-4333-8444-555555555555',
 *   clientSecret: process.env.CLIENT_SECRET!,
 *   refreshToken: process.env.REFRESH_TOKEN!,
 *   onRefreshToken: (refreshToken) => writeFile('refresh-token', refreshToken, { mode: 0o600 }),
 * })
 * ```
 */
export function appUser(options: AppUserOptions): TokenCredential {
  const endpoint = tokenEndpoint(options)
  const { onRefreshToken } = options
  let refreshToken = checkText('refreshToken', options.refreshToken)
  let storedToken = refreshToken
  if (typeof onRefreshToken !== 'function') {
    throw new InvalidArgumentError('`onRefreshToken` must be a function that stores the new refresh token.')
  }

  const redeem = async (
    scopes: string | string[],
    claims: string | undefined,
    signal: AbortSignal,
  ): Promise<AccessToken> => {
    const parameters = { refresh_token: refreshToken }
    const grantOptions = { abortSignal: signal, ...(claims && { claims }) }
    const response = await endpoint('refresh_token', scopes, parameters, grantOptions, ['offline_access'])
    refreshToken = response.refresh_token ?? refreshToken
    if (refreshToken !== storedToken) {
      await onRefreshToken(refreshToken)
      storedToken = refreshToken
    }
    return toAccessToken(response)
  }

  let grant: Grant | undefined
  const begin = (key: string, scopes: string | string[], claims: string | undefined): Grant => {
    const result = withinLimit(
      (signal) => redeem(scopes, claims, signal),
      grantTimeoutMs,
      undefined,
      grantTimedOut,
    )
    const own = { key, result, startedAt: performance.now() }
    const end = (): void => {
      if (grant === own) grant = undefined
    }
    result.then(end, end)
    return own
  }
  // A refresh token is good once: one grant at a time, and a grant that was sent is finished and its new refresh token
  // stored, whoever has stopped waiting for it.
  const getToken: TokenCredential['getToken'] = async (scopes, grantOptions) => {
    const { abortSignal, claims } = grantOptions ?? {}
    abortSignal?.throwIfAborted()
    const key = JSON.stringify([scopes, claims])
    const sharedForMore = grant ? grant.startedAt + sharedForMs() - performance.now() : 0
    if (!grant || sharedForMore <= 0) grant = begin(key, scopes, claims)
    const { key: ofGrant, result } = grant
    if (ofGrant === key) return await withinLimit(() => result, Infinity, abortSignal, grantTimedOut)
    // Whether that one failed concerns its own callers.
    await withinLimit(() => result, sharedForMore, abortSignal, grantTimedOut).catch(() => {})
    return await getToken(scopes, grantOptions)
  }
  return { getToken }
}

/** A request for a token with the refresh token, and what it was made for. */
interface Grant {
  key: string
  result: Promise<AccessToken>
  startedAt: number
}

function grantTimedOut(): AuthenticationError {
  return new AuthenticationError(
    `The token endpoint returned no token within ${grantTimeoutMs} ms. Check that it can be reached.`,
    { isRetryable: true },
  )
}

type TokenEndpoint = (
  grantType: string,
  scopes: string | string[],
  parameters: Record<string, string>,
  options: GetTokenOptions | undefined,
  moreScopes?: string[],
) => Promise<oauth.TokenEndpointResponse>

function tokenEndpoint(options: AppOnlyOptions): TokenEndpoint {
  checkText('tenantId', options.tenantId)
  const server = resolveAuthority(options)
  const client = { client_id: checkText('clientId', options.clientId) }
  const clientSecret = checkText('clientSecret', options.clientSecret)
  const authentication = oauth.ClientSecretPost(clientSecret)
  return async (grantType, scopes, parameters, { abortSignal, claims } = {}, moreScopes = []) => {
    const scope = [options.scopes ?? scopes, moreScopes].flat().join(' ')
    let response: Response | undefined
    try {
      response = await oauth.genericTokenEndpointRequest(
        server,
        client,
        authentication,
        grantType,
        { ...parameters, scope, ...(claims && { claims }) },
        {
          ...(abortSignal && { signal: abortSignal }),
          ...(options.fetch && { [oauth.customFetch]: options.fetch }),
          [oauth.allowInsecureRequests]: true,
        },
      )
      return await oauth.processGenericTokenEndpointResponse(server, client, await relevant(response))
    } catch (cause) {
      if (abortSignal?.aborted) throw abortSignal.reason
      throw toAuthenticationError(cause, response?.status, [clientSecret, ...Object.values(parameters)])
    }
  }
}

/**
 * The answer without what oauth4webapi would refuse it for: an id token, whose issuer names the tenant by GUID even when it
 * was asked for by domain name, and a challenge, which would hide the error in the body. Neither is used here.
 */
async function relevant(response: Response): Promise<Response> {
  const { status } = response
  const headers = new Headers(response.headers)
  headers.delete('www-authenticate')
  let body = await response.text()
  try {
    body = JSON.stringify({ ...JSON.parse(body), id_token: undefined })
  } catch {
    // It is no JSON: that is told where it is processed.
  }
  return new Response(body || null, { status, headers })
}

function toAuthenticationError(
  cause: unknown,
  status: number | undefined,
  secrets: string[],
): AuthenticationError {
  const isRetryable = status === undefined || status < 300 || status === 429 || status >= 500
  if (cause instanceof oauth.ResponseBodyError) {
    const error = oauthError(cause.error, secrets)
    const aadsts = aadstsCode(cause.cause)
    return new AuthenticationError(
      `Microsoft Entra gave no token: ${error}${aadsts ? ` (AADSTS${aadsts})` : ''}. ${entraRemedy(error, aadsts)}`,
      { isRetryable },
      cause,
    )
  }
  if (status === undefined) {
    return new AuthenticationError(
      "Microsoft Entra's token endpoint could not be reached. Check the network, `cloud` and `authorityHost`.",
      { isRetryable },
      cause,
    )
  }
  // oauth4webapi puts the body on this error, and a token may be in it: its words are kept, the error is not. A success
  // that is none was cut off, or came from something in between.
  return new AuthenticationError(
    `The token endpoint answered ${status} with something that is no token response (${(cause as Error).message}). Check \`cloud\` and \`authorityHost\`.`,
    { isRetryable },
  )
}

/** The error of a token endpoint, which is a short word (RFC 6749, section 5.2). Anything else is not repeated. */
function oauthError(error: string, secrets: string[]): string {
  const isWord = /^[\w.-]{1,60}$/.test(error) && !secrets.some((secret) => error.includes(secret))
  return isWord ? error : 'an error that is no code of OAuth'
}

function toAccessToken({ access_token, expires_in }: oauth.TokenEndpointResponse): AccessToken {
  // RFC 6749 leaves `expires_in` out when the lifetime is documented elsewhere; Entra's is an hour.
  return { token: access_token, expiresOnTimestamp: Date.now() + (expires_in ?? 3600) * 1000 }
}

function checkText(option: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value
  throw new InvalidArgumentError(
    `\`${option}\` must be text that is not empty; got ${value === '' ? 'an empty one' : typeof value}.`,
  )
}
