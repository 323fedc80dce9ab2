/** Which result belongs to which row? The service returns serial numbers and product keys, no hashes and no row numbers. */
import type { DeviceUploadDetails } from '@devicebatch/contract'
import { wireText } from '@devicebatch/edge/internal'

/** What of a device can be recognised in a result. */
export interface Identifiers {
  /** The serial number. */
  serialNumber?: string | null | undefined
  /** The Windows product id (PKID). */
  productKey?: string | null | undefined
}

/** What is known of the result of one row. */
export type Match<Result extends Identifiers = DeviceUploadDetails> =
  /** Its result, or one that is the same as its own. */
  | { kind: 'result'; result: Result }
  /** No result has its serial number or product key. */
  | { kind: 'none' }
  /**
   * The row has neither serial number nor product key, so that no result can be found for it: give a serial number along
   * with a hardware hash.
   */
  | { kind: 'unmatchable' }
  /** Results that differ could be its own, or there are fewer results than rows they could belong to. */
  | { kind: 'ambiguous'; results: Result[] }

/** The matches of all rows, in their order, and the results that could belong to no row. */
export interface Matches<Result extends Identifiers = DeviceUploadDetails> {
  /** What is known of the result of each row, in the order of the rows. */
  rows: Match<Result>[]
  /** The results that could belong to no row. */
  leftOver: Result[]
}

/**
 * Matches results with rows. A result can belong to a row when they have an identifier in common and differ in none; case and
 * surrounding white space do not count, as it is not known how the service returns them. Nothing is guessed.
 *
 * @param rows The rows as they were sent; of each only serial number and product key are looked at.
 * @param results What the service returned.
 * @param summary What of a result matters: results with the same summary are as good as one another.
 * @example
 * ```ts
 * import { matchResults } from '@devicebatch/client'
 *
 * const rows = [{ serialNumber: 'a-1' }, { serialNumber: 'a-2' }]
 * const results = [{ serialNumber: 'A-1', status: 'finished', errorCode: '' }]
 * const matches = matchResults(rows, results, ({ status, errorCode }) => `${status} ${errorCode}`)
 * console.log(matches.rows.map(({ kind }) => kind)) // [ 'result', 'none' ]
 * ```
 */
export function matchResults<Result extends Identifiers>(
  rows: readonly Identifiers[],
  results: readonly Result[],
  summary: (result: Result) => string,
): Matches<Result> {
  const rowIndex = indexBy(rows)
  const resultIndex = indexBy(results)
  const rowsOf = (result: Identifiers): Identifiers[] => findCandidates(result, rowIndex)
  const match = (row: Identifiers): Match<Result> => {
    if (keysOf(row).length === 0) return { kind: 'unmatchable' }
    const candidates = findCandidates(row, resultIndex)
    if (candidates.length === 0) return { kind: 'none' }
    const rivals = new Set(candidates.flatMap(rowsOf))
    const areAlike = new Set(candidates.map(summary)).size === 1
    return areAlike && candidates.length >= rivals.size
      ? { kind: 'result', result: candidates[0]! }
      : { kind: 'ambiguous', results: candidates }
  }
  // Rows with the same identifiers have the same match: a placeholder such as "Default string" may be on all of them.
  const known = new Map<string, Match<Result>>()
  const matches = rows.map((row) => {
    const identity = keysOf(row).join('\n')
    const found = known.get(identity) ?? match(row)
    known.set(identity, found)
    return found
  })
  return { rows: matches, leftOver: results.filter((result) => rowsOf(result).length === 0) }
}

/** What a device can be found by: its serial number and its product key, each alone. Empty when it has neither. */
export function keysOf({ serialNumber, productKey }: Identifiers): string[] {
  const [serial, key] = [normalize(serialNumber), normalize(productKey)]
  return [...(serial ? [`serial ${serial}`] : []), ...(key ? [`key ${key}`] : [])]
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

function agree(one: unknown, other: unknown): boolean {
  const [a, b] = [normalize(one), normalize(other)]
  return a === '' || b === '' || a === b
}

/** Text of the service may be absent, null or, against the documents, a number. */
function normalize(identifier: unknown): string {
  return wireText(identifier).toUpperCase()
}
