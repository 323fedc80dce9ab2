/** Which failing work is meant? By what it is, whose it is, and why it fails. */
import type { ErrorReason } from '@devicebatch/client'
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'

import { checkGuids, checkOneOf } from './filters.ts'

/** A kind of failure: a reason as classified by the client, `'other'`, or `'sign-in'` for all that concern the sign-in. */
export type StuckReason = ErrorReason | 'other' | 'sign-in'

/** Which failing work; all conditions must match. */
export interface StuckFilter {
  /** Of this customer. */
  customerId?: string | undefined
  /** That fails for this reason. */
  reason?: StuckReason | undefined
}

const reasons: Readonly<Record<StuckReason, true>> = {
  'sign-in': true,
  other: true,
  'mfa-required': true,
  'sign-in-blocked': true,
  'sign-in-expired': true,
  'secret-refused': true,
  'consent-missing': true,
  'account-refused': true,
  'app-refused': true,
  'wrong-cloud': true,
  throttled: true,
  'service-unavailable': true,
  'role-missing': true,
  'no-reseller-relationship': true,
  'user-required': true,
  'indirect-reseller': true,
  'agreement-missing': true,
  'sign-in-refused': true,
  'unknown-id': true,
  'bad-request': true,
  'too-large': true,
  'no-answer': true,
  'unexpected-answer': true,
  'bad-argument': true,
  database: true,
  unknown: true,
}

/** The condition on a row of submissions or uploads; throws `InvalidArgumentError` for a filter that no row can match. */
export function isStuck({ customerId, reason }: StuckFilter): RawBuilder<boolean> {
  checkGuids({ customerId })
  checkOneOf('reason', reason, Object.keys(reasons))
  const conditions = [sql<boolean>`failing_since is not null`]
  if (customerId !== undefined) conditions.push(sql`customer_id = ${customerId}::uuid`)
  if (reason === 'sign-in') conditions.push(sql`is_sign_in`)
  else if (reason !== undefined) conditions.push(sql`failure_reason = ${reason}`)
  return sql`${sql.join(conditions, sql` and `)}`
}
