/** Signing in, with the token or at the OpenID provider. */
import type { Context } from 'hono'
import { html } from 'hono/html'

import { localPath } from '../../http/local-path.ts'
import type { Messages } from '../../language/translate.ts'
import type { Site } from '../../site.ts'
import type { Html } from '../layout.ts'
import { answer } from '../layout.ts'

type Refused = 'wrong' | 'tooMany'

/** `GET /sign-in`, also shown after a wrong token. */
export function signInPage(
  c: Context<Site>,
  { back = localPath(c.req.query('back')), refused }: { back?: string; refused?: Refused } = {},
): Promise<Response> {
  const { messages, services } = c.var
  const { t } = messages
  return answer(c, {
    title: t('signIn.title'),
    status: refused === undefined ? 200 : refused === 'wrong' ? 401 : 429,
    body: html`
      <h1>${t('signIn.title')}</h1>
      ${services.signIn?.kind === 'openid' ? startLink(messages, back) : tokenForm(messages, back, refused)}
    `,
  })
}

/** A link to the OpenID provider. */
export function startLink({ t }: Messages, back: string): Html {
  const path = `/sign-in/start?${new URLSearchParams({ back })}`
  return html`<p><a class="button main" href="${path}">${t('signIn.start')}</a></p>`
}

function tokenForm({ t }: Messages, back: string, refused: Refused | undefined): Html {
  return html`<form method="post" action="/sign-in" class="stacked">
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
  </form>`
}
