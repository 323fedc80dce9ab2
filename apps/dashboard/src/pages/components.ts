/** Components that several pages share. */
import type { DeviceCounts, DeviceOutcome } from '@devicebatch/client'
import type { RecordedError, TrackedSubmission, TrackedUpload } from '@devicebatch/tracker'
import type { Context } from 'hono'
import { html } from 'hono/html'

import type { Names } from '../customer-names.ts'
import type { Messages } from '../language/translate.ts'
import { describePerson, tokenHolder } from '../sign-in/person.ts'
import type { Site } from '../site.ts'
import type { Html } from './layout.ts'
import { mayChange } from './layout.ts'

/** The outcomes of a device, in display order. */
export const deviceOutcomes = [
  'failed',
  'unresolved',
  'pending',
  'already-registered',
  'succeeded',
] as const satisfies readonly DeviceOutcome[]

/** How many devices have this outcome. */
export function countOf(counts: DeviceCounts, outcome: DeviceOutcome): number {
  return counts[outcome === 'already-registered' ? 'alreadyRegistered' : outcome]
}

/** The first items of a list of any length, and whether there are more. */
export async function take<T>(
  items: AsyncIterable<T>,
  count: number,
): Promise<{ items: T[]; hasMore: boolean }> {
  const taken: T[] = []
  for await (const item of items) {
    if (taken.length === count) return { items: taken, hasMore: true }
    taken.push(item)
  }
  return { items: taken, hasMore: false }
}

export function uploadPath({
  customerId,
  batchTrackingId,
}: Pick<TrackedUpload, 'customerId' | 'batchTrackingId'>): string {
  return `/customers/${customerId}/uploads/${batchTrackingId}`
}

/** A customer: its name, if known, and its ID. */
export function customerText(names: Names, customerId: string): Html {
  const name = names.get(customerId.toLowerCase())
  return name === undefined
    ? html`<small><code>${customerId}</code></small>`
    : html`${name} <small><code>${customerId}</code></small>`
}

/** The suggestions of a customer ID field. */
export function customerOptions(names: Names, customerIds: readonly string[]): Html {
  return html`${customerIds.map(
    (id) => html`<option value="${id}">${names.get(id.toLowerCase()) ?? ''}</option>`,
  )}`
}

/** Names and values; one without a value is left out. */
export function facts(rows: readonly (readonly [name: string, value: Html | string | undefined])[]): Html {
  return html`<dl class="facts">
    ${rows.map(([name, value]) =>
      value
        ? html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`
        : '',
    )}
  </dl>`
}

/** A time, which the page's script converts to the visitor's time zone. */
export function time(messages: Messages, iso: string | undefined): Html | '' {
  return iso === undefined ? '' : html`<time datetime="${iso}">${messages.time(iso)}</time>`
}

/** The outcome of an upload, as text with an icon. */
export function uploadBadge({ t }: Messages, { state, outcome }: TrackedUpload): Html {
  const kind = state === 'stopped' ? 'stopped' : outcome
  return badge(kind, t(`upload.${kind}`))
}

/** The progress of a submission, as text with an icon. */
export function submissionBadge({ t }: Messages, { state }: TrackedSubmission): Html {
  const kinds = {
    queued: 'pending',
    uploading: 'pending',
    accepted: 'succeeded',
    failed: 'failed',
    cancelled: 'stopped',
  }
  return badge(kinds[state], t(`submission.${state}`))
}

/** `kind` determines color and icon: it is one of the outcomes of batches and devices, or `stopped`. */
export function badge(kind: string, text: string): Html {
  return html`<span class="badge ${kind}">${text}</span>`
}

/** The outcomes of the devices as a colored bar, and the most important ones as text. */
export function progress(
  messages: Messages,
  { counts, state }: Pick<TrackedUpload, 'counts' | 'state'>,
): Html {
  const { t } = messages
  if (counts.total === 0) return html`<span class="faint">${t('upload.noResponseYet')}</span>`
  const done = counts.total - counts.pending
  const text =
    state === 'tracking'
      ? t('upload.progress', { done, total: counts.total })
      : counts.failed > 0
        ? t('upload.failedOf', { failed: counts.failed, total: counts.total })
        : t('upload.devices', { count: counts.total })
  return html`${outcomeBar(messages, counts)} <span class="count">${text}</span>`
}

/** In percent; a part that is not zero is always wide enough to be visible. */
const [barWidth, thinnest] = [100, 4]

/** What is done comes first, as in any progress bar. */
const barOutcomes = [
  'succeeded',
  'already-registered',
  'failed',
  'unresolved',
  'pending',
] as const satisfies readonly DeviceOutcome[]

function outcomeBar({ t, number }: Messages, counts: DeviceCounts): Html {
  const present = barOutcomes.filter((outcome) => countOf(counts, outcome) > 0)
  const label = present.map((outcome) => `${t(`device.${outcome}`)}: ${number(countOf(counts, outcome))}`)
  const shares = present.map((outcome) =>
    Math.max(thinnest, (countOf(counts, outcome) / counts.total) * barWidth),
  )
  const scale = barWidth / shares.reduce((sum, share) => sum + share, 0)
  let x = 0
  return html`<svg
    class="bar"
    viewBox="0 0 ${barWidth} 1"
    preserveAspectRatio="none"
    role="img"
    aria-label="${label.join(', ')}"
  >
    ${present.map((outcome, index) => {
      const width = shares[index]! * scale
      x += width
      return html`<rect
        class="${outcome}"
        x="${(x - width).toFixed(2)}"
        width="${width.toFixed(2)}"
        height="1"
      />`
    })}
  </svg>`
}

/** The upload that a retry repeats. */
export function retryNote({ t }: Messages, retryOf: string | undefined): Html | '' {
  return retryOf === undefined
    ? ''
    : html`<p>${t('retry.of')} <a href="/submissions/${retryOf}">${t('retry.first')}</a></p>`
}

/** Distinguishes the upload of a retry from the earlier one, whose batch has the same name. */
export function retryMark({ t }: Messages, retryOf: string | undefined): Html | '' {
  return retryOf === undefined ? '' : html`<span class="mark">${t('retry.mark')}</span>`
}

/** What went wrong and what to do, in the visitor's language, followed by the technical details. */
export function errorText({ t }: Messages, error: RecordedError | undefined): Html | '' {
  if (!error) return ''
  const reason = error.reason ?? 'unknown'
  return html`
    <p>${t(`reason.${reason}.cause`)} ${t(`reason.${reason}.nextStep`)}</p>
    <details>
      <summary>${t('error.details')}</summary>
      <p lang="en">${error.message}</p>
      ${error.requestId ? html`<p>${t('error.requestId')} <code>${error.requestId}</code></p>` : ''}
    </details>
  `
}

/** A button with an action, which also works without JavaScript. */
export function postButton(path: string, id: string, text: string, style: 'main' | '' = 'main'): Html {
  return html`<form method="post" action="${path}">
    <button id="${id}" class="${style}">${text}</button>
  </form>`
}

/** Who did something, as the tracker keeps it. */
export function actorText<By extends string | undefined>({ t }: Messages, by: By): By | string {
  return by === describePerson(tokenHolder) ? t('signIn.sharedToken') : by
}

/** Resubmits the retryable devices of a submission, or links to the submission that already did. */
export function anotherTry(c: Context<Site>, submission: TrackedSubmission | undefined): Html | '' {
  if (!submission) return ''
  const { t } = c.var.messages
  const { submissionId, devicesToRetry: count, retriedAs } = submission
  if (retriedAs) return html`<a href="/submissions/${retriedAs}">${t('submission.retried')}</a>`
  return count > 0 && mayChange(c)
    ? postButton(`/submissions/${submissionId}/retry`, 'retry', t('upload.retry', { count }))
    : ''
}

/**
 * A button that asks the browser for a notification when what the page shows has ended: when its part with `data-ended` arrives. The
 * script shows it where the browser has notifications.
 */
export function notifyButton({ t }: Messages, hasEnded: boolean): Html | '' {
  return hasEnded
    ? ''
    : html`<div
        id="notify"
        class="actions"
        hidden
        data-on="${t('notify.on')}"
        data-blocked="${t('notify.blocked')}"
      >
        <button>${t('notify.button')}</button>
        <span role="status"></span>
      </div>`
}

/** What a page is asked for; empty values do not count. */
type Query = Readonly<Record<string, string | undefined>>

/** The address with the query, if there is any. */
export function withQuery(path: string, query: Query): string {
  const entries = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]))
  const search = new URLSearchParams(entries).toString()
  return search ? `${path}?${search}` : path
}

/** A link to the next page of a list. */
export function link(path: string, query: Query, text: string): Html {
  return html`<a href="${withQuery(path, query)}">${text}</a>`
}
