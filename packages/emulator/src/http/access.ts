/** Access checks before every operation of the API. */

import type { Context, MiddlewareHandler } from 'hono'

import { findCustomer } from '../state/state.ts'
import type { AccessToken } from '../state/state.ts'
import type { AppEnv } from './app-env.ts'
import { isGuid } from './guid.ts'
import { fault } from './responses.ts'

/** Accepts only calls with a valid token of this emulator. */
export const authenticate: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { clock, effect } = c.env
  const value = bearerToken(c)
  if (value === undefined) return fault(c, 401, 800001, 'Partner token is missing in the request.')
  const token = tokenOf(c)
  if (!token) return fault(c, 401, 400, 'Access denied: this emulator did not issue the token.')
  if (effect?.kind === 'expire-token') token.expiresAt = clock.now()
  if (token.expiresAt <= clock.now()) return fault(c, 401, 400, 'Access denied: the token has expired.')
  if (effect?.kind === 'claims-challenge') token.challenge = effect.claims ?? newerToken(clock.now())
  if (token.challenge !== undefined) return challenged(c, token.challenge)
  c.set('token', token)
  return await next()
}

/** The emulator token of the call, valid or not. */
export function tokenOf(c: Context<AppEnv>): AccessToken | undefined {
  return c.env.state.accessTokens.get(bearerToken(c) ?? '')
}

function bearerToken(c: Context<AppEnv>): string | undefined {
  return /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]
}

/** Accepts only calls whose path IDs are well-formed. */
export const requireGuids: MiddlewareHandler<AppEnv> = async (c, next) => {
  for (const [parameter, name] of guidParameters) {
    const value = c.req.param(parameter)
    if (value !== undefined && !isGuid(value)) return fault(c, 400, 2000, `${name} must be a GUID.`)
  }
  return await next()
}

/** Refuses calls for a customer without a reseller relationship. */
export const requireReseller: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { profile } = findCustomer(c.env.state, c.req.param('customerId') ?? '') ?? {}
  if (profile && profile.relationshipToPartner !== 'reseller') {
    return fault(c, 403, 20002, 'The partner has no commerce relationship with the customer.')
  }
  return await next()
}

const guidParameters = [
  ['customerId', 'Tenant Id'],
  ['batchTrackingId', 'Batch tracking ID'],
  ['policyId', 'Policy ID'],
] as const

/** The claims that demand a token issued after now, as in Entra ID's continuous access evaluation. */
function newerToken(now: number): string {
  const value = String(Math.floor(now / 1_000))
  return JSON.stringify({ access_token: { nbf: { essential: true, value } } })
}

/** As in the Microsoft identity platform's "Claims challenges, claims requests and client capabilities". */
function challenged(c: Context<AppEnv>, claims: string): Response {
  const bytes = new TextEncoder().encode(claims)
  const encoded = btoa(String.fromCharCode(...bytes))
  const response = fault(c, 401, 400, 'Access denied: the token lacks required claims.')
  response.headers.set(
    'WWW-Authenticate',
    `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${encoded}"`,
  )
  return response
}
