/** One submission: whether it was sent or why not, and its uploads. */
import type { TrackedSubmission, TrackedUpload } from '@devicebatch/tracker'
import type { Context } from 'hono'
import { html, raw } from 'hono/html'

import type { Check } from '../checks.ts'
import { actor, logAction } from '../http/action.ts'
import type { Messages } from '../language/translate.ts'
import type { Site } from '../site.ts'
import { problemsPath } from './check.ts'
import {
  actorText,
  anotherTry,
  errorText,
  facts,
  notifyButton,
  postButton,
  progress,
  retryMark,
  retryNote,
  submissionBadge,
  take,
  time,
  uploadBadge,
  uploadPath,
  customerText,
} from './components.ts'
import { errorPage } from './errors.ts'
import type { Html } from './layout.ts'
import { answer, mayChange } from './layout.ts'

const mostUploads = 200

/** `GET /submissions/:id` */
export async function submissionPage(c: Context<Site>): Promise<Response> {
  const { messages, services } = c.var
  const { t, number } = messages
  const submissionId = c.req.param('id') ?? ''
  const submission = await services.tracker.getSubmission(submissionId)
  if (!submission) return await errorPage(c, 'notFound')
  const { items: uploads } = await take(services.tracker.listUploads({ submissionId }), mostUploads)
  const { batchId, customerId, deviceCount, state } = submission
  const names = await services.names.of([customerId])
  const hasEnded = isOver(submission, uploads)
  return await answer(c, {
    title: t('submission.title', { batch: batchId }),
    section: '/',
    shows: [submissionId],
    body: html`
      <h1>${t('submission.title', { batch: batchId })} ${retryMark(messages, submission.retryOf)}</h1>
      <section
        id="state"
        data-live
        data-announce="${spoken(messages, submission, uploads)}"
        ${hasEnded ? raw('data-ended') : ''}
        aria-label="${t('upload.state')}"
      >
        <p class="state">${submissionBadge(messages, submission)}</p>
        ${retryNote(messages, submission.retryOf)} ${errorText(messages, submission.error)}
        ${mayChange(c) ? notSent(messages, submissionId, services.checks.find(submissionId)) : ''}
        <div class="actions">
          ${mayChange(c) ? actions(messages, submission) : ''} ${anotherTry(c, submission)}
        </div>
        ${facts([
          [t('field.devices'), number(deviceCount)],
          [t('field.customerName'), customerText(names, customerId)],
          [t('submission.at'), time(messages, submission.createdAt)],
          [t('submission.by'), actorText(messages, submission.submittedBy)],
          [t('submission.resumedBy'), actorText(messages, submission.resumedBy)],
          [t('submission.cancelledBy'), actorText(messages, submission.cancelledBy)],
        ])}
        ${
          uploads.length > 0
            ? uploadList(messages, uploads, services.emulated)
            : state === 'failed'
              ? ''
              : html`<p>${t('submission.noUploadYet')}</p>`
        }
      </section>
      ${notifyButton(messages, hasEnded)}
    `,
  })
}

/** The rows that were skipped, as long as the check is kept; for operators, who may read it. */
function notSent({ t }: Messages, submissionId: string, check: Check | undefined): Html | '' {
  const count = check?.problems.length ?? 0
  return count === 0
    ? ''
    : html`<p class="note">
        ${t('submission.notSent', { count })}
        <a href="${problemsPath(submissionId)}" download>${t('check.downloadProblems')}</a>
      </p>`
}

/** Whether somebody who waits for it should look at it: it has all its results, or needs a person. */
function isOver({ state }: TrackedSubmission, uploads: readonly TrackedUpload[]): boolean {
  if (state === 'failed') return true
  if (state === 'queued' || state === 'uploading' || (state === 'accepted' && uploads.length === 0))
    return false
  // What was sent before a cancellation still gets its results.
  return uploads.every((upload) => upload.state !== 'tracking')
}

function actions({ t }: Messages, { submissionId, state }: TrackedSubmission): Html | '' {
  if (state === 'failed') {
    return postButton(`/submissions/${submissionId}/resume`, 'resume', t('submission.resume'))
  }
  return state === 'queued' || state === 'uploading'
    ? postButton(`/submissions/${submissionId}/cancel`, 'cancel', t('submission.cancel'), '')
    : ''
}

/** `POST /submissions/:id/resume`: retries a refused submission. */
export async function resumeSubmission(c: Context<Site>): Promise<Response> {
  const submissionId = c.req.param('id') ?? ''
  await c.var.services.tracker.resumeSubmission(submissionId, actor(c))
  logAction(c, 'resumed', submissionId)
  return c.redirect(`/submissions/${submissionId}`, 303)
}

/** `POST /submissions/:id/retry`: resubmits the retryable devices. A second request is redirected to the first one's result. */
export async function retrySubmission(c: Context<Site>): Promise<Response> {
  const { tracker } = c.var.services
  const id = c.req.param('id') ?? ''
  try {
    const { submissionId } = await tracker.retryDevices(id, actor(c))
    logAction(c, 'retried', submissionId)
    return c.redirect(`/submissions/${submissionId}`, 303)
  } catch (error) {
    const submission = await tracker.getSubmission(id)
    if (!submission?.retriedAs) throw error
    return c.redirect(`/submissions/${submission.retriedAs}`, 303)
  }
}

/** `POST /submissions/:id/cancel`: cancels what was not sent yet. */
export async function cancelSubmission(c: Context<Site>): Promise<Response> {
  const submissionId = c.req.param('id') ?? ''
  await c.var.services.tracker.cancelSubmission(submissionId, actor(c))
  logAction(c, 'cancelled', submissionId)
  return c.redirect(`/submissions/${submissionId}`, 303)
}

function spoken({ t }: Messages, { state }: TrackedSubmission, uploads: readonly TrackedUpload[]): string {
  const ended = uploads.filter((upload) => upload.state !== 'tracking').length
  return `${t(`submission.${state}`)}. ${t('submission.spoken', { ended, total: uploads.length })}`
}

function uploadList(messages: Messages, uploads: readonly TrackedUpload[], isAllEmulated: boolean): Html {
  const { t } = messages
  return html`
    <h2>${t('submission.uploads')}</h2>
    <ul class="cards">
      ${uploads.map(
        (upload) => html`
          <li>
            <p class="state">
              ${uploadBadge(messages, upload)} ${progress(messages, upload)}
              ${upload.emulated && !isAllEmulated ? html`<small>${t('upload.emulated')}</small>` : ''}
            </p>
            <p>
              <a id="upload-${upload.batchTrackingId}" href="${uploadPath(upload)}"
                >${t('submission.details')}</a
              >
              <code>${upload.batchTrackingId}</code>
            </p>
          </li>
        `,
      )}
    </ul>
  `
}
