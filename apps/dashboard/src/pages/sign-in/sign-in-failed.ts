/** Why a sign-in at the OpenID provider failed, and what to do. */
import type { Context } from 'hono'
import { html } from 'hono/html'

import type { SignInFailure } from '../../sign-in/failure.ts'
import type { Site } from '../../site.ts'
import type { Page } from '../layout.ts'
import { answer } from '../layout.ts'
import { startLink } from './sign-in.ts'

/** What the provider or its response says, or what the dashboard itself finds. */
export type SignInProblem =
  | SignInFailure
  /** This browser has no sign-in in progress. */
  | 'otherBrowser'
  /** The response belongs to another sign-in than this browser's last one. */
  | 'otherSignIn'
  /** The person has neither role. */
  | 'noRole'

const statuses = {
  unreachable: 503,
  denied: 403,
  expired: 400,
  misconfigured: 502,
  invalid: 502,
  clock: 502,
  otherBrowser: 400,
  otherSignIn: 400,
  noRole: 403,
} as const satisfies Record<SignInProblem, Page['status']>

/** A page that says what is wrong and what to do; `back` is where the next try leads. */
export function signInFailedPage(c: Context<Site>, kind: SignInProblem, back: string): Promise<Response> {
  const { messages } = c.var
  const { t } = messages
  return answer(c, {
    title: t(`signIn.${kind}.title`),
    status: statuses[kind],
    body: html`
      <h1>${t(`signIn.${kind}.title`)}</h1>
      <p>${t(`signIn.${kind}.text`)}</p>
      ${startLink(messages, back)}
    `,
  })
}
