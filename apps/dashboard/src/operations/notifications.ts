/** Who is notified, and what was delivered. The tracker masks what is secret in an address. */
import type { StoredWebhook, TrackedNotification } from '@devicebatch/tracker'
import { html } from 'hono/html'

import type { Messages } from '../language/translate.ts'
import { badge, time } from '../pages/components.ts'
import type { Html } from '../pages/layout.ts'
import { table } from '../pages/table.ts'

/** Every webhook. */
export function webhookTable(messages: Messages, webhooks: readonly StoredWebhook[]): Html {
  const { t, number } = messages
  if (webhooks.length === 0) return html`<p class="empty">${t('webhooks.none')}</p>`
  return table(
    'webhooks',
    [
      {
        title: t('workers.state'),
        kind: 'result',
        cell: ({ disabledAt }) =>
          disabledAt === undefined
            ? badge('succeeded', t('webhooks.active'))
            : badge('stopped', t('webhooks.disabled')),
      },
      {
        title: t('webhooks.name'),
        kind: 'name',
        cell: ({ name, format }) =>
          format === 'teams' ? html`${name} <span class="mark">Teams</span>` : name,
      },
      { title: t('webhooks.address'), cell: ({ url }) => html`<code>${url}</code>` },
      {
        title: t('webhooks.types'),
        cell: ({ types }) =>
          types === undefined ? t('webhooks.all') : types.map((type) => t(`notification.${type}`)).join(', '),
      },
      { title: t('webhooks.pending'), cell: ({ pending }) => number(pending) },
      { title: t('webhooks.dead'), cell: ({ dead }) => number(dead) },
    ],
    webhooks,
  )
}

const kinds = { pending: 'pending', delivered: 'succeeded', dead: 'failed' } as const

/** The given deliveries. */
export function deliveryTable(messages: Messages, deliveries: readonly TrackedNotification[]): Html {
  const { t, number } = messages
  if (deliveries.length === 0) return html`<p class="empty">${t('deliveries.none')}</p>`
  return table(
    'deliveries',
    [
      {
        title: t('deliveries.result'),
        kind: 'result',
        cell: ({ state, error }) =>
          html`${badge(kinds[state], t(`delivery.${state}`))}
          ${error === undefined ? '' : html`<small lang="en">${error}</small>`}`,
      },
      { title: t('deliveries.what'), kind: 'name', cell: ({ type }) => t(`notification.${type}`) },
      { title: t('deliveries.webhook'), cell: ({ webhook }) => webhook },
      { title: t('deliveries.at'), cell: ({ at }) => time(messages, at) },
      { title: t('deliveries.attempts'), cell: ({ attempts }) => number(attempts) },
      { title: t('deliveries.next'), cell: ({ nextAttemptAt }) => time(messages, nextAttemptAt) },
    ],
    deliveries,
  )
}
