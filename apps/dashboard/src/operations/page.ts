/** How the tracker is: its health, workers, limits, retention, notifications, and what is stuck. A page to read, not to change. */
import type { StoredRetention, TrackerFigures, TrackerHealth } from '@devicebatch/tracker'
import type { Context } from 'hono'
import { html } from 'hono/html'

import type { Messages } from '../language/translate.ts'
import { badge, facts, take, time } from '../pages/components.ts'
import { errorPage, logFailure } from '../pages/errors.ts'
import type { Html } from '../pages/layout.ts'
import { answer } from '../pages/layout.ts'
import { table } from '../pages/table.ts'
import type { Site } from '../site.ts'
import { deliveryTable, webhookTable } from './notifications.ts'
import { mostStuck, stuckTable } from './stuck.ts'

const mostDeliveries = 10

/** `GET /operations` */
export async function operationsPage(c: Context<Site>): Promise<Response> {
  const { messages, services } = c.var
  const { tracker } = services
  const { t } = messages
  const [health, retention, webhooks, deliveries, stuck] = await Promise.all([
    tracker.health(),
    tracker.getRetention(),
    tracker.listWebhooks(),
    take(tracker.listNotifications({ newestFirst: true }), mostDeliveries),
    take(tracker.listStuck(), mostStuck),
  ])
  const { figures, problems } = health
  if (!figures) return await errorPage(c, 'database', logFailure(c, new Error(problems[0]?.message)))
  const names = await services.names.of(stuck.items.map(({ customerId }) => customerId))
  return await answer(c, {
    title: t('nav.operations'),
    section: '/operations',
    shows: 'all',
    body: html`
      <h1>${t('nav.operations')}</h1>
      <p class="hint">${t('operations.hint')}</p>
      <div id="operations" data-live>
        ${section('health', t('health.title'), healthFacts(messages, problems, figures))}
        ${section('stuck', t('stuck.title'), stuckTable(messages, stuck, names))}
        ${section('workers', t('workers.title'), workerTable(messages, figures))}
        ${section('limits', t('limits.title'), limitFacts(messages, figures))}
        ${section('webhooks', t('webhooks.title'), webhookTable(messages, webhooks))}
        ${section('deliveries', t('deliveries.title'), deliveryTable(messages, deliveries.items))}
        ${section('retention', t('retention.title'), retentionFacts(messages, retention))}
      </div>
    `,
  })
}

function section(id: string, title: string, body: Html): Html {
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${body}
  </section>`
}

function healthFacts(
  messages: Messages,
  problems: TrackerHealth['problems'],
  { queues, paused, measuredAt }: TrackerFigures,
): Html {
  const { t, number } = messages
  const pauses = [
    paused.everything ? t('health.pausedAll') : '',
    paused.customers > 0 ? t('health.pausedCustomers', { count: paused.customers }) : '',
  ].filter(Boolean)
  return html`
    ${
      problems.length === 0
        ? html`<p class="state">${badge('succeeded', t('health.good'))}</p>`
        : html`<ul class="cards">
            ${problems.map(
              ({ code }) =>
                code !== 'database-unreachable' && html`<li class="cause"><p>${t(`health.${code}`)}</p></li>`,
            )}
          </ul>`
    }
    ${facts([
      [t('health.dueSubmissions'), number(queues.submissions.due)],
      [t('health.duePolls'), number(queues.polls.due)],
      [t('health.paused'), pauses.join(', ') || t('health.notPaused')],
      [t('operations.measured'), time(messages, measuredAt)],
    ])}
  `
}

function workerTable(messages: Messages, { workers }: TrackerFigures): Html {
  const { t } = messages
  if (workers.length === 0) return html`<p class="note">${t('workers.none')}</p>`
  return table(
    'workers',
    [
      {
        title: t('workers.state'),
        kind: 'result',
        cell: ({ isAlive }) =>
          isAlive ? badge('succeeded', t('workers.alive')) : badge('stopped', t('workers.gone')),
      },
      { title: t('workers.name'), kind: 'name', cell: ({ name }) => name },
      { title: t('workers.seen'), cell: ({ seenAt }) => time(messages, seenAt) },
      { title: t('field.started'), cell: ({ startedAt }) => time(messages, startedAt) },
    ],
    workers,
  )
}

function limitFacts({ t }: Messages, { requests: { partner, busiestCustomer } }: TrackerFigures): Html {
  const used = ({ used, perMinute }: typeof partner): string => t('limits.used', { used, limit: perMinute })
  return facts([
    [t('limits.partner'), used(partner)],
    [t('limits.customer'), used(busiestCustomer)],
  ])
}

function retentionFacts({ t, number }: Messages, { endedAfterDays, eventsAfterDays }: StoredRetention): Html {
  const days = (value: number | null): string => (value === null ? t('retention.never') : number(value))
  return facts([
    [t('retention.uploads'), days(endedAfterDays)],
    [t('retention.events'), days(eventsAfterDays)],
  ])
}
