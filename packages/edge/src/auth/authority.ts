/** Where does Microsoft Entra serve a tenant? */
import { buildPath, isLoopback, show, showAddress } from '../call/path.ts'
import { InvalidArgumentError } from '../errors.ts'
import type { Cloud } from '../options.ts'

/** Identifies a tenant and its Microsoft Entra cloud. */
export interface AuthorityOptions {
  /** GUID or domain name. */
  tenantId: string
  /** Default `'global'`. Mutually exclusive with `authorityHost`. */
  cloud?: Cloud | undefined
  /** Another host: https, or http on a loopback host. */
  authorityHost?: string | undefined
}

/** The endpoints of a tenant, named as in its OpenID Provider Metadata. */
export type Authority = Record<'issuer' | 'authorization_endpoint' | 'token_endpoint', string>

const hosts: Readonly<Record<Cloud, string>> = {
  global: 'https://login.microsoftonline.com',
  germany: 'https://login.microsoftonline.de',
  'us-government': 'https://login.microsoftonline.us',
  china: 'https://login.chinacloudapi.cn',
}

/** The v2 endpoints of a tenant. Throws `InvalidArgumentError` for an invalid tenant, cloud or host. */
export function resolveAuthority(options: AuthorityOptions): Authority {
  const tenant = resolveHost(options) + buildPath('/{tenantId}', { tenantId: options.tenantId })
  return {
    issuer: `${tenant}/v2.0`,
    authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${tenant}/oauth2/v2.0/token`,
  }
}

function resolveHost({ cloud, authorityHost }: AuthorityOptions): string {
  if (authorityHost === undefined) {
    if (Object.hasOwn(hosts, cloud ?? 'global')) return hosts[cloud ?? 'global']
    throw new InvalidArgumentError(
      `\`cloud\` must be one of ${Object.keys(hosts).join(', ')}; got ${show(cloud)}.`,
    )
  }
  if (cloud !== undefined) throw new InvalidArgumentError('Set `cloud` or `authorityHost`, not both.')
  const url = URL.canParse(authorityHost) ? new URL(authorityHost) : undefined
  if (url && (url.protocol === 'https:' || isLoopback(url)) && !url.username && !url.password)
    return url.origin
  throw new InvalidArgumentError(
    `\`authorityHost\` must be an https URL without user name and password (http only on a loopback host), such as ${hosts.global}; got ${showAddress(authorityHost)}.`,
  )
}
