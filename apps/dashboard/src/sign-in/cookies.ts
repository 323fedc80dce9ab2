/** The cookies that no script and no other site may read or set. */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

import type { Site } from '../site.ts'

/** The session, and a sign-in in progress. */
type CookieName = 'session' | 'sign-in'

/** Over HTTPS, the prefix keeps other hosts of the same domain from setting it. */
function fullName(c: Context<Site>, name: CookieName): string {
  return c.var.services.isSecure ? `__Host-${name}` : name
}

export function readCookie(c: Context<Site>, name: CookieName): string | undefined {
  return getCookie(c, fullName(c, name))
}

/** `Lax`, because the provider's redirect comes from another site. */
export function keepCookie(c: Context<Site>, name: CookieName, value: string, maxAge: number): void {
  setCookie(c, fullName(c, name), value, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: c.var.services.isSecure,
    maxAge,
  })
}

export function dropCookie(c: Context<Site>, name: CookieName): void {
  deleteCookie(c, fullName(c, name), { path: '/', secure: c.var.services.isSecure })
}
