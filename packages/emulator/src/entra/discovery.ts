/** Entra ID's OpenID Connect discovery: which tenant has a domain name? No token is needed. */

import type { Context } from 'hono'

import type { AppEnv } from '../http/app-env.ts'
import { isGuid } from '../http/guid.ts'
import { listedCustomers } from '../state/state.ts'
import type { EmulatorState } from '../state/state.ts'
import { refuse, tokenError } from './errors.ts'

/**
 * `GET /{tenant}/v2.0/.well-known/openid-configuration` for a tenant ID, or for any domain name of a customer. Every tenant ID
 * exists here, as every GUID is a customer.
 */
export function discoverTenant(c: Context<AppEnv>): Response {
  const name = c.req.param('tenant') ?? ''
  const isId: boolean = isGuid(name)
  if (!isId && !isDomain(name)) {
    const text = `Specified tenant identifier '${name}' is neither a valid DNS name, nor a valid external domain.`
    return tokenError(c, refuse('invalid_tenant', 900023, text))
  }
  const tenantId = isId ? name.toLowerCase() : tenantWithDomain(c.env.state, name)
  if (tenantId === undefined) {
    const text = `Tenant '${name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`
    return tokenError(c, refuse('invalid_tenant', 90002, text))
  }
  const tenant = `${new URL(c.req.url).origin}/${tenantId}`
  return Response.json({
    issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`,
    authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${tenant}/oauth2/v2.0/token`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
  })
}

function isDomain(name: string): boolean {
  return /^[\da-z](?:[\da-z-]*[\da-z])?(?:\.[\da-z](?:[\da-z-]*[\da-z])?)+$/i.test(name)
}

function tenantWithDomain(state: EmulatorState, name: string): string | undefined {
  const wanted = name.toLowerCase()
  const owner = listedCustomers(state).find(({ domain, customDomains }) =>
    [domain, ...customDomains].some((one) => one.toLowerCase() === wanted),
  )
  return owner?.customerId
}
