/** The metrics of a tracker. No label names a customer, a submission, an upload, a worker or a webhook, so that their number is bounded. */
import type { TrackerHealth } from './health.ts'
import type { MetricFamily, MetricSample } from './open-metrics.ts'

/** One sample per member. */
function samplesOf(label: string, values: Readonly<Record<string, number>>): MetricSample[] {
  return Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** See `Tracker.metrics`. */
export function metricsOf({ isHealthy, database, figures }: TrackerHealth): MetricFamily[] {
  const general: MetricFamily[] = [
    {
      name: 'devicebatch_healthy',
      type: 'gauge',
      help: 'Whether health() finds no problem.',
      samples: [{ value: Number(isHealthy) }],
    },
    {
      name: 'devicebatch_database_reachable',
      type: 'gauge',
      help: 'Whether the database can be used. If it cannot, nothing below is measured.',
      samples: [{ value: Number(database.isReachable) }],
    },
    {
      name: 'devicebatch_schema',
      type: 'info',
      help: 'The version of the tables that this program uses.',
      samples: [{ labels: { version: database.version }, value: 1 }],
    },
  ]
  if (!figures) return general
  const { measuredAt, queues, submissions, uploads, failures, requests, workers, paused, webhooks } = figures
  const ofQueues = (read: (queue: (typeof queues)['polls']) => number): MetricSample[] =>
    samplesOf('queue', { submissions: read(queues.submissions), polls: read(queues.polls) })
  const alive = workers.filter(({ isAlive }) => isAlive).length
  const disabled = webhooks.filter(({ isDisabled }) => isDisabled).length
  const silentMs = Math.max(0, ...workers.map(({ seenAt }) => Date.parse(measuredAt) - Date.parse(seenAt)))
  return [
    ...general,
    {
      name: 'devicebatch_queue_due',
      type: 'gauge',
      help: 'Submissions that wait for their upload, and uploads whose poll is due.',
      samples: ofQueues(({ due }) => due),
    },
    {
      name: 'devicebatch_queue_oldest_due_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'For how long the oldest of them has been due.',
      samples: ofQueues(({ oldestDueMs }) => oldestDueMs / 1_000),
    },
    {
      name: 'devicebatch_queue_paused',
      type: 'gauge',
      help: 'Submissions and uploads that are paused.',
      samples: ofQueues((queue) => queue.paused),
    },
    {
      name: 'devicebatch_submissions',
      type: 'gauge',
      help: 'Submissions by state.',
      samples: samplesOf('state', submissions),
    },
    {
      name: 'devicebatch_uploads',
      type: 'gauge',
      help: 'Uploads by state.',
      samples: samplesOf('state', uploads),
    },
    {
      name: 'devicebatch_failing',
      type: 'gauge',
      help: 'Submissions and uploads that fail, by reason; retried says whether they are retried automatically.',
      samples: failures.map(({ kind, reason, isSignIn, isRetried, count }) => ({
        labels: { kind, reason, sign_in: String(isSignIn), retried: String(isRetried) },
        value: count,
      })),
    },
    {
      name: 'devicebatch_requests',
      type: 'counter',
      help: 'Requests that the rate limits let through.',
      samples: [{ value: requests.total }],
    },
    {
      name: 'devicebatch_requests_used',
      type: 'gauge',
      help: 'Requests of the last 60 seconds: of all customers together, and of the customer with the most.',
      samples: samplesOf('limit', {
        partner: requests.partner.used,
        customer: requests.busiestCustomer.used,
      }),
    },
    {
      name: 'devicebatch_requests_limit',
      type: 'gauge',
      help: 'Requests that are allowed in a minute.',
      samples: samplesOf('limit', {
        partner: requests.partner.perMinute,
        customer: requests.busiestCustomer.perMinute,
      }),
    },
    {
      name: 'devicebatch_workers',
      type: 'gauge',
      help: 'Workers that are alive, and workers that ended without being closed.',
      samples: samplesOf('state', { alive, gone: workers.length - alive }),
    },
    {
      name: 'devicebatch_workers_oldest_heartbeat_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'The time since the last heartbeat of the worker that has been silent the longest.',
      samples: [{ value: silentMs / 1_000 }],
    },
    {
      name: 'devicebatch_webhooks',
      type: 'gauge',
      help: 'Webhooks that are enabled, and webhooks that are disabled because their receiver responded with 410.',
      samples: samplesOf('state', { enabled: webhooks.length - disabled, disabled }),
    },
    {
      name: 'devicebatch_notifications',
      type: 'gauge',
      help: 'Notifications that are still to be delivered, and notifications that workers have given up.',
      samples: samplesOf('state', {
        pending: sum(webhooks.map(({ pending }) => pending)),
        dead: sum(webhooks.map(({ dead }) => dead)),
      }),
    },
    {
      name: 'devicebatch_notifications_oldest_pending_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'The age of the oldest notification that is still to be delivered.',
      samples: [{ value: Math.max(0, ...webhooks.map(({ oldestPendingMs }) => oldestPendingMs)) / 1_000 }],
    },
    {
      name: 'devicebatch_pauses',
      type: 'gauge',
      help: 'Whether everything is paused, and how many customers are paused individually.',
      samples: samplesOf('scope', { everything: Number(paused.everything), customer: paused.customers }),
    },
  ]
}
