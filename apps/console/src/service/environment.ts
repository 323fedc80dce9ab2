/** Which sign-in does the environment configure? */
import type { Cloud } from '@devicebatch/client'
import { InvalidArgumentError } from '@devicebatch/client'

import { defaultRefreshTokenFile } from './config-folder.ts'
import type { Variables } from './env-file.ts'

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

/** The variable `DEVICEBATCH_` + `name`; undefined when it is missing or blank. */
export function readSetting(env: Variables, name: string): string | undefined {
  return env[`DEVICEBATCH_${name}`]?.trim() || undefined
}

/** The variables that every sign-in needs and the environment lacks. */
export function missingSettings(env: Variables): string[] {
  const needed = ['TENANT_ID', 'CLIENT_ID', 'CLIENT_SECRET']
  return needed.flatMap((name) => (readSetting(env, name) ? [] : [`DEVICEBATCH_${name}`]))
}

/** Whether the environment has what every sign-in needs. */
export function isSignInConfigured(env: Variables): boolean {
  return missingSettings(env).length === 0
}

/** The file of the newest refresh token; throws an `InvalidArgumentError` when the environment names neither it nor the app. */
export function readRefreshTokenFile(env: Variables): string {
  const [file, clientId] = [readSetting(env, 'REFRESH_TOKEN_FILE'), readSetting(env, 'CLIENT_ID')]
  if (file !== undefined) return file
  if (clientId !== undefined) return defaultRefreshTokenFile(env, clientId)
  throw new InvalidArgumentError(
    'Neither DEVICEBATCH_CLIENT_ID nor DEVICEBATCH_REFRESH_TOKEN_FILE is set, so the file of the refresh token is unknown. Set one of them.',
  )
}

/** Reads the settings; throws an `InvalidArgumentError` that names every missing variable. */
export function readEnvironment(env: Variables): EnvironmentSettings {
  const read = (name: string): string | undefined => readSetting(env, name)
  const [tenantId, clientId, clientSecret] = [read('TENANT_ID'), read('CLIENT_ID'), read('CLIENT_SECRET')]

  if (!tenantId || !clientId || !clientSecret) {
    const missing = missingSettings(env)
    throw new InvalidArgumentError(
      `Not set in the environment: ${missing.join(', ')}. Set ${missing.length === 1 ? 'it' : 'them'} there or in a file for --env-file, ` +
        'to sign in to Partner Center (see "devicebatch login --help"). To try without credentials, run "devicebatch demo".',
    )
  }
  return {
    tenantId,
    clientId,
    clientSecret,
    refreshToken: read('REFRESH_TOKEN'),
    requiresUser: read('REFRESH_TOKEN_FILE') !== undefined,
    refreshTokenFile: readRefreshTokenFile(env),
    cloud: read('CLOUD') as Cloud | undefined,
    baseUrl: read('BASE_URL'),
    authorityHost: read('AUTHORITY_HOST'),
  }
}
