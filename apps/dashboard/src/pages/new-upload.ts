/** The form for a new upload. */
import type { Context } from 'hono'
import { html, raw } from 'hono/html'

import { maxFileBytes, maxFileRows } from '../http/limits.ts'
import type { MessageName, Messages } from '../language/translate.ts'
import type { Site } from '../site.ts'
import { customerOptions } from './components.ts'
import type { Html } from './layout.ts'
import { answer } from './layout.ts'

/** What was filled in, and what was wrong with it; `detail` is the csv package's English text. */
export interface Filled {
  customerId?: string
  batchId?: string
  /** The file chosen earlier. */
  kept?: { id: string; fileName: string }
  wrong?: { field: Field; message: MessageName; detail?: string | undefined }
}

const limits = { megabytes: maxFileBytes / 1_000_000, rows: maxFileRows }

type Field = 'customerId' | 'batchId' | 'file'

/** `GET /uploads/new`, also shown again if something was wrong. */
export async function newUploadPage(c: Context<Site>, filled: Filled = {}): Promise<Response> {
  const { messages, services } = c.var
  const { t } = messages
  const ids = (await services.tracker.listCustomers()).map(({ customerId }) => customerId)
  const names = await services.names.of(ids)
  return await answer(c, {
    title: t('new.title'),
    section: '/uploads/new',
    status: filled.wrong ? 422 : 200,
    body: html`
      <h1>${t('new.title')}</h1>
      <p>${t('new.intro')}</p>
      <form id="upload" class="stacked" method="post" action="/uploads/check" enctype="multipart/form-data">
        <label for="customerId">${t('new.customer')}</label>
        ${hint(messages, 'customerId', t('new.customerHint'), filled)}
        <input
          id="customerId"
          name="customerId"
          required
          list="customers"
          autocomplete="off"
          spellcheck="false"
          value="${filled.customerId ?? c.req.query('customerId') ?? ''}"
          ${described('customerId', filled)}
        />
        <datalist id="customers">${customerOptions(names, ids)}</datalist>

        <label for="batchId">${t('field.batch')}</label>
        ${hint(messages, 'batchId', t('new.batchHint'), filled)}
        <input
          id="batchId"
          name="batchId"
          required
          autocomplete="off"
          value="${filled.batchId ?? c.req.query('batchId') ?? ''}"
          ${described('batchId', filled)}
        />

        <label for="file">${t('new.file')}</label>
        ${hint(messages, 'file', t('new.fileHint', limits), filled)}
        <div class="drop" data-drop>
          ${
            filled.kept
              ? html`<input type="hidden" name="kept" value="${filled.kept.id}" />
                  <p>${t('new.kept', { file: filled.kept.fileName })}</p>`
              : ''
          }
          <input
            id="file"
            name="file"
            type="file"
            ${filled.kept ? '' : raw('required')}
            accept=".csv,.txt,.tsv,text/csv,text/plain"
            data-max-bytes="${maxFileBytes}"
            data-too-large="${t('new.tooLarge', limits)}"
            ${described('file', filled)}
          />
          <p class="with-script">${t('new.drop')}</p>
        </div>
        <button class="main">${t('new.button')}</button>
        <p
          id="sending"
          role="status"
          data-text="${t('new.sending', { percent: '{percent}' })}"
          data-failed="${t('new.sendingFailed')}"
          hidden
        >
          <progress max="1" aria-labelledby="sending-text"></progress> <span id="sending-text"></span>
        </p>
        <p class="hint">${t('new.nothingSentYet')}</p>
      </form>
    `,
  })
}

function hint({ t }: Messages, field: Field, text: string, { wrong }: Filled): Html {
  const own = wrong?.field === field ? wrong : undefined
  return html`<p id="${field}-hint" class="hint">${text}</p>
    ${
      own
        ? html`<p id="${field}-error" class="error" role="alert">
            ${t(own.message, limits)} ${own.detail ? html`<span lang="en">${own.detail}</span>` : ''}
          </p>`
        : ''
    }`
}

function described(field: Field, { wrong }: Filled): Html {
  return wrong?.field === field
    ? html`aria-describedby="${field}-hint ${field}-error" aria-invalid="true" autofocus`
    : html`aria-describedby="${field}-hint"`
}
