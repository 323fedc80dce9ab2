/** Which sign-in does the environment configure? */
import type { Cloud } from '@devicebatch/client'
import { InvalidArgumentError } from '@devicebatch/client'

import { defaultRefreshTokenFile } from './config-folder.ts'
import { renamedVariables } from './env-file.ts'

/** The settings in the environment. They include secrets: never print them. */
export interface EnvironmentSettings {
  tenantId: string
  clientId: string
  clientSecret: string
  /** The first refresh token of App+User sign-in; a token in the file takes precedence. */
  refreshToken?: string | undefined
  /** The file of the newest refresh token; a token in it means App+User sign-in. */
  refreshTokenFile: string
  /** Whether the environment names that file, which requires App+User sign-in. */
  requiresUser: boolean
  cloud?: Cloud | undefined
  baseUrl?: string | undefined
  authorityHost?: string | undefined
}

/** Whether the environment has what every sign-in needs. */
export function isSignInConfigured(env: Readonly<Record<string, string | undefined>>): boolean {
  return ['TENANT_ID', 'CLIENT_ID', 'CLIENT_SECRET'].every((name) => env[`DEVICEBATCH_${name}`]?.trim())
}

/** Reads the settings; throws an `InvalidArgumentError` that names every missing variable. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): EnvironmentSettings {
  const read = (name: string): string | undefined => env[`DEVICEBATCH_${name}`]?.trim() || undefined
  const [tenantId, clientId, clientSecret] = [read('TENANT_ID'), read('CLIENT_ID'), read('CLIENT_SECRET')]
  const [refreshToken, refreshTokenFile] = [read('REFRESH_TOKEN'), read('REFRESH_TOKEN_FILE')]

  if (!tenantId || !clientId || !clientSecret) {
    const values = { TENANT_ID: tenantId, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret }
    const missing = Object.entries(values).flatMap(([name, value]) => (value ? [] : [`DEVICEBATCH_${name}`]))
    throw new InvalidArgumentError(
      `Not set in the environment: ${missing.join(', ')}. ${renamedVariables(env, missing)}Set ${missing.length === 1 ? 'it' : 'them'} to sign in to ` +
        'Partner Center (see --help), or try the command with --emulator URL.',
    )
  }
  return {
    tenantId,
    clientId,
    clientSecret,
    refreshToken,
    requiresUser: refreshTokenFile !== undefined,
    refreshTokenFile: refreshTokenFile ?? defaultRefreshTokenFile(env, clientId),
    cloud: read('CLOUD') as Cloud | undefined,
    baseUrl: read('BASE_URL'),
    authorityHost: read('AUTHORITY_HOST'),
  }
}
