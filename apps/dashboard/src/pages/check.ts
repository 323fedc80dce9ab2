/** Between the file and the upload: what is wrong with it, by line, and what would be sent. Nothing is sent before a yes. */
import { explainError, findBatch, InvalidArgumentError, planUpload } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import type { DeviceNote, DeviceProblem } from '@devicebatch/csv'
import { readDevices } from '@devicebatch/csv'
import { isGuid } from '@devicebatch/edge/internal'
import type { Context } from 'hono'
import { html } from 'hono/html'

import type { Check } from '../checks.ts'
import { readForm } from '../http/form.ts'
import type { Messages } from '../language/translate.ts'
import type { Site } from '../site.ts'
import { customerText } from './components.ts'
import { errorPage } from './errors.ts'
import type { Html } from './layout.ts'
import { answer } from './layout.ts'
import { newUploadPage } from './new-upload.ts'

/** How many problems are shown; whoever has more of them mends the file first. */
const mostProblems = 200

/** `POST /uploads/check`: reads the file, asks whether the batch exists, and leads to what came of it. */
export async function checkFile(c: Context<Site>): Promise<Response> {
  const { services } = c.var
  const form = await readForm(c)
  const text = (name: string): string => (typeof form[name] === 'string' ? form[name].trim() : '')
  const [customerId, batchId, file] = [text('customerId'), text('batchId'), form['file']]
  const filled = { customerId, batchId }
  if (!isGuid(customerId)) {
    return await newUploadPage(c, { ...filled, wrong: { field: 'customerId', message: 'new.wrongCustomer' } })
  }
  if (!(file instanceof File) || file.size === 0) {
    return await newUploadPage(c, { ...filled, wrong: { field: 'file', message: 'new.noFile' } })
  }
  let read: ReadFile
  try {
    read = await readFile(file)
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error
    const wrong = { field: 'file', message: 'new.unreadable', detail: error.message } as const
    return await newUploadPage(c, { ...filled, wrong })
  }
  const customerName = await services.names.read(customerId)
  const check: Check = { fileName: file.name, customerId, customerName, batchId, ...read }
  if (read.devices.length > 0) {
    const { devices } = read
    const { signal } = c.req.raw
    try {
      check.plan = await planUpload({ customerId, batchId, devices }, { signal })
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error
      return await newUploadPage(c, { ...filled, wrong: { field: 'batchId', message: 'new.wrongBatch' } })
    }
    try {
      const batch = await findBatch(services.partner.customers.byId(customerId), batchId, { signal })
      check.operation = batch ? 'append' : 'create'
    } catch (error) {
      check.batchError = error
    }
  }
  return c.redirect(`/uploads/check/${services.checks.keep(check)}`, 303)
}

/** `GET /uploads/check/:id` */
export async function checkPage(c: Context<Site>): Promise<Response> {
  const { messages, services } = c.var
  const { t } = messages
  const id = c.req.param('id') ?? ''
  const check = services.checks.find(id)
  if (!check) return await errorPage(c, 'gone')
  const { devices, batchId, customerId, customerName, fileName } = check
  const names = new Map(customerName === undefined ? [] : [[customerId.toLowerCase(), customerName]])
  const back = `/uploads/new?${new URLSearchParams({ customerId, batchId })}`
  return await answer(c, {
    title: t('check.title'),
    part: '/uploads/new',
    body: html`
      <h1>${t('check.title')}</h1>
      <dl class="facts">
        <div>
          <dt>${t('check.file')}</dt>
          <dd>${fileName}</dd>
        </div>
        <div>
          <dt>${t('field.batch')}</dt>
          <dd>${batchId}</dd>
        </div>
        <div>
          <dt>${t('field.customer')}</dt>
          <dd>${customerText(names, customerId)}</dd>
        </div>
      </dl>
      ${problemList(messages, check)} ${noteList(messages, check)}
      ${
        devices.length === 0
          ? html`<p class="note">${t('check.nothing')}</p>`
          : html`<section aria-labelledby="plan">
              <h2 id="plan">${t('check.plan')}</h2>
              ${planText(messages, check)}
            </section>`
      }
      <div class="actions">
        ${
          devices.length === 0
            ? ''
            : html`<form method="post" action="/uploads/check/${id}">
                <button class="main">
                  ${t(check.problemCount > 0 ? 'check.sendTheRest' : 'check.send', {
                    count: devices.length,
                    left: check.problemCount,
                  })}
                </button>
              </form>`
        }
        <a class="button" href="${back}">${t('check.otherFile')}</a>
      </div>
    `,
  })
}

/** `POST /uploads/check/:id`: hands the upload in. Twice is the same as once. */
export async function confirmUpload(c: Context<Site>): Promise<Response> {
  const { tracker, checks } = c.var.services
  const id = c.req.param('id') ?? ''
  const check = checks.find(id)
  if (!check) return (await tracker.getSubmission(id)) ? toSubmission(c, id) : await errorPage(c, 'gone')
  const { customerId, batchId, devices } = check
  const { submissionId } = await tracker.submit({ submissionId: id, customerId, batchId, devices })
  return toSubmission(c, submissionId)
}

function toSubmission(c: Context<Site>, submissionId: string): Response {
  return c.redirect(`/submissions/${submissionId}`, 303)
}

type ReadFile = Pick<Check, 'devices' | 'problems' | 'problemCount' | 'notes'>

async function readFile(file: File): Promise<ReadFile> {
  const devices: NewDevice[] = []
  const problems: Check['problems'][number][] = []
  const notes: DeviceNote[] = []
  let problemCount = 0
  for await (const { line, device, problem, note } of readDevices(() => file.stream())) {
    if (device) devices.push(device)
    else if (note) notes.push(note)
    else if (problemCount++ < mostProblems) problems.push({ line, problem })
  }
  return { devices, problems, problemCount, notes }
}

function problemList(messages: Messages, check: Check): Html | '' {
  const { t, number } = messages
  const { problems, problemCount } = check
  if (problemCount === 0) return ''
  return html`
    <section>
      <h2 id="problems">${t('check.problems', { count: problemCount })}</h2>
      <p>${t('check.problemsText')}</p>
      <div class="scroll" tabindex="0" role="region" aria-labelledby="problems">
        <table>
          <thead>
            <tr>
              <th scope="col" class="number">${t('check.line')}</th>
              <th scope="col">${t('check.column')}</th>
              <th scope="col">${t('check.problem')}</th>
              <th scope="col">${t('check.fix')}</th>
            </tr>
          </thead>
          <tbody>
            ${problems.map(
              ({ line, problem }) => html`
                <tr>
                  <th scope="row" class="number">${number(line)}</th>
                  <td>${problem.column ?? ''}</td>
                  ${problemCells(messages, problem)}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
      ${
        problemCount > problems.length
          ? html`<p>${t('check.moreProblems', { count: problemCount - problems.length })}</p>`
          : ''
      }
    </section>
  `
}

/** What is not sent of the rows that are, and how the file was read: warnings first. */
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

/** Like the problems: in English in the words of the reader. */
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

/** The reader of the file speaks English, and names the value; other languages tell the kind of problem beside it. */
function problemCells({ language, t }: Messages, { code, message, fix, firstLine = 0 }: DeviceProblem): Html {
  if (language === 'en')
    return html`<td>${message}</td>
      <td>${fix}</td>`
  return html`
    <td>
      ${t(`problem.${code}`, { line: firstLine })}
      <small lang="en">${message}</small>
    </td>
    <td>${t(`problem.${code}.fix`)}</td>
  `
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

function operationText({ t }: Messages, { operation, batchError }: Check): Html {
  if (operation) return html`<p>${t(operation === 'create' ? 'check.creates' : 'check.appends')}</p>`
  const { reason } = explainError(batchError)
  return html`
    <p class="note">${t('check.notAsked')}</p>
    <p>${t(`reason.${reason}.cause`)} ${t(`reason.${reason}.nextStep`)}</p>
  `
}
