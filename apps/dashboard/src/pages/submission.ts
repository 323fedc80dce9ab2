/** One submission: whether it went out, why not, and the uploads that came of it. */
import type { TrackedSubmission, TrackedUpload } from '@devicebatch/tracker'
import type { Context } from 'hono'
import { html } from 'hono/html'

import type { Words } from '../language/words.ts'
import type { Site } from '../site.ts'
import { errorPage } from './errors.ts'
import type { Html } from './layout.ts'
import { answer } from './layout.ts'
import {
  anotherTry,
  errorText,
  postButton,
  progress,
  submissionBadge,
  take,
  time,
  uploadBadge,
  uploadPath,
} from './pieces.ts'

const mostUploads = 200

/** `GET /submissions/:id` */
export async function submissionPage(c: Context<Site>): Promise<Response> {
  const { words, parts } = c.var
  const { say, number } = words
  const submissionId = c.req.param('id') ?? ''
  const submission = await parts.tracker.getSubmission(submissionId)
  if (!submission) return await errorPage(c, 'notFound')
  const { items: uploads } = await take(parts.tracker.listUploads({ submissionId }), mostUploads)
  const { batchId, customerId, deviceCount, state } = submission
  return await answer(c, {
    title: say('submission.title', { batch: batchId }),
    part: '/',
    shows: [submissionId],
    body: html`
      <h1>${say('submission.title', { batch: batchId })}</h1>
      <section
        id="state"
        data-live
        data-say="${spoken(words, submission, uploads)}"
        aria-label="${say('upload.state')}"
      >
        <p class="state">${submissionBadge(words, submission)}</p>
        ${errorText(words, submission.error)}
        <div class="actions">
          ${
            state === 'failed'
              ? postButton(`/submissions/${submissionId}/resume`, 'resume', say('submission.resume'))
              : ''
          }
          ${anotherTry(words, submission)}
        </div>
        <dl class="facts">
          <div>
            <dt>${say('field.devices')}</dt>
            <dd>${number(deviceCount)}</dd>
          </div>
          <div>
            <dt>${say('field.customer')}</dt>
            <dd><code>${customerId}</code></dd>
          </div>
          <div>
            <dt>${say('submission.at')}</dt>
            <dd>${time(words, submission.createdAt)}</dd>
          </div>
        </dl>
        ${uploads.length > 0 ? uploadList(words, uploads) : html`<p>${say('submission.noUploadYet')}</p>`}
      </section>
    `,
  })
}

/** `POST /submissions/:id/resume`: tries one again that was refused. */
export async function resumeSubmission(c: Context<Site>): Promise<Response> {
  const submissionId = c.req.param('id') ?? ''
  await c.var.parts.tracker.resumeSubmission(submissionId)
  return c.redirect(`/submissions/${submissionId}`, 303)
}

/** `POST /submissions/:id/retry`: sends the devices again that are worth it. Whoever comes second is led to the first. */
export async function retrySubmission(c: Context<Site>): Promise<Response> {
  const { tracker } = c.var.parts
  const id = c.req.param('id') ?? ''
  try {
    return c.redirect(`/submissions/${(await tracker.retryDevices(id)).submissionId}`, 303)
  } catch (error) {
    const submission = await tracker.getSubmission(id)
    if (!submission?.retriedAs) throw error
    return c.redirect(`/submissions/${submission.retriedAs}`, 303)
  }
}

function spoken({ say }: Words, { state }: TrackedSubmission, uploads: readonly TrackedUpload[]): string {
  const ended = uploads.filter((upload) => upload.state !== 'tracking').length
  return `${say(`submission.${state}`)}. ${say('submission.spoken', { ended, total: uploads.length })}`
}

function uploadList(words: Words, uploads: readonly TrackedUpload[]): Html {
  const { say } = words
  return html`
    <h2>${say('submission.uploads')}</h2>
    <ul class="cards">
      ${uploads.map(
        (upload) => html`
          <li>
            <p class="state">
              ${uploadBadge(words, upload)} ${progress(words, upload)}
              ${upload.emulated ? html`<small>${say('upload.emulated')}</small>` : ''}
            </p>
            <p>
              <a id="upload-${upload.batchTrackingId}" href="${uploadPath(upload)}"
                >${say('submission.details')}</a
              >
              <code>${upload.batchTrackingId}</code>
            </p>
          </li>
        `,
      )}
    </ul>
  `
}
