/** The settings in the environment: where the dashboard listens, who has access, and whose uploads it shows. */
import { isLoopback } from '../http/loopback.ts'
import type { OpenIdSettings } from '../sign-in/openid-provider.ts'
import { EnvironmentError } from './environment-error.ts'
import { openIdOf, openIdProblems } from './openid.ts'
import { signInProblems } from './partner.ts'
import { readVariables } from './read-variables.ts'
import type { Environment } from './read-variables.ts'
import type { Running } from './running.ts'
import { connect } from './running.ts'
import type { Values, VariableName } from './variables.ts'

/** The environment, checked. */
export interface Settings {
  hostname: string
  port: number
  token: string | undefined
  publicUrl: string | undefined
  /** Where people sign in, instead of with the token. */
  openId: OpenIdSettings | undefined
  /** The token with which `/metrics` can be read; without it, there are none. */
  metricsToken: string | undefined
  /** Connects to the database and to Partner Center. Absent if the environment names no database, which means the demo. */
  connect: ((options?: { hasWorker: boolean }) => Promise<Running>) | undefined
}

/** Throws an `EnvironmentError` that names everything that is missing, wrong or contradictory. */
export function readEnvironment(environment: Environment): Settings {
  const { values, problems } = readVariables(environment)
  const all = [...problems, ...missing(values), ...openIdProblems(values), ...contradictory(values)]
  if (all.length > 0) throw new EnvironmentError(...all)
  return {
    hostname: hostOf(values),
    port: Number(values.DEVICEBATCH_PORT ?? 7820),
    token: values.DEVICEBATCH_DASHBOARD_TOKEN,
    publicUrl: values.DEVICEBATCH_PUBLIC_URL,
    openId: openIdOf(values),
    metricsToken: values.DEVICEBATCH_METRICS_TOKEN,
    connect:
      values.DEVICEBATCH_DATABASE_URL === undefined
        ? undefined
        : ({ hasWorker } = { hasWorker: values.DEVICEBATCH_WORKER !== 'no' }) => connect(values, hasWorker),
  }
}

/** The same for `migrate`, which needs the database alone. */
export function readDatabase(environment: Environment): Values {
  const { values, problems } = readVariables(environment)
  if (values.DEVICEBATCH_DATABASE_URL === undefined) {
    problems.push('DEVICEBATCH_DATABASE_URL must be set: it names the database with the tables.')
  }
  if (problems.length > 0) throw new EnvironmentError(...problems)
  return values
}

function hostOf(values: Values): string {
  return values.DEVICEBATCH_HOST ?? '127.0.0.1'
}

/** What only makes sense with a database: without one, the demo would start in its place. */
const ofDatabase: readonly VariableName[] = [
  'DEVICEBATCH_DATABASE_SCHEMA',
  'DEVICEBATCH_TENANT_ID',
  'DEVICEBATCH_CLIENT_ID',
  'DEVICEBATCH_CLIENT_SECRET',
  'DEVICEBATCH_REFRESH_TOKEN',
  'DEVICEBATCH_REFRESH_TOKEN_FILE',
  'DEVICEBATCH_CLOUD',
  'DEVICEBATCH_AUTHORITY_HOST',
  'DEVICEBATCH_BASE_URL',
  'DEVICEBATCH_WORKER',
]

function missing(values: Values): string[] {
  const problems: string[] = []
  if (values.DEVICEBATCH_DATABASE_URL !== undefined) problems.push(...signInProblems(values))
  else {
    const [given] = ofDatabase.filter((name) => values[name] !== undefined)
    if (given !== undefined) {
      problems.push(
        `DEVICEBATCH_DATABASE_URL must be set, because ${given} is: name the database, or unset both for the demo.`,
      )
    }
  }
  const hasSignIn =
    values.DEVICEBATCH_DASHBOARD_TOKEN !== undefined || values.DEVICEBATCH_OIDC_ISSUER !== undefined
  if (!hasSignIn && !isLoopback(hostOf(values))) {
    problems.push(
      'DEVICEBATCH_HOST is an address that others can reach: set DEVICEBATCH_DASHBOARD_TOKEN, so that only people who have it can sign in (create one with: openssl rand -hex 20), or DEVICEBATCH_OIDC_ISSUER. See docs/signing-in.md.',
    )
  }
  return problems
}

function contradictory(values: Values): string[] {
  const problems: string[] = []
  if (values.DEVICEBATCH_CLOUD !== undefined && values.DEVICEBATCH_AUTHORITY_HOST !== undefined) {
    problems.push(
      'Set DEVICEBATCH_CLOUD or DEVICEBATCH_AUTHORITY_HOST, not both: each says where to sign in.',
    )
  }
  if (
    values.DEVICEBATCH_METRICS_TOKEN !== undefined &&
    values.DEVICEBATCH_METRICS_TOKEN === values.DEVICEBATCH_DASHBOARD_TOKEN
  ) {
    problems.push(
      'DEVICEBATCH_METRICS_TOKEN must differ from DEVICEBATCH_DASHBOARD_TOKEN: whoever reads metrics must not be able to sign in.',
    )
  }
  return problems
}
