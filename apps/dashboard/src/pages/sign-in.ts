/** Signing in with the token. */
import type { Context } from 'hono'
import { html } from 'hono/html'

import { localPath } from '../http/local-path.ts'
import type { Site } from '../site.ts'
import { answer } from './layout.ts'

/** `GET /sign-in`, also shown after a wrong token. */
export function signInPage(
  c: Context<Site>,
  { back = localPath(c.req.query('back')), refused }: { back?: string; refused?: 'wrong' | 'tooMany' } = {},
): Promise<Response> {
  const { t } = c.var.messages
  return answer(c, {
    title: t('signIn.title'),
    status: refused === undefined ? 200 : refused === 'wrong' ? 401 : 429,
    body: html`
      <h1>${t('signIn.title')}</h1>
      <form method="post" action="/sign-in" class="stacked">
        <input type="hidden" name="back" value="${back}" />
        <label for="token">${t('signIn.token')}</label>
        <p id="token-hint" class="hint">${t('signIn.hint')}</p>
        ${refused ? html`<p id="token-error" class="error" role="alert">${t(`signIn.${refused}`)}</p>` : ''}
        <input
          id="token"
          name="token"
          type="password"
          required
          autocomplete="current-password"
          aria-describedby="token-hint${refused ? ' token-error' : ''}"
          aria-invalid="${refused !== undefined}"
        />
        <button class="main">${t('signIn.button')}</button>
      </form>
    `,
  })
}
