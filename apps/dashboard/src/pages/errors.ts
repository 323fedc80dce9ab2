/** What is said when a page cannot be shown. */
import { randomUUID } from 'node:crypto'

import { InvalidArgumentError } from '@devicebatch/client'
import { DatabaseError } from '@devicebatch/tracker'
import type { Context } from 'hono'
import { html } from 'hono/html'
import { HTTPException } from 'hono/http-exception'

import type { Site } from '../site.ts'
import type { Page } from './layout.ts'
import { answer } from './layout.ts'

type Trouble = 'notFound' | 'forbidden' | 'tooLarge' | 'badRequest' | 'gone' | 'database' | 'failed'

const statuses = {
  notFound: 404,
  forbidden: 403,
  tooLarge: 413,
  badRequest: 400,
  gone: 410,
  database: 503,
  failed: 500,
} as const satisfies Record<Trouble, Page['status']>

/** A page that says what is wrong and what to do; `detail` is shown as it is, in English. */
export function troublePage(c: Context<Site>, trouble: Trouble, detail?: string): Promise<Response> {
  const { say } = c.var.words
  return answer(c, {
    title: say(`trouble.${trouble}.title`),
    status: statuses[trouble],
    body: html`
      <h1>${say(`trouble.${trouble}.title`)}</h1>
      <p>${say(`trouble.${trouble}.text`)}</p>
      ${detail === undefined ? '' : html`<p lang="en">${detail}</p>`}
      <p><a href="/">${say('trouble.back')}</a></p>
    `,
  })
}

export const notFoundPage = (c: Context<Site>): Promise<Response> => troublePage(c, 'notFound')

export const tooLargePage = async (c: Context<Site>): Promise<Response> => {
  c.var.parts.log({ level: 'warn', event: 'form refused: too large', request: `POST ${c.req.path}` })
  return await troublePage(c, 'tooLarge')
}

/** What a page threw. Only what the visitor can mend is told to the visitor; the rest is in the log, under a reference. */
export function failedPage(error: Error, c: Context<Site>): Promise<Response> {
  const request = `${c.req.method} ${c.req.path}`
  if (error instanceof HTTPException && error.status === 403) {
    c.var.parts.log({ level: 'warn', event: 'form of another site refused', request })
    return troublePage(c, 'forbidden')
  }
  if (error instanceof InvalidArgumentError) return troublePage(c, 'badRequest', error.message)
  const reference = randomUUID()
  c.var.parts.log({
    level: 'error',
    event: 'page failed',
    request,
    reference,
    message: error.message,
  })
  return troublePage(c, error instanceof DatabaseError ? 'database' : 'failed', reference)
}
