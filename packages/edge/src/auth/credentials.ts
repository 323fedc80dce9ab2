/**
 * Credentials for Partner Center through Microsoft Entra's v2 token endpoint, for every runtime; built on oauth4webapi.
 *
 * @module @devicebatch/edge/credentials
 */
// By its own name: built, it then loads the files of the other two entry points, which share one file.
import { AuthenticationError, InvalidArgumentError, isPartnerCenterError } from '@devicebatch/edge'
import type { AccessToken, Cloud, GetTokenOptions, TokenCredential } from '@devicebatch/edge'
import {
  aadstsCode,
  certificateAdvice,
  checkNames,
  findEntraProblem,
  isCertificateFault,
  isRetryableStatus,
  networkCode,
  resolveAuthority,
  retryAfterMs,
  sharedForMs,
  withinLimit,
} from '@devicebatch/edge/internal'
import type { SignInReason } from '@devicebatch/edge/internal'
import * as oauth from 'oauth4webapi'

/** The app that signs in, and where. */
export interface AppOptions {
  /** The partner's own tenant: GUID or domain name. Not the customer's. */
  tenantId: string
  /** The application (client) ID of the app registration. */
  clientId: string
  /** Which Microsoft Entra cloud to use. Default `'global'`. Mutually exclusive with `authorityHost`. */
  cloud?: Cloud | undefined
  /** The URL of another authority, as in `@azure/identity`: https, or http on a loopback host. */
  authorityHost?: string | undefined
  /** The scopes to request instead of those of the partner fetch. */
  scopes?: string | string[] | undefined
  /** The `fetch` to use for the token endpoint. Default `globalThis.fetch`. */
  fetch?: typeof globalThis.fetch | undefined
}

/** An app that authenticates with a client secret. */
export interface ClientSecretOptions {
  /** The value of the app's client secret, not its ID. Never use it in a browser. */
  clientSecret: string
  /** Mutually exclusive with `clientSecret`. */
  clientAssertion?: undefined
}

/** An app that authenticates with a client assertion, a signed JWT (RFC 7523). */
export interface ClientAssertionOptions {
  /**
   * Returns the assertion: the token of a workload identity, or one signed with the key of a certificate. Called for each
   * request to the token endpoint.
   */
  clientAssertion: (request: ClientAssertionRequest) => string | Promise<string>
  /** Mutually exclusive with `clientAssertion`. */
  clientSecret?: undefined
}

/** What a client assertion is for. */
export interface ClientAssertionRequest {
  /** The token endpoint: the `aud` of the assertion. */
  tokenEndpoint: string
  /** The app's client ID: its `iss` and `sub`. */
  clientId: string
}

/** The options of {@link appOnly}. */
export type AppOnlyOptions = AppOptions & (ClientSecretOptions | ClientAssertionOptions)

/** The refresh token of a user, and where to store new ones. */
export interface RefreshTokenOptions {
  /**
   * The refresh token of a user who signed in to this app with MFA, or a function that reads the latest one from where
   * `onRefreshToken` stores it. With such a function, several processes can share one refresh token: it is called before
   * each grant, and again when the token is rejected, since another process may have replaced it.
   */
  refreshToken: string | (() => string | Promise<string>)
  /**
   * Called with each new refresh token, and awaited before the access token that came with it is used. Store it securely:
   * the old one may stop working.
   */
  onRefreshToken: (refreshToken: string) => void | Promise<void>
}

/** The options of {@link appUser}. */
export type AppUserOptions = AppOnlyOptions & RefreshTokenOptions

const appNames: Record<keyof AppOptions | 'clientSecret' | 'clientAssertion', true> = {
  tenantId: true,
  clientId: true,
  clientSecret: true,
  clientAssertion: true,
  cloud: true,
  authorityHost: true,
  scopes: true,
  fetch: true,
}

/** The timeout of a grant that nothing else ends. */
const grantTimeoutMs = 60_000

/**
 * App-only sign-in with a client secret or a client assertion (RFC 6749, section 4.4; RFC 7523, section 2.2).
 *
 * Its `getToken` rejects with {@link AuthenticationError}, whose message says what to do. According to the newest
 * documents, app-only sign-in cannot create a device batch: use {@link appUser} for that.
 *
 * @throws `InvalidArgumentError` when an option is missing or invalid.
 * @example
 * ```ts
 * import { createPartnerFetch } from '@devicebatch/edge'
 * import { appOnly } from '@devicebatch/edge/credentials'
 *
 * const credential = appOnly({
 *   tenantId: 'contoso.onmicrosoft.com',
 *   clientId: '<client-id>',
 *   clientSecret: process.env.DEVICEBATCH_CLIENT_SECRET!,
 * })
 * const partnerFetch = createPartnerFetch({ credential })
 * ```
 */
export function appOnly(options: AppOnlyOptions): TokenCredential {
  checkNames(options, appNames)
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
 * Its `getToken` rejects with {@link AuthenticationError}, whose message says what to do. If `onRefreshToken` rejects, its
 * error is the `cause`.
 *
 * @throws `InvalidArgumentError` when an option is missing or invalid.
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises'
 *
 * import { appUser } from '@devicebatch/edge/credentials'
 *
 * const credential = appUser({
 *   tenantId: 'contoso.onmicrosoft.com',
 *   clientId: '<client-id>',
 *   clientSecret: process.env.DEVICEBATCH_CLIENT_SECRET!,
 *   refreshToken: process.env.DEVICEBATCH_REFRESH_TOKEN!,
 *   onRefreshToken: (refreshToken) => writeFile('refresh-token', refreshToken, { mode: 0o600 }),
 * })
 * ```
 */
export function appUser(options: AppUserOptions): TokenCredential {
  checkNames(options, { ...appNames, refreshToken: true, onRefreshToken: true })
  const endpoint = tokenEndpoint(options)
  const { onRefreshToken } = options
  if (typeof onRefreshToken !== 'function') {
    throw new InvalidArgumentError('`onRefreshToken` must be a function that stores the new refresh token.')
  }
  const given = options.refreshToken
  let current = typeof given === 'function' ? '' : checkText('refreshToken', given)
  let stored = current
  /** The latest refresh token: one that could not be stored is newer than the stored one. */
  const read = async (): Promise<string> => {
    if (typeof given === 'function' && current === stored) {
      current = stored = checkText('refreshToken', await given())
    }
    return current
  }

  const redeem = async (
    scopes: string | string[],
    claims: string | undefined,
    signal: AbortSignal,
  ): Promise<AccessToken> => {
    const send = (refreshToken: string): Promise<oauth.TokenEndpointResponse> => {
      const grantOptions = { abortSignal: signal, ...(claims && { claims }) }
      return endpoint('refresh_token', scopes, { refresh_token: refreshToken }, grantOptions, [
        'offline_access',
      ])
    }
    const refreshToken = await read()
    const response = await send(refreshToken).catch(async (error: unknown) => {
      if (isPartnerCenterError(error) && error.isRetryable) throw error
      // Another process may have used it in the meantime and stored a new one.
      const newer = await read()
      if (newer === refreshToken) throw error
      return await send(newer)
    })
    current = response.refresh_token ?? current
    if (current !== stored) {
      await onRefreshToken(current)
      stored = current
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
  // A refresh token may work only once: one grant at a time, and a grant that was sent is completed and its new refresh
  // token stored, even if no caller waits for it anymore.
  const getToken: TokenCredential['getToken'] = async (scopes, grantOptions) => {
    const { abortSignal, claims } = grantOptions ?? {}
    abortSignal?.throwIfAborted()
    const key = JSON.stringify([scopes, claims])
    const sharedForMore = grant ? grant.startedAt + sharedForMs() - performance.now() : 0
    if (!grant || sharedForMore <= 0) grant = begin(key, scopes, claims)
    const { key: ofGrant, result } = grant
    if (ofGrant === key) return await withinLimit(() => result, Infinity, abortSignal, grantTimedOut)
    // Its failure concerns only its own callers.
    await withinLimit(() => result, sharedForMore, abortSignal, grantTimedOut).catch(() => {})
    return await getToken(scopes, grantOptions)
  }
  return { getToken }
}

/** A token request with the refresh token, and its scopes and claims. */
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
  checkText('tenantId', options?.tenantId)
  const server = resolveAuthority(options)
  const client = { client_id: checkText('clientId', options.clientId) }
  const authenticate = clientAuthentication(options, server.token_endpoint)
  return async (grantType, scopes, parameters, { abortSignal, claims } = {}, moreScopes = []) => {
    const scope = [options.scopes ?? scopes, moreScopes].flat().join(' ')
    const authentication = await authenticate()
    let response: Response | undefined
    try {
      response = await oauth.genericTokenEndpointRequest(
        server,
        client,
        authentication.send,
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
      throw toAuthenticationError(cause, response, [authentication.secret, ...Object.values(parameters)])
    }
  }
}

/** How one request authenticates the app, and the secret in it, which no message may repeat. */
interface ClientAuthentication {
  send: oauth.ClientAuth
  secret: string
}

function clientAuthentication(
  { clientId, clientSecret, clientAssertion }: AppOnlyOptions,
  tokenEndpoint: string,
): () => Promise<ClientAuthentication> {
  if (clientAssertion === undefined) {
    const secret = checkText('clientSecret', clientSecret)
    const send = oauth.ClientSecretPost(secret)
    return async () => ({ send, secret })
  }
  if (clientSecret !== undefined) {
    throw new InvalidArgumentError('Set `clientSecret` or `clientAssertion`, not both.')
  }
  if (typeof clientAssertion !== 'function') {
    throw new InvalidArgumentError('`clientAssertion` must be a function that returns a signed JWT.')
  }
  return async () => {
    const secret = await makeAssertion(clientAssertion, { tokenEndpoint, clientId })
    const send: oauth.ClientAuth = (_server, client, body) => {
      body.set('client_id', client.client_id)
      body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
      body.set('client_assertion', secret)
    }
    return { send, secret }
  }
}

async function makeAssertion(
  clientAssertion: ClientAssertionOptions['clientAssertion'],
  request: ClientAssertionRequest,
): Promise<string> {
  let assertion: unknown
  try {
    assertion = await clientAssertion(request)
  } catch (cause) {
    throw new AuthenticationError(
      '`clientAssertion` failed, so no token was requested; see `cause`.',
      {},
      cause,
    )
  }
  // RFC 7519, section 3.1: three parts in base64url.
  if (typeof assertion === 'string' && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(assertion)) return assertion
  throw new AuthenticationError(
    '`clientAssertion` must return a signed JWT; it returned something else, so no token was requested.',
  )
}

/**
 * The response without what oauth4webapi would reject: an ID token, whose issuer names the tenant by GUID even when the
 * request used its domain name, and a challenge, which would hide the error in the body. Neither is used here.
 */
async function relevant(response: Response): Promise<Response> {
  const { status } = response
  const headers = new Headers(response.headers)
  headers.delete('www-authenticate')
  let body = await response.text()
  try {
    body = JSON.stringify({ ...JSON.parse(body), id_token: undefined })
  } catch {
    // It is not JSON; the code that processes it reports that.
  }
  return new Response(body || null, { status, headers })
}

function toAuthenticationError(
  cause: unknown,
  response: Response | undefined,
  secrets: string[],
): AuthenticationError {
  if (response === undefined) {
    const code = networkCode(cause)
    const isCertificate = isCertificateFault(code)
    return new AuthenticationError(
      `Microsoft Entra's token endpoint could not be reached${code ? ` (${code})` : ''}. ` +
        (isCertificate ? certificateAdvice : 'Check the network, `cloud` and `authorityHost`.'),
      { isRetryable: !isCertificate },
      cause,
      secrets,
    )
  }
  const { status } = response
  // An invalid success was truncated, or came from a proxy.
  const isRetryable = status < 300 || isRetryableStatus(status)
  const waitMs = isRetryable ? retryAfterMs(status, response.headers, undefined, Date.now()) : undefined
  if (cause instanceof oauth.ResponseBodyError) {
    const error = oauthError(cause.error, secrets)
    const aadsts = aadstsCode(cause.cause)
    const problem = findEntraProblem(`${aadsts} ${error}`)
    const words = problem
      ? `${problem.cause} ${problem.remedy}`
      : 'Check the tenant, client ID, secret and consent.'
    return new AuthenticationError(
      `Microsoft Entra issued no token: ${error}${aadsts ? ` (${aadsts})` : ''}. ${words}`,
      {
        isRetryable: isRetryable || isTransient(problem?.reason),
        serviceCode: aadsts ?? error,
        retryAfterMs: waitMs,
      },
      cause,
      secrets,
    )
  }
  // oauth4webapi attaches the body to this error, and it may contain a token: only the message is kept.
  return new AuthenticationError(
    `The token endpoint returned ${status} with something that is not a token response (${(cause as Error).message}). ` +
      (isRetryable && status >= 400 ? 'Try again later.' : 'Check `cloud` and `authorityHost`.'),
    { isRetryable, retryAfterMs: waitMs },
  )
}

function isTransient(reason: SignInReason | undefined): boolean {
  return reason === 'throttled' || reason === 'service-unavailable'
}

/** The token endpoint's error, a short code (RFC 6749, section 5.2). Anything else is not repeated. */
function oauthError(error: string, secrets: string[]): string {
  const isWord = /^[\w.-]{1,60}$/.test(error) && !secrets.some((secret) => error.includes(secret))
  return isWord ? error : 'an error that is not an OAuth code'
}

function toAccessToken({ access_token, expires_in }: oauth.TokenEndpointResponse): AccessToken {
  // RFC 6749 leaves `expires_in` out when the lifetime is documented elsewhere; Entra's is an hour.
  return { token: access_token, expiresOnTimestamp: Date.now() + (expires_in ?? 3600) * 1000 }
}

function checkText(option: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value
  throw new InvalidArgumentError(
    `\`${option}\` must be a non-empty string; got ${value === '' ? 'an empty string' : typeof value}.`,
  )
}
