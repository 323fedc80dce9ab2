/** With which credentials, and at which address, does the dashboard call Partner Center? */
import { readFile } from 'node:fs/promises'

import type { PartnerCenterOptions } from '@devicebatch/client'
import { appOnly, appUser } from '@devicebatch/client/credentials'
import { replaceFile } from '@devicebatch/files'

import { EnvironmentError } from './environment-error.ts'

type Variables = Readonly<Record<string, string | undefined>>

/**
 * The sign-in and the service that the environment configures: App+User with a refresh token, otherwise app-only.
 *
 * Rejects with an `EnvironmentError` for the first variable that is missing or wrong.
 */
export async function partnerFromEnvironment(variables: Variables): Promise<PartnerCenterOptions> {
  const read = (name: string): string | undefined => variables[`DEVICEBATCH_${name}`]?.trim() || undefined
  const need = (name: string): string => {
    const value = read(name)
    if (value) return value
    throw new EnvironmentError(
      `DEVICEBATCH_${name} must be set: uploading needs the tenant, the app and its secret. See docs/getting-credentials.md.`,
    )
  }
  const app = {
    tenantId: need('TENANT_ID'),
    clientId: need('CLIENT_ID'),
    clientSecret: need('CLIENT_SECRET'),
    cloud: read('CLOUD') as PartnerCenterOptions['cloud'],
    authorityHost: read('AUTHORITY_HOST'),
  }
  const [file, first] = [read('REFRESH_TOKEN_FILE'), read('REFRESH_TOKEN')]
  const baseUrl = read('BASE_URL')
  // A custom base URL uses the cloud's sign-in.
  const service = baseUrl === undefined ? { cloud: app.cloud } : { baseUrl }
  if (file === undefined) {
    if (first === undefined) return { ...service, credential: appOnly(app) }
    throw new EnvironmentError(
      'DEVICEBATCH_REFRESH_TOKEN needs DEVICEBATCH_REFRESH_TOKEN_FILE, the file for the tokens that replace it.',
    )
  }
  const refreshToken = async (): Promise<string> => {
    const newest = (await readToken(file)) ?? first
    if (newest !== undefined) return newest
    throw new EnvironmentError(
      `DEVICEBATCH_REFRESH_TOKEN_FILE ${file} contains no refresh token. Sign in with "devicebatch login", or set DEVICEBATCH_REFRESH_TOKEN.`,
    )
  }
  await refreshToken()
  const onRefreshToken = (next: string): Promise<void> => replaceFile(file, `${next}\n`)
  return { ...service, credential: appUser({ ...app, refreshToken, onRefreshToken }) }
}

async function readToken(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim() || undefined
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new EnvironmentError(`DEVICEBATCH_REFRESH_TOKEN_FILE ${file} cannot be read (${code}).`)
  }
}

/** Whether the emulator is at this URL: it says so in a header of every response. No token is sent. */
export async function isEmulator(baseUrl: string): Promise<boolean> {
  const response = await fetch(baseUrl, { redirect: 'manual', signal: AbortSignal.timeout(5_000) }).catch(
    () => undefined,
  )
  await response?.body?.cancel()
  return response?.headers.has('x-devicebatch-emulator') === true
}
