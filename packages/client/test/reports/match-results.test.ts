/** Which result belongs to which row. */
import { matchResults } from '@devicebatch/client/results'
import type { Identifiers } from '@devicebatch/client/results'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

const count = 8_000
const numbered = <Item>(make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index))
const placeholder = 'Default string'

/** How often an identifier of an item is read: the work that matching does, whatever the machine. */
function counted(items: Identifiers[]): { items: Identifiers[]; reads: () => number } {
  let reads = 0
  const watched = items.map(
    (item) => new Proxy(item, { get: (target, name) => (reads++, Reflect.get(target, name)) }),
  )
  return { items: watched, reads: () => reads }
}

test.each<[string, (index: number) => Identifiers, (index: number) => Identifiers]>([
  [
    'each has its product key',
    (at) => ({ serialNumber: placeholder, productKey: `K-${at}` }),
    (at) => ({ serialNumber: placeholder, productKey: `k-${at}` }),
  ],
  [
    'only the rows have product keys',
    (at) => ({ serialNumber: placeholder, productKey: `K-${at}` }),
    (at) => ({ serialNumber: placeholder, deviceId: `d-${at}` }),
  ],
  [
    'only the results have product keys',
    () => ({ serialNumber: placeholder }),
    (at) => ({ serialNumber: placeholder, productKey: `K-${at}` }),
  ],
  [
    'half of the results have product keys',
    (at) => ({ serialNumber: placeholder, productKey: `K-${at}` }),
    (at) => ({ serialNumber: placeholder, ...(at % 2 && { productKey: `K-${at}` }) }),
  ],
])('8,000 devices with one serial number are matched in linear work when %s', (_, rowAt, resultAt) => {
  const rows = counted(numbered(rowAt))
  const results = counted(numbered(resultAt))
  const matches = matchResults(rows.items, results.items, () => '')
  expect(matches.rows).toHaveLength(count)
  expect(rows.reads() + results.reads()).toBeLessThan(30 * count)
})

test('matching agrees with comparing each with each', () => {
  const identifier = fc.constantFrom(undefined, 'a', 'b', 'c', ' A')
  const device = fc.record({ serialNumber: identifier, productKey: identifier })
  const same = (one: string | undefined, other: string | undefined): boolean =>
    one !== undefined && other !== undefined && one.trim().toUpperCase() === other.trim().toUpperCase()
  const canBelong = (one: Identifiers, other: Identifiers): boolean => {
    const pairs = (['serialNumber', 'productKey'] as const).map(
      (name) => [one[name] ?? undefined, other[name] ?? undefined] as const,
    )
    return (
      pairs.some(([mine, theirs]) => same(mine, theirs)) &&
      pairs.every(([mine, theirs]) => mine === undefined || theirs === undefined || same(mine, theirs))
    )
  }
  fc.assert(
    fc.property(fc.array(device, { maxLength: 6 }), fc.array(device, { maxLength: 6 }), (rows, devices) => {
      const results = devices.map((one, at) => ({ ...one, deviceId: `d-${at}` }))
      const matches = matchResults(rows, results, () => '')
      rows.forEach((row, at) => {
        const candidates = results.filter((result) => canBelong(row, result))
        const rivals = rows.filter((other) => candidates.some((result) => canBelong(other, result)))
        const isNamed = row.serialNumber !== undefined || row.productKey !== undefined
        const kind = candidates.length >= rivals.length ? 'result' : 'ambiguous'
        expect(matches.rows[at]!.kind).toBe(candidates.length > 0 ? kind : isNamed ? 'none' : 'unmatchable')
      })
      expect(matches.unmatched).toEqual(
        results.filter((result) => !rows.some((row) => canBelong(row, result))),
      )
    }),
    { numRuns: 500 },
  )
})
