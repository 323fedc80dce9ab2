/** Signed out here, and now at the OpenID provider. */
import type { Context } from 'hono'
import { html } from 'hono/html'

import type { Site } from '../../site.ts'
import { answer } from '../layout.ts'
import { startLink } from './sign-in.ts'

/** `url` is the page of the provider that ends its session; the browser opens it at once. */
export function signedOutPage(c: Context<Site>, url: URL | undefined): Promise<Response> {
  const { messages } = c.var
  const { t } = messages
  // A redirect of the form would be stopped by `form-action`, and nobody knows where the provider redirects to.
  if (url) c.header('Refresh', `0; url=${url.href}`)
  return answer(c, {
    title: t('signedOut.title'),
    body: html`
      <h1>${t('signedOut.title')}</h1>
      <p>${t('signedOut.text')}</p>
      ${url ? html`<p><a href="${url.href}">${t('signedOut.provider')}</a></p>` : startLink(messages, '/')}
    `,
  })
}
