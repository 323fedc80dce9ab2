/** Which result belongs to which row? The service returns serial numbers and product keys, no hashes and no row numbers. */
import type { DeviceUploadDetails } from '@devicebatch/contract'

/** What of a device can be recognised in a result. */
export interface Identifiers {
  serialNumber?: string | null | undefined
  productKey?: string | null | undefined
}

/** What is known of the result of one row. */
export type Match =
  /** Its result, or one that is the same as its own. */
  | { kind: 'result'; result: DeviceUploadDetails }
  /** No result has its serial number or product key. */
  | { kind: 'none' }
  /** The row has neither serial number nor product key. */
  | { kind: 'unmatchable' }
  /** Results that differ could be its own, or there are fewer results than rows they could belong to. */
  | { kind: 'ambiguous'; results: DeviceUploadDetails[] }

/** The matches of all rows, in their order, and the results that could belong to no row. */
export interface Matches {
  rows: Match[]
  leftOver: DeviceUploadDetails[]
}

/**
 * Matches results with rows. A result can belong to a row when they have an identifier in common and differ in none; case and
 * surrounding white space do not count, as it is not known how the service returns them. Nothing is guessed.
 *
 * @param summary What of a result matters: results with the same summary are as good as one another.
 */
export function matchResults(
  rows: readonly Identifiers[],
  results: readonly DeviceUploadDetails[],
  summary: (result: DeviceUploadDetails) => string,
): Matches {
  const rowIndex = indexBy(rows)
  const resultIndex = indexBy(results)
  const rowsOf = (result: Identifiers): Identifiers[] => findCandidates(result, rowIndex)
  const matches = rows.map((row): Match => {
    if (keysOf(row).length === 0) return { kind: 'unmatchable' }
    const candidates = findCandidates(row, resultIndex)
    if (candidates.length === 0) return { kind: 'none' }
    const rivals = new Set(candidates.flatMap(rowsOf))
    const areAlike = new Set(candidates.map(summary)).size === 1
    return areAlike && candidates.length >= rivals.size
      ? { kind: 'result', result: candidates[0]! }
      : { kind: 'ambiguous', results: candidates }
  })
  return { rows: matches, leftOver: results.filter((result) => rowsOf(result).length === 0) }
}

type Index<T> = ReadonlyMap<string, readonly T[]>

function indexBy<T extends Identifiers>(items: readonly T[]): Index<T> {
  const index = new Map<string, T[]>()
  for (const item of items) {
    for (const key of keysOf(item)) {
      const others = index.get(key)
      if (others) others.push(item)
      else index.set(key, [item])
    }
  }
  return index
}

function findCandidates<T extends Identifiers>(item: Identifiers, index: Index<T>): T[] {
  const found = new Set(keysOf(item).flatMap((key) => index.get(key) ?? []))
  return [...found].filter(
    (candidate) =>
      agree(item.serialNumber, candidate.serialNumber) && agree(item.productKey, candidate.productKey),
  )
}

function keysOf({ serialNumber, productKey }: Identifiers): string[] {
  const [serial, key] = [normalize(serialNumber), normalize(productKey)]
  return [...(serial ? [`serial ${serial}`] : []), ...(key ? [`key ${key}`] : [])]
}

function agree(one: WireText, other: WireText): boolean {
  const [a, b] = [normalize(one), normalize(other)]
  return a === '' || b === '' || a === b
}

function normalize(identifier: WireText): string {
  return toText(identifier).trim().toUpperCase()
}

/** Text of the service, which may be absent, null or, against the documents, a number. */
export type WireText = string | number | null | undefined

/** The text, empty when there is none. */
export function toText(value: WireText): string {
  return String(value ?? '')
}
