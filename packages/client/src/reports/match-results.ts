/** Which result belongs to which row? The service returns serial numbers and product keys, but no hashes or row numbers. */
import type { DeviceUploadDetails } from '@devicebatch/contract'
import { wireText } from '@devicebatch/edge/internal'

/** What identifies a device. */
export interface Identifiers {
  /** The serial number. */
  serialNumber?: string | null | undefined
  /** The Windows product ID (PKID). */
  productKey?: string | null | undefined
  /** The service's own ID of the device, where it is known. */
  deviceId?: string | null | undefined
}

/** What is known about the result of one row. */
export type Match<Result extends Identifiers = DeviceUploadDetails> =
  /** Its result, or one that is identical to it. */
  | { kind: 'result'; result: Result }
  /** No result has its serial number or product key. */
  | { kind: 'none' }
  /**
   * The row has neither serial number nor product key, so its result cannot be found: always send a serial number with a
   * hardware hash.
   */
  | { kind: 'unmatchable' }
  /**
   * Several different results could belong to it, or there are fewer distinct results than rows they could belong to.
   * `results` has one of each kind.
   */
  | { kind: 'ambiguous'; results: Result[] }

/** The matches of all rows, in order, and the results that match no row. */
export interface Matches<Result extends Identifiers = DeviceUploadDetails> {
  /** What is known about the result of each row, in the order of the rows. */
  rows: Match<Result>[]
  /** The results that match no row. */
  unmatched: Result[]
  /** Surplus results: there are more of them than matching rows. */
  repeated: Result[]
}

/**
 * Matches results with rows. A result matches a row if they share an identifier and differ in none. Case and surrounding white
 * space are ignored, because the documentation does not say how the service returns them. Nothing is guessed: rows with the
 * same identifiers get a result only if there are as many distinct results as rows and all have the same summary. Only a
 * `deviceId` makes results with the same identifiers distinct.
 *
 * @param rows The rows that were sent; only their identifiers are used.
 * @param results The results that the service returned.
 * @param summary Returns what matters about a result: results with the same summary are interchangeable.
 * @example
 * ```ts
 * import { matchResults } from '@devicebatch/client/results'
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
  return matchBy(identifiers, rows, results, summary)
}

/** A device, with what the list of a batch has beyond its identifiers. */
export interface ListedDevice extends Identifiers {
  /** The manufacturer. */
  oemManufacturerName?: string | null | undefined
  /** The model. */
  modelName?: string | null | undefined
}

/**
 * Matches devices of a list with rows: manufacturer and model must not differ either, because a serial number may be a
 * placeholder that many devices share.
 */
export function matchListed<Listed extends ListedDevice>(
  rows: readonly ListedDevice[],
  listed: readonly Listed[],
  summary: (device: Listed) => string,
): Matches<Listed> {
  return matchBy(listedFields, rows, listed, summary)
}

/**
 * Whether a listed device that matches a row certainly is that device: they share the product key, or the serial number,
 * manufacturer and model.
 */
export function isCertain(row: ListedDevice, listed: ListedDevice): boolean {
  const share = (field: Field): boolean => valueOf(row, field) !== '' && valueOf(listed, field) !== ''
  return share('productKey') || (share('serialNumber') && share('oemManufacturerName') && share('modelName'))
}

/** Which fields a listed device has: devices with the same fields are interchangeable. */
export function presentFields(device: ListedDevice): string {
  return listedFields.filter((field) => valueOf(device, field)).join()
}

export function hasSerialNumber({ serialNumber }: Identifiers): boolean {
  return normalize(serialNumber) !== ''
}

export function hasProductKey({ productKey }: Identifiers): boolean {
  return normalize(productKey) !== ''
}

/** The keys to find a device by: its serial number and its product key. Empty if it has neither. */
export function keysOf({ serialNumber, productKey }: Identifiers): string[] {
  const [serial, key] = [normalize(serialNumber), normalize(productKey)]
  return [...(serial ? [`serial ${serial}`] : []), ...(key ? [`key ${key}`] : [])]
}

type Field = keyof ListedDevice
const identifiers: readonly Field[] = ['serialNumber', 'productKey', 'deviceId']
const listedFields: readonly Field[] = [...identifiers, 'oemManufacturerName', 'modelName']

/** Items that are equal in every compared field. */
interface Group<Item> {
  /** The normalized values of the compared fields, `''` where one is absent. */
  values: readonly string[]
  items: Item[]
}

function matchBy<Result extends Identifiers>(
  fields: readonly Field[],
  rows: readonly Identifiers[],
  results: readonly Result[],
  summary: (result: Result) => string,
): Matches<Result> {
  const compared = fields.filter((field) => isCompared(field, rows, results))
  const rowGroups = groupBy(rows, compared)
  const resultGroups = groupBy(results, compared)
  const findResults = createFinder(resultGroups.groups, compared)
  const findRows = createFinder(rowGroups.groups, compared)

  const candidates = new Map(
    resultGroups.groups.map((group) => [group, judgeGroup(group, new Set(findRows(group)), summary)]),
  )
  const matches = new Map(
    rowGroups.groups.map((group) => [
      group,
      decide(findResults(group).map((found) => candidates.get(found)!)),
    ]),
  )
  return {
    rows: rows.map((row, at): Match<Result> => {
      const match = matches.get(rowGroups.of[at]!)!
      return match.kind === 'none' && !fields.some((field) => isIdentifier(field) && valueOf(row, field))
        ? { kind: 'unmatchable' }
        : match
    }),
    unmatched: results.filter((_, at) => candidates.get(resultGroups.of[at]!)!.rivals.size === 0),
    repeated: [...candidates.values()].flatMap(({ repeated }) => repeated),
  }
}

/**
 * A field that one side lacks entirely decides nothing, and would only split the groups. The documentation does not say whether
 * the ID of a result is the one in lists, so IDs that never coincide do not keep a row from its result.
 */
function isCompared(field: Field, rows: readonly Identifiers[], results: readonly Identifiers[]): boolean {
  const values = new Set(rows.map((row) => valueOf(row, field)))
  values.delete('')
  if (values.size === 0) return false
  return results.some((result) => {
    const value = valueOf(result, field)
    return field === 'deviceId' ? values.has(value) : value !== ''
  })
}

/** What is known about a group of results, independent of the row. */
interface Candidate<Result> {
  /** The groups of rows that it could belong to. */
  rivals: ReadonlySet<Group<unknown>>
  /** What makes its results distinct: their device IDs, or the group itself. */
  ids: ReadonlySet<unknown>
  /** One result for each summary. */
  kinds: ReadonlyMap<string, Result>
  repeated: Result[]
}

function judgeGroup<Result extends Identifiers>(
  group: Group<Result>,
  rivals: ReadonlySet<Group<unknown>>,
  summary: (result: Result) => string,
): Candidate<Result> {
  const ids = new Set<unknown>()
  const kinds = new Map<string, Result>()
  const repeated: Result[] = []
  const rowCount = weigh(rivals)
  for (const [at, result] of group.items.entries()) {
    const kind = summary(result)
    if (!kinds.has(kind)) kinds.set(kind, result)
    const id = valueOf(result, 'deviceId')
    const isExtra = ids.has(id) || at - repeated.length >= rowCount
    if (rowCount > 0 && isExtra) repeated.push(result)
    ids.add(id || group)
  }
  return { rivals, ids, kinds, repeated }
}

/** The match of a group of rows, given the results that could belong to it. */
function decide<Result extends Identifiers>(candidates: readonly Candidate<Result>[]): Match<Result> {
  const kinds = new Map(candidates.flatMap((candidate) => [...candidate.kinds]))
  const [first, ...others] = kinds.values()
  if (first === undefined) return { kind: 'none' }
  if (others.length > 0) return { kind: 'ambiguous', results: [first, ...others] }
  const distinct = union(
    candidates.map(({ ids }) => ids),
    (ids) => ids.size,
  )
  const rowCount = union(
    candidates.map(({ rivals }) => rivals),
    weigh,
  )
  return distinct >= rowCount ? { kind: 'result', result: first } : { kind: 'ambiguous', results: [first] }
}

function weigh(groups: Iterable<Group<unknown>>): number {
  let count = 0
  for (const { items } of groups) count += items.length
  return count
}

/** The size of the union. The largest set is not copied: many rows may share it. */
function union<Item>(sets: readonly ReadonlySet<Item>[], sizeOf: (set: ReadonlySet<Item>) => number): number {
  const largest = sets.reduce((one, other) => (other.size > one.size ? other : one))
  const more = new Set<Item>()
  for (const set of sets) {
    if (set === largest) continue
    for (const item of set) if (!largest.has(item)) more.add(item)
  }
  return sizeOf(largest) + sizeOf(more)
}

function groupBy<Item extends Identifiers>(
  items: readonly Item[],
  fields: readonly Field[],
): { groups: Group<Item>[]; of: Group<Item>[] } {
  const byKey = new Map<string, Group<Item>>()
  const of = items.map((item) => {
    const values = fields.map((field) => valueOf(item, field))
    const key = values.join('\n')
    const group: Group<Item> = byKey.get(key) ?? { values, items: [] }
    byKey.set(key, group)
    group.items.push(item)
    return group
  })
  return { groups: [...byKey.values()], of }
}

/**
 * Finds the groups that share an identifier with a given group and differ from it in no field. Groups with the same fields
 * form a shape, and each shape is indexed by the fields that it shares with the given group: comparing one by one would be
 * quadratic for a serial number that thousands of devices have.
 */
function createFinder<Item>(
  groups: readonly Group<Item>[],
  fields: readonly Field[],
): (wanted: Group<unknown>) => Group<Item>[] {
  const shapes = indexBy(groups, ({ values }) => values.map((value) => (value ? '1' : '0')).join(''))
  const indexes = new Map<string, Map<string, Group<Item>[]>>()
  return ({ values }) =>
    [...shapes].flatMap(([shape, members]) => {
      const shared = fields.flatMap((_, at) => (values[at] && shape[at] === '1' ? [at] : []))
      if (!shared.some((at) => isIdentifier(fields[at]!))) return []
      const keyOf = (group: Group<unknown>): string => shared.map((at) => group.values[at]).join('\n')
      const name = `${shape} ${shared.join()}`
      const index = indexes.get(name) ?? indexBy(members, keyOf)
      indexes.set(name, index)
      return index.get(shared.map((at) => values[at]).join('\n')) ?? []
    })
}

/** The items by key, each list in the original order. */
export function indexBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const index = new Map<string, Item[]>()
  for (const item of items) {
    const others = index.get(keyOf(item))
    if (others) others.push(item)
    else index.set(keyOf(item), [item])
  }
  return index
}

function isIdentifier(field: Field): boolean {
  return identifiers.includes(field)
}

function valueOf(item: ListedDevice, field: Field): string {
  return normalize(item[field])
}

/** The service's text may be absent, null or, contrary to the documentation, a number. */
export function normalize(value: unknown): string {
  return wireText(value).toUpperCase()
}
