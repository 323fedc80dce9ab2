/** The measurements of a tracker: one statement, whose cost depends on open work, not on everything ever tracked. */
import type { ErrorReason } from '@devicebatch/client'
import { sql } from 'kysely'

import { isAnyPaused } from '../control/pauses.ts'
import type { Database } from '../database/open-database.ts'
import type { SubmissionState, UploadState } from '../database/schema.ts'
import type { Settings } from '../options.ts'
import { claimSeconds } from '../queue/work-loop.ts'
import { partnerKey } from '../rate-limit/request-slots.ts'
import { readRateLimits } from '../rate-limit/stored-limits.ts'

/** Waiting work of one kind. */
export interface QueueFigures {
  /** How many are due: submissions that are queued, and uploads whose poll is due. */
  due: number
  /** For how long the oldest of them has been due, in milliseconds; 0 if none is. */
  oldestDueMs: number
  /** How many are paused, due or not. */
  paused: number
}

/** The requests of the last 60 seconds, against their limit. */
export interface LimitFigures {
  /** How many requests are allowed in a minute. */
  perMinute: number
  /** About how many the rate limits let through. */
  used: number
}

/** Failing work, by kind of error. */
export interface FailureFigures {
  /** What fails. */
  kind: 'submission' | 'upload'
  /** Why, as classified by the client; `'other'` if the error is not from the service, such as a database error. */
  reason: ErrorReason | 'other'
  /** Whether the cause is that sign-in to Partner Center failed. */
  isSignIn: boolean
  /** Whether it is retried automatically. Otherwise someone has to resume the submission, or track the upload again. */
  isRetried: boolean
  /** How many. */
  count: number
}

/** A worker, by its heartbeat. */
export interface WorkerFigures {
  /** Its host and process ID. */
  name: string
  /** When it started. */
  startedAt: string
  /** Its last heartbeat. */
  seenAt: string
  /** Whether that is recent. A worker that was closed is not listed; a dead one stays listed for a day. */
  isAlive: boolean
}

/** A webhook, and the notifications that its receiver has not accepted. */
export interface WebhookFigures {
  /** Its name. */
  name: string
  /** Whether it is disabled, because its receiver responded with 410. */
  isDisabled: boolean
  /** How many notifications are still to be delivered. */
  pending: number
  /** The age of the oldest of them, in milliseconds; 0 if there is none. */
  oldestPendingMs: number
  /** How many notifications were given up and not sent again since. */
  dead: number
  /** How many of those were given up within the last 24 hours. */
  deadWithinADay: number
}

/** The measurements. Plain JSON; times are ISO 8601 in UTC. */
export interface TrackerFigures {
  /** When they were taken, by the database's clock. */
  measuredAt: string
  /** What is waiting: submissions to upload, and uploads to poll. */
  queues: { submissions: QueueFigures; polls: QueueFigures }
  /** Submissions by state. */
  submissions: Record<SubmissionState, number>
  /** Uploads by state. */
  uploads: Record<UploadState, number>
  /** What fails, and why. */
  failures: FailureFigures[]
  /** The requests of the last minute: for all customers together, and for the customer with the most. */
  requests: { partner: LimitFigures; busiestCustomer: LimitFigures; total: number }
  /** The workers. */
  workers: WorkerFigures[]
  /** The webhooks by name. */
  webhooks: WebhookFigures[]
  /** Whether everything is paused, and how many customers are paused individually. */
  paused: { everything: boolean; customers: number }
}

interface Row {
  measured_at: Date
  queued: number
  queued_ms: number | null
  due: number
  due_ms: number | null
  paused_submissions: number
  paused_uploads: number
  states: { kind: 'submissions' | 'uploads'; state: string; count: number }[]
  failures: FailureFigures[]
  partner_used: number | null
  partner_total: number | null
  busiest: number | null
  workers: { name: string; started_at: string; seen_at: string; is_alive: boolean }[]
  webhooks: WebhookFigures[]
  everything: boolean
  customers: number
}

export async function readFigures(
  { kysely }: Database,
  { rateLimits }: Pick<Settings, 'rateLimits'>,
): Promise<TrackerFigures> {
  const [limits, { rows }] = await Promise.all([
    readRateLimits(kysely, { rateLimits }),
    measure().execute(kysely),
  ])
  const row = rows[0]!
  const figures: TrackerFigures = {
    measuredAt: row.measured_at.toISOString(),
    queues: {
      submissions: queue(row.queued, row.queued_ms, row.paused_submissions),
      polls: queue(row.due, row.due_ms, row.paused_uploads),
    },
    submissions: { queued: 0, uploading: 0, accepted: 0, failed: 0, cancelled: 0 },
    uploads: { tracking: 0, ended: 0, stopped: 0 },
    failures: row.failures,
    requests: {
      partner: { perMinute: limits.partnerPerMinute, used: Math.round(row.partner_used ?? 0) },
      busiestCustomer: { perMinute: limits.customerPerMinute, used: Math.round(row.busiest ?? 0) },
      total: row.partner_total ?? 0,
    },
    workers: row.workers.map(({ name, started_at, seen_at, is_alive }) => ({
      name,
      startedAt: new Date(started_at).toISOString(),
      seenAt: new Date(seen_at).toISOString(),
      isAlive: is_alive,
    })),
    webhooks: row.webhooks,
    paused: { everything: row.everything, customers: row.customers },
  }
  for (const { kind, state, count } of row.states) (figures[kind] as Record<string, number>)[state] = count
  return figures
}

function queue(due: number, oldestDueMs: number | null, paused: number): QueueFigures {
  return { due, oldestDueMs: Math.max(0, Math.round(oldestDueMs ?? 0)), paused }
}

const ageMs = (oldest: string) =>
  sql.raw<number>(`(extract(epoch from now() - ${oldest}) * 1000)::double precision`)

function measure() {
  return sql<Row>`
    select
      now() as measured_at,
      waiting.count as queued, ${ageMs('waiting.oldest')} as queued_ms,
      due.count as due, ${ageMs('due.oldest')} as due_ms,
      (select count(*)::int from devicebatch.submissions
        where state in ('queued', 'uploading') and exists (select from devicebatch.pauses) and ${isAnyPaused('customer_id')})
        as paused_submissions,
      (select count(*)::int from devicebatch.uploads
        where state = 'tracking' and exists (select from devicebatch.pauses) and ${isAnyPaused('customer_id')}) as paused_uploads,
      (select coalesce(json_agg(one), '[]') from (
        select kind, state, sum(count)::double precision as count from (
          select kind, state, count from devicebatch.state_counts
          union all select kind, state, change from devicebatch.state_changes) every
        group by kind, state) one) as states,
      (select coalesce(json_agg(one), '[]') from (
        select 'submission' as kind, failure_reason as reason, is_sign_in as "isSignIn", state <> 'failed' as "isRetried",
            count(*)::int as count
          from devicebatch.submissions where failing_since is not null group by 1, 2, 3, 4
        union all
        select 'upload', failure_reason, is_sign_in, state = 'tracking', count(*)::int
          from devicebatch.uploads where failing_since is not null group by 1, 2, 3, 4
        order by 1, 2, 3, 4) one) as failures,
      partner.used as partner_used, partner.total as partner_total,
      (select max(devicebatch.requests_in_minute(s)) from devicebatch.request_slots s
        where starts_with(s.key, ${partnerKey} || '/')) as busiest,
      (select coalesce(json_agg(one), '[]') from (
        select name, started_at, seen_at, seen_at > now() - make_interval(secs => ${claimSeconds}) as is_alive
        from devicebatch.workers order by started_at, id) one) as workers,
      (select coalesce(json_agg(one), '[]') from (
        select name, disabled_at is not null as "isDisabled", of_webhook.*
        from devicebatch.webhooks w, lateral (
          select count(*) filter (where state = 'pending')::int as pending,
            coalesce(max(extract(epoch from now() - at) * 1000) filter (where state = 'pending'), 0)::bigint as "oldestPendingMs",
            count(*) filter (where state = 'dead')::int as dead,
            count(*) filter (where state = 'dead' and coalesce(attempted_at, at) > now() - interval '1 day')::int
              as "deadWithinADay"
          from devicebatch.notifications n where n.webhook_id = w.id and n.state in ('pending', 'dead')) of_webhook
        order by name) one) as webhooks,
      exists (select from devicebatch.pauses where scope = 'everything') as everything,
      (select count(*)::int from devicebatch.pauses where scope <> 'everything') as customers
    from
      (select count(*)::int as count, min(created_at) as oldest from devicebatch.submissions
        where state = 'queued' and not ${isAnyPaused('customer_id')}) waiting,
      (select count(*)::int as count, min(due_at) as oldest from devicebatch.uploads
        where state = 'tracking' and not is_parked and due_at <= now() and not ${isAnyPaused('customer_id')}) due,
      (select max(devicebatch.requests_in_minute(s)) as used, max(s.requests)::double precision as total
        from devicebatch.request_slots s where s.key = ${partnerKey}) partner`
}
