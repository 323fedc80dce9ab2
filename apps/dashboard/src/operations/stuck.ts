/** What fails, since when, why and what to do, and what is tried next. */
import type { StuckWork } from '@devicebatch/tracker'
import { html } from 'hono/html'

import type { Names } from '../customer-names.ts'
import type { Messages } from '../language/translate.ts'
import { customerText, errorText, time, uploadPath } from '../pages/components.ts'
import type { Html } from '../pages/layout.ts'
import { table } from '../pages/table.ts'

export const mostStuck = 50

/** Those that have been stuck the longest. */
export function stuckTable(
  messages: Messages,
  { items, hasMore }: { items: readonly StuckWork[]; hasMore: boolean },
  names: Names,
): Html {
  const { t } = messages
  if (items.length === 0) return html`<p class="empty">${t('stuck.none')}</p>`
  return html`${table(
    'stuck',
    [
      {
        title: t('field.batch'),
        kind: 'name',
        cell: (work) => html`<a href="${pathOf(work)}">${work.batchId ?? t('upload.unnamed')}</a>`,
      },
      { title: t('field.remedy'), kind: 'text', cell: ({ error }) => errorText(messages, error) },
      { title: t('field.customerName'), cell: ({ customerId }) => customerText(names, customerId) },
      { title: t('stuck.since'), cell: ({ since }) => time(messages, since) },
      { title: t('stuck.next'), cell: (work) => nextText(messages, work) },
    ],
    items,
  )}
  ${hasMore ? html`<p class="hint">${t('stuck.more', { count: items.length })}</p>` : ''}`
}

function pathOf({ customerId, batchTrackingId, submissionId }: StuckWork): string {
  return batchTrackingId === undefined
    ? `/submissions/${submissionId}`
    : uploadPath({ customerId, batchTrackingId })
}

function nextText(messages: Messages, { next, nextAt }: StuckWork): Html | string {
  if (next === 'resume' || next === 'track') return messages.t('stuck.byHand')
  return next === 'unpause' ? messages.t('stuck.unpause') : time(messages, nextAt)
}
