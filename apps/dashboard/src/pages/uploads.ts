/** The first page: what runs, what needs somebody, and every upload, newest first. */
import type { BatchOutcome } from '@devicebatch/client'
import type { TrackedSubmission, TrackedUpload, UploadState } from '@devicebatch/tracker'
import type { Context } from 'hono'
import { html, raw } from 'hono/html'

import type { Names } from '../customer-names.ts'
import type { Messages } from '../language/translate.ts'
import type { Site } from '../site.ts'
import {
  errorText,
  link,
  progress,
  submissionBadge,
  take,
  time,
  uploadBadge,
  uploadPath,
  customerOptions,
  customerText,
} from './components.ts'
import type { Html } from './layout.ts'
import { answer } from './layout.ts'

const pageSize = 50
const mostWaiting = 20
const states = ['tracking', 'ended', 'stopped'] as const satisfies readonly UploadState[]
const outcomes = [
  'pending',
  'succeeded',
  'partially-failed',
  'failed',
  'unknown',
] as const satisfies readonly BatchOutcome[]

/** What was chosen above the list. */
interface Filter {
  customerId?: string | undefined
  state?: UploadState | undefined
  outcome?: BatchOutcome | undefined
}

/** `GET /?customerId=&state=&outcome=&after=` */
export async function uploadsPage(c: Context<Site>): Promise<Response> {
  const { messages, services } = c.var
  const { t } = messages
  const { tracker } = services
  const filter = filterOf(c)
  const after = c.req.query('after') || undefined
  const newestFirst = true
  const [totals, uploads, waiting, customers] = await Promise.all([
    tracker.getTotals(),
    take(tracker.listUploads({ ...filter, after, newestFirst }), pageSize),
    take(tracker.listSubmissions({ state: ['failed', 'uploading', 'queued'], newestFirst }), mostWaiting),
    tracker.listCustomers(),
  ])
  const ids = customers.map(({ customerId }) => customerId)
  const names = await services.names.of([...ids, ...uploads.items.map(({ customerId }) => customerId)])
  const { devices } = totals
  const running = totals.uploads.tracking + totals.submissions.queued + totals.submissions.uploading
  const summary = t('uploads.summary', { running, failed: devices.failed, succeeded: devices.succeeded })
  return await answer(c, {
    title: t('uploads.title'),
    part: '/',
    shows: 'all',
    body: html`
      <div class="title">
        <h1>${t('uploads.title')}</h1>
        <a class="button main" href="/uploads/new">${t('nav.newUpload')}</a>
      </div>
      <section id="totals" data-live data-announce="${summary}" aria-label="${t('totals.label')}">
        <dl class="totals">
          ${total(messages, 'totals.running', running)}
          ${total(messages, 'totals.registered', devices.succeeded)}
          ${total(messages, 'totals.alreadyRegistered', devices.alreadyRegistered)}
          ${total(messages, 'totals.failed', devices.failed)}
          ${total(messages, 'totals.unresolved', devices.unresolved)}
        </dl>
      </section>
      <div id="waiting" data-live>${waitingList(messages, waiting.items)}</div>
      <section>
        <h2 id="list">${t('uploads.list')}</h2>
        ${filterForm(messages, filter, customerOptions(names, ids))}
        <div id="uploads" data-live>
          ${
            uploads.items.length === 0
              ? html`<p class="empty">${t('uploads.none')}</p>`
              : html`<div class="scroll" tabindex="0" role="region" aria-labelledby="list">
                  ${table(messages, uploads.items, names)}
                </div>`
          }
        </div>
        <nav class="pages" aria-label="${t('pages.label')}">
          ${after === undefined ? '' : link('/', { ...filter }, t('pages.newest'))}
          ${
            uploads.hasMore
              ? link('/', { ...filter, after: uploads.items.at(-1)!.batchTrackingId }, t('pages.older'))
              : ''
          }
        </nav>
      </section>
    `,
  })
}

function filterOf(c: Context<Site>): Filter {
  const { state, outcome, customerId } = c.req.query()
  return {
    customerId: customerId?.trim() || undefined,
    state: states.find((one) => one === state),
    outcome: outcomes.find((one) => one === outcome),
  }
}

function total({ t, number }: Messages, name: Parameters<Messages['t']>[0], value: number): Html {
  return html`<div>
    <dt>${t(name)}</dt>
    <dd>${number(value)}</dd>
  </div>`
}

function waitingList(messages: Messages, submissions: readonly TrackedSubmission[]): Html | '' {
  if (submissions.length === 0) return ''
  const { t, number } = messages
  return html`
    <section class="waiting" aria-labelledby="waiting-title">
      <h2 id="waiting-title">${t('waiting.title')}</h2>
      <ul class="cards">
        ${submissions.map(
          (submission) => html`
            <li>
              <p>
                ${submissionBadge(messages, submission)}
                <a id="submission-${submission.submissionId}" href="/submissions/${submission.submissionId}"
                  >${submission.batchId}</a
                >
                ${t('waiting.devices', { count: submission.deviceCount, text: number(submission.deviceCount) })},
                ${time(messages, submission.createdAt)}
              </p>
              ${errorText(messages, submission.error)}
            </li>
          `,
        )}
      </ul>
    </section>
  `
}

function filterForm({ t }: Messages, filter: Filter, customers: Html): Html {
  const option = (value: string, text: string, chosen: string | undefined): Html =>
    html`<option value="${value}" ${value === (chosen ?? '') ? raw('selected') : ''}>${text}</option>`
  return html`
    <form class="filter" action="/">
      <label for="filter-customer">${t('field.customer')}</label>
      <input
        id="filter-customer"
        name="customerId"
        list="customers"
        value="${filter.customerId ?? ''}"
        autocomplete="off"
      />
      <datalist id="customers">${customers}</datalist>
      <label for="filter-state">${t('filter.state')}</label>
      <select id="filter-state" name="state">
        ${option('', t('filter.any'), filter.state)}
        ${states.map((state) => option(state, t(`state.${state}`), filter.state))}
      </select>
      <label for="filter-outcome">${t('filter.outcome')}</label>
      <select id="filter-outcome" name="outcome">
        ${option('', t('filter.any'), filter.outcome)}
        ${outcomes.map((outcome) => option(outcome, t(`upload.${outcome}`), filter.outcome))}
      </select>
      <button>${t('filter.button')}</button>
    </form>
  `
}

function table(messages: Messages, uploads: readonly TrackedUpload[], names: Names): Html {
  const { t, number } = messages
  return html`
    <table>
      <thead>
        <tr>
          <th scope="col">${t('field.batch')}</th>
          <th scope="col">${t('filter.outcome')}</th>
          <th scope="col">${t('field.devices')}</th>
          <th scope="col" class="number">${t('device.succeeded')}</th>
          <th scope="col" class="number">${t('device.failed')}</th>
          <th scope="col">${t('field.since')}</th>
          <th scope="col">${t('field.customer')}</th>
        </tr>
      </thead>
      <tbody>
        ${uploads.map(
          (upload) => html`
            <tr>
              <th scope="row">
                <a id="upload-${upload.batchTrackingId}" href="${uploadPath(upload)}"
                  >${upload.batchId ?? t('upload.unnamed')}</a
                >
                ${upload.emulated ? html`<small>${t('upload.emulated')}</small>` : ''}
              </th>
              <td>${uploadBadge(messages, upload)}</td>
              <td class="done">${progress(messages, upload)}</td>
              <td class="number">${number(upload.counts.succeeded + upload.counts.alreadyRegistered)}</td>
              <td class="number">${number(upload.counts.failed)}</td>
              <td>${time(messages, upload.trackedAt)}</td>
              <td class="id">${customerText(names, upload.customerId)}</td>
            </tr>
          `,
        )}
      </tbody>
    </table>
  `
}
