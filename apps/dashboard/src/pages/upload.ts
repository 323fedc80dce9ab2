/** One upload: how far it is, why devices failed and what to do, each device, and what can be done next. */
import type { DeviceOutcome } from '@devicebatch/client'
import { formatReport } from '@devicebatch/csv'
import type { FailureCause, TrackedDevice, TrackedSubmission, TrackedUpload } from '@devicebatch/tracker'
import type { Context } from 'hono'
import { html, raw } from 'hono/html'
import { stream } from 'hono/streaming'

import type { Names } from '../customer-names.ts'
import type { Messages } from '../language/translate.ts'
import type { Site } from '../site.ts'
import {
  anotherTry,
  badge,
  countOf,
  deviceOutcomes,
  errorText,
  link,
  postButton,
  progress,
  take,
  time,
  uploadBadge,
  uploadPath,
  customerText,
} from './components.ts'
import { errorPage, logFailure } from './errors.ts'
import type { Html } from './layout.ts'
import { answer } from './layout.ts'

const pageSize = 100

/** `GET /customers/:customerId/uploads/:id?outcome=&after=` */
export async function uploadPage(c: Context<Site>): Promise<Response> {
  const { messages, services } = c.var
  const { t } = messages
  const upload = await findUpload(c)
  if (!upload) return await errorPage(c, 'notFound')
  const { batchTrackingId, submissionId } = upload
  const outcome = deviceOutcomes.find((one) => one === c.req.query('outcome'))
  const errorCode = c.req.query('errorCode') || undefined
  const after = /^\d{1,9}$/.exec(c.req.query('after') ?? '')?.[0]
  const [names, causes, devices, submission] = await Promise.all([
    services.names.of([upload.customerId]),
    services.tracker.listFailureCauses({ batchTrackingId }),
    take(
      services.tracker.listDevices({
        batchTrackingId,
        outcome,
        errorCode,
        afterPosition: after ? Number(after) : undefined,
      }),
      pageSize,
    ),
    submissionId ? services.tracker.getSubmission(submissionId) : undefined,
  ])
  const path = uploadPath(upload)
  return await answer(c, {
    title: upload.batchId ?? t('upload.unnamed'),
    part: '/',
    shows: [batchTrackingId],
    body: html`
      <h1>${upload.batchId ?? t('upload.unnamed')}</h1>
      <section
        id="state"
        data-live
        data-announce="${spoken(messages, upload)}"
        aria-label="${t('upload.state')}"
      >
        <p class="state">${uploadBadge(messages, upload)} ${progress(messages, upload)}</p>
        ${upload.emulated ? html`<p class="note">${t('upload.emulatedText')}</p>` : ''}
        ${errorText(messages, upload.error)} ${actions(messages, upload, submission)}
        ${facts(messages, upload, names)}
      </section>
      <div id="causes" data-live>${causeList(messages, path, causes)}</div>
      <section>
        <h2 id="devices">${t('devices.title')}</h2>
        <div id="device-list" data-live>
          <nav class="tabs" aria-label="${t('devices.filter')}">
            ${tabs(messages, path, upload, errorCode === undefined ? (outcome ?? 'all') : undefined)}
          </nav>
          ${
            devices.items.length === 0
              ? html`<p class="empty">${t('devices.none')}</p>`
              : html`<div class="scroll" tabindex="0" role="region" aria-labelledby="devices">
                  ${deviceTable(messages, devices.items)}
                </div>`
          }
          <nav class="pages" aria-label="${t('pages.label')}">
            ${after === undefined ? '' : link(path, { outcome, errorCode }, t('pages.first'))}
            ${
              devices.hasMore
                ? link(
                    path,
                    { outcome, errorCode, after: String(devices.items.at(-1)!.position) },
                    t('pages.next'),
                  )
                : ''
            }
          </nav>
        </div>
      </section>
    `,
  })
}

/** `GET …/results.csv`: every device with its outcome, its meaning and what to do. */
export async function resultsFile(c: Context<Site>): Promise<Response> {
  const upload = await findUpload(c)
  if (!upload) return await errorPage(c, 'notFound')
  const { batchTrackingId, status = '', batchId, outcome, counts } = upload
  const name = `${batchId ?? batchTrackingId} results${upload.emulated ? ' (emulator)' : ''}.csv`
  c.header('Content-Type', 'text/csv; charset=utf-8')
  c.header(
    'Content-Disposition',
    `attachment; filename="results.csv"; filename*=UTF-8''${encodeRfc5987(name)}`,
  )
  if (c.req.method === 'HEAD') return c.body(null)
  const devices: TrackedDevice[] = []
  for await (const device of c.var.services.tracker.listDevices({ batchTrackingId })) devices.push(device)
  const failures = devices.filter((device) => device.outcome === 'failed')
  const report = { batchTrackingId, status, outcome, counts, devices, failures, unrecognized: [] }
  return stream(
    c,
    async (out) => {
      for await (const line of formatReport(report)) await out.write(line)
    },
    async (error) => void logFailure(c, error),
  )
}

/** `POST …/track`: goes on with an upload that was stopped. */
export async function trackAgain(c: Context<Site>): Promise<Response> {
  const upload = await findUpload(c)
  if (!upload) return await errorPage(c, 'notFound')
  await c.var.services.tracker.track(upload)
  return c.redirect(uploadPath(upload), 303)
}

/** The upload of the address; `undefined` when there is none, or it is another customer's. */
async function findUpload(c: Context<Site>): Promise<TrackedUpload | undefined> {
  const upload = await c.var.services.tracker.getUpload(c.req.param('id') ?? '')
  return upload?.customerId === c.req.param('customerId')?.toLowerCase() ? upload : undefined
}

function spoken({ t }: Messages, { state, counts, outcome }: TrackedUpload): string {
  const { total, pending, failed } = counts
  if (state === 'tracking') return t('upload.spoken.running', { done: total - pending, total })
  return `${t(`upload.${state === 'stopped' ? state : outcome}`)}. ${t('upload.spoken.ended', { total, failed })}`
}

function actions(messages: Messages, upload: TrackedUpload, submission: TrackedSubmission | undefined): Html {
  const { t } = messages
  return html`
    <div class="actions">
      ${
        upload.counts.total > 0
          ? html`<a class="button" href="${uploadPath(upload)}/results.csv" download
              >${t('upload.download')}</a
            >`
          : ''
      }
      ${anotherTry(messages, submission)}
      ${
        upload.state === 'stopped'
          ? postButton(`${uploadPath(upload)}/track`, 'track', t('upload.trackAgain'))
          : ''
      }
    </div>
  `
}

function facts(messages: Messages, upload: TrackedUpload, names: Names): Html {
  const { t } = messages
  const rows = [
    [t('field.customer'), customerText(names, upload.customerId)],
    [t('field.trackingId'), html`<code>${upload.batchTrackingId}</code>`],
    [t('field.status'), upload.status && html`<code>${upload.status}</code>`],
    [t('field.since'), time(messages, upload.trackedAt)],
    [t('field.started'), time(messages, upload.startedAt)],
    [t('field.completed'), time(messages, upload.completedAt)],
    [
      t('field.submission'),
      upload.submissionId && html`<a href="/submissions/${upload.submissionId}">${t('submission.link')}</a>`,
    ],
  ] as const
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

/** The failures by their cause: what it means, and what to do about it. */
function causeList(messages: Messages, path: string, causes: readonly FailureCause[]): Html | '' {
  if (causes.length === 0) return ''
  const { t, number } = messages
  return html`
    <section class="causes" aria-labelledby="causes-title">
      <h2 id="causes-title">${t('causes.title')}</h2>
      <ul class="cards">
        ${causes.map(({ errorCode, errorDescription, devices, isRetryable }) => {
          const { meaning, remedy } = explainCause(messages, errorCode, errorDescription)
          return html`
            <li>
              <h3>${t('causes.devices', { count: devices, text: number(devices) })} ${meaning}</h3>
              <p>${remedy}</p>
              ${
                errorCode === undefined
                  ? ''
                  : html`<p>
                      <a href="${path}?errorCode=${encodeURIComponent(errorCode)}#devices"
                        >${t('causes.show')}</a
                      >
                    </p>`
              }
              <p class="faint">
                ${[errorCode, errorDescription].filter(Boolean).join(' · ')}
                ${isRetryable ? badge('pending', t('causes.retryable')) : ''}
              </p>
            </li>
          `
        })}
      </ul>
    </section>
  `
}

/** In the visitor's language; what nobody has explained is told as the service told it. */
function explainCause(
  { t, tIfKnown }: Messages,
  errorCode: string | undefined,
  errorDescription: string | undefined,
): { meaning: string; remedy: string } {
  const own = (part: 'meaning' | 'remedy'): string =>
    tIfKnown(`cause.${errorCode}.${part}`) ??
    tIfKnown(`cause.${errorDescription}.${part}`) ??
    t(`cause.unknown.${part}`)
  return { meaning: own('meaning'), remedy: own('remedy') }
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

export function deviceTable(
  messages: Messages,
  devices: readonly TrackedDevice[],
  more?: (device: TrackedDevice) => Html,
): Html {
  const { t } = messages
  return html`
    <table>
      <thead>
        <tr>
          <th scope="col">${t('field.serialNumber')}</th>
          <th scope="col">${t('filter.outcome')}</th>
          <th scope="col">${t('field.cause')}</th>
          <th scope="col">${t('field.changed')}</th>
          ${more ? html`<th scope="col">${t('field.batch')}</th>` : ''}
        </tr>
      </thead>
      <tbody>
        ${devices.map((device) => {
          const { outcome, errorCode, errorDescription } = device
          return html`
            <tr>
              <th scope="row">${device.serialNumber ?? device.productKey ?? t('devices.unnamed')}</th>
              <td>${badge(outcome, t(`device.${outcome}`))}</td>
              <td>${outcome === 'failed' ? causeCell(messages, errorCode, errorDescription) : ''}</td>
              <td>${time(messages, device.changedAt)}</td>
              ${more ? html`<td>${more(device)}</td>` : ''}
            </tr>
          `
        })}
      </tbody>
    </table>
  `
}

function causeCell(
  messages: Messages,
  errorCode: string | undefined,
  errorDescription: string | undefined,
): Html {
  const { meaning } = explainCause(messages, errorCode, errorDescription)
  return html`${meaning} <span class="faint">${errorCode ?? errorDescription ?? ''}</span>`
}

function encodeRfc5987(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
