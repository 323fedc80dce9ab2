/** Is it the secret? */
import { createHash, timingSafeEqual } from 'node:crypto'

/** Compares in constant time, whatever was given. */
export function isSameSecret(given: unknown, secret: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(typeof given === 'string' ? given : ''), digest(secret))
}
