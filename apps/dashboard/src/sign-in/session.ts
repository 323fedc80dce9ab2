/** Who has access, and to what? */
import type { Context, MiddlewareHandler } from 'hono'

import { logRefusal, withAddress } from '../http/address.ts'
import { errorPage } from '../pages/errors.ts'
import { signedOutPage } from '../pages/sign-in/signed-out.ts'
import type { Site } from '../site.ts'
import { checkSession } from './check-role.ts'
import { dropCookie, readCookie } from './cookies.ts'
import { describePerson } from './person.ts'
import { isCurrent } from './sessions.ts'

/** Where nobody has to be signed in. */
const openPaths = ['/sign-in', '/sign-in/start', '/sign-in/callback', '/sign-out', '/preferences']

/** Finds the visitor's session. */
export const findSession: MiddlewareHandler<Site> = async (c, next) => {
  const { sessions, signIn } = c.var.services
  const session = signIn === undefined ? undefined : sessions.find(readCookie(c, 'session'))
  c.set('session', session)
  setAccess(c)
  await next()
}

/** Without a sign-in, whoever reaches the dashboard is its operator. */
function setAccess(c: Context<Site>): void {
  const { session, services } = c.var
  const isIn = session !== undefined && isCurrent(session)
  c.set('access', services.signIn === undefined ? 'operator' : isIn ? session.role : 'none')
}

/** Allows only signed-in visitors; pages redirect all others to the sign-in, and forms tell them that nothing happened. */
export const requireSession: MiddlewareHandler<Site> = async (c, next) => {
  const { services, session } = c.var
  if (openPaths.includes(c.req.path) || c.req.path.startsWith('/public/')) return await next()
  if (session && (await checkSession(services, session)) === 'unknown') {
    c.header('Retry-After', '30')
    return c.req.path === '/events' ? c.body(null, 503) : await errorPage(c, 'signInDown')
  }
  setAccess(c)
  if (c.var.access !== 'none') return await next()
  if (readCookie(c, 'session')) {
    logRefusal(c, 'session refused: unknown or expired')
    dropCookie(c, 'session')
  }
  if (c.req.path === '/events') return c.body(null, 401)
  if (c.req.method !== 'GET') return await errorPage(c, 'signedOut')
  const { pathname, search } = new URL(c.req.url)
  return c.redirect(`/sign-in?${new URLSearchParams({ back: pathname + search })}`, 303)
}

/** Allows a reader to look, and nothing else: every form but those of the visitor's own session is for operators. */
export const requireOperator: MiddlewareHandler<Site> = async (c, next) => {
  const isLooking = ['GET', 'HEAD'].includes(c.req.method) && !c.req.path.startsWith('/uploads/')
  if (isLooking || c.var.access !== 'reader' || openPaths.includes(c.req.path)) return await next()
  logRefusal(c, 'refused: a reader changes nothing')
  return await errorPage(c, 'readOnly')
}

/** `POST /sign-out`: ends the sessions of this person in every browser, and the one at the provider. */
export async function signOut(c: Context<Site>): Promise<Response> {
  const { session, services } = c.var
  dropCookie(c, 'session')
  if (!session) return c.redirect('/sign-in', 303)
  services.sessions.endEverywhere(session)
  c.set('session', undefined)
  setAccess(c)
  services.log({
    level: 'info',
    event: 'signed out',
    by: describePerson(session.person),
    ...withAddress(c),
  })
  const { openId } = session
  if (!openId || services.signIn?.kind !== 'openid') return c.redirect('/sign-in', 303)
  // The visitor is signed out here, whatever the provider does.
  const url = await services.signIn.provider.endSession(openId.idToken).catch(() => undefined)
  return await signedOutPage(c, url)
}
