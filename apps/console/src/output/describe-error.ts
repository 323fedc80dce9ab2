/** How is an error shown? As one line, with the option names of this command. */
import type { AnyPartnerCenterError } from '@devicebatch/client'
import { explainError } from '@devicebatch/client'

import { plainText } from './format.ts'

/** The names of options in the libraries, and in this command. */
const names: Readonly<Record<string, string>> = {
  customerId: '--customer',
  batchTrackingId: 'The tracking ID',
  location: 'The Location',
  batchId: 'The batch name',
  timeoutMs: '--timeout',
  initialIntervalMs: '--interval',
  encoding: '--encoding',
  state: '--state',
  outcome: '--outcome',
  tenantId: 'DEVICEBATCH_TENANT_ID',
  clientId: 'DEVICEBATCH_CLIENT_ID',
  clientSecret: 'DEVICEBATCH_CLIENT_SECRET',
  refreshToken: 'DEVICEBATCH_REFRESH_TOKEN',
  cloud: 'DEVICEBATCH_CLOUD',
  scopes: 'DEVICEBATCH_CLOUD',
  baseUrl: 'DEVICEBATCH_BASE_URL',
  authorityHost: 'DEVICEBATCH_AUTHORITY_HOST',
}

/** The message of an error, as one line. */
export function describeError(error: AnyPartnerCenterError): string {
  return plainText(withOptionNames(error.message))
}

/** A text from the libraries, with the option names of this command. */
export function withOptionNames(text: string): string {
  return text.replaceAll(/`(\w+)`/g, (quoted, name: string) =>
    Object.hasOwn(names, name) ? names[name]! : quoted,
  )
}

/** What only a user who signs in again can fix. */
const needsUser: ReadonlySet<string> = new Set(['sign-in-expired', 'mfa-required'])

/** What to do about a sign-in that has ended, or a refusal by the service; `undefined` for errors whose message says it. */
export function adviceFor(error: AnyPartnerCenterError): string | undefined {
  const { reason, cause, nextStep } = explainError(error)
  if (needsUser.has(reason)) return 'To sign in here, run "devicebatch login".'
  if (error.code !== 'api' || (error.status !== 401 && error.status !== 403)) return undefined
  // The message says what to do about a page that is not from the service.
  return reason === 'unexpected-answer' ? undefined : `${cause} ${nextStep}`
}
