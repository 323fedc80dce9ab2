/** Whatever the wire sent where text was expected, as text. Nothing becomes empty, and what an object holds is not shown. */
export function wireText(value: unknown): string {
  if (value == null) return ''
  if (typeof value === 'string') return value.trim()
  return typeof value === 'object' ? 'an object' : `${value as number | boolean}`
}
