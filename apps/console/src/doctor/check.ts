/** What did the doctor find, and how is it fixed? */
import { explainError } from '@devicebatch/client'
import type { AnyPartnerCenterError } from '@devicebatch/client'

import { withOptionNames } from '../output/describe-error.ts'
import { plainText } from '../output/format.ts'

/** The result of one check. Never contains a secret, a token, or the value of a setting. */
export interface Check {
  /** What was checked. */
  name: CheckName
  result: 'ok' | 'warning' | 'failure' | 'skipped'
  /** What was found, in a sentence. */
  finding: string
  /** What to do about it; absent if there is nothing to do. */
  nextStep?: string | undefined
}

/** Every check, in order of execution. */
export const checkNames = [
  'node',
  'settings',
  'proxy',
  'certificates',
  'sign-in host',
  'service',
  'clock',
  'sign-in',
  'audience',
  'tenant',
  'user',
  'mfa',
  'roles',
  'expiry',
  'customers',
] as const

/** The name of a check. */
export type CheckName = (typeof checkNames)[number]

/** Nothing to do. */
export function ok(name: CheckName, finding: string): Check {
  return { name, result: 'ok', finding }
}

/** It works, but not everything will. */
export function warning(name: CheckName, finding: string, nextStep: string): Check {
  return { name, result: 'warning', finding, nextStep }
}

/** Nothing will work until it is corrected. */
export function failure(name: CheckName, finding: string, nextStep: string): Check {
  return { name, result: 'failure', finding, nextStep }
}

/** Could not be checked, because of an earlier failure or missing data. */
export function skipped(name: CheckName, finding: string): Check {
  return { name, result: 'skipped', finding }
}

/** A failed call, as the libraries explain it, with the IDs that Microsoft support needs. */
export function failedCall(name: CheckName, error: AnyPartnerCenterError): Check {
  const { cause, nextStep, quote } = explainError(error)
  const code = error.code === 'api' || error.code === 'authentication' ? error.serviceCode : undefined
  const status = error.code === 'api' ? `HTTP status ${error.status}` : undefined
  const request = quote && `request ${quote.requestId}`
  const facts = [status, code && (/^\d/.test(code) ? `code ${code}` : code), request].filter(Boolean)
  const finding = facts.length > 0 ? `${cause} (${facts.join(', ')})` : cause
  return failure(name, plainText(withOptionNames(finding)), withOptionNames(nextStep))
}
