/** What the environment says: where the dashboard listens, who may come in, and whose uploads it shows. */
import type { PartnerFetchOptions } from '@devicebatch/client'
import { appOnly } from '@devicebatch/client/credentials'
import type { Tracker } from '@devicebatch/tracker'
import { createTracker } from '@devicebatch/tracker'

import { isLoopback } from './loopback.ts'

/** What the dashboard runs on. */
export interface Setup {
  tracker: Tracker
  partner: PartnerFetchOptions
  emulated: boolean
  stop(): Promise<void>
}

/** Something in the environment is wrong; the message says what to set. */
export class EnvironmentError extends Error {}

/** The environment, checked. */
export interface Environment {
  hostname: string
  port: number
  token: string | undefined
  publicUrl: string | undefined
  /** Absent when the environment names no database: then it is the demo. */
  setup: (() => Promise<Setup>) | undefined
}

const shortestToken = 20

/** Throws an `EnvironmentError` for the first variable that is wrong. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const hostname = variables['HOST'] || '127.0.0.1'
  const port = Number(variables['PORT'] || 7820)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new EnvironmentError(`PORT must be a whole number from 0 to 65535; it is ${variables['PORT']}.`)
  }
  const token = variables['DASHBOARD_TOKEN'] || undefined
  if (token !== undefined && token.length < shortestToken) {
    throw new EnvironmentError(
      `DASHBOARD_TOKEN must have at least ${shortestToken} characters; it has ${token.length}. Make one with: openssl rand -hex 20`,
    )
  }
  if (token === undefined && !isLoopback(hostname)) {
    throw new EnvironmentError(
      `HOST is ${hostname}, which others can reach: set DASHBOARD_TOKEN, so that only who has it can sign in. Make one with: openssl rand -hex 20`,
    )
  }
  const publicUrl = variables['PUBLIC_URL'] || undefined
  if (publicUrl !== undefined && !/^https?:$/.test(URL.parse(publicUrl)?.protocol ?? '')) {
    throw new EnvironmentError(
      `PUBLIC_URL must be the address that people see, such as https://devices.example.com; it is ${publicUrl}.`,
    )
  }
  const database = variables['TRACKER_DATABASE'] || variables['DATABASE_URL'] || undefined
  return {
    hostname,
    port,
    token,
    publicUrl,
    setup: database === undefined ? undefined : () => connect(database, variables),
  }
}

/** A tracker on that database, with a worker in this process unless TRACKER_WORKER is `no`. */
async function connect(
  database: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Setup> {
  const needed = (name: string): string => {
    const value = variables[name]
    if (value) return value
    throw new EnvironmentError(
      `${name} must be set: the tenant, the app and its secret that upload. See docs/getting-credentials.md.`,
    )
  }
  const credential = appOnly({
    tenantId: needed('TENANT_ID'),
    clientId: needed('CLIENT_ID'),
    clientSecret: needed('CLIENT_SECRET'),
    ...(variables['AUTHORITY_HOST'] && { authorityHost: variables['AUTHORITY_HOST'] }),
  })
  const baseUrl = variables['PARTNER_CENTER_URL'] || undefined
  const partner: PartnerFetchOptions = { credential, ...(baseUrl && { baseUrl }) }
  const isUrl = /^postgres(ql)?:/.test(database)
  const tracker = createTracker({ database: isUrl ? database : { directory: database }, partner })
  if (variables['TRACKER_WORKER'] !== 'no') await tracker.start()
  return {
    tracker,
    partner,
    emulated: isLoopback(new URL(baseUrl ?? 'https://api.partnercenter.microsoft.com').hostname),
    stop: () => tracker.stop(),
  }
}
