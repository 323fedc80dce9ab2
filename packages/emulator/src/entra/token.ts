/** The part of Entra ID that a client of Partner Center needs: tokens for credentials, codes and refresh tokens. */

import type { Context, Handler } from 'hono'

import type { AppEnv } from '../http/app-env.ts'
import { accessToken } from './access-token.ts'
import { tokenError, tokenJson } from './errors.ts'
import { decideGrant } from './grants.ts'
import type { Grant, TokenClient, TokenEndpointVersion } from './grants.ts'

const lifetimeSeconds = 3_600

/**
 * `POST /{tenant}/oauth2/v2.0/token`, or with `v1` its predecessor, which calls the audience `resource` and sends numbers as
 * strings.
 */
export function getToken(version: TokenEndpointVersion): Handler<AppEnv> {
  return async (c) => {
    const form = new URLSearchParams(await c.req.text())
    const grant = await decideGrant(form, version, clientOf(c, form), c.env.state, c.env.clock.now())
    return 'error' in grant ? tokenError(c, grant) : tokenResponse(c, version, form, grant)
  }
}

/** The client's ID and secret, from the form or from a Basic header (RFC 6749, 2.3.1). */
function clientOf(c: Context<AppEnv>, form: URLSearchParams): TokenClient {
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
  version: TokenEndpointVersion,
  form: URLSearchParams,
  grant: Grant,
): Response {
  const { clock, state, settings } = c.env
  const now = clock.now()
  const user = grant.kind === 'user'
  const expiresAt = clock.expiry(now, lifetimeSeconds * 1_000)
  const token = accessToken({
    kind: grant.kind,
    tenant: c.req.param('tenant') ?? '',
    audience: requestedAudience(version, form),
    hasMfa: user && grant.mfa && settings.isMfaCompliant,
    issuedAt: now,
    expiresAt,
  })
  state.accessTokens.set(token, { kind: grant.kind, expiresAt })
  const common = { token_type: 'Bearer', access_token: token }
  const refreshToken = grant.kind === 'user' ? refresh(c, form, grant) : undefined
  const refreshed = refreshToken !== undefined && { refresh_token: refreshToken }

  if (version === 'v2') {
    return tokenJson(200, {
      ...common,
      expires_in: lifetimeSeconds,
      ext_expires_in: lifetimeSeconds,
      ...(user && { scope: 'https://api.partnercenter.microsoft.com/user_impersonation' }),
      ...refreshed,
    })
  }
  return tokenJson(200, {
    ...common,
    ...(user && { scope: 'user_impersonation' }),
    expires_in: `${lifetimeSeconds}`,
    ext_expires_in: `${lifetimeSeconds}`,
    expires_on: `${Math.floor(expiresAt / 1_000)}`,
    not_before: `${Math.floor(now / 1_000)}`,
    resource: requestedAudience(version, form),
    ...refreshed,
  })
}

/** The scope, or for v1 the resource; a code or a refresh token can leave it out. */
function requestedAudience(version: TokenEndpointVersion, form: URLSearchParams): string {
  const requested = form.get(version === 'v1' ? 'resource' : 'scope')
  const [audience] = requested?.split(' ').filter((one) => one.startsWith('https://')) ?? []
  return audience ?? 'https://api.partnercenter.microsoft.com'
}

/** Redeems the grant; returns the next refresh token, if there is one. */
function refresh(
  c: Context<AppEnv>,
  form: URLSearchParams,
  { mfa, refreshable, redeem }: Extract<Grant, { kind: 'user' }>,
): string | undefined {
  const { state, clock, settings } = c.env
  redeem()
  const used = form.get('grant_type') === 'refresh_token' ? form.get('refresh_token') : null
  if (!refreshable || (used !== null && settings.refreshTokenRotation === 'none')) return undefined
  if (used !== null && settings.refreshTokenRotation === 'replace') state.refreshTokens.delete(used)
  const refreshToken = `emulator-refresh-token.${crypto.randomUUID()}`
  state.refreshTokens.set(refreshToken, { lastUsedAt: clock.now(), mfa })
  return refreshToken
}
