/** Between the file and the upload: its problems, line by line, and what would be sent. Nothing is sent before confirmation. */
import { explainError, findBatch, InvalidArgumentError, planUpload } from '@devicebatch/client'
import type { DeviceNote, DeviceProblem } from '@devicebatch/csv'
import { formatProblems } from '@devicebatch/csv'
import type { DevicesInProgress } from '@devicebatch/tracker'
import type { Context } from 'hono'
import { html } from 'hono/html'
import { stream } from 'hono/streaming'

import type { Check, DeviceFile } from '../checks.ts'
import { findCustomer } from '../find-customer.ts'
import { actor, logAction } from '../http/action.ts'
import type { Form } from '../http/form.ts'
import { readForm } from '../http/form.ts'
import { inSlices } from '../in-slices.ts'
import type { Messages } from '../language/translate.ts'
import { lookupTimeoutMs } from '../lookup-timeout.ts'
import { readDeviceFile, sliceRows } from '../read-file.ts'
import type { Site } from '../site.ts'
import { customerText, facts, time } from './components.ts'
import { errorPage, logFailure } from './errors.ts'
import type { Html } from './layout.ts'
import { answer } from './layout.ts'
import { newUploadPage } from './new-upload.ts'
import { table } from './table.ts'

/** How many rows are shown; with more, the file has to be fixed first. */
const mostProblems = 200

/** `POST /uploads/check`: reads the file, checks whether the batch exists, and redirects to the result. */
export async function checkFile(c: Context<Site>): Promise<Response> {
  const { services } = c.var
  const form = await readForm(c)
  const text = (name: string): string => {
    const value = form[name]
    return typeof value === 'string' ? value.trim() : ''
  }
  const [customer, batchId] = [text('customerId'), text('batchId')]
  const filled = { customerId: customer, batchId }
  const { file, wrong: wrongFile } = await fileOf(c, form['file'], text('kept'))
  if (!file) return await newUploadPage(c, { ...filled, wrong: { field: 'file', ...wrongFile } })
  const keepFile = () => ({ ...filled, kept: { id: services.files.keep(file), fileName: file.fileName } })
  const found = await findCustomer(services.partner, customer, c.req.raw.signal)
  if (found.problem !== undefined) {
    const wrong = { field: 'customerId', message: found.problem, detail: found.names } as const
    return await newUploadPage(c, { ...keepFile(), wrong })
  }
  const { customerId } = found
  const customerName = await services.names.read(customerId)
  const check: Check = { customerId, customerName, batchId, ...file }
  if (file.devices.length > 0) {
    const devices = inSlices(file.devices, sliceRows)
    const { signal } = c.req.raw
    try {
      check.plan = await planUpload({ customerId, batchId, devices }, { signal })
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error
      return await newUploadPage(c, { ...keepFile(), wrong: { field: 'batchId', message: 'new.wrongBatch' } })
    }
    try {
      const batch = await findBatch(services.partner.customers.byId(customerId), batchId, {
        signal,
        timeoutMs: lookupTimeoutMs,
      })
      check.operation = batch ? 'append' : 'create'
    } catch (error) {
      check.batchError = error
    }
  }
  return c.redirect(`/uploads/check/${services.checks.keep(check)}`, 303)
}

interface WrongFile {
  message: 'new.noFile' | 'new.tooManyRows' | 'new.unreadable'
  detail?: string
}

/** The chosen file, or the one kept from a form with a mistake. */
async function fileOf(
  c: Context<Site>,
  chosen: Form[string],
  kept: string,
): Promise<{ file: DeviceFile; wrong?: undefined } | { file?: undefined; wrong: WrongFile }> {
  if (typeof chosen !== 'object' || chosen.pieces.length === 0) {
    const file = c.var.services.files.find(kept)
    return file ? { file } : { wrong: { message: 'new.noFile' } }
  }
  try {
    const file = await readDeviceFile(chosen)
    return file ? { file } : { wrong: { message: 'new.tooManyRows' } }
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error
    return { wrong: { message: 'new.unreadable', detail: withoutOption(error.message) } }
  }
}

/** Nobody can set the encoding here: a file is UTF-8, or has a byte order mark. */
function withoutOption(message: string): string {
  return message.replace(/, or set `encoding` to [^.]*/, '')
}

/** `GET /uploads/check/:id` */
export async function checkPage(c: Context<Site>): Promise<Response> {
  const { messages, services } = c.var
  const { t } = messages
  const id = c.req.param('id') ?? ''
  const check = services.checks.find(id)
  if (!check) return await errorPage(c, 'gone')
  const { devices, batchId, customerId, customerName, fileName } = check
  const inProgress =
    devices.length === 0 ? [] : await services.tracker.findInProgress({ customerId, devices })
  // The browser's Back button also leads here.
  const elsewhere = inProgress.filter(({ submission }) => submission.submissionId !== id)
  const names = new Map(customerName === undefined ? [] : [[customerId.toLowerCase(), customerName]])
  const back = `/uploads/new?${new URLSearchParams({ customerId, batchId })}`
  return await answer(c, {
    title: t('check.title'),
    section: '/uploads/new',
    body: html`
      <h1>${t('check.title')}</h1>
      ${facts([
        [t('check.file'), fileName],
        [t('field.batch'), batchId],
        [t('field.customerName'), customerText(names, customerId)],
      ])}
      ${problemList(messages, check, id)} ${noteList(messages, check)}
      ${
        devices.length === 0
          ? html`<p class="note">${t(check.problems.length === 0 ? 'check.noRows' : 'check.nothing')}</p>`
          : html`<section aria-labelledby="plan">
              <h2 id="plan">${t('check.plan')}</h2>
              ${planText(messages, check)} ${elsewhere.map((one) => inProgressText(messages, one))}
            </section>`
      }
      <div class="actions">
        ${
          devices.length === 0
            ? ''
            : html`<form method="post" action="/uploads/check/${id}">
                <button class="${check.problems.length > 0 ? '' : 'main'}">
                  ${t(check.problems.length > 0 ? 'check.sendTheRest' : 'check.send', {
                    count: devices.length,
                    left: check.problems.length,
                  })}
                </button>
              </form>`
        }
        <a class="${check.problems.length > 0 ? 'button main' : 'button'}" href="${back}"
          >${t(check.problems.length > 0 ? 'check.correctedFile' : 'check.otherFile')}</a
        >
      </div>
    `,
  })
}

/** Where the rows that cannot be sent are downloaded. */
export function problemsPath(id: string): string {
  return `/uploads/check/${id}/rows-not-sent.csv`
}

/** `GET /uploads/check/:id/rows-not-sent.csv`: each of these rows with its device, its problem and what to do. */
export async function problemsFile(c: Context<Site>): Promise<Response> {
  const check = c.var.services.checks.find(c.req.param('id') ?? '')
  if (!check) return await errorPage(c, 'gone')
  c.header('Content-Type', 'text/csv; charset=utf-8')
  c.header('Content-Disposition', 'attachment; filename="rows-not-sent.csv"')
  if (c.req.method === 'HEAD') return c.body(null)
  const { problems, delimiter } = check
  return stream(
    c,
    async (out) => {
      const lines = formatProblems(inSlices(problems, sliceRows), { delimiter })
      for await (const line of lines) await out.write(line)
    },
    async (error) => void logFailure(c, error),
  )
}

/** `POST /uploads/check/:id`: submits the upload. Idempotent. */
export async function confirmUpload(c: Context<Site>): Promise<Response> {
  const { tracker, checks } = c.var.services
  const id = c.req.param('id') ?? ''
  const check = checks.find(id)
  if (!check) return (await tracker.getSubmission(id)) ? toSubmission(c, id) : await errorPage(c, 'gone')
  const { customerId, batchId } = check
  const devices = inSlices(check.devices, sliceRows)
  const { submissionId } = await tracker.submit({
    submissionId: id,
    customerId,
    batchId,
    devices,
    ...actor(c),
  })
  logAction(c, 'submitted', submissionId)
  return toSubmission(c, submissionId)
}

function toSubmission(c: Context<Site>, submissionId: string): Response {
  return c.redirect(`/submissions/${submissionId}`, 303)
}

function problemList(messages: Messages, check: Check, id: string): Html | '' {
  const { t, number } = messages
  const { problems, devices } = check
  if (problems.length === 0) return ''
  return html`
    <section>
      <h2 id="problems">${t('check.problems', { count: problems.length })}</h2>
      ${devices.length > 0 ? html`<p>${t('check.problemsText')}</p>` : ''}
      ${table<SharedProblem>(
        'problems',
        [
          {
            title: t('check.line'),
            kind: 'line',
            cell: ({ lines }) => lineList(messages, lines.map(number)),
          },
          { title: t('check.column'), cell: ({ problem }) => problem.column ?? '' },
          { title: t('check.problem'), kind: 'text', cell: ({ problem }) => problemText(messages, problem) },
          { title: t('check.fix'), kind: 'text', cell: ({ problem }) => fixText(messages, problem) },
        ],
        shareProblems(problems.slice(0, mostProblems)),
      )}
      ${
        problems.length > mostProblems
          ? html`<p>${t('check.moreProblems', { count: problems.length - mostProblems })}</p>`
          : ''
      }
      <p><a href="${problemsPath(id)}" download>${t('check.downloadProblems')}</a></p>
    </section>
  `
}

/** What is wrong with one or more rows. */
interface SharedProblem {
  lines: number[]
  problem: DeviceProblem
}

/** Rows with the same problem together, in the order of their first lines. */
function shareProblems(problems: Check['problems']): SharedProblem[] {
  const alike = Map.groupBy(problems, ({ problem: { column, message, fix } }) =>
    JSON.stringify([column, message, fix]),
  )
  return Array.from(alike.values(), (rows) => ({
    lines: rows.map(({ line }) => line),
    problem: rows[0]!.problem,
  }))
}

/** A few lines, and the others on request. */
function lineList({ t }: Messages, lines: readonly string[]): Html {
  const [shown, hidden] = [lines.slice(0, 3).join(', '), lines.slice(3)]
  return hidden.length === 0
    ? html`${shown}`
    : html`${shown}
        <details>
          <summary>${t('check.moreProblems', { count: hidden.length })}</summary>
          ${hidden.join(', ')}
        </details>`
}

/** What is not sent from the other rows, and how the file was read: warnings first. */
function noteList(messages: Messages, { notes }: Check): Html | '' {
  if (notes.length === 0) return ''
  const ordered = notes.toSorted((one, other) => rankOf(one) - rankOf(other))
  return html`
    <section aria-labelledby="notes">
      <h2 id="notes">${messages.t('check.notes')}</h2>
      ${ordered.map((note) => noteText(messages, note))}
    </section>
  `
}

function rankOf({ severity }: DeviceNote): number {
  return severity === 'warning' ? 0 : 1
}

/** Like the problems: in English, the text comes from the csv package. */
function noteText({ language, t }: Messages, note: DeviceNote): Html {
  const { code, severity, message, line, rows } = note
  const values = { line, rows, column: 'column' in note ? note.column : '' }
  const expected = note.code === 'column-not-read' ? note.expected : undefined
  const text =
    expected === undefined
      ? t(`note.${code}`, values)
      : t('note.column-not-read.expected', { ...values, expected })
  return severity === 'warning'
    ? html`<p class="note"><strong>${t('check.warning')}:</strong> ${language === 'en' ? message : text}</p>`
    : html`<p>${language === 'en' ? message : text}</p>`
}

/** The csv package's text is English and quotes the value; other languages also show the kind of problem. */
function problemText(
  { language, t }: Messages,
  { code, message, value, firstLine = 0 }: DeviceProblem,
): Html | string {
  if (language === 'en') return message
  const own = t(`problem.${code}`, { line: firstLine })
  return value === undefined
    ? html`${own} <small lang="en">${message}</small>`
    : html`${own} <code>${value}</code>`
}

function fixText({ language, t }: Messages, { code, fix }: DeviceProblem): string {
  return language === 'en' ? fix : t(`problem.${code}.fix`)
}

function planText(messages: Messages, check: Check): Html {
  const { t } = messages
  const { deviceCount, chunks, duplicates, hashOnlyCount } = check.plan!
  return html`
    ${operationText(messages, check)}
    <p>${t('check.requests', { devices: deviceCount, requests: chunks.length })}</p>
    ${duplicates.length > 0 ? html`<p class="note">${t('check.duplicates', { count: duplicates.length })}</p>` : ''}
    ${hashOnlyCount > 0 ? html`<p class="note">${t('check.hashOnly', { count: hashOnlyCount })}</p>` : ''}
  `
}

function inProgressText(messages: Messages, { submission, deviceCount }: DevicesInProgress): Html {
  const { submissionId, batchId, createdAt } = submission
  return html`<p class="note">
    ${messages.t('check.inProgress', { count: deviceCount })}
    <a href="/submissions/${submissionId}">${batchId}</a>, ${time(messages, createdAt)}
  </p>`
}

function operationText({ t }: Messages, { operation, batchError }: Check): Html {
  if (operation) return html`<p>${t(operation === 'create' ? 'check.creates' : 'check.appends')}</p>`
  const { reason } = explainError(batchError)
  return html`
    <p class="note">${t('check.unknown')}</p>
    <p>${t(`reason.${reason}.cause`)} ${t(`reason.${reason}.nextStep`)}</p>
  `
}
