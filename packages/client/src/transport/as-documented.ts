/** Does a row match the documentation? If not, it is corrected once, when it arrives. */
import { wireText } from '@devicebatch/edge/internal'

/** The members of a row that are checked: text, a number, a list of texts, a list of rows, or a nested row. */
export type Shape = Readonly<Record<string, 'text' | 'number' | 'texts' | { rows: Shape } | { row: Shape }>>

/**
 * A row with text where text is documented, whatever the service sent: a number becomes its digits, an object the words "an
 * object". A member that should be a list or a row and is not is omitted. Members that the shape does not name, and nulls, stay
 * unchanged; so does the row itself if it matches. Anything that is not a row becomes an empty one, so that it is still counted.
 */
export function asDocumented(row: unknown, shape: Shape): object {
  if (!isRow(row)) return {}
  const given = row
  let changed: Record<string, unknown> | undefined
  // There may be 100,000 rows, and Object.entries() would create seven arrays for each.
  for (const member of Object.keys(shape)) {
    const kind = shape[member]!
    const value = given[member]
    if (value == null || (kind === 'text' && typeof value === 'string')) continue
    const documented = convert(value, kind)
    if (documented === value) continue
    changed ??= { ...given }
    if (documented === undefined) delete changed[member]
    else changed[member] = documented
  }
  return changed ?? given
}

function isRow(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function convert(value: unknown, kind: Shape[string]): unknown {
  if (kind === 'text') return typeof value === 'string' ? value : wireText(value)
  if (kind === 'number') {
    if (typeof value === 'number') return value
    const text = wireText(value)
    return /^\d+$/.test(text) ? Number(text) : undefined
  }
  if (typeof kind === 'object' && 'row' in kind)
    return isRow(value) ? asDocumented(value, kind.row) : undefined
  if (!Array.isArray(value)) return undefined
  if (kind !== 'texts') return value.map((row: unknown) => asDocumented(row, kind.rows))
  return value.filter((item: unknown) => item != null).map((item: unknown) => convert(item, 'text'))
}
