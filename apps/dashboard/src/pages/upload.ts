/** One upload: its progress, why devices failed and what to do, each device, and the possible next steps. */
import type { DeviceOutcome } from '@devicebatch/client'
import { formatResults } from '@devicebatch/csv'
import type {
  DeviceFilter,
  FailureCause,
  TrackedDevice,
  TrackedSubmission,
  TrackedUpload,
  Tracker,
} from '@devicebatch/tracker'
import type { Context } from 'hono'
import { html, raw } from 'hono/html'
import { stream } from 'hono/streaming'

import { logAction } from '../http/action.ts'
import type { Messages } from '../language/translate.ts'
import type { Site } from '../site.ts'
import { causeList } from './causes.ts'
import {
  anotherTry,
  countOf,
  deviceOutcomes,
  errorText,
  facts,
  link,
  notifyButton,
  postButton,
  progress,
  retryMark,
  retryNote,
  take,
  time,
  uploadBadge,
  uploadPath,
  withQuery,
  customerText,
} from './components.ts'
import { deviceTable } from './device-table.ts'
import { errorPage, logFailure } from './errors.ts'
import type { Html } from './layout.ts'
import { answer, mayChange } from './layout.ts'

const pageSize = 100

/** The device after which the page begins. */
interface Cursor {
  outcome: DeviceOutcome
  position: number
}

function cursorOf(text = ''): Cursor | undefined {
  const [, name, position] = /^([a-z-]+)\.(\d{1,9})$/.exec(text) ?? []
  const outcome = deviceOutcomes.find((one) => one === name)
  return outcome && { outcome, position: Number(position) }
}

/** Which devices of the upload are wanted. */
function filterOf(c: Context<Site>): Pick<DeviceFilter, 'outcome' | 'errorCode'> {
  const outcome = deviceOutcomes.find((one) => one === c.req.query('outcome'))
  return { outcome, errorCode: c.req.query('errorCode') || undefined }
}

/** The devices that need attention first; those with the same outcome in upload order. */
async function* devicesByNeed(
  tracker: Tracker,
  { outcome: only, ...filter }: DeviceFilter,
  after: Cursor | undefined,
): AsyncGenerator<TrackedDevice, void, undefined> {
  const outcomes = only ? [only] : deviceOutcomes
  const first = after ? Math.max(0, outcomes.indexOf(after.outcome)) : 0
  for (const outcome of outcomes.slice(first)) {
    const afterPosition = outcome === after?.outcome ? after.position : undefined
    yield* tracker.listDevices({ ...filter, outcome, afterPosition })
  }
}

/** `GET /customers/:customerId/uploads/:id?outcome=&after=` */
export async function uploadPage(c: Context<Site>): Promise<Response> {
  const { messages, services } = c.var
  const { t } = messages
  const upload = await findUpload(c)
  if (!upload) return await errorPage(c, 'notFound')
  const { batchTrackingId, submissionId } = upload
  const { outcome, errorCode } = filterOf(c)
  const after = cursorOf(c.req.query('after'))
  const [names, causes, devices, submission] = await Promise.all([
    services.names.of([upload.customerId]),
    services.tracker.listFailureCauses({ batchTrackingId }),
    take(devicesByNeed(services.tracker, { batchTrackingId, outcome, errorCode }, after), pageSize),
    submissionId ? services.tracker.getSubmission(submissionId) : undefined,
  ])
  const path = uploadPath(upload)
  const hasEnded = upload.state !== 'tracking'
  const last = devices.items.at(-1)
  return await answer(c, {
    title: upload.batchId ?? t('upload.unnamed'),
    section: '/',
    shows: [batchTrackingId],
    body: html`
      <h1>${upload.batchId ?? t('upload.unnamed')} ${retryMark(messages, upload.retryOf)}</h1>
      <section
        id="state"
        data-live
        data-announce="${spoken(messages, upload)}"
        ${hasEnded ? raw('data-ended') : ''}
        aria-label="${t('upload.state')}"
      >
        <p class="state">
          ${uploadBadge(messages, upload)} ${progress(messages, upload)}
          ${
            upload.state !== 'tracking' && upload.counts.failed > 0
              ? html`<a href="${path}?outcome=failed#devices">${t('causes.show')}</a>`
              : ''
          }
        </p>
        ${upload.emulated && !services.emulated ? html`<p class="note">${t('upload.emulatedText')}</p>` : ''}
        ${retryNote(messages, upload.retryOf)} ${errorText(messages, upload.error)}
      </section>
      ${notifyButton(messages, hasEnded)}
      <div id="causes" data-live>${causeList(c, path, causes, submission)}</div>
      <div id="actions" data-live>${actions(c, upload, causes, submission)}</div>
      <section>
        <h2 id="devices">${t('devices.title')}</h2>
        <div id="device-list" data-live>
          <nav class="tabs" aria-label="${t('devices.filter')}">
            ${tabs(messages, path, upload, errorCode === undefined ? (outcome ?? 'all') : undefined)}
          </nav>
          ${
            devices.items.length === 0
              ? html`<p class="empty">${t('devices.none')}</p>`
              : deviceTable(messages, 'devices', devices.items)
          }
          ${
            devices.items.length > 0 && (outcome ?? errorCode) !== undefined
              ? html`<p>
                  <a href="${withQuery(`${path}/results.csv`, { outcome, errorCode })}" download
                    >${t('upload.downloadShown')}</a
                  >
                </p>`
              : ''
          }
          <nav class="pages" aria-label="${t('pages.label')}">
            ${after === undefined ? '' : link(path, { outcome, errorCode }, t('pages.first'))}
            ${
              devices.hasMore
                ? link(
                    path,
                    { outcome, errorCode, after: `${last!.outcome}.${last!.position}` },
                    t('pages.next'),
                  )
                : ''
            }
          </nav>
        </div>
      </section>
      <section aria-labelledby="details">
        <h2 id="details">${t('upload.details')}</h2>
        <div id="facts" data-live>
          ${facts([
            [t('field.customerName'), customerText(names, upload.customerId)],
            [t('field.trackingId'), html`<code>${upload.batchTrackingId}</code>`],
            [t('field.status'), upload.status && statusText(messages, upload.status)],
            [t('field.since'), time(messages, upload.trackedAt)],
            [t('field.started'), time(messages, upload.startedAt)],
            [t('field.completed'), time(messages, upload.completedAt)],
            [
              t('field.submission'),
              upload.submissionId &&
                html`<a href="/submissions/${upload.submissionId}">${t('submission.link')}</a>`,
            ],
          ])}
        </div>
      </section>
    `,
  })
}

/** `GET …/results.csv?outcome=`: each device with its outcome, its meaning and what to do. */
export async function resultsFile(c: Context<Site>): Promise<Response> {
  const upload = await findUpload(c)
  if (!upload) return await errorPage(c, 'notFound')
  const { batchTrackingId, batchId } = upload
  const name = `${batchId ?? batchTrackingId} results${upload.emulated ? ' (emulator)' : ''}.csv`
  c.header('Content-Type', 'text/csv; charset=utf-8')
  c.header(
    'Content-Disposition',
    `attachment; filename="results.csv"; filename*=UTF-8''${encodeRfc5987(name)}`,
  )
  if (c.req.method === 'HEAD') return c.body(null)
  const { delimiter } = c.var.messages
  const devices: TrackedDevice[] = []
  for await (const device of c.var.services.tracker.listDevices({ batchTrackingId, ...filterOf(c) }))
    devices.push(device)
  return stream(
    c,
    async (out) => {
      for await (const line of formatResults(devices, batchTrackingId, { delimiter })) await out.write(line)
    },
    async (error) => void logFailure(c, error),
  )
}

/** `POST …/track`: resumes tracking a stopped upload. */
export async function trackAgain(c: Context<Site>): Promise<Response> {
  const upload = await findUpload(c)
  if (!upload) return await errorPage(c, 'notFound')
  await c.var.services.tracker.track(upload)
  logAction(c, 'tracked again', upload.submissionId)
  return c.redirect(uploadPath(upload), 303)
}

/** The upload in the URL; `undefined` if it does not exist or belongs to another customer. */
async function findUpload(c: Context<Site>): Promise<TrackedUpload | undefined> {
  const upload = await c.var.services.tracker.getUpload(c.req.param('id') ?? '')
  return upload?.customerId === c.req.param('customerId')?.toLowerCase() ? upload : undefined
}

function spoken({ t }: Messages, { state, counts, outcome }: TrackedUpload): string {
  const { total, pending, failed } = counts
  if (state === 'tracking') return t('upload.spoken.running', { done: total - pending, total })
  return `${t(`upload.${state === 'stopped' ? state : outcome}`)}. ${t('upload.spoken.ended', { total, failed })}`
}

function actions(
  c: Context<Site>,
  upload: TrackedUpload,
  causes: readonly FailureCause[],
  submission: TrackedSubmission | undefined,
): Html {
  const { t } = c.var.messages
  return html`
    <div class="actions">
      ${
        upload.counts.total > 0
          ? html`<a class="button" href="${uploadPath(upload)}/results.csv" download
              >${t('upload.download')}</a
            >`
          : ''
      }
      ${causes.some(({ isRetryable }) => isRetryable) ? '' : anotherTry(c, submission)}
      ${
        upload.state === 'stopped' && mayChange(c)
          ? postButton(`${uploadPath(upload)}/track`, 'track', t('upload.trackAgain'))
          : ''
      }
    </div>
  `
}

/** The service's own value, and its meaning if known. */
function statusText({ tIfKnown }: Messages, status: string): Html {
  return html`${tIfKnown(`status.${status}`) ?? ''} <code>${status}</code>`
}

function tabs(
  messages: Messages,
  path: string,
  { counts }: TrackedUpload,
  chosen: DeviceOutcome | 'all' | undefined,
): Html {
  const { t, number } = messages
  const tab = (outcome: DeviceOutcome | 'all', text: string, count: number): Html =>
    html`<a
      id="tab-${outcome}"
      href="${outcome === 'all' ? path : `${path}?outcome=${outcome}`}"
      ${outcome === chosen ? raw('aria-current="true"') : ''}
      >${text} <span class="number">${number(count)}</span></a
    >`
  return html`${tab('all', t('devices.all'), counts.total)}
  ${deviceOutcomes
    .filter((outcome) => countOf(counts, outcome) > 0 || outcome === chosen)
    .map((outcome) => tab(outcome, t(`device.${outcome}`), countOf(counts, outcome)))}`
}

function encodeRfc5987(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
