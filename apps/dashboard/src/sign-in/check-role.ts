/** Does somebody still have the role? Read again from the provider, so that one that is taken away does not last. */
import type { Services } from '../site.ts'
import { describeFailure } from './failure.ts'
import type { OpenIdProvider, SignInResult } from './openid-provider.ts'
import { describePerson, personOf, roleOf } from './person.ts'
import type { OpenIdSession, RoleFailure, Session } from './sessions.ts'
import { isCurrent } from './sessions.ts'

/** How long a role is believed. */
const roleSeconds = 10 * 60

/** When to check a role that was read just now. */
export function nextCheck(): number {
  return Date.now() + roleSeconds * 1_000
}

/**
 * Whether a session continues. A role that was read too long ago is read again; the session ends if the provider no longer
 * vouches for the person or names no role. `'unknown'`: the provider cannot be asked.
 */
export async function checkSession(
  services: Services,
  session: Session,
): Promise<'current' | 'ended' | 'unknown'> {
  const { signIn, sessions, log } = services
  if (isCurrent(session)) return 'current'
  const { openId } = session
  if (!openId || session.ended.signal.aborted || signIn?.kind !== 'openid') return 'ended'
  openId.checking ??= readAgain(signIn.provider, session, openId).finally(() => delete openId.checking)
  const failure = await openId.checking
  if (failure === undefined) return isCurrent(session) ? 'current' : 'ended'
  const isUnknown = failure.kind === 'unreachable' || failure.kind === 'misconfigured'
  const event = isUnknown ? `role not confirmed: ${failure.kind}` : 'session ended: role not confirmed'
  log({ level: 'warn', event, by: describePerson(session.person), message: failure.message })
  if (isUnknown) return 'unknown'
  sessions.end(session)
  return 'ended'
}

/** Resolves with why the role is not confirmed; `undefined` if it is. */
async function readAgain(
  provider: OpenIdProvider,
  session: Session,
  openId: OpenIdSession,
): Promise<RoleFailure | undefined> {
  const refuse = (message: string): RoleFailure => ({ kind: 'denied', message })
  if (openId.refreshToken === undefined) return refuse('The provider issued no refresh token.')
  let result: SignInResult | undefined
  try {
    result = await provider.renew(openId.refreshToken, openId.subject)
  } catch (error) {
    return describeFailure(error)
  }
  if (!result) return refuse('The provider does not say who it is.')
  const role = roleOf(result.claims)
  if (!role) return refuse('The role was taken away.')
  const { idToken, refreshToken } = result
  Object.assign(openId, { idToken, refreshToken, checkAt: nextCheck() })
  Object.assign(session, { role, person: personOf(result.claims) })
  return undefined
}
