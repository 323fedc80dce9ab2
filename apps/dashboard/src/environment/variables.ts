/** Every setting: the environment variables, what each means, and what its value must be. The README has the same table. */
import { isIP } from 'node:net'

import type { Cloud } from '@devicebatch/client'
import { isGuid, resolveAuthority, resolveBaseUrl } from '@devicebatch/edge/internal'
import { createTracker } from '@devicebatch/tracker'
import type { TrackerDatabase } from '@devicebatch/tracker'

import { isLoopback } from '../http/loopback.ts'

/** An environment variable; its name starts with `DEVICEBATCH_`. */
export interface Variable {
  /** For the table: what it is, in Markdown. */
  meaning: string
  /** For the table: what happens without it, in Markdown. */
  without: string
  /** Whether its value is a secret; it can then also be in the file that the same name with `_FILE` gives. */
  isSecret?: true
  /** What its value must be, for a person. The value itself is never shown: it could be a misplaced secret. */
  expected?: string
  isGood?: (value: string) => boolean
}

const anyTenant = '00000000-0000-0000-0000-000000000000'
const partner = { credential: () => '' }

const token = {
  isSecret: true,
  expected: '20 characters or more without spaces; "openssl rand -hex 20" creates such a token',
  isGood: (value: string) => /^[!-~]{20,}$/.test(value),
} as const

/** By name, in the order of the table. */
export const variables = {
  DEVICEBATCH_DATABASE_URL: {
    meaning: "the tracker's database: the URL of a PostgreSQL server, or a folder for PGlite in this process",
    without: 'the demo',
    isSecret: true,
    expected:
      'a URL such as postgres://user:password@host:5432/name, with characters such as @ and / in the password percent-encoded, or a folder',
    isGood: (value) => accepts(() => createTracker({ database: databaseOf(value), partner })),
  },
  DEVICEBATCH_DATABASE_SCHEMA: {
    meaning: 'the schema of its tables; each partner needs its own',
    without: '`devicebatch`',
    expected: 'a name of lowercase letters, digits and _, such as devicebatch_contoso',
    isGood: (schema) => accepts(() => createTracker({ database: 'memory', schema, partner })),
  },
  DEVICEBATCH_TENANT_ID: {
    meaning:
      "your own organization's tenant; [getting credentials](https://github.com/devicebatch/devicebatch/blob/main/docs/getting-credentials.md) says where to find these three",
    without: 'required with a database',
    expected: 'the tenant ID (a GUID) or a domain of your own organization',
    isGood: (tenantId) =>
      (tenantId.includes('.') || isGuid(tenantId)) && accepts(() => resolveAuthority({ tenantId })),
  },
  DEVICEBATCH_CLIENT_ID: {
    meaning: 'the app registration that signs in to Partner Center',
    without: 'required with a database',
    expected: 'the application (client) ID of the app registration, a GUID',
    isGood: isGuid,
  },
  DEVICEBATCH_CLIENT_SECRET: {
    meaning: 'the value of its client secret',
    without: 'required with a database',
    isSecret: true,
    expected: 'the value of the client secret, not its ID, which is a GUID',
    isGood: (value) => !isGuid(value),
  },
  DEVICEBATCH_REFRESH_TOKEN_FILE: {
    meaning:
      'App+User: the file where the newest refresh token is kept, such as the one that `devicebatch login` wrote; the dashboard replaces it',
    without: 'app-only, which may not create batches',
  },
  DEVICEBATCH_REFRESH_TOKEN: {
    meaning: 'App+User: the first refresh token, for a file that is still empty',
    without: 'the token in that file',
  },
  DEVICEBATCH_CLOUD: {
    meaning: 'the cloud of your tenant: `global`, `us-government` or `china`',
    without: '`global`',
    expected: 'global, us-government or china',
    isGood: (cloud) => accepts(() => resolveAuthority({ tenantId: anyTenant, cloud: cloud as Cloud })),
  },
  DEVICEBATCH_AUTHORITY_HOST: {
    meaning: 'another sign-in host, instead of that of the cloud',
    without: "the cloud's",
    expected: 'an https URL (http only on this machine)',
    isGood: (authorityHost) => accepts(() => resolveAuthority({ tenantId: anyTenant, authorityHost })),
  },
  DEVICEBATCH_BASE_URL: {
    meaning: 'another URL of the API, such as that of the emulator',
    without: "the cloud's",
    expected: 'an https URL (http only on this machine) that ends in /v1',
    isGood: (baseUrl) => accepts(() => resolveBaseUrl({ baseUrl })),
  },
  DEVICEBATCH_WORKER: {
    meaning:
      '`no`: this process only shows and submits, and `devicebatch-dashboard worker` uploads and polls in another',
    without: '`yes`',
    expected: 'yes or no',
    isGood: (value) => value === 'yes' || value === 'no',
  },
  DEVICEBATCH_DASHBOARD_TOKEN: {
    meaning: 'the token that one person signs in with, at least 20 characters',
    without: 'nobody signs in, and only this machine has access',
    ...token,
  },
  DEVICEBATCH_OIDC_ISSUER: {
    meaning:
      'the OpenID provider where everyone signs in, instead of the token; [signing in](https://github.com/devicebatch/devicebatch/blob/main/docs/signing-in.md) says where to find these three',
    without: 'the token, or nobody signs in',
    expected:
      'an https URL (http only on this machine), such as https://login.microsoftonline.com/<tenant ID>/v2.0',
    isGood: isIssuer,
  },
  DEVICEBATCH_OIDC_CLIENT_ID: {
    meaning: 'the app registration of the dashboard at that provider',
    without: 'required with an issuer',
  },
  DEVICEBATCH_OIDC_CLIENT_SECRET: {
    meaning: 'the value of its client secret',
    without: 'required with an issuer',
    isSecret: true,
  },
  DEVICEBATCH_HOST: {
    meaning: "the address to listen on; on any other than this machine's own, people have to sign in",
    without: '`127.0.0.1`',
    expected: 'an IP address or a host name without a port, such as 0.0.0.0',
    isGood: (host) => isIP(host) > 0 || /^[\w.-]+$/.test(host),
  },
  DEVICEBATCH_PORT: {
    meaning:
      'the port to listen on; 0 for any free one. `PORT`, which hosting platforms set, has the same meaning',
    without: '7820',
    expected: 'a whole number from 0 to 65535',
    isGood: (port) => /^\d+$/.test(port) && Number(port) <= 65_535,
  },
  DEVICEBATCH_PUBLIC_URL: {
    meaning: 'the address that people see, when it runs behind a TLS proxy',
    without: "the request's own",
    expected: 'the address that people see, without a path, such as https://devices.example.com',
    isGood: isOrigin,
  },
  DEVICEBATCH_METRICS_TOKEN: {
    meaning: 'the token with which `/metrics` can be read, at least 20 characters',
    without: '`/metrics` responds with 404',
    ...token,
  },
} satisfies Readonly<Record<string, Variable>>

/** The name of a setting. */
export type VariableName = keyof typeof variables

/** The value of each variable that is set. */
export type Values = Readonly<Partial<Record<VariableName, string>>>

/** The database that the variable names. */
export function databaseOf(value: string): TrackerDatabase {
  return /^\w+:\/\//.test(value) ? value : { directory: value }
}

function isIssuer(text: string): boolean {
  const url = URL.parse(text)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href
}

function accepts(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch {
    return false
  }
}
