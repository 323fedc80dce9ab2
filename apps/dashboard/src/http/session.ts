/** Who may come in: whoever has the token from the environment. The session is a signed cookie; nothing is kept here. */
import { createHash, timingSafeEqual } from 'node:crypto'

import type { Context, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, getSignedCookie, setSignedCookie } from 'hono/cookie'

import { signInPage } from '../pages/sign-in.ts'
import type { Site } from '../site.ts'
import { localPath } from './local-path.ts'

const cookie = 'session'
const lifetimeSeconds = 12 * 3_600

/** Lets only those in who have signed in; a page leads the others to the sign-in, everything else is refused. */
export const requireSession: MiddlewareHandler<Site> = async (c, next) => {
  const { token, log } = c.get('parts')
  const isSignedIn = token === undefined || (await hasSession(c, token))
  c.set('isSignedIn', token !== undefined && isSignedIn)
  const isOpen = ['/sign-in', '/language'].includes(c.req.path) || c.req.path.startsWith('/public/')
  if (isSignedIn || isOpen) return await next()
  if (getCookie(c, cookie)) {
    log({
      level: 'warn',
      event: 'session refused: forged or expired',
      request: `${c.req.method} ${c.req.path}`,
    })
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
  const { token, isSecure, log } = c.get('parts')
  const body = await c.req.parseBody()
  if (token !== undefined && !isSame(body['token'], token)) {
    log({ level: 'warn', event: 'sign-in refused: wrong token' })
    return signInPage(c, { back: localPath(body['back']), isWrong: true })
  }
  if (token !== undefined) {
    const expires = Date.now() + lifetimeSeconds * 1_000
    await setSignedCookie(c, cookie, String(expires), signingKey(token), {
      path: '/',
      httpOnly: true,
      sameSite: 'Lax',
      secure: isSecure,
      maxAge: lifetimeSeconds,
    })
  }
  return c.redirect(localPath(body['back']), 303)
}

/** `POST /sign-out` */
export function signOut(c: Context<Site>): Response {
  deleteCookie(c, cookie, { path: '/' })
  return c.redirect('/sign-in', 303)
}

async function hasSession(c: Context<Site>, token: string): Promise<boolean> {
  const expires = await getSignedCookie(c, signingKey(token), cookie)
  return typeof expires === 'string' && Number(expires) > Date.now()
}

function signingKey(token: string): string {
  return `devicebatch dashboard session: ${token}`
}

/** In the same time, whatever is handed in. */
function isSame(given: unknown, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(typeof given === 'string' ? given : ''), digest(token))
}
