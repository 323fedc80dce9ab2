/** Who has signed in? */
import type { describeFailure } from './failure.ts'
import type { Person, Role } from './person.ts'
import type { SecretStore } from './secret-store.ts'
import { createSecretStore } from './secret-store.ts'

/** Somebody's session in one browser. */
export interface Session {
  person: Person
  role: Role
  /** Absent after a sign-in with the token. */
  openId?: OpenIdSession
  /** Ends the open event streams of the session too. */
  ended: AbortController
}

/** What is needed to read the roles of a session again, and to sign out at the provider. */
export interface OpenIdSession {
  subject: string
  idToken: string
  refreshToken: string | undefined
  /** From when on the role has to be read again before it is believed. */
  checkAt: number
  /** In progress, so that requests at the same time use the refresh token once. */
  checking?: Promise<RoleFailure | undefined>
}

/** Why a role is not confirmed. */
export type RoleFailure = ReturnType<typeof describeFailure>

/** The sessions of this process. */
export interface Sessions {
  /** Starts a session and returns its secret, for the cookie. */
  begin(session: Pick<Session, 'person' | 'role' | 'openId'>): string
  find: SecretStore<Session>['find']
  end(session: Session): void
  /** Ends every session of the same person, in all browsers; of somebody with the token, only this one. */
  endEverywhere(session: Session): void
}

export const lifetimeSeconds = 12 * 3_600
const mostSessions = 1_000

/** Creates an empty set of sessions. */
export function createSessions(): Sessions {
  const store = createSecretStore<Session>({ lifetimeSeconds, most: mostSessions })
  const endAll = (matches: (session: Session) => boolean): void => {
    for (const { ended } of store.removeAll(matches)) ended.abort()
  }
  return {
    begin: (session) => store.add({ ...session, ended: new AbortController() }),
    find: (secret) => store.find(secret),
    end: (session) => endAll((one) => one === session),
    endEverywhere(session) {
      const subject = session.openId?.subject
      endAll((one) => one === session || (subject !== undefined && one.openId?.subject === subject))
    },
  }
}

/** Whether it has neither ended nor to be checked again. */
export function isCurrent({ ended, openId }: Session): boolean {
  return !ended.signal.aborted && (openId === undefined || Date.now() < openId.checkAt)
}
