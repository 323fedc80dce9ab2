/**
 * How long callers may share one token request, in milliseconds. On Workers, work started in a request silently stops when
 * that request ends, so later callers request their own token after five seconds. Elsewhere, a second request would only
 * repeat the first, with a refresh token that the first may have used up.
 */
export function sharedForMs(): number {
  const { navigator } = globalThis as { navigator?: { userAgent?: string } }
  return navigator?.userAgent === 'Cloudflare-Workers' ? 5_000 : Infinity
}
