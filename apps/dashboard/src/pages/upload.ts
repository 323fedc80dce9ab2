/** One upload: how far it is, why devices failed and what to do, each device, and what can be done next. */
import { summarize } from '@devicebatch/client'
import type { DeviceOutcome } from '@devicebatch/client'
import type { DeviceUploadDetails } from '@devicebatch/contract'
import { formatReport } from '@devicebatch/csv'
import type { FailureCause, TrackedDevice, TrackedSubmission, TrackedUpload } from '@devicebatch/tracker'
import type { Context } from 'hono'
import { html, raw } from 'hono/html'
import { stream } from 'hono/streaming'

import type { Words } from '../language/words.ts'
import type { Site } from '../site.ts'
import { errorPage, logFailure } from './errors.ts'
import type { Html } from './layout.ts'
import { answer } from './layout.ts'
import {
  anotherTry,
  badge,
  deviceOutcomes,
  errorText,
  link,
  postButton,
  progress,
  take,
  time,
  uploadBadge,
  uploadPath,
} from './pieces.ts'

const pageSize = 100

/** `GET /customers/:customerId/uploads/:id?outcome=&after=` */
export async function uploadPage(c: Context<Site>): Promise<Response> {
  const { words, parts } = c.var
  const { say } = words
  const upload = await findUpload(c)
  if (!upload) return await errorPage(c, 'notFound')
  const { batchTrackingId, submissionId } = upload
  const outcome = deviceOutcomes.find((one) => one === c.req.query('outcome'))
  const errorCode = c.req.query('errorCode') || undefined
  const after = /^\d{1,9}$/.exec(c.req.query('after') ?? '')?.[0]
  const [causes, devices, submission] = await Promise.all([
    parts.tracker.listFailureCauses({ batchTrackingId }),
    take(
      parts.tracker.listDevices({
        batchTrackingId,
        outcome,
        errorCode,
        afterPosition: after ? Number(after) : undefined,
      }),
      pageSize,
    ),
    submissionId ? parts.tracker.getSubmission(submissionId) : undefined,
  ])
  const path = uploadPath(upload)
  return await answer(c, {
    title: upload.batchId ?? say('upload.unnamed'),
    part: '/',
    shows: [batchTrackingId],
    body: html`
      <h1>${upload.batchId ?? say('upload.unnamed')}</h1>
      <section id="state" data-live data-say="${spoken(words, upload)}" aria-label="${say('upload.state')}">
        <p class="state">${uploadBadge(words, upload)} ${progress(words, upload)}</p>
        ${upload.emulated ? html`<p class="note">${say('upload.emulatedText')}</p>` : ''}
        ${errorText(words, upload.error)} ${actions(words, upload, submission)} ${facts(words, upload)}
      </section>
      <div id="causes" data-live>${causeList(words, path, causes)}</div>
      <section>
        <h2 id="devices">${say('devices.title')}</h2>
        <div id="device-list" data-live>
          <nav class="tabs" aria-label="${say('devices.filter')}">
            ${tabs(words, path, upload, errorCode === undefined ? (outcome ?? 'all') : undefined)}
          </nav>
          ${
            devices.items.length === 0
              ? html`<p class="empty">${say('devices.none')}</p>`
              : html`<div class="scroll" tabindex="0" role="region" aria-labelledby="devices">
                  ${deviceTable(words, devices.items)}
                </div>`
          }
          <nav class="pages" aria-label="${say('pages.label')}">
            ${after === undefined ? '' : link(path, { outcome, errorCode }, say('pages.first'))}
            ${
              devices.hasMore
                ? link(
                    path,
                    { outcome, errorCode, after: String(devices.items.at(-1)!.position) },
                    say('pages.next'),
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
  const { batchTrackingId, status = '', batchId } = upload
  const name = `${batchId ?? batchTrackingId} results${upload.emulated ? ' (emulator)' : ''}.csv`
  c.header('Content-Type', 'text/csv; charset=utf-8')
  c.header(
    'Content-Disposition',
    `attachment; filename="results.csv"; filename*=UTF-8''${encodeRfc5987(name)}`,
  )
  if (c.req.method === 'HEAD') return c.body(null)
  const devicesStatus: DeviceUploadDetails[] = []
  for await (const device of c.var.parts.tracker.listDevices({ batchTrackingId })) devicesStatus.push(device)
  const report = summarize({ batchTrackingId, status, devicesStatus })
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
  await c.var.parts.tracker.track(upload)
  return c.redirect(uploadPath(upload), 303)
}

/** The upload of the address; `undefined` when there is none, or it is another customer's. */
async function findUpload(c: Context<Site>): Promise<TrackedUpload | undefined> {
  const upload = await c.var.parts.tracker.getUpload(c.req.param('id') ?? '')
  return upload?.customerId === c.req.param('customerId')?.toLowerCase() ? upload : undefined
}

function spoken({ say }: Words, { state, counts, outcome }: TrackedUpload): string {
  const { total, pending, failed } = counts
  if (state === 'tracking') return say('upload.spoken.running', { done: total - pending, total })
  return `${say(`upload.${state === 'stopped' ? state : outcome}`)}. ${say('upload.spoken.ended', { total, failed })}`
}

function actions(words: Words, upload: TrackedUpload, submission: TrackedSubmission | undefined): Html {
  const { say } = words
  return html`
    <div class="actions">
      ${
        upload.counts.total > 0
          ? html`<a class="button" href="${uploadPath(upload)}/results.csv" download
              >${say('upload.download')}</a
            >`
          : ''
      }
      ${anotherTry(words, submission)}
      ${
        upload.state === 'stopped'
          ? postButton(`${uploadPath(upload)}/track`, 'track', say('upload.trackAgain'))
          : ''
      }
    </div>
  `
}

function facts(words: Words, upload: TrackedUpload): Html {
  const { say } = words
  const rows = [
    [say('field.customer'), html`<code>${upload.customerId}</code>`],
    [say('field.trackingId'), html`<code>${upload.batchTrackingId}</code>`],
    [say('field.status'), upload.status && html`<code>${upload.status}</code>`],
    [say('field.since'), time(words, upload.trackedAt)],
    [say('field.started'), time(words, upload.startedAt)],
    [say('field.completed'), time(words, upload.completedAt)],
    [
      say('field.submission'),
      upload.submissionId &&
        html`<a href="/submissions/${upload.submissionId}">${say('submission.link')}</a>`,
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
function causeList(words: Words, path: string, causes: readonly FailureCause[]): Html | '' {
  if (causes.length === 0) return ''
  const { say, number } = words
  return html`
    <section class="causes" aria-labelledby="causes-title">
      <h2 id="causes-title">${say('causes.title')}</h2>
      <ul class="cards">
        ${causes.map(({ errorCode, errorDescription, devices, isRetryable }) => {
          const { meaning, remedy } = explainCause(words, errorCode, errorDescription)
          return html`
            <li>
              <h3>${say('causes.devices', { count: devices, text: number(devices) })} ${meaning}</h3>
              <p>${remedy}</p>
              ${
                errorCode === undefined
                  ? ''
                  : html`<p>
                      <a href="${path}?errorCode=${encodeURIComponent(errorCode)}#devices"
                        >${say('causes.show')}</a
                      >
                    </p>`
              }
              <p class="faint">
                ${[errorCode, errorDescription].filter(Boolean).join(' · ')}
                ${isRetryable ? badge('pending', say('causes.retryable')) : ''}
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
  { say, sayIfKnown }: Words,
  errorCode: string | undefined,
  errorDescription: string | undefined,
): { meaning: string; remedy: string } {
  const own = (part: 'meaning' | 'remedy'): string =>
    sayIfKnown(`cause.${errorCode}.${part}`) ??
    sayIfKnown(`cause.${errorDescription}.${part}`) ??
    say(`cause.unknown.${part}`)
  return { meaning: own('meaning'), remedy: own('remedy') }
}

function tabs(
  words: Words,
  path: string,
  { counts }: TrackedUpload,
  chosen: DeviceOutcome | 'all' | undefined,
): Html {
  const { say, number } = words
  const tab = (outcome: DeviceOutcome | 'all', text: string, count: number): Html =>
    html`<a
      id="tab-${outcome}"
      href="${outcome === 'all' ? path : `${path}?outcome=${outcome}`}"
      ${outcome === chosen ? raw('aria-current="true"') : ''}
      >${text} <span class="number">${number(count)}</span></a
    >`
  return html`${tab('all', say('devices.all'), counts.total)}
  ${deviceOutcomes
    .filter((outcome) => counts[outcome] > 0 || outcome === chosen)
    .map((outcome) => tab(outcome, say(`device.${outcome}`), counts[outcome]))}`
}

export function deviceTable(
  words: Words,
  devices: readonly TrackedDevice[],
  more?: (device: TrackedDevice) => Html,
): Html {
  const { say } = words
  return html`
    <table>
      <thead>
        <tr>
          <th scope="col">${say('field.serialNumber')}</th>
          <th scope="col">${say('filter.outcome')}</th>
          <th scope="col">${say('field.cause')}</th>
          <th scope="col">${say('field.changed')}</th>
          ${more ? html`<th scope="col">${say('field.batch')}</th>` : ''}
        </tr>
      </thead>
      <tbody>
        ${devices.map((device) => {
          const { outcome, errorCode, errorDescription } = device
          return html`
            <tr>
              <th scope="row">${device.serialNumber ?? device.productKey ?? say('devices.unnamed')}</th>
              <td>${badge(outcome, say(`device.${outcome}`))}</td>
              <td>${outcome === 'failed' ? causeCell(words, errorCode, errorDescription) : ''}</td>
              <td>${time(words, device.changedAt)}</td>
              ${more ? html`<td>${more(device)}</td>` : ''}
            </tr>
          `
        })}
      </tbody>
    </table>
  `
}

function causeCell(words: Words, errorCode: string | undefined, errorDescription: string | undefined): Html {
  const { meaning } = explainCause(words, errorCode, errorDescription)
  return html`${meaning} <span class="faint">${errorCode ?? errorDescription ?? ''}</span>`
}

function encodeRfc5987(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
