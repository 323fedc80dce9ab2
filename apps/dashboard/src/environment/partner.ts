/** With which credentials, and at which address, does the dashboard call Partner Center? */
import { readFileSync } from 'node:fs'

import type { PartnerCenterOptions } from '@devicebatch/client'
import { appOnly, appUser } from '@devicebatch/client/credentials'
import { replaceFile } from '@devicebatch/files'

import { EnvironmentError } from './environment-error.ts'
import type { Values } from './variables.ts'

const needed = ['DEVICEBATCH_TENANT_ID', 'DEVICEBATCH_CLIENT_ID', 'DEVICEBATCH_CLIENT_SECRET'] as const

/** What is missing for the sign-in to Partner Center, one line for each. */
export function signInProblems(values: Values): string[] {
  const problems = needed
    .filter((name) => values[name] === undefined)
    .map(
      (name) =>
        `${name} must be set: uploading needs the tenant, the app and its secret. See docs/getting-credentials.md.`,
    )
  const { DEVICEBATCH_REFRESH_TOKEN_FILE: file, DEVICEBATCH_REFRESH_TOKEN: first } = values
  if (file === undefined && first !== undefined) {
    problems.push(
      'DEVICEBATCH_REFRESH_TOKEN needs DEVICEBATCH_REFRESH_TOKEN_FILE, the file for the tokens that replace it.',
    )
  }
  if (file !== undefined) {
    try {
      readRefreshToken(file, first)
    } catch (error) {
      problems.push((error as Error).message)
    }
  }
  return problems
}

/** The sign-in and the service: App+User with a refresh token, otherwise app-only. `signInProblems` has found nothing. */
export function partnerOf(values: Values): PartnerCenterOptions {
  const app = {
    tenantId: values.DEVICEBATCH_TENANT_ID!,
    clientId: values.DEVICEBATCH_CLIENT_ID!,
    clientSecret: values.DEVICEBATCH_CLIENT_SECRET!,
    cloud: values.DEVICEBATCH_CLOUD as PartnerCenterOptions['cloud'],
    authorityHost: values.DEVICEBATCH_AUTHORITY_HOST,
  }
  const {
    DEVICEBATCH_BASE_URL: baseUrl,
    DEVICEBATCH_REFRESH_TOKEN_FILE: file,
    DEVICEBATCH_REFRESH_TOKEN: first,
  } = values
  // A custom base URL uses the cloud's sign-in.
  const service = baseUrl === undefined ? { cloud: app.cloud } : { baseUrl }
  if (file === undefined) return { ...service, credential: appOnly(app) }
  const refreshToken = (): string => readRefreshToken(file, first)
  const onRefreshToken = (next: string): Promise<void> => replaceFile(file, `${next}\n`)
  return { ...service, credential: appUser({ ...app, refreshToken, onRefreshToken }) }
}

/** The newest refresh token; throws an `EnvironmentError` when there is none. */
function readRefreshToken(file: string, first: string | undefined): string {
  let newest: string | undefined
  try {
    newest = readFileSync(file, 'utf8').trim() || first
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') {
      throw new EnvironmentError(`DEVICEBATCH_REFRESH_TOKEN_FILE ${file} cannot be read (${code}).`)
    }
    newest = first
  }
  if (newest !== undefined) return newest
  throw new EnvironmentError(
    `DEVICEBATCH_REFRESH_TOKEN_FILE ${file} contains no refresh token. Sign in with "devicebatch login", or set DEVICEBATCH_REFRESH_TOKEN.`,
  )
}

/** Whether the emulator is at this URL: it says so in a header of every response. No token is sent. */
export async function isEmulator(baseUrl: string): Promise<boolean> {
  const response = await fetch(baseUrl, { redirect: 'manual', signal: AbortSignal.timeout(5_000) }).catch(
    () => undefined,
  )
  await response?.body?.cancel()
  return response?.headers.has('x-devicebatch-emulator') === true
}
