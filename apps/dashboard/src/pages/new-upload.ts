/** The form for a new upload. */
import type { Context } from 'hono'
import { html } from 'hono/html'

import { maxFileBytes } from '../http/limits.ts'
import type { MessageName, Words } from '../language/words.ts'
import type { Site } from '../site.ts'
import type { Html } from './layout.ts'
import { answer } from './layout.ts'

/** What was filled in, and what was wrong with it; `detail` is in English, as the reader of the file says it. */
export interface Filled {
  customerId?: string
  batchId?: string
  wrong?: { field: Field; message: MessageName; detail?: string | undefined }
}

type Field = 'customerId' | 'batchId' | 'file'

/** `GET /uploads/new`, and what is shown when something was wrong. */
export async function newUploadPage(c: Context<Site>, filled: Filled = {}): Promise<Response> {
  const { words, parts } = c.var
  const { say } = words
  const customers = await parts.tracker.listCustomers()
  return await answer(c, {
    title: say('new.title'),
    part: '/uploads/new',
    status: filled.wrong ? 422 : 200,
    body: html`
      <h1>${say('new.title')}</h1>
      <p>${say('new.intro')}</p>
      <form class="stacked" method="post" action="/uploads/check" enctype="multipart/form-data">
        <label for="customerId">${say('field.customer')}</label>
        ${hint(words, 'customerId', say('new.customerHint'), filled)}
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
        <datalist id="customers">
          ${customers.map(({ customerId }) => html`<option value="${customerId}"></option>`)}
        </datalist>

        <label for="batchId">${say('field.batch')}</label>
        ${hint(words, 'batchId', say('new.batchHint'), filled)}
        <input
          id="batchId"
          name="batchId"
          required
          autocomplete="off"
          value="${filled.batchId ?? c.req.query('batchId') ?? ''}"
          ${described('batchId', filled)}
        />

        <label for="file">${say('new.file')}</label>
        ${hint(words, 'file', say('new.fileHint', { megabytes: maxFileBytes / 1_000_000 }), filled)}
        <div class="drop" data-drop>
          <input
            id="file"
            name="file"
            type="file"
            required
            accept=".csv,.txt,.tsv,text/csv,text/plain"
            data-max-bytes="${maxFileBytes}"
            data-too-large="${say('new.tooLarge', { megabytes: maxFileBytes / 1_000_000 })}"
            ${described('file', filled)}
          />
          <p class="with-script">${say('new.drop')}</p>
        </div>
        <button class="main">${say('new.button')}</button>
        <p class="hint">${say('new.nothingSentYet')}</p>
      </form>
    `,
  })
}

function hint({ say }: Words, field: Field, text: string, { wrong }: Filled): Html {
  const own = wrong?.field === field ? wrong : undefined
  return html`<p id="${field}-hint" class="hint">${text}</p>
    ${
      own
        ? html`<p id="${field}-error" class="error" role="alert">
            ${say(own.message)} ${own.detail ? html`<span lang="en">${own.detail}</span>` : ''}
          </p>`
        : ''
    }`
}

function described(field: Field, { wrong }: Filled): Html {
  return wrong?.field === field
    ? html`aria-describedby="${field}-hint ${field}-error" aria-invalid="true" autofocus`
    : html`aria-describedby="${field}-hint"`
}
