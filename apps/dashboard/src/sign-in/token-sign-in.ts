/** Signing in with the token from the environment. */
import type { Context } from 'hono'

import { addressOf, withAddress } from '../http/address.ts'
import { readForm } from '../http/form.ts'
import { localPath } from '../http/local-path.ts'
import { isSameSecret } from '../http/same-secret.ts'
import { signInPage } from '../pages/sign-in/sign-in.ts'
import type { Site } from '../site.ts'
import { keepCookie } from './cookies.ts'
import { tokenHolder } from './person.ts'
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
