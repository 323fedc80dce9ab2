/** What may be shown of a text that came from elsewhere? Everything but the secrets that were sent there. */

/** A character as JSON, a URL or HTML writes it, or the backslashes before one. */
const escaped = /(?:\\+u00|%|&#x)([\da-f]{2});?|&#(\d{1,3});|\\+/gi

/**
 * A text without secrets, each replaced by `[redacted]`. They are found as they are and in every form in which services
 * repeat what they were sent: `\u002B`, `\/`, `%2B`, `&#x2B;` and `&#43;` for a plus or a slash, at any depth of escaping.
 *
 * Call it before a text is cut: part of a secret is not found.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const plain = text.replace(escaped, (_, hex?: string, decimal?: string) =>
    hex || decimal ? String.fromCharCode(hex ? Number.parseInt(hex, 16) : Number(decimal)) : '',
  )
  // The text itself first: what looks like an escape may be part of a secret.
  for (const form of [text, plain]) {
    const clean = secrets.reduce((rest, secret) => rest.replaceAll(secret || '\0', '[redacted]'), form)
    if (clean !== form) return form === plain ? clean : redact(clean, secrets)
  }
  return text
}

/**
 * A copy of parsed JSON as an error may carry it: redacted, and without what lies deeper than ten levels, which
 * `JSON.stringify` could not write.
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
