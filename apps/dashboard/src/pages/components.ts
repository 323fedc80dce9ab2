/** What several pages show in the same way. */
import type { DeviceCounts, DeviceOutcome } from '@devicebatch/client'
import type { RecordedError, TrackedSubmission, TrackedUpload } from '@devicebatch/tracker'
import { html } from 'hono/html'

import type { Names } from '../customer-names.ts'
import type { Messages } from '../language/translate.ts'
import type { Html } from './layout.ts'

/** What can become of a device, in the order in which it is shown. */
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

/** The first of these and whether there are more, of a list that may have any length. */
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

/** A customer: its name where it is known, and its id. */
export function customerText(names: Names, customerId: string): Html {
  const name = names.get(customerId.toLowerCase())
  return name === undefined
    ? html`<code>${customerId}</code>`
    : html`${name} <small><code>${customerId}</code></small>`
}

/** What a field for a customer's id suggests. */
export function customerOptions(names: Names, customerIds: readonly string[]): Html {
  return html`${customerIds.map(
    (id) => html`<option value="${id}">${names.get(id.toLowerCase()) ?? ''}</option>`,
  )}`
}

/** A time, which the script of the page turns into the visitor's own. */
export function time(messages: Messages, iso: string | undefined): Html | '' {
  return iso === undefined ? '' : html`<time datetime="${iso}">${messages.time(iso)}</time>`
}

/** What became of an upload, as a word with a sign. */
export function uploadBadge({ t }: Messages, { state, outcome }: TrackedUpload): Html {
  const kind = state === 'stopped' ? 'stopped' : outcome
  return badge(kind, t(`upload.${kind}`))
}

/** How far a submission is, as a word with a sign. */
export function submissionBadge({ t }: Messages, { state }: TrackedSubmission): Html {
  const kinds = { queued: 'pending', uploading: 'pending', accepted: 'succeeded', failed: 'failed' }
  return badge(kinds[state], t(`submission.${state}`))
}

/** `kind` decides on colour and sign: it is one of the outcomes of batches and devices, or `stopped`. */
export function badge(kind: string, text: string): Html {
  return html`<span class="badge ${kind}">${text}</span>`
}

/** How many devices came to what, as a bar with its numbers. */
export function progress(
  messages: Messages,
  { counts, state }: Pick<TrackedUpload, 'counts' | 'state'>,
): Html {
  const { t, number } = messages
  const done = counts.total - counts.pending
  if (counts.total === 0) return html`<span class="faint">${t('upload.noAnswerYet')}</span>`
  return html`
    <progress
      max="${counts.total}"
      value="${done}"
      aria-label="${t('upload.progress', { done, total: counts.total })}"
    ></progress>
    <span class="number"
      >${state === 'tracking' ? `${number(done)} / ${number(counts.total)}` : number(counts.total)}</span
    >
  `
}

/** What went wrong and what to do, in the language of the visitor; then the error's own words. */
export function errorText({ t }: Messages, error: RecordedError | undefined): Html | '' {
  if (!error) return ''
  const reason = error.reason ?? 'unknown'
  return html`
    <p>${t(`reason.${reason}.cause`)} ${t(`reason.${reason}.nextStep`)}</p>
    <details>
      <summary>${t('error.own')}</summary>
      <p lang="en">${error.message}</p>
      ${error.requestId ? html`<p>${t('error.requestId')} <code>${error.requestId}</code></p>` : ''}
    </details>
  `
}

/** A button that does something, without JavaScript too. */
export function postButton(path: string, id: string, text: string): Html {
  return html`<form method="post" action="${path}"><button id="${id}" class="main">${text}</button></form>`
}

/** Sends the devices of a submission again that are worth it; or leads to where that was done. */
export function anotherTry({ t }: Messages, submission: TrackedSubmission | undefined): Html | '' {
  if (!submission) return ''
  const { submissionId, devicesToRetry: count, retriedAs } = submission
  if (retriedAs) return html`<a href="/submissions/${retriedAs}">${t('submission.retried')}</a>`
  return count > 0
    ? postButton(`/submissions/${submissionId}/retry`, 'retry', t('upload.retry', { count }))
    : ''
}

/** A link to more of a list. */
export function link(path: string, query: Readonly<Record<string, string | undefined>>, text: string): Html {
  const entries = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]))
  const search = new URLSearchParams(entries).toString()
  return html`<a href="${search ? `${path}?${search}` : path}">${text}</a>`
}
