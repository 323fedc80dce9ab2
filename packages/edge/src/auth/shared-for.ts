/**
 * For how long callers may wait for one request for a token, in milliseconds. On Workers a request that has ended takes along
 * what was begun in it, and no promise says so: there the next callers request a token of their own after five seconds.
 * Elsewhere a second request would only repeat the first, with a refresh token that the first may have used up.
 */
export function sharedForMs(): number {
  const { navigator } = globalThis as { navigator?: { userAgent?: string } }
  return navigator?.userAgent === 'Cloudflare-Workers' ? 5_000 : Infinity
}
