/** Signing in at the OpenID provider: there, and back again. */
import type { Context } from 'hono'

import { logRefusal, withAddress } from '../http/address.ts'
import { localPath } from '../http/local-path.ts'
import type { SignInProblem } from '../pages/sign-in/sign-in-failed.ts'
import { signInFailedPage } from '../pages/sign-in/sign-in-failed.ts'
import type { Site } from '../site.ts'
import { nextCheck } from './check-role.ts'
import { dropCookie, keepCookie, readCookie } from './cookies.ts'
import { describeFailure } from './failure.ts'
import type { SignInResult } from './openid-provider.ts'
import { pendingSeconds } from './pending-sign-ins.ts'
import type { Role } from './person.ts'
import { describePerson, personOf, roleOf } from './person.ts'
import { lifetimeSeconds } from './sessions.ts'

/** `GET /sign-in/start?back=`: sends the visitor to the provider. */
export async function startSignIn(c: Context<Site>): Promise<Response> {
  const { signIn, pendingSignIns } = c.var.services
  const back = localPath(c.req.query('back'))
  if (signIn?.kind !== 'openid') return c.redirect(back, 303)
  try {
    const { url, request } = await signIn.provider.begin()
    keepCookie(c, 'sign-in', pendingSignIns.add({ ...request, back }), pendingSeconds)
    return c.redirect(url.href, 303)
  } catch (error) {
    return await refuse(c, describeFailure(error), back)
  }
}

/** `GET /sign-in/callback`: the provider has sent the visitor back. Each sign-in is completed once, in the browser that began it. */
export async function finishSignIn(c: Context<Site>): Promise<Response> {
  const { signIn, pendingSignIns } = c.var.services
  if (signIn?.kind !== 'openid') return c.redirect('/', 303)
  const secret = readCookie(c, 'sign-in')
  if (secret === undefined) return await refuse(c, { kind: 'otherBrowser' })
  const pending = pendingSignIns.find(secret)
  const { searchParams } = new URL(c.req.url)
  // The last one that was started can still come back.
  if (pending && searchParams.get('state') !== pending.state) return await refuse(c, { kind: 'otherSignIn' })
  dropCookie(c, 'sign-in')
  pendingSignIns.remove(secret)
  if (!pending) return await refuse(c, { kind: 'expired' })
  let result: SignInResult
  try {
    result = await signIn.provider.finish(searchParams, pending)
  } catch (error) {
    return await refuse(c, describeFailure(error), pending.back)
  }
  const role = roleOf(result.claims)
  if (!role) {
    const who = describePerson(personOf(result.claims))
    return await refuse(
      c,
      { kind: 'noRole', message: `${who} has no role in the claim "roles".` },
      pending.back,
    )
  }
  return beginSession(c, result, role, pending.back)
}

function beginSession(
  c: Context<Site>,
  { claims, idToken, refreshToken }: SignInResult,
  role: Role,
  back: string,
): Response {
  const { services, session } = c.var
  const person = personOf(claims)
  if (session) services.sessions.end(session)
  const openId = { subject: claims.sub, idToken, refreshToken, checkAt: nextCheck() }
  keepCookie(c, 'session', services.sessions.begin({ person, role, openId }), lifetimeSeconds)
  services.log({ level: 'info', event: `signed in: ${role}`, by: describePerson(person), ...withAddress(c) })
  return c.redirect(back, 303)
}

async function refuse(
  c: Context<Site>,
  { kind, message }: { kind: SignInProblem; message?: string },
  back = '/',
): Promise<Response> {
  logRefusal(c, `sign-in refused: ${kind}`, message)
  return await signInFailedPage(c, kind, back)
}
