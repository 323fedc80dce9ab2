/** The rate limits, which belong to the database: all of its workers obey the same ones. */
import { InvalidArgumentError } from '@devicebatch/client'
import { checkNames, resolveCount } from '@devicebatch/edge/internal'
import type { Kysely } from 'kysely'

import type { Tables } from '../database/schema.ts'
import type { RateLimits, Settings } from '../options.ts'

/** How many requests may be sent in any minute. */
export interface StoredRateLimits {
  /** For all customers together. */
  partnerPerMinute: number
  /** For one customer. */
  customerPerMinute: number
}

/** See `Tracker.getRateLimits`. */
export async function readRateLimits(
  kysely: Kysely<Tables>,
  { rateLimits }: { rateLimits: StoredRateLimits },
): Promise<StoredRateLimits> {
  const stored = await kysely.selectFrom('rate_limits').selectAll().executeTakeFirst()
  return {
    partnerPerMinute: stored?.partner_per_minute ?? rateLimits.partnerPerMinute,
    customerPerMinute: stored?.customer_per_minute ?? rateLimits.customerPerMinute,
  }
}

/** See `Tracker.setRateLimits`. */
export async function changeRateLimits(
  kysely: Kysely<Tables>,
  settings: { rateLimits: StoredRateLimits },
  changed: RateLimits,
): Promise<StoredRateLimits> {
  checkNames(changed, { partnerPerMinute: true, customerPerMinute: true })
  const { partnerPerMinute, customerPerMinute } = await readRateLimits(kysely, settings)
  const limits = {
    partner_per_minute: resolveCount('partnerPerMinute', changed.partnerPerMinute, 1, partnerPerMinute),
    customer_per_minute: resolveCount('customerPerMinute', changed.customerPerMinute, 1, customerPerMinute),
  }
  await kysely
    .insertInto('rate_limits')
    .values(limits)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(limits))
    .execute()
  return await readRateLimits(kysely, settings)
}

/** Stores the limits of the first worker; reports to a later one with other limits which ones apply. */
export async function agreeOnRateLimits(
  kysely: Kysely<Tables>,
  { rateLimits, onError }: Pick<Settings, 'rateLimits' | 'onError'>,
): Promise<void> {
  const { partnerPerMinute, customerPerMinute } = rateLimits
  await kysely
    .insertInto('rate_limits')
    .values({ partner_per_minute: partnerPerMinute, customer_per_minute: customerPerMinute })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  const stored = await readRateLimits(kysely, { rateLimits })
  const { given } = rateLimits
  const isOther =
    (given.partnerPerMinute ?? stored.partnerPerMinute) !== stored.partnerPerMinute ||
    (given.customerPerMinute ?? stored.customerPerMinute) !== stored.customerPerMinute
  if (!isOther) return
  onError(
    new InvalidArgumentError(
      `\`rateLimits\` of this worker are ${partnerPerMinute} a minute and ${customerPerMinute} for a customer, but those of the database apply to ` +
        `all of its workers: ${stored.partnerPerMinute} and ${stored.customerPerMinute}. Change them with setRateLimits(), or leave the option out.`,
    ),
  )
}
