/** Headers of the emulator's own pages: they run no script, load nothing, and cannot be framed. */
export function pageHeaders(nonce?: string): Record<string, string> {
  const style = nonce === undefined ? "'none'" : `'nonce-${nonce}'`
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': `default-src 'none'; style-src ${style}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    // The page's forms must send their origin.
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  }
}
