/** What is kept for a cookie: in memory, so that removing it, or restarting the dashboard, certainly ends it. */
import { createHash, randomBytes } from 'node:crypto'

/** Values by secret. */
export interface SecretStore<Value> {
  /** Keeps a value, and returns its secret for the cookie. */
  add(value: Value): string
  /** `undefined` if there never was one, or its time is over. */
  find(secret: string | undefined): Value | undefined
  remove(secret: string | undefined): void
  /** Removes every matching value, and returns them. */
  removeAll(matches: (value: Value) => boolean): Value[]
}

/** Creates an empty store; if there are more than `most`, the oldest ends. */
export function createSecretStore<Value>({
  lifetimeSeconds,
  most,
}: {
  lifetimeSeconds: number
  most: number
}): SecretStore<Value> {
  const kept = new Map<string, { value: Value; until: number }>()
  return {
    add(value) {
      const secret = randomBytes(32).toString('base64url')
      kept.set(digest(secret), { value, until: Date.now() + lifetimeSeconds * 1_000 })
      const [oldest] = kept.keys()
      if (kept.size > most) kept.delete(oldest!)
      return secret
    },
    find(secret) {
      const found = secret === undefined ? undefined : kept.get(digest(secret))
      return found && found.until > Date.now() ? found.value : undefined
    },
    remove: (secret) => void (secret !== undefined && kept.delete(digest(secret))),
    removeAll(matches) {
      const removed = [...kept].filter(([, { value }]) => matches(value))
      for (const [key] of removed) kept.delete(key)
      return removed.map(([, { value }]) => value)
    },
  }
}

/** Secrets are looked up by this digest, so that timing does not reveal how much of a guess was right. */
function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('base64')
}
