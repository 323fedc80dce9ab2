/** The options and their defaults. */
import type { PartnerCenterOptions, PollSchedule } from '@devicebatch/client'
import { InvalidArgumentError } from '@devicebatch/client'
import { checkNames, defaultPolling, resolveCount, resolveMs, show } from '@devicebatch/edge/internal'

import type { TrackerDatabase } from './database/open-database.ts'
import { checkDatabase, defaultPoolSize } from './database/open-database.ts'
import { checkSchema } from './database/schema-name.ts'

/** The options of `createTracker`. */
export interface TrackerOptions {
  /**
   * Where data is stored: the URL of a PostgreSQL server, version 14 or later; `{ directory }`, which PGlite uses in one
   * process at a time; or `'memory'`, which is lost when the process exits.
   */
  database: TrackerDatabase
  /**
   * The schema of the tables in that database; the queue uses a second one, named after it with `_jobs`. A schema belongs to one
   * partner: give each of several partners its own. Default `'devicebatch'`.
   */
  schema?: string | undefined
  /**
   * How Partner Center is called: the options of `createPartnerCenter` of `@devicebatch/client`. Its timeouts do not include the
   * wait of a request for its turn under the rate limits.
   */
  partner: PartnerCenterOptions
  /**
   * Rate limits, shared by all workers of the database. Those of the first worker are stored; later, `setRateLimits()` changes
   * them, and a worker with other ones reports that to `onError`.
   */
  rateLimits?: RateLimits | undefined
  /** How an upload is polled. After an hour, it is polled at most every 5 minutes. */
  poll?: PollSchedule | undefined
  /** For how many days an upload that does not end is polled; more than 0. Default 7, which this package chose. */
  stopAfterDays?: number | undefined
  /**
   * What is deleted, and when. That of the first worker is stored and applies to all workers of the database; later,
   * `setRetention()` changes it. Default: nothing is deleted.
   */
  retention?: Retention | undefined
  /**
   * How many connections to a PostgreSQL server this process opens at most, from 2. With fewer, its work waits for them; all
   * processes together must stay below the server's `max_connections`. Default 20.
   */
  poolSize?: number | undefined
  /** How many uploads this process polls at the same time, from 1. Default 16. */
  concurrency?: number | undefined
  /**
   * Called with background errors that are retried, such as an unavailable database. Default: prints them, each message at most
   * once a minute.
   */
  onError?: ((error: unknown) => void) | undefined
}

/**
 * How many requests may be sent in any minute. Partner Center publishes no numbers, so the defaults are this package's choice.
 * According to its documentation, Partner Center counts per partner and per partner and customer; so do these limits, which
 * cover every request except token requests.
 */
export interface RateLimits {
  /** The maximum number of requests for all customers together in any 60 seconds, from 1. Default 500. */
  partnerPerMinute?: number | undefined
  /** The maximum number of requests for one customer in any 60 seconds, from 1. Default 120. */
  customerPerMinute?: number | undefined
}

/** What a running worker deletes, within an hour. Data that is still tracked is never deleted. */
export interface Retention {
  /** Days after which uploads that ended or were stopped are deleted, with their devices, and submissions. Default: never. */
  endedAfterDays?: number | undefined
  /** Days after which events are deleted. Default: never. */
  eventsAfterDays?: number | undefined
}

/** {@link TrackerOptions}, checked and with every default filled in. */
export interface Settings {
  database: TrackerDatabase
  schema: string
  partner: PartnerCenterOptions
  /** `given` is what the options set. */
  rateLimits: { partnerPerMinute: number; customerPerMinute: number; given: RateLimits }
  poll: { initialIntervalMs: number; maxIntervalMs: number; maxFailures: number }
  stopAfterMs: number
  retention: Retention
  poolSize: number
  concurrency: number
  onError: (error: unknown) => void
}

const optionNames: Record<keyof TrackerOptions, true> = {
  database: true,
  schema: true,
  partner: true,
  rateLimits: true,
  poll: true,
  stopAfterDays: true,
  retention: true,
  poolSize: true,
  concurrency: true,
  onError: true,
}

/** Checks the options; throws `InvalidArgumentError` for the first that is wrong. */
export function resolveOptions(options: TrackerOptions): Settings {
  const { database, partner, rateLimits = {}, poll = {}, retention = {} } = options ?? ({} as TrackerOptions)
  checkNames(options, optionNames)
  checkNames(rateLimits, { partnerPerMinute: true, customerPerMinute: true }, 'rateLimits.')
  checkNames(poll, { initialIntervalMs: true, maxIntervalMs: true, maxFailures: true }, 'poll.')
  checkNames(retention, { endedAfterDays: true, eventsAfterDays: true }, 'retention.')
  checkDatabase(database)
  if (typeof partner !== 'object' || partner === null) {
    throw new InvalidArgumentError(
      `\`partner\` must be the options for createPartnerCenter, such as { credential }; got ${show(partner)}.`,
    )
  }
  if (partner.rateLimit) {
    throw new InvalidArgumentError(
      '`partner.rateLimit` would have no effect: a tracker limits the requests of all its workers. Set `rateLimits` instead.',
    )
  }
  return {
    database,
    schema: checkSchema(options.schema),
    partner,
    rateLimits: {
      given: rateLimits,
      partnerPerMinute: resolveCount('rateLimits.partnerPerMinute', rateLimits.partnerPerMinute, 1, 500),
      customerPerMinute: resolveCount('rateLimits.customerPerMinute', rateLimits.customerPerMinute, 1, 120),
    },
    poll: checkedSchedule(poll),
    stopAfterMs: (resolveDays('stopAfterDays', options.stopAfterDays) ?? 7) * dayMs,
    retention: {
      endedAfterDays: resolveDays('retention.endedAfterDays', retention.endedAfterDays),
      eventsAfterDays: resolveDays('retention.eventsAfterDays', retention.eventsAfterDays),
    },
    poolSize: resolveCount('poolSize', options.poolSize, 2, defaultPoolSize),
    concurrency: resolveCount('concurrency', options.concurrency, 1, 16),
    onError: options.onError ?? createPrinter(),
  }
}

/** Checked here, because a worker would notice only at its first poll. */
function checkedSchedule({ initialIntervalMs, maxIntervalMs, maxFailures }: PollSchedule): Settings['poll'] {
  return {
    initialIntervalMs: resolveMs(
      'poll.initialIntervalMs',
      initialIntervalMs,
      defaultPolling.initialIntervalMs,
    ),
    maxIntervalMs: resolveMs('poll.maxIntervalMs', maxIntervalMs, defaultPolling.maxIntervalMs),
    maxFailures: resolveCount('poll.maxFailures', maxFailures, 1, defaultPolling.maxFailures),
  }
}

export const dayMs = 86_400_000

/** Checks a number of days; throws `InvalidArgumentError`. */
export function resolveDays(name: string, value: number | undefined): number | undefined {
  if (value === undefined || (typeof value === 'number' && value > 0 && Number.isFinite(value))) return value
  throw new InvalidArgumentError(`\`${name}\` must be a number of days above 0; got ${show(value)}.`)
}

/** Every loop notices an unavailable database twice a second, so the same message is printed at most once a minute. */
function createPrinter(): (error: unknown) => void {
  const printedAt = new Map<string, number>()
  return (error) => {
    const whole = error instanceof Error ? error.message : String(error)
    const message = whole.replace(/ \(Queue: .*\)$/, '')
    if (performance.now() - (printedAt.get(message) ?? -Infinity) < 60_000) return
    if (printedAt.size > 1_000) printedAt.clear()
    printedAt.set(message, performance.now())
    console.error(`devicebatch tracker: ${message}`)
  }
}
