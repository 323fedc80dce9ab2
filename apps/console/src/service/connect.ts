/** Which service does the command connect to, and as whom? */
import type {
  PartnerCenter,
  PartnerCenterEvent,
  PartnerCenterOptions,
  TokenCredential,
} from '@devicebatch/client'
import {
  AuthenticationError,
  createPartnerCenter,
  InvalidArgumentError,
  logEvents,
  recordTo,
} from '@devicebatch/client'
import { appOnly, appUser } from '@devicebatch/edge/credentials'
import type { Authority, AuthorityOptions } from '@devicebatch/edge/internal'
import { isLoopback, resolveAuthority } from '@devicebatch/edge/internal'

import { UsageError } from '../cli/check-input.ts'
import type { CommandContext } from '../cli/context.ts'
import type { EnvironmentSettings } from './environment.ts'
import { readEnvironment } from './environment.ts'
import { useNetwork } from './network.ts'
import { readRefreshToken, writeRefreshToken } from './refresh-token-file.ts'
import { findTenant } from './tenant-discovery.ts'

/** A connection to the service. */
export interface Connection {
  partner: PartnerCenter
  /** The options that `partner` was created with. */
  options: PartnerCenterOptions
  /** The base URL of the API, or the name of the cloud. */
  service: string
  /** Whether a user signs in to the app. */
  hasUser: boolean
  /** Where the tenant of the app signs in. */
  authority: Authority
  /** Signs in, and returns the access token for a scope. Rejects with `AuthenticationError`. */
  getToken(scope: string, signal: AbortSignal): Promise<string>
  /**
   * Makes sure, before anything else is sent, that the server at `--emulator` is an emulator; without that option, sends nothing.
   * Rejects with `InvalidArgumentError`.
   */
  ready(): Promise<void>
  /** The ID of the tenant that has a domain; see `tenant-discovery.ts` for what it rejects with. */
  findTenant(domain: string, signal: AbortSignal): Promise<string>
  /** Whether the service is the emulator. Known from the start with `--emulator`, otherwise from the first response on. */
  isEmulator(): boolean
}

/** What a connection is created from. */
export interface ConnectOptions {
  /** The URL of an emulator; without it, the environment says where to sign in. */
  emulator?: string | undefined
  observe?: ((event: PartnerCenterEvent) => void) | undefined
  /** Called with the method whenever a request is sent to the service. */
  onRequest?: ((method: string) => void) | undefined
}

/**
 * Creates the connection; sends nothing yet.
 *
 * Rejects with `InvalidArgumentError` when a setting is missing or wrong.
 */
export async function connect(
  { env, signal, diagnostics }: Pick<CommandContext, 'env' | 'signal' | 'diagnostics'>,
  { emulator, observe, onRequest }: ConnectOptions,
): Promise<Connection> {
  let isEmulator = false
  const { log, record } = diagnostics
  const sendingFetch = record ? recordTo(record) : fetch
  const listeningFetch: typeof fetch = async (input, init) => {
    onRequest?.(init?.method ?? 'GET')
    const response = await sendingFetch(input, init)
    isEmulator ||= response.headers.has('x-devicebatch-emulator')
    return response
  }
  const logging = log && logEvents({ log })
  const origin = emulator === undefined ? undefined : emulatorOrigin(emulator)
  if (emulator === undefined) useNetwork(env)
  const target =
    origin === undefined
      ? await realService(readEnvironment(env), sendingFetch)
      : await emulatorService(origin, sendingFetch)
  const options = {
    ...target.service,
    credential: target.credential,
    applicationName: 'devicebatch',
    fetch: listeningFetch,
    observe: (event: PartnerCenterEvent) => {
      logging?.(event)
      observe?.(event)
    },
  }
  return {
    partner: createPartnerCenter(options),
    options,
    service: target.service.baseUrl ?? target.service.cloud ?? 'global',
    hasUser: target.hasUser,
    authority: resolveAuthority(target.authority),
    async getToken(scope, signal) {
      // These credentials always return a token.
      return (await target.credential.getToken(scope, { abortSignal: signal }))!.token
    },
    async ready() {
      if (origin === undefined) return
      const response = await listeningFetch(`${origin}/v1`, { signal }).catch(() => undefined)
      await response?.body?.cancel()
      signal.throwIfAborted()
      if (!isEmulator) throw noEmulator(origin, response !== undefined)
    },
    findTenant: (domain, signal) =>
      findTenant(domain, { authority: target.authority, fetch: listeningFetch, signal }),
    isEmulator: () => isEmulator,
  }
}

interface Target {
  service: Pick<PartnerCenterOptions, 'baseUrl' | 'cloud'>
  credential: TokenCredential
  hasUser: boolean
  /** Where users and apps sign in. */
  authority: AuthorityOptions
}

async function realService(settings: EnvironmentSettings, fetch: typeof globalThis.fetch): Promise<Target> {
  const { tenantId, clientId, clientSecret, baseUrl, cloud, authorityHost, refreshTokenFile } = settings
  const app = { tenantId, clientId, clientSecret, cloud, authorityHost, fetch }
  // The token in the file is newer than the one in the environment.
  const refreshToken = (await readRefreshToken(refreshTokenFile)) ?? settings.refreshToken
  if (refreshToken === undefined && settings.requiresUser) {
    throw new InvalidArgumentError(
      `DEVICEBATCH_REFRESH_TOKEN_FILE ${refreshTokenFile} contains no refresh token yet. Sign in with "devicebatch login", or set DEVICEBATCH_REFRESH_TOKEN.`,
    )
  }
  const credential =
    refreshToken === undefined
      ? appOnly(app)
      : appUser({
          ...app,
          // Another command may replace it while this one runs.
          refreshToken: async () => {
            const newest = (await readRefreshToken(refreshTokenFile)) ?? settings.refreshToken
            if (newest === undefined) throw signedOut(refreshTokenFile)
            return newest
          },
          async onRefreshToken(next) {
            // A logout while the token was renewed must not be undone.
            const isSignedOut =
              settings.refreshToken === undefined && (await readRefreshToken(refreshTokenFile)) === undefined
            if (!isSignedOut) await writeRefreshToken(refreshTokenFile, next)
          },
        })
  // A custom base URL uses the cloud's sign-in.
  const service = baseUrl === undefined ? { cloud } : { baseUrl }
  return {
    service,
    credential,
    hasUser: refreshToken !== undefined,
    authority: { tenantId, cloud, authorityHost },
  }
}

async function emulatorService(origin: string, fetch: typeof globalThis.fetch): Promise<Target> {
  // The emulator is large, and few commands need it.
  const { emulatorTenantId, emulatorUser } = await import('../sign-in/emulator-user.ts')
  return {
    service: { baseUrl: `${origin}/v1` },
    credential: emulatorUser(origin, fetch),
    hasUser: true,
    authority: { tenantId: emulatorTenantId, authorityHost: origin },
  }
}

function signedOut(refreshTokenFile: string): AuthenticationError {
  return new AuthenticationError(
    `The refresh token file ${refreshTokenFile} is gone, as after "devicebatch logout". Sign in again with "devicebatch login".`,
  )
}

function emulatorOrigin(address: string): string {
  const url = URL.parse(address)
  if (url && isLoopback(url)) return url.origin
  throw new UsageError(
    `--emulator must be the URL of an emulator on this machine, such as http://127.0.0.1:7810; got ${JSON.stringify(address)}.`,
  )
}

function noEmulator(origin: string, somethingResponds: boolean): InvalidArgumentError {
  return new InvalidArgumentError(
    `${somethingResponds ? `The server at ${origin} is not an emulator` : `No emulator responds at ${origin}`}. ` +
      'Start one with npx -p @devicebatch/emulator devicebatch-emulator, or correct --emulator.',
  )
}
