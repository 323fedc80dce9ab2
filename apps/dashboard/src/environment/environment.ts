/** The settings in the environment: where the dashboard listens, who has access, and whose uploads it shows. */
import type { PartnerCenterOptions } from '@devicebatch/client'
import type { Tracker } from '@devicebatch/tracker'
import { createTracker } from '@devicebatch/tracker'

import { isLoopback } from '../http/loopback.ts'
import { EnvironmentError } from './environment-error.ts'
import { isEmulator, partnerFromEnvironment } from './partner.ts'

/** What the dashboard runs on. */
export interface Setup {
  tracker: Tracker
  partner: PartnerCenterOptions
  emulated: boolean
  stop(): Promise<void>
}

/** The environment, checked. */
export interface Environment {
  hostname: string
  port: number
  token: string | undefined
  publicUrl: string | undefined
  /** Absent if the environment names no database, which means the demo. */
  setup: (() => Promise<Setup>) | undefined
}

const shortestToken = 20

/** Throws an `EnvironmentError` for the first variable that is wrong. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  refuseOldNames(variables)
  const hostname = variables['DEVICEBATCH_HOST'] || '127.0.0.1'
  // Hosting platforms set PORT.
  const givenPort = variables['DEVICEBATCH_PORT'] || variables['PORT'] || '7820'
  const port = Number(givenPort)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new EnvironmentError(`DEVICEBATCH_PORT must be a whole number from 0 to 65535; it is ${givenPort}.`)
  }
  const token = variables['DEVICEBATCH_DASHBOARD_TOKEN'] || undefined
  if (token !== undefined && token.length < shortestToken) {
    throw new EnvironmentError(
      `DEVICEBATCH_DASHBOARD_TOKEN must have at least ${shortestToken} characters; it has ${token.length}. Create one with: openssl rand -hex 20`,
    )
  }
  if (token === undefined && !isLoopback(hostname)) {
    throw new EnvironmentError(
      `DEVICEBATCH_HOST is ${hostname}, which others can reach: set DEVICEBATCH_DASHBOARD_TOKEN, so that only people who have it can sign in. Create one with: openssl rand -hex 20`,
    )
  }
  const publicUrl = variables['DEVICEBATCH_PUBLIC_URL'] || undefined
  if (publicUrl !== undefined && !/^https?:$/.test(URL.parse(publicUrl)?.protocol ?? '')) {
    throw new EnvironmentError(
      `DEVICEBATCH_PUBLIC_URL must be the address that people see, such as https://devices.example.com; it is ${publicUrl}.`,
    )
  }
  const database = variables['DEVICEBATCH_DATABASE_URL'] || undefined
  return {
    hostname,
    port,
    token,
    publicUrl,
    setup: database === undefined ? undefined : () => connect(database, variables),
  }
}

/** The current names of the variables, by their old names. */
const newNames: Readonly<Record<string, string>> = {
  DATABASE_URL: 'DEVICEBATCH_DATABASE_URL',
  TRACKER_DATABASE: 'DEVICEBATCH_DATABASE_URL',
  TRACKER_WORKER: 'DEVICEBATCH_WORKER',
  TENANT_ID: 'DEVICEBATCH_TENANT_ID',
  CLIENT_ID: 'DEVICEBATCH_CLIENT_ID',
  CLIENT_SECRET: 'DEVICEBATCH_CLIENT_SECRET',
  AUTHORITY_HOST: 'DEVICEBATCH_AUTHORITY_HOST',
  PARTNER_CENTER_URL: 'DEVICEBATCH_BASE_URL',
  DASHBOARD_TOKEN: 'DEVICEBATCH_DASHBOARD_TOKEN',
  PUBLIC_URL: 'DEVICEBATCH_PUBLIC_URL',
}

function refuseOldNames(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [oldName, newName] of Object.entries(newNames)) {
    if (variables[oldName] && !variables[newName]) {
      throw new EnvironmentError(`${oldName} is now called ${newName}: rename the variable.`)
    }
  }
}

/** A tracker on that database, with a worker in this process unless DEVICEBATCH_WORKER is `no`. */
async function connect(
  database: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Setup> {
  const partner = await partnerFromEnvironment(variables)
  const isUrl = /^postgres(ql)?:/.test(database)
  const tracker = createTracker({ database: isUrl ? database : { directory: database }, partner })
  if (variables['DEVICEBATCH_WORKER'] !== 'no') await tracker.start()
  return {
    tracker,
    partner,
    emulated: partner.baseUrl !== undefined && (await isEmulator(partner.baseUrl)),
    stop: () => tracker.close(),
  }
}
