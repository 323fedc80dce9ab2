/** Is the access token one that Partner Center accepts? Decided from its claims (Microsoft Entra, "Access token claims reference"). */
import type { Check } from './check.ts'
import { failure, ok, skipped, warning } from './check.ts'

/** The checked claims; any of them can be absent. */
export interface TokenClaims {
  aud?: unknown
  tid?: unknown
  idtyp?: unknown
  scp?: unknown
  roles?: unknown
  amr?: unknown
  exp?: unknown
}

/** What the token is expected to be. */
export interface ExpectedToken {
  /** The scope that it was requested for. */
  scope: string
  /** The tenant that signed in, as reported by Microsoft Entra; undefined if unknown. */
  tenantId: string | undefined
  /** The service's time, or this machine's, in milliseconds since 1970. */
  now: number
}

/** The claims of a JWT, read but not verified, which the service does. Undefined if it is something else. */
export function readClaims(token: string): TokenClaims | undefined {
  try {
    const [, payload = ''] = token.split('.')
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    return typeof claims === 'object' && claims !== null ? claims : undefined
  } catch {
    return undefined
  }
}

/** Whether it is a user's token; an app-only token has no scope. */
function isUserToken({ idtyp, scp }: TokenClaims): boolean {
  return idtyp === undefined ? scp !== undefined : idtyp === 'user'
}

/** Every check of the token except MFA, which also depends on the service. */
export function checkToken(claims: TokenClaims, expected: ExpectedToken): Check[] {
  return [
    checkAudience(claims, expected),
    checkTenant(claims, expected),
    checkUser(claims),
    checkRoles(claims),
    checkExpiry(claims, expected),
  ]
}

/** The application ID of Partner Center, by which some tokens name it. */
const partnerCenterId = 'fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd'

function checkAudience({ aud }: TokenClaims, { scope }: ExpectedToken): Check {
  const { origin } = new URL(scope)
  if (typeof aud === 'string' && [origin, `${origin}/`, partnerCenterId].includes(aud)) {
    return ok('audience', 'The token is for Partner Center.')
  }
  return failure(
    'audience',
    `The token is not for ${origin}.`,
    'Check DEVICEBATCH_CLOUD, and that the app registration has the API permission for Microsoft Partner Center.',
  )
}

function checkTenant({ tid }: TokenClaims, { tenantId }: ExpectedToken): Check {
  if (typeof tid !== 'string' || tenantId === undefined) {
    return skipped('tenant', 'Not known: the token or Microsoft Entra does not name the tenant.')
  }
  if (tid.toLowerCase() === tenantId.toLowerCase()) {
    return ok('tenant', 'The token is for the configured tenant.')
  }
  return failure(
    'tenant',
    'The token is for a different tenant than the configured one.',
    'Set DEVICEBATCH_TENANT_ID to your own (partner) tenant, and sign in with an account in it.',
  )
}

function checkUser(claims: TokenClaims): Check {
  if (isUserToken(claims)) return ok('user', 'A user is signed in with the app (App+User).')
  return warning(
    'user',
    'The app signs in alone (app-only). The newest documents allow only a signed-in user to create a batch.',
    'Run "devicebatch login".',
  )
}

function checkRoles(claims: TokenClaims): Check {
  const roles = [claims.scp, claims.roles]
    .flat()
    .flatMap((text) => (typeof text === 'string' ? text.split(' ') : []))
  const listed = roles.length > 0 ? `The token lists ${roles.join(', ')}.` : 'The token lists no roles.'
  if (isUserToken(claims) && !roles.includes('user_impersonation')) {
    return warning(
      'roles',
      `${listed} A user's token for Partner Center has user_impersonation.`,
      'Add the delegated permission user_impersonation of Microsoft Partner Center to the app, and grant consent.',
    )
  }
  return ok('roles', `${listed} Partner Center itself checks the roles of users, such as Admin agent.`)
}

function checkExpiry({ exp }: TokenClaims, { now }: ExpectedToken): Check {
  if (typeof exp !== 'number') return skipped('expiry', 'The token does not say when it expires.')
  const minutes = Math.floor((exp * 1_000 - now) / 60_000)
  if (minutes > 0)
    return ok('expiry', `The token is valid for ${minutes} more minutes; a new one is requested in time.`)
  return failure(
    'expiry',
    'The token has already expired.',
    "Check this machine's clock. If it is right, Microsoft Entra issued an expired token: try again later.",
  )
}

/**
 * Whether the user signed in with MFA.
 *
 * @param accepted What the service reported (`isMfaCompliant`), which takes precedence over the claim.
 */
export function checkMfa(claims: TokenClaims, accepted: boolean | undefined): Check {
  if (!isUserToken(claims)) return ok('mfa', 'Not required for app-only sign-in.')
  const hasClaim = Array.isArray(claims.amr) ? claims.amr.includes('mfa') : undefined
  if (accepted ?? hasClaim) return ok('mfa', 'The user signed in with multifactor authentication.')
  const enforced = 'Partner Center has enforced it step by step since June 2026.'
  const again = 'Sign in again with "devicebatch login", and with MFA.'
  if (accepted === undefined && hasClaim === undefined) {
    return warning('mfa', `The token does not say whether the user signed in with MFA. ${enforced}`, again)
  }
  return failure('mfa', `The user signed in without multifactor authentication (MFA). ${enforced}`, again)
}
