/** What is in an access token? The claims of Microsoft Entra ("Access token claims reference"), for programs that decode it. */

import { emulatorCredentials } from '../credentials.ts'
import { isGuid } from '../http/guid.ts'

/** What a token is issued for. */
export interface TokenSubject {
  kind: 'app' | 'user'
  /** The tenant in the path of the token endpoint: an ID or a domain. */
  tenant: string
  /** The scope or resource that was requested. */
  audience: string
  /** Whether the user signed in with multifactor authentication. */
  hasMfa: boolean
  issuedAt: number
  expiresAt: number
}

/** An unsigned JWT (RFC 7519, section 6): in place of the signature, it says where it comes from. */
export function accessToken({ kind, tenant, audience, hasMfa, issuedAt, expiresAt }: TokenSubject): string {
  const isId: boolean = isGuid(tenant)
  const tenantId = isId ? tenant.toLowerCase() : emulatorCredentials.tenantId
  const seconds = Math.floor(issuedAt / 1_000)
  const claims = {
    // The scope without the permission.
    aud: audience.replace(/\/(?:\.default|user_impersonation)$/, ''),
    iss: `https://sts.windows.net/${tenantId}/`,
    iat: seconds,
    nbf: seconds,
    exp: Math.floor(expiresAt / 1_000),
    appid: emulatorCredentials.clientId,
    idtyp: kind,
    tid: tenantId,
    // No two tokens are the same.
    uti: crypto.randomUUID(),
    ver: '1.0',
    ...(kind === 'user' && { scp: 'user_impersonation', amr: hasMfa ? ['pwd', 'mfa'] : ['pwd'] }),
  }
  return [{ typ: 'JWT', alg: 'none' }, claims].map(encode).concat('emulator-access-token').join('.')
}

function encode(part: object): string {
  return btoa(JSON.stringify(part)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
