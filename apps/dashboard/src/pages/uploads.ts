/** The first page: what needs attention, what is in progress, and every upload, newest first. */
import type {
  SubmissionState,
  TrackedSubmission,
  TrackedUpload,
  TrackerTotals,
  UploadFilter,
} from '@devicebatch/tracker'
import type { Context } from 'hono'
import { html, raw } from 'hono/html'

import type { Names } from '../customer-names.ts'
import type { Messages } from '../language/translate.ts'
import type { Site } from '../site.ts'
import {
  countOf,
  errorText,
  link,
  progress,
  retryMark,
  submissionBadge,
  take,
  time,
  uploadBadge,
  uploadPath,
  customerOptions,
  customerText,
} from './components.ts'
import type { Html } from './layout.ts'
import { answer, mayChange } from './layout.ts'
import { pauseButton, pauseNotes } from './pause.ts'
import { table } from './table.ts'

const pageSize = 50
const mostWaiting = 20

/** What the tiles count, the most urgent first; each links to the uploads that it counts. */
const shows = ['failed', 'unresolved', 'running', 'already-registered', 'succeeded', 'stopped'] as const
type Show = (typeof shows)[number]

/** The filters chosen above the list. */
interface Filter {
  customerId?: string | undefined
  show?: Show | undefined
}

/** `GET /?customerId=&show=&after=` */
export async function uploadsPage(c: Context<Site>): Promise<Response> {
  const { messages, services } = c.var
  const { t } = messages
  const { tracker } = services
  const filter = filterOf(c)
  const { customerId } = filter
  const after = c.req.query('after') || undefined
  const newestFirst = true
  const submissions = (state: SubmissionState[]) =>
    take(tracker.listSubmissions({ customerId, state, newestFirst }), mostWaiting)
  const [totals, uploads, refused, queued, customers, pauses] = await Promise.all([
    tracker.getTotals({ customerId }),
    take(tracker.listUploads({ ...uploadFilter(filter), after, newestFirst }), pageSize),
    submissions(['failed']),
    submissions(['uploading', 'queued']),
    tracker.listCustomers(),
    tracker.getPauses(),
  ])
  // Refused ones need attention and come first.
  const waiting = [...refused.items, ...queued.items].slice(0, mostWaiting)
  const ids = customers.map(({ customerId }) => customerId)
  const listed = [...uploads.items, ...waiting].map(({ customerId }) => customerId)
  const paused = pauses.customers.map(({ customerId }) => customerId)
  const names = await services.names.of([...ids, ...listed, ...paused])
  const { devices } = totals
  const waitingCount = totals.submissions.queued + totals.submissions.uploading
  const running = totals.uploads.tracking + waitingCount
  const notShown = totals.submissions.failed + waitingCount - waiting.length
  const summary = t('uploads.summary', { running, failed: devices.failed, succeeded: devices.succeeded })
  return await answer(c, {
    title: t('uploads.title'),
    section: '/',
    shows: 'all',
    body: html`
      <div class="title">
        <h1>${t('uploads.title')}</h1>
        ${mayChange(c) ? html`<a class="button main" href="/uploads/new">${t('nav.newUpload')}</a>` : ''}
      </div>
      ${pauseNotes(c, pauses, names)}
      <div id="waiting" data-live>${waitingList(messages, waiting, notShown, names)}</div>
      <section id="totals" data-live data-announce="${summary}" aria-labelledby="totals-title">
        <h2 id="totals-title">${t('totals.title')}</h2>
        <ul class="totals">
          ${shows.map((show) => tile(messages, filter, show, show === 'running' ? running : countFor(totals, show)))}
        </ul>
      </section>
      <section>
        <div class="title">
          <h2 id="list">${t(filter.show ? `uploads.only.${filter.show}` : 'uploads.list')}</h2>
          ${filter.show ? link('/', { customerId }, t('uploads.all')) : ''}
        </div>
        ${ids.length === 0 ? '' : customerFilter(messages, filter, customerOptions(names, ids))}
        <div id="uploads" data-live>
          ${
            uploads.items.length === 0
              ? html`<p class="empty">
                  ${t(filter.show || customerId ? 'uploads.noneMatch' : 'uploads.none')}
                </p>`
              : uploadTable(messages, uploads.items, names, services.emulated)
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
      <div class="actions">${pauseButton(c, pauses, customerId)}</div>
    `,
  })
}

function filterOf(c: Context<Site>): Filter {
  const { show, customerId } = c.req.query()
  return { customerId: customerId?.trim() || undefined, show: shows.find((one) => one === show) }
}

function uploadFilter({ customerId, show }: Filter): UploadFilter {
  if (show === undefined) return { customerId }
  if (show === 'running') return { customerId, state: 'tracking' }
  if (show === 'stopped') return { customerId, state: 'stopped' }
  return { customerId, deviceOutcome: show }
}

function countFor({ devices, uploads }: TrackerTotals, show: Exclude<Show, 'running'>): number {
  return show === 'stopped' ? uploads.stopped : countOf(devices, show)
}

/** Hidden if zero: nobody needs to see that no upload stopped, or that no device lacks a result. */
function tile({ t, number }: Messages, filter: Filter, show: Show, count: number): Html | '' {
  const isChosen = show === filter.show
  if (count === 0 && !isChosen && ['unresolved', 'stopped', 'already-registered'].includes(show)) return ''
  const path = `/?${new URLSearchParams({ show, ...(filter.customerId && { customerId: filter.customerId }) })}`
  return html`<li class="${count > 0 ? show : 'zero'}">
    <a id="tile-${show}" href="${path}#list" ${isChosen ? raw('aria-current="true"') : ''}>
      <span class="figure">${number(count)}</span> ${t(`totals.${show}`, { count })}
    </a>
  </li>`
}

/** Submissions that have not been sent completely, and how many more there are. */
function waitingList(
  messages: Messages,
  submissions: readonly TrackedSubmission[],
  notShown: number,
  names: Names,
): Html | '' {
  if (submissions.length === 0) return ''
  const { t, number } = messages
  return html`
    <section class="waiting" aria-labelledby="waiting-title">
      <h2 id="waiting-title">${t('waiting.title')}</h2>
      <ul class="cards">
        ${submissions.map(
          (submission) => html`
            <li>
              <p class="state">
                ${submissionBadge(messages, submission)}
                <a id="submission-${submission.submissionId}" href="/submissions/${submission.submissionId}"
                  >${submission.batchId}</a
                >
                ${retryMark(messages, submission.retryOf)}
                <span>${names.get(submission.customerId.toLowerCase()) ?? ''}</span>
                <span class="faint"
                  >${t('waiting.devices', { count: submission.deviceCount, text: number(submission.deviceCount) })},
                  ${time(messages, submission.createdAt)}</span
                >
              </p>
              ${errorText(messages, submission.error)}
            </li>
          `,
        )}
      </ul>
      ${notShown > 0 ? html`<p>${t('waiting.more', { count: notShown })}</p>` : ''}
    </section>
  `
}

/** Collapsed by default: the tiles already filter by result. */
function customerFilter({ t }: Messages, filter: Filter, customers: Html): Html {
  return html`
    <details class="filter" ${filter.customerId ? raw('open') : ''}>
      <summary>${t('filter.title')}</summary>
      <form action="/">
        ${filter.show ? html`<input type="hidden" name="show" value="${filter.show}" />` : ''}
        <label for="filter-customer">${t('field.customer')}</label>
        <input
          id="filter-customer"
          name="customerId"
          list="customers"
          value="${filter.customerId ?? ''}"
          autocomplete="off"
        />
        <datalist id="customers">${customers}</datalist>
        <button>${t('filter.button')}</button>
      </form>
    </details>
  `
}

function uploadTable(
  messages: Messages,
  uploads: readonly TrackedUpload[],
  names: Names,
  isAllEmulated: boolean,
): Html {
  const { t } = messages
  return table<TrackedUpload>(
    'list',
    [
      { title: t('field.result'), kind: 'result', cell: (upload) => uploadBadge(messages, upload) },
      {
        title: t('field.batch'),
        kind: 'name',
        cell: (upload) =>
          html`<a id="upload-${upload.batchTrackingId}" href="${uploadPath(upload)}"
              >${upload.batchId ?? t('upload.unnamed')}</a
            >
            ${retryMark(messages, upload.retryOf)}
            ${upload.emulated && !isAllEmulated ? html`<small>${t('upload.emulated')}</small>` : ''}`,
      },
      { title: t('field.devices'), kind: 'text', cell: (upload) => progress(messages, upload) },
      { title: t('field.since'), cell: ({ trackedAt }) => time(messages, trackedAt) },
      { title: t('field.customerName'), cell: ({ customerId }) => customerText(names, customerId) },
    ],
    uploads,
  )
}
