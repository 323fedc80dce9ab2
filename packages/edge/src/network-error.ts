/** Why did the network fail? Each runtime says so in its own way; on Node a code stands somewhere in the chain of causes. */

/** The code of whoever failed first, such as `ECONNREFUSED` or `DEPTH_ZERO_SELF_SIGNED_CERT`; `undefined` when there is none. */
export function networkCode(cause: unknown): string | undefined {
  let found: string | undefined
  let error = cause as { code?: unknown; cause?: unknown } | undefined
  // A chain of causes may lead back to its beginning.
  for (let depth = 0; depth < 5 && typeof error === 'object' && error !== null; depth++) {
    // The code of a DOMException is a number that says nothing.
    if (typeof error.code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(error.code)) found = error.code
    error = error.cause as typeof error
  }
  return found
}

/** Whether the other side has a certificate that is not trusted, or is not for its name: another attempt cannot help. */
export function isCertificateFault(code: string | undefined): boolean {
  return /CERT|UNABLE_TO_(GET|VERIFY)|HOSTNAME_MISMATCH/.test(code ?? '')
}
