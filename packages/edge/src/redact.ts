/** Which parts of a text from elsewhere may be shown? Everything except the secrets that were sent there. */

/** A character as escaped in JSON, a URL or HTML, or the backslashes before one. */
const escaped = /(?:\\+u00|%|&#x)([\da-f]{2});?|&#(\d{1,3});|&amp;|\\+/gi

/**
 * Replaces each secret in a text with `[redacted]`. It finds secrets verbatim and in every form in which services echo
 * their input: `\u002B`, `\/`, `%2B`, `&#x2B;` and `&#43;` for a plus or a slash, escaped up to `depth` times.
 *
 * Call it before truncating a text: part of a secret is not found.
 */
export function redact(text: string, secrets: readonly string[], depth = 3): string {
  // The text itself comes first: what looks like an escape may be part of a secret.
  const clean = secrets.reduce((rest, secret) => rest.replaceAll(secret || '\0', '[redacted]'), text)
  const plain = clean.replace(escaped, (found, hex?: string, decimal?: string) => {
    if (hex || decimal) return String.fromCharCode(hex ? Number.parseInt(hex, 16) : Number(decimal))
    return found[0] === '&' ? '&' : ''
  })
  if (plain === clean || depth === 0) return clean
  const found = redact(plain, secrets, depth - 1)
  return found === plain ? clean : found
}

/**
 * A copy of parsed JSON that is safe to put on an error: redacted, and cut off below ten levels, which `JSON.stringify`
 * might fail to write.
 */
export function redactData(value: unknown, redactText: (text: string) => string, depth = 10): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) return '…'
  const copy = (member: unknown): unknown => redactData(member, redactText, depth - 1)
  return Array.isArray(value)
    ? value.map(copy)
    : Object.fromEntries(Object.entries(value).map(([key, member]) => [redactText(key), copy(member)]))
}

/** A Basic or Bearer credential, a JWT, and what a URL carries before its host or after a question mark. */
const likelySecret = /(\b(?:basic|bearer) +|\?)[^\s"'<>)]+|eyJ[\w.-]+|(?<=:\/\/)[^\s/@]+(?=@)/gi

/** Replaces what looks like a secret in a text from elsewhere, for which nobody knows what was sent there. */
export function redactLikely(text: string): string {
  return text.replace(likelySecret, (_, label?: string) => `${label ?? ''}[redacted]`)
}
