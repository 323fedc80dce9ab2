/** Who has signed in: kept in memory, so that signing out, or starting the dashboard again, ends a session for certain. */
import { createHash, randomBytes } from 'node:crypto'

/** The sessions of this process. */
export interface Sessions {
  /** Begins one and returns its secret, for the cookie. */
  begin(): string
  has(secret: string): boolean
  end(secret: string): void
}

export const lifetimeSeconds = 12 * 3_600
/** The oldest ends when there are more. */
const mostSessions = 1_000

/** Without anybody. */
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

/** Looked up by this, no comparison tells how much of a guess was right. */
function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('base64')
}
