/** Are the settings of the environment complete, readable and free of contradictions? Decided from the environment alone. */
import type { Cloud } from '@devicebatch/client'
import { isGuid, resolveAuthority, resolveBaseUrl } from '@devicebatch/edge/internal'

import type { Variables } from '../service/env-file.ts'
import { missingSettings, readSetting } from '../service/environment.ts'
import type { Check } from './check.ts'
import { failure, ok, warning } from './check.ts'

/** The variables that the command reads, and those of the dashboard, which can be in the same file. */
const known = new Set(
  [
    'TENANT_ID CLIENT_ID CLIENT_SECRET REFRESH_TOKEN REFRESH_TOKEN_FILE CLOUD BASE_URL AUTHORITY_HOST CUSTOMER DATABASE_URL',
    'DATABASE_SCHEMA HOST PORT PUBLIC_URL DASHBOARD_TOKEN METRICS_TOKEN WORKER OIDC_ISSUER OIDC_CLIENT_ID OIDC_CLIENT_SECRET',
    'DATABASE_URL_FILE CLIENT_SECRET_FILE DASHBOARD_TOKEN_FILE METRICS_TOKEN_FILE OIDC_CLIENT_SECRET_FILE',
  ].flatMap((names) => names.split(' ').map((name) => `DEVICEBATCH_${name}`)),
)

const anyTenant = '00000000-0000-0000-0000-000000000000'

/** What the value of a variable must be. The value itself is never shown: it could be a misplaced secret. */
const expectations: readonly (readonly [
  name: string,
  isGood: (value: string) => boolean,
  expected: string,
])[] = [
  [
    'TENANT_ID',
    (tenantId) =>
      (tenantId.includes('.') || isGuid(tenantId)) && accepts(() => resolveAuthority({ tenantId })),
    'the tenant ID (a GUID) or a domain of your own organization',
  ],
  ['CLIENT_ID', isGuid, 'the application (client) ID of the app registration, a GUID'],
  [
    'CLOUD',
    (cloud) => accepts(() => resolveAuthority({ tenantId: anyTenant, cloud: cloud as Cloud })),
    'global, us-government or china',
  ],
  ['BASE_URL', (baseUrl) => accepts(() => resolveBaseUrl({ baseUrl })), 'an https URL that ends in /v1'],
  [
    'AUTHORITY_HOST',
    (authorityHost) => accepts(() => resolveAuthority({ tenantId: anyTenant, authorityHost })),
    'an https URL',
  ],
]

/** One check for each problem, or one that says which variables are set. */
export function checkSettings(env: Variables): Check[] {
  const problems = [...missing(env), ...unreadable(env), ...contradictory(env), ...misspelled(env)]
  if (problems.some(({ result }) => result === 'failure')) return problems
  const set = [...known].filter((name) => env[name]?.trim())
  return [ok('settings', `Set: ${set.join(', ')}.`), ...problems]
}

function missing(env: Variables): Check[] {
  const names = missingSettings(env)
  if (names.length === 0) return []
  return [
    failure(
      'settings',
      `Not set: ${names.join(', ')}.`,
      `Set ${names.length === 1 ? 'it' : 'them'} in the environment, or in a file that --env-file names. ${whereFrom}`,
    ),
  ]
}

const whereFrom =
  'Where to get the values: https://github.com/devicebatch/devicebatch/blob/main/docs/getting-credentials.md'

function unreadable(env: Variables): Check[] {
  const problems = expectations.flatMap(([name, isGood, expected]) => {
    const value = readSetting(env, name)
    if (value === undefined || isGood(value)) return []
    return [failure('settings', `DEVICEBATCH_${name} must be ${expected}.`, 'Correct it.')]
  })
  const secret = readSetting(env, 'CLIENT_SECRET')
  if (!isGuid(secret)) return problems
  return [
    ...problems,
    warning(
      'settings',
      'DEVICEBATCH_CLIENT_SECRET looks like the ID of a client secret.',
      'Use the value of the secret, which Entra shows only once; create a new one if nobody has it.',
    ),
  ]
}

function contradictory(env: Variables): Check[] {
  const areSet = (...names: string[]): boolean => names.every((name) => readSetting(env, name))
  if (!areSet('CLOUD', 'AUTHORITY_HOST')) return []
  return [
    failure(
      'settings',
      'DEVICEBATCH_CLOUD and DEVICEBATCH_AUTHORITY_HOST both say where to sign in.',
      'Unset one of them.',
    ),
  ]
}

function misspelled(env: Variables): Check[] {
  const names = Object.keys(env).filter((name) => name.startsWith('DEVICEBATCH_') && !known.has(name))
  if (names.length === 0) return []
  return [
    warning(
      'settings',
      `The command does not read ${names.join(', ')}.`,
      'Compare the spelling with the variables in --help.',
    ),
  ]
}

function accepts(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch {
    return false
  }
}
