/** The part of Entra ID that a client of Partner Center needs: tokens for credentials (RFC 6749, 4.4 and 6). */

import type { Context, Handler } from 'hono'

import type { AppEnv } from './app.ts'
import { emulatorCredentials } from './credentials.ts'
import type { AccessToken } from './state.ts'

const lifetimeSeconds = 3_600

/** `POST /{tenant}/oauth2/v2.0/token`, or with `v1` its predecessor, which names the audience `resource` and sends numbers as strings. */
export function getToken(version: 'v1' | 'v2'): Handler<AppEnv> {
  return async (c) => {
    const form = new URLSearchParams(await c.req.text())
    const refusal = refusalOf(form, version, clientOf(c, form), c.env.state.refreshTokens)
    if (refusal) return tokenError(c, refusal)
    return form.get('grant_type') === 'refresh_token'
      ? tokenResponse(c, version, form, 'user')
      : tokenResponse(c, version, form, 'app')
  }
}

interface Refusal {
  status: 400 | 401
  error: string
  code: number
  text: string
}

interface Client {
  id: string | null
  secret: string | null
}

/** Why no token is given, as Entra ID words it; undefined when one is. */
function refusalOf(
  form: URLSearchParams,
  version: 'v1' | 'v2',
  client: Client,
  refreshTokens: ReadonlySet<string>,
): Refusal | undefined {
  const grantType = form.get('grant_type')
  const audience = version === 'v1' ? 'resource' : 'scope'
  if (!grantType) return missing('grant_type')
  if (grantType !== 'client_credentials' && grantType !== 'refresh_token') {
    return refuse(
      400,
      'unsupported_grant_type',
      70003,
      `The app requested an unsupported grant type '${grantType}'.`,
    )
  }
  if (!client.id) return missing('client_id')
  if (client.id.toLowerCase() !== emulatorCredentials.clientId) {
    return refuse(
      400,
      'unauthorized_client',
      700016,
      'Application with this identifier was not found in the directory.',
    )
  }
  if (!client.secret) {
    return refuse(
      401,
      'invalid_client',
      7000218,
      "The request body must contain 'client_assertion' or 'client_secret'.",
    )
  }
  if (client.secret !== emulatorCredentials.clientSecret) {
    return refuse(401, 'invalid_client', 7000215, 'Invalid client secret provided.')
  }
  if (grantType === 'client_credentials') {
    const value = form.get(audience)
    if (!value) return missing(audience)
    if (version === 'v1' || value.endsWith('/.default')) return undefined
    return refuse(
      400,
      'invalid_scope',
      1002012,
      'Client credential flows must have a scope that ends with /.default.',
    )
  }
  const refreshToken = form.get('refresh_token')
  if (!refreshToken) return missing('refresh_token')
  if (refreshToken === emulatorCredentials.refreshToken || refreshTokens.has(refreshToken)) return undefined
  return refuse(400, 'invalid_grant', 70000, 'The provided refresh token is not valid.')
}

function missing(parameter: string): Refusal {
  return refuse(
    400,
    'invalid_request',
    900144,
    `The request body must contain the following parameter: '${parameter}'.`,
  )
}

function refuse(status: 400 | 401, error: string, code: number, text: string): Refusal {
  return { status, error, code, text }
}

/** The client's id and secret, from the form or from a Basic header (RFC 6749, 2.3.1). */
function clientOf(c: Context<AppEnv>, form: URLSearchParams): Client {
  const [, basic] = /^Basic +(\S+)$/i.exec(c.req.header('Authorization') ?? '') ?? []
  if (basic === undefined) return { id: form.get('client_id'), secret: form.get('client_secret') }
  try {
    const [id = '', secret = ''] = atob(basic).split(':')
    return { id: decodeURIComponent(id), secret: decodeURIComponent(secret) }
  } catch {
    return { id: null, secret: null }
  }
}

function tokenResponse(
  c: Context<AppEnv>,
  version: 'v1' | 'v2',
  form: URLSearchParams,
  kind: AccessToken['kind'],
): Response {
  const { clock, state } = c.env
  const now = clock.now()
  const accessToken = `emulator-access-token.${crypto.randomUUID()}`
  state.accessTokens.set(accessToken, { kind, expiresAt: now + lifetimeSeconds * 1_000 })
  // Entra ID gives a new refresh token with each answer and lets the old one live on.
  const refreshToken = `emulator-refresh-token.${crypto.randomUUID()}`
  if (kind === 'user') state.refreshTokens.add(refreshToken)

  const seconds = Math.floor(now / 1_000)
  const common = { token_type: 'Bearer', access_token: accessToken }
  const refreshed = kind === 'user' && { refresh_token: refreshToken }
  if (version === 'v2') {
    const scope = kind === 'user' && { scope: 'https://api.partnercenter.microsoft.com/user_impersonation' }
    return json(200, {
      ...common,
      expires_in: lifetimeSeconds,
      ext_expires_in: lifetimeSeconds,
      ...scope,
      ...refreshed,
    })
  }
  return json(200, {
    ...common,
    ...(kind === 'user' && { scope: 'user_impersonation' }),
    expires_in: `${lifetimeSeconds}`,
    ext_expires_in: `${lifetimeSeconds}`,
    expires_on: `${seconds + lifetimeSeconds}`,
    not_before: `${seconds}`,
    resource: form.get('resource') ?? 'https://api.partnercenter.microsoft.com',
    ...refreshed,
  })
}

function tokenError(c: Context<AppEnv>, { status, error, code, text }: Refusal): Response {
  const timestamp = `${new Date(c.env.clock.now()).toISOString().slice(0, 19).replace('T', ' ')}Z`
  const traceId = crypto.randomUUID()
  const correlationId = crypto.randomUUID()
  return json(status, {
    error,
    error_description: `AADSTS${code}: ${text} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
  })
}

function json(status: number, body: object): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' },
  })
}
