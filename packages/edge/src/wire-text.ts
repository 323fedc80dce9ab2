/** Converts whatever the wire sent in place of text to text. Null becomes empty; the content of an object is not shown. */
export function wireText(value: unknown): string {
  if (value == null) return ''
  if (typeof value === 'string') return value.trim()
  return typeof value === 'object' ? 'an object' : `${value as number | boolean}`
}
