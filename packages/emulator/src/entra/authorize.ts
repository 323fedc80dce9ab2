/** Entra ID's authorize endpoint: the user signs in, and the browser returns to the program with a code. */

import type { Context } from 'hono'
import { html } from 'hono/html'

import { pageHeaders } from '../control/page-headers.ts'
import { emulatorCredentials } from '../credentials.ts'
import type { AppEnv } from '../http/app-env.ts'
import { isLoopback } from '../http/hosts.ts'
import { describeRefusal, missing, refuse } from './errors.ts'
import type { Refusal } from './errors.ts'

/**
 * `GET /{tenant}/oauth2/v2.0/authorize` of RFC 6749, section 4.1.1, with RFC 7636. The user consents at once, with
 * multifactor authentication: the response is a redirect to `redirect_uri`, which must be on this machine. Errors
 * in the client or the redirect URI appear on a page; all others go to the redirect URI, as the standard requires.
 */
export function authorize(c: Context<AppEnv>): Response | Promise<Response> {
  const redirectUri = c.req.query('redirect_uri')
  const refusal = refuseAddressee(c.req.query('client_id'), redirectUri)
  if (refusal || redirectUri === undefined) return errorPage(refusal ?? missing('redirect_uri'))

  const refused = c.env.effect?.kind === 'deny' ? denied : refuseSignIn(c)
  if (refused) {
    const description = describeRefusal(refused, crypto.randomUUID(), crypto.randomUUID(), c.env.clock.now())
    return redirect(c, redirectUri, {
      error: refused.error,
      error_description: description,
      ...(refused === denied && { error_subcode: 'cancel' }),
    })
  }
  const code = `emulator-code.${crypto.randomUUID()}`
  const { clock, state } = c.env
  state.authorizationCodes.set(code, {
    expiresAt: clock.expiry(clock.now(), codeLifetimeMs),
    redirectUri,
    scope: c.req.query('scope') ?? '',
    codeChallenge: c.req.query('code_challenge'),
    codeChallengeMethod: c.req.query('code_challenge_method'),
    redeemed: false,
  })
  return redirect(c, redirectUri, { code, session_state: crypto.randomUUID() })
}

const codeLifetimeMs = 600_000

const denied = refuse('access_denied', 65004, 'User declined to consent to access the app.')

function refuseAddressee(clientId: string | undefined, redirectUri: string | undefined): Refusal | undefined {
  if (!clientId) return missing('client_id')
  if (clientId.toLowerCase() !== emulatorCredentials.clientId) {
    const text = 'Application with this identifier was not found in the directory.'
    return refuse('unauthorized_client', 700016, text)
  }
  if (!redirectUri) return missing('redirect_uri')
  if (leadsToThisMachine(redirectUri)) return undefined
  return refuse(
    'invalid_request',
    50011,
    'The redirect URI specified in the request does not match the redirect URIs configured for the application: this emulator accepts http on localhost, 127.0.0.1 and [::1], on any port.',
  )
}

function refuseSignIn(c: Context<AppEnv>): Refusal | undefined {
  const { response_type, response_mode, scope, code_challenge, code_challenge_method } = c.req.query()
  if (!response_type) return missing('response_type')
  if (response_type !== 'code') {
    const text = 'The response type is not supported: this emulator supports only code.'
    return refuse('unsupported_response_type', 700054, text)
  }
  if (response_mode !== undefined && response_mode !== 'query') {
    return refuse(
      'invalid_request',
      90014,
      'The response mode is not supported: this emulator supports only query.',
    )
  }
  if (!scope) return missing('scope')
  if (code_challenge_method !== undefined && !['plain', 'S256'].includes(code_challenge_method)) {
    const text = 'The code_challenge_method must be S256 or plain.'
    return refuse('invalid_request', 9002313, text)
  }
  // RFC 7636, section 4.2.
  if (code_challenge !== undefined && !/^[\w.~-]{43,128}$/.test(code_challenge)) {
    return refuse('invalid_request', 501491, 'Invalid size of Code_Challenge parameter.')
  }
  return undefined
}

/** RFC 8252, section 7.3: a program on this machine, on any port. */
function leadsToThisMachine(redirectUri: string): boolean {
  if (!URL.canParse(redirectUri) || redirectUri.includes('#')) return false
  const { protocol, hostname } = new URL(redirectUri)
  return protocol === 'http:' && isLoopback(hostname)
}

function redirect(c: Context<AppEnv>, redirectUri: string, parameters: Record<string, string>): Response {
  const url = new URL(redirectUri)
  const state = c.req.query('state')
  for (const [name, value] of Object.entries({
    ...parameters,
    ...(state !== undefined && { state }),
  })) {
    url.searchParams.set(name, value)
  }
  return new Response(null, {
    status: 302,
    headers: { Location: url.href, 'Cache-Control': 'no-store' },
  })
}

async function errorPage(refusal: Refusal): Promise<Response> {
  const page = html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <title>Sign-in to the emulator failed</title>
      <h1>Sorry, but we’re having trouble signing you in.</h1>
      <p>AADSTS${refusal.code}: ${refusal.text}</p>
    </html>`
  return new Response(String(await page), { status: 400, headers: pageHeaders() })
}
