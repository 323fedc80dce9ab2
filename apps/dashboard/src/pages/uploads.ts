/** The first page: what runs, what needs somebody, and every upload, newest first. */
import type { BatchOutcome } from '@devicebatch/client'
import type { TrackedSubmission, TrackedUpload, UploadState } from '@devicebatch/tracker'
import type { Context } from 'hono'
import { html, raw } from 'hono/html'

import type { Words } from '../language/words.ts'
import type { Site } from '../site.ts'
import type { Html } from './layout.ts'
import { answer } from './layout.ts'
import { errorText, link, progress, submissionBadge, take, time, uploadBadge, uploadPath } from './pieces.ts'

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
  const { words, parts } = c.var
  const { say } = words
  const { tracker } = parts
  const filter = filterOf(c)
  const after = c.req.query('after') || undefined
  const newestFirst = true
  const [totals, uploads, waiting, customers] = await Promise.all([
    tracker.getTotals(),
    take(tracker.listUploads({ ...filter, after, newestFirst }), pageSize),
    take(tracker.listSubmissions({ state: ['failed', 'uploading', 'queued'], newestFirst }), mostWaiting),
    tracker.listCustomers(),
  ])
  const { devices } = totals
  const running = totals.uploads.tracking + totals.submissions.queued + totals.submissions.uploading
  const summary = say('uploads.summary', { running, failed: devices.failed, succeeded: devices.succeeded })
  return await answer(c, {
    title: say('uploads.title'),
    part: '/',
    shows: 'all',
    body: html`
      <div class="title">
        <h1>${say('uploads.title')}</h1>
        <a class="button main" href="/uploads/new">${say('nav.newUpload')}</a>
      </div>
      <section id="totals" data-live data-say="${summary}" aria-label="${say('totals.label')}">
        <dl class="totals">
          ${total(words, 'totals.running', running)} ${total(words, 'totals.registered', devices.succeeded)}
          ${total(words, 'totals.alreadyRegistered', devices.alreadyRegistered)}
          ${total(words, 'totals.failed', devices.failed)}
          ${total(words, 'totals.unresolved', devices.unresolved)}
        </dl>
      </section>
      <div id="waiting" data-live>${waitingList(words, waiting.items)}</div>
      <section>
        <h2 id="list">${say('uploads.list')}</h2>
        ${filterForm(
          words,
          filter,
          customers.map(({ customerId }) => customerId),
        )}
        <div id="uploads" data-live>
          ${
            uploads.items.length === 0
              ? html`<p class="empty">${say('uploads.none')}</p>`
              : html`<div class="scroll" tabindex="0" role="region" aria-labelledby="list">
                  ${table(words, uploads.items)}
                </div>`
          }
        </div>
        <nav class="pages" aria-label="${say('pages.label')}">
          ${after === undefined ? '' : link('/', { ...filter }, say('pages.newest'))}
          ${
            uploads.hasMore
              ? link('/', { ...filter, after: uploads.items.at(-1)!.batchTrackingId }, say('pages.older'))
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

function total({ say, number }: Words, name: Parameters<Words['say']>[0], value: number): Html {
  return html`<div>
    <dt>${say(name)}</dt>
    <dd>${number(value)}</dd>
  </div>`
}

function waitingList(words: Words, submissions: readonly TrackedSubmission[]): Html | '' {
  if (submissions.length === 0) return ''
  const { say, number } = words
  return html`
    <section class="waiting" aria-labelledby="waiting-title">
      <h2 id="waiting-title">${say('waiting.title')}</h2>
      <ul class="cards">
        ${submissions.map(
          (submission) => html`
            <li>
              <p>
                ${submissionBadge(words, submission)}
                <a id="submission-${submission.submissionId}" href="/submissions/${submission.submissionId}"
                  >${submission.batchId}</a
                >
                ${say('waiting.devices', { count: submission.deviceCount, text: number(submission.deviceCount) })},
                ${time(words, submission.createdAt)}
              </p>
              ${errorText(words, submission.error)}
            </li>
          `,
        )}
      </ul>
    </section>
  `
}

function filterForm({ say }: Words, filter: Filter, customers: readonly string[]): Html {
  const option = (value: string, text: string, chosen: string | undefined): Html =>
    html`<option value="${value}" ${value === (chosen ?? '') ? raw('selected') : ''}>${text}</option>`
  return html`
    <form class="filter" action="/">
      <label for="filter-customer">${say('field.customer')}</label>
      <input
        id="filter-customer"
        name="customerId"
        list="customers"
        value="${filter.customerId ?? ''}"
        autocomplete="off"
      />
      <datalist id="customers">${customers.map((id) => html`<option value="${id}"></option>`)}</datalist>
      <label for="filter-state">${say('filter.state')}</label>
      <select id="filter-state" name="state">
        ${option('', say('filter.any'), filter.state)}
        ${states.map((state) => option(state, say(`state.${state}`), filter.state))}
      </select>
      <label for="filter-outcome">${say('filter.outcome')}</label>
      <select id="filter-outcome" name="outcome">
        ${option('', say('filter.any'), filter.outcome)}
        ${outcomes.map((outcome) => option(outcome, say(`upload.${outcome}`), filter.outcome))}
      </select>
      <button>${say('filter.button')}</button>
    </form>
  `
}

function table(words: Words, uploads: readonly TrackedUpload[]): Html {
  const { say, number } = words
  return html`
    <table>
      <thead>
        <tr>
          <th scope="col">${say('field.batch')}</th>
          <th scope="col">${say('filter.outcome')}</th>
          <th scope="col">${say('field.devices')}</th>
          <th scope="col" class="number">${say('device.succeeded')}</th>
          <th scope="col" class="number">${say('device.failed')}</th>
          <th scope="col">${say('field.since')}</th>
          <th scope="col">${say('field.customer')}</th>
        </tr>
      </thead>
      <tbody>
        ${uploads.map(
          (upload) => html`
            <tr>
              <th scope="row">
                <a id="upload-${upload.batchTrackingId}" href="${uploadPath(upload)}"
                  >${upload.batchId ?? say('upload.unnamed')}</a
                >
                ${upload.emulated ? html`<small>${say('upload.emulated')}</small>` : ''}
              </th>
              <td>${uploadBadge(words, upload)}</td>
              <td class="done">${progress(words, upload)}</td>
              <td class="number">${number(upload.counts.succeeded + upload.counts.alreadyRegistered)}</td>
              <td class="number">${number(upload.counts.failed)}</td>
              <td>${time(words, upload.trackedAt)}</td>
              <td class="id">${upload.customerId}</td>
            </tr>
          `,
        )}
      </tbody>
    </table>
  `
}
