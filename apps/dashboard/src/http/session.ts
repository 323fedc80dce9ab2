/** Who has access: whoever has the token from the environment. */
import type { Context, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

import { signInPage } from '../pages/sign-in.ts'
import type { Site } from '../site.ts'
import { addressOf, logRefusal, withAddress } from './address.ts'
import { readForm } from './form.ts'
import { localPath } from './local-path.ts'
import { isSameSecret } from './same-secret.ts'
import { lifetimeSeconds } from './sessions.ts'

const cookie = 'session'

/** Allows only signed-in visitors; pages redirect all others to the sign-in, everything else is refused. */
export const requireSession: MiddlewareHandler<Site> = async (c, next) => {
  const { token, sessions } = c.get('services')
  const secret = getCookie(c, cookie)
  const hasSession = secret !== undefined && sessions.has(secret)
  c.set('isSignedIn', token !== undefined && hasSession)
  const isOpen = ['/sign-in', '/preferences'].includes(c.req.path) || c.req.path.startsWith('/public/')
  if (token === undefined || hasSession || isOpen) return await next()
  if (secret) {
    logRefusal(c, 'session refused: unknown or expired')
    deleteCookie(c, cookie, { path: '/' })
  }
  const { pathname, search } = new URL(c.req.url)
  const isPage = c.req.method === 'GET' && c.req.path !== '/events'
  return isPage
    ? c.redirect(`/sign-in?${new URLSearchParams({ back: pathname + search })}`, 303)
    : c.body(null, 401)
}

/** `POST /sign-in` */
export async function signIn(c: Context<Site>): Promise<Response> {
  const { token, isSecure, log, sessions, failedAttempts } = c.get('services')
  const form = await readForm(c)
  const back = localPath(form['back'])
  if (token === undefined) return c.redirect(back, 303)
  const address = addressOf(c) ?? ''
  const secondsToWait = failedAttempts.secondsToWait(address)
  if (secondsToWait > 0) {
    c.header('Retry-After', String(secondsToWait))
    return await signInPage(c, { back, refused: 'tooMany' })
  }
  if (!isSameSecret(form['token'], token)) {
    log({ level: 'warn', event: 'sign-in refused: wrong token', ...withAddress(c) })
    if (failedAttempts.add(address)) {
      log({ level: 'warn', event: 'sign-in refused: too many wrong tokens', ...withAddress(c) })
    }
    return await signInPage(c, { back, refused: 'wrong' })
  }
  setCookie(c, cookie, sessions.begin(), {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: isSecure,
    maxAge: lifetimeSeconds,
  })
  return c.redirect(back, 303)
}

/** `POST /sign-out` */
export function signOut(c: Context<Site>): Response {
  c.var.services.sessions.end(getCookie(c, cookie) ?? '')
  deleteCookie(c, cookie, { path: '/' })
  return c.redirect('/sign-in', 303)
}
