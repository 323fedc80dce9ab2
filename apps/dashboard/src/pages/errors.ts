/** What is shown when a page cannot be. */
import { InvalidArgumentError } from '@devicebatch/client'
import { DatabaseError } from '@devicebatch/tracker'
import type { Context } from 'hono'
import { html } from 'hono/html'
import { HTTPException } from 'hono/http-exception'

import { logRefusal, withAddress } from '../http/address.ts'
import type { Site } from '../site.ts'
import type { Page } from './layout.ts'
import { answer } from './layout.ts'

type ErrorKind =
  | 'notFound'
  | 'forbidden'
  | 'readOnly'
  | 'signedOut'
  | 'signInDown'
  | 'tooLarge'
  | 'badRequest'
  | 'gone'
  | 'database'
  | 'failed'

const statuses = {
  notFound: 404,
  forbidden: 403,
  readOnly: 403,
  signedOut: 401,
  signInDown: 503,
  tooLarge: 413,
  badRequest: 400,
  gone: 410,
  database: 503,
  failed: 500,
} as const satisfies Record<ErrorKind, Page['status']>

/** A page that says what is wrong and what to do; `detail` is shown unchanged, in English. */
export function errorPage(c: Context<Site>, kind: ErrorKind, detail?: string): Promise<Response> {
  const { t } = c.var.messages
  return answer(c, {
    title: t(`error.${kind}.title`),
    status: statuses[kind],
    body: html`
      <h1>${t(`error.${kind}.title`)}</h1>
      <p>${t(`error.${kind}.text`)}</p>
      ${detail === undefined ? '' : html`<p lang="en">${detail}</p>`}
      <p><a href="/">${t('error.back')}</a></p>
    `,
  })
}

export const notFoundPage = (c: Context<Site>): Promise<Response> => errorPage(c, 'notFound')

export const tooLargePage = async (c: Context<Site>): Promise<Response> => {
  logRefusal(c, 'form refused: too large')
  return await errorPage(c, 'tooLarge')
}

/** Handles what a page threw. Visitors see only what they can fix; the rest is in the log, with a reference. */
export function failedPage(error: Error, c: Context<Site>): Promise<Response> {
  if (error instanceof HTTPException && error.status === 403) {
    logRefusal(c, 'form of another site refused')
    return errorPage(c, 'forbidden')
  }
  if (error instanceof InvalidArgumentError) {
    logRefusal(c, 'request refused: it cannot be read', error.message)
    return errorPage(c, 'badRequest', error.message)
  }
  return errorPage(c, error instanceof DatabaseError ? 'database' : 'failed', logFailure(c, error))
}

/** Logs an unexpected error, and returns the request's ID for finding the line. */
export function logFailure(c: Context<Site>, error: Error): string {
  c.var.services.log({
    level: 'error',
    event: 'page failed',
    method: c.req.method,
    path: c.req.path,
    ...withAddress(c),
    message: error.message,
  })
  return c.var.requestId
}
