/** Where does a user sign in? */
import { InvalidArgumentError } from '@devicebatch/client'

import type { EnvironmentSettings } from './environment.ts'

/** The same addresses as those of the credentials of `@devicebatch/edge`, which asks them for tokens. */
const hosts = {
  global: 'https://login.microsoftonline.com',
  germany: 'https://login.microsoftonline.de',
  'us-government': 'https://login.microsoftonline.us',
  china: 'https://login.chinacloudapi.cn',
} as const

/** The endpoints of Microsoft Entra for a tenant. Throws `InvalidArgumentError` for a cloud that nobody knows. */
export function authorityOf({ tenantId, cloud = 'global', authorityHost }: EnvironmentSettings): {
  issuer: string
  authorization_endpoint: string
  token_endpoint: string
} {
  const host = authorityHost === undefined ? hosts[cloud] : new URL(authorityHost).origin
  if (host === undefined) {
    throw new InvalidArgumentError(
      `\`cloud\` must be one of ${Object.keys(hosts).join(', ')}; got ${JSON.stringify(cloud)}.`,
    )
  }
  const tenant = `${host}/${encodeURIComponent(tenantId)}`
  return {
    issuer: `${tenant}/v2.0`,
    authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${tenant}/oauth2/v2.0/token`,
  }
}
