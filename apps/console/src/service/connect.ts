/** Which service does the command talk to, and as whom? */
import type { PartnerCenter, PartnerCenterEvent, PartnerFetchOptions } from '@devicebatch/client'
import { createPartnerCenter, InvalidArgumentError } from '@devicebatch/client'
import { appOnly, appUser } from '@devicebatch/edge/credentials'

import type { EnvironmentSettings } from './environment.ts'
import { readEnvironment } from './environment.ts'
import { useSystemNetwork } from './network.ts'
import { readRefreshToken, writeRefreshToken } from './refresh-token-file.ts'

/** A way to the service. */
export interface Connection {
  partner: PartnerCenter
  /** What `partner` was made with. */
  options: PartnerFetchOptions
  /** The address of the API, or the name of the cloud. */
  service: string
  /** Whether a user signs in with the app. */
  hasUser: boolean
  /**
   * Makes sure, before anything else is sent, that what was given as an emulator is one; asks nothing otherwise.
   * Rejects with `InvalidArgumentError`.
   */
  ready(): Promise<void>
  /** Whether the service said that it is the emulator. Known from the start with `--emulator`, else from the first answer on. */
  isEmulator(): boolean
}

/** What a connection is made of. */
export interface ConnectOptions {
  /** The address of an emulator; without it, the environment says where to sign in. */
  emulator?: string | undefined
  env: Readonly<Record<string, string | undefined>>
  signal: AbortSignal
  observe?: ((event: PartnerCenterEvent) => void) | undefined
}

/**
 * Makes the connection; asks nothing yet.
 *
 * Rejects with `InvalidArgumentError` when a setting is missing or wrong.
 */
export async function connect({ emulator, env, signal, observe }: ConnectOptions): Promise<Connection> {
  let isEmulator = false
  const listeningFetch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    isEmulator ||= response.headers.has('x-devicebatch-emulator')
    return response
  }
  const origin = emulator === undefined ? undefined : emulatorOrigin(emulator)
  if (emulator === undefined) useSystemNetwork(env)
  const target =
    origin === undefined ? await realService(readEnvironment(env)) : await emulatorService(origin)
  const options = { ...target.service, applicationName: 'devicebatch', fetch: listeningFetch, observe }
  return {
    partner: createPartnerCenter(options),
    options,
    service: target.service.baseUrl ?? target.service.cloud ?? 'global',
    hasUser: target.hasUser,
    async ready() {
      if (origin === undefined) return
      const answer = await listeningFetch(`${origin}/v1`, { signal }).catch(() => undefined)
      await answer?.body?.cancel()
      signal.throwIfAborted()
      if (!isEmulator) throw noEmulator(origin, answer !== undefined)
    },
    isEmulator: () => isEmulator,
  }
}

interface Target {
  service: Pick<PartnerFetchOptions, 'baseUrl' | 'cloud' | 'credential'>
  hasUser: boolean
}

async function realService(settings: EnvironmentSettings): Promise<Target> {
  const { tenantId, clientId, clientSecret, baseUrl, cloud, authorityHost, refreshTokenFile } = settings
  const app = { tenantId, clientId, clientSecret, cloud, authorityHost }
  // What is in the file is newer than what the environment began with.
  const refreshToken = (await readRefreshToken(refreshTokenFile)) ?? settings.refreshToken
  if (refreshToken === undefined && settings.asksForUser) {
    throw new InvalidArgumentError(
      `DEVICEBATCH_REFRESH_TOKEN_FILE ${refreshTokenFile} holds no refresh token yet. Sign in with "devicebatch login", or set DEVICEBATCH_REFRESH_TOKEN.`,
    )
  }
  const credential =
    refreshToken === undefined
      ? appOnly(app)
      : appUser({
          ...app,
          // Another command may replace it while this one runs.
          refreshToken: async () => (await readRefreshToken(refreshTokenFile)) ?? refreshToken,
          onRefreshToken: (next) => writeRefreshToken(refreshTokenFile, next),
        })
  // An address of one's own goes with the sign-in of the cloud.
  const service = baseUrl === undefined ? { credential, cloud } : { credential, baseUrl }
  return { service, hasUser: refreshToken !== undefined }
}

async function emulatorService(origin: string): Promise<Target> {
  const { emulatorCredentials } = await import('@devicebatch/emulator')
  const credential = appUser({ ...emulatorCredentials, onRefreshToken: () => {}, authorityHost: origin })
  return { service: { credential, baseUrl: `${origin}/v1` }, hasUser: true }
}

function emulatorOrigin(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)) return url.origin
  throw new InvalidArgumentError(
    `--emulator must be the address of an emulator on this machine, such as http://127.0.0.1:7810; got ${JSON.stringify(address)}.`,
  )
}

function noEmulator(origin: string, somethingAnswers: boolean): InvalidArgumentError {
  return new InvalidArgumentError(
    `${somethingAnswers ? 'What answers is no emulator' : 'Nothing answers'} at ${origin}. ` +
      'Start one with npx -p @devicebatch/emulator devicebatch-emulator, or correct --emulator.',
  )
}
