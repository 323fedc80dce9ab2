/** Signing in with the token from the environment. */
import type { Context } from 'hono'

import { signInPage } from '../pages/sign-in.ts'
import { tokenHolder } from '../sign-in/person.ts'
import type { Site } from '../site.ts'
import { addressOf, withAddress } from './address.ts'
import { keepCookie } from './cookies.ts'
import { readForm } from './form.ts'
import { localPath } from './local-path.ts'
import { isSameSecret } from './same-secret.ts'
import { lifetimeSeconds } from './sessions.ts'

/** `POST /sign-in` */
export async function signInWithToken(c: Context<Site>): Promise<Response> {
  const { signIn, log, sessions, failedAttempts } = c.get('services')
  const form = await readForm(c)
  const back = localPath(form['back'])
  if (signIn?.kind !== 'token') return c.redirect(back, 303)
  const address = addressOf(c) ?? ''
  const secondsToWait = failedAttempts.secondsToWait(address)
  if (secondsToWait > 0) {
    c.header('Retry-After', String(secondsToWait))
    return await signInPage(c, { back, refused: 'tooMany' })
  }
  if (!isSameSecret(form['token'], signIn.token)) {
    log({ level: 'warn', event: 'sign-in refused: wrong token', ...withAddress(c) })
    if (failedAttempts.add(address)) {
      log({ level: 'warn', event: 'sign-in refused: too many wrong tokens', ...withAddress(c) })
    }
    return await signInPage(c, { back, refused: 'wrong' })
  }
  keepCookie(c, 'session', sessions.begin({ person: tokenHolder, role: 'operator' }), lifetimeSeconds)
  return c.redirect(back, 303)
}
