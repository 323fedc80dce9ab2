/** Signs a user in with a browser, and keeps the refresh token for the other commands. */
import { AuthenticationError } from '@devicebatch/client'
import type { Authority } from '@devicebatch/edge/internal'
import { defaultScope, resolveAuthority, resolveBaseUrl } from '@devicebatch/edge/internal'
import * as oauth from 'oauth4webapi'

import type { CommandContext } from '../cli/context.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { plainText } from '../output/format.ts'
import type { EnvironmentSettings } from '../service/environment.ts'
import { readEnvironment } from '../service/environment.ts'
import { useNetwork } from '../service/network.ts'
import { writeRefreshToken } from '../service/refresh-token-file.ts'
import { startLoopbackServer } from './loopback-server.ts'
import { openBrowser } from './open-browser.ts'
import type { PastedRedirect } from './pasted-redirect.ts'
import { readPastedRedirect } from './pasted-redirect.ts'

/** The scope of the API's tokens, and a refresh token. */
function scopeOf({ baseUrl, cloud }: EnvironmentSettings): string {
  const service = resolveBaseUrl(baseUrl === undefined ? { cloud } : { baseUrl })
  return `${defaultScope(service)} offline_access`
}
const timeoutMs = 600_000

/** Shows the sign-in URL, waits for the browser to return, and saves the refresh token. */
export async function login(context: CommandContext, { browser }: { browser: boolean }): Promise<number> {
  const { output, signal, env } = context
  const settings = readEnvironment(env)
  useNetwork(env)
  const server = resolveAuthority(settings)
  const loopback = await startLoopbackServer()
  let pasted: PastedRedirect | undefined
  try {
    const request = await startSignIn(settings, server, loopback.redirectUri)
    output.print(
      'Sign in with MFA as a user of your own tenant who has the Admin agent or Sales agent role:',
      `  ${request.url}`,
      'Waiting for the browser to return …',
    )
    const finish = async (redirect: URL): Promise<string> => {
      const refreshToken = await redeem(settings, server, request, redirect, signal)
      await writeRefreshToken(settings.refreshTokenFile, refreshToken)
      return 'You are signed in. You can close this window.'
    }
    const ways: Promise<unknown>[] = [loopback.waitForRedirect(request.state, finish), rejectAfter(signal)]
    if (browser) openBrowser(request.url)
    else {
      output.print(
        'If the browser is on another machine, it ends at a page that cannot be reached: copy the URL of that page,',
        'paste it here and press Enter.',
      )
      pasted = readPastedRedirect(context.stdin(), request.state, () =>
        output.print('That is not the URL of this sign-in. Copy the whole URL, from http:// to its end.'),
      )
      ways.push(pasted.url.then(finish))
    }
    await Promise.race(ways)
  } finally {
    pasted?.close()
    loopback.close()
  }
  output.record({ refreshTokenFile: settings.refreshTokenFile })
  output.print(`Signed in. The refresh token is saved ${whoCanRead()}, in`, `  ${settings.refreshTokenFile}`)
  return exitCodes.registered
}

/** Windows has no file modes: there, a file has the permissions of its folder. */
function whoCanRead(): string {
  return process.platform === 'win32'
    ? 'with the permissions of its folder (other users cannot read your profile)'
    : 'so that only you can read it'
}

interface SignIn {
  /** The URL to open in a browser. */
  url: string
  redirectUri: string
  state: string
  verifier: string
}

/** RFC 6749, section 4.1.1, with PKCE (RFC 7636). */
async function startSignIn(
  settings: EnvironmentSettings,
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

/** Redeems the code for a refresh token. Rejects with `AuthenticationError`. */
async function redeem(
  settings: EnvironmentSettings,
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

/** Ends the wait when the command is interrupted, or when nobody signs in. */
function rejectAfter(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => {
      const message = `Nobody signed in within ${timeoutMs / 60_000} minutes. Run "devicebatch login" again.`
      reject(new AuthenticationError(message, { isRetryable: true }))
    }, timeoutMs).unref()
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    })
  })
}
