/** Absent values: what is missing or not yet available, and how that is represented. */

import type { ResolvedQuirks } from './quirks.ts'

/** Whether something created at this time can be found by now; seeded data may be created in the future. */
export function isFindable(madeAt: number, delayMs: number, now: number): boolean {
  return delayMs === 0 || madeAt + delayMs <= now
}

/** A list; an empty one may be sent in a different form. `undefined` is not sent. */
export function listAs<T>(
  items: readonly T[],
  { emptyLists }: Pick<ResolvedQuirks, 'emptyLists'>,
): readonly T[] | null | undefined {
  if (items.length > 0 || emptyLists === 'empty') return items
  return emptyLists === 'null' ? null : undefined
}

/** A complete list as the API sends it. */
export function collection(items: readonly object[], quirks: Pick<ResolvedQuirks, 'emptyLists'>): object {
  return {
    totalCount: items.length,
    items: listAs(items, quirks),
    attributes: { objectType: 'Collection' },
  }
}

/** The body with null for each of these properties that it lacks. */
export function withNulls(
  body: object,
  names: readonly string[],
  { nulls }: Pick<ResolvedQuirks, 'nulls'>,
): object {
  if (!nulls) return body
  const present = Object.entries(body).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(names.map((name) => [name, null])), ...Object.fromEntries(present) }
}
