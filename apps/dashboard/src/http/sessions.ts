/** Who has signed in: kept in memory, so that signing out, or restarting the dashboard, certainly ends a session. */
import { createHash, randomBytes } from 'node:crypto'

/** The sessions of this process. */
export interface Sessions {
  /** Starts a session and returns its secret, for the cookie. */
  begin(): string
  has(secret: string): boolean
  end(secret: string): void
}

export const lifetimeSeconds = 12 * 3_600
/** If there are more, the oldest ends. */
const mostSessions = 1_000

/** Creates an empty set of sessions. */
export function createSessions(): Sessions {
  const ends = new Map<string, number>()
  return {
    begin() {
      const secret = randomBytes(32).toString('base64url')
      ends.set(digest(secret), Date.now() + lifetimeSeconds * 1_000)
      const [oldest] = ends.keys()
      if (ends.size > mostSessions) ends.delete(oldest!)
      return secret
    },
    has: (secret) => (ends.get(digest(secret)) ?? 0) > Date.now(),
    end: (secret) => void ends.delete(digest(secret)),
  }
}

/** Sessions are looked up by this digest, so that timing does not reveal how much of a guess was right. */
function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('base64')
}
