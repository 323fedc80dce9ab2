import { createEmulator } from '@devicebatch/emulator'
import type { EmulatorQuirks } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { createCaller, customerId, laptop } from '../caller.ts'

const batches = `/v1/customers/${customerId}/deviceBatches`

interface Page {
  totalCount: number
  items: { serialNumber: string }[]
  continuationToken?: string
}

/** Reads all pages of a batch of 555 devices. */
async function readPages(quirks: EmulatorQuirks, seed = 1): Promise<Page[]> {
  const emulator = createEmulator({ timeScale: 0, seed, quirks })
  const devices = Array.from({ length: 555 }, (_, index) => ({ serialNumber: `SN-${index}` }))
  emulator.seed({ batches: [{ customerId, batchId: 'B', devices }] })
  const caller = await createCaller(emulator.fetch)
  const pages: Page[] = []
  let token: string | undefined
  do {
    const headers = token === undefined ? {} : { 'MS-ContinuationToken': token }
    const page: Page = await (await caller.get(`${batches}/B/devices`, headers)).json()
    pages.push(page)
    token = page.continuationToken
  } while (token !== undefined && pages.length < 1_000)
  return pages
}

test('varied pages are short or empty in the middle, and together hold every device once and in order', async () => {
  const sizes = new Set<number>()
  let endsEmpty = false
  for (let seed = 1; seed <= 30; seed += 1) {
    const pages = await readPages({ pages: 'varied' }, seed)
    const all = pages.flatMap(({ items }) => items.map(({ serialNumber }) => serialNumber))
    expect(all).toEqual(Array.from({ length: 555 }, (_, index) => `SN-${index}`))
    for (const { items } of pages.slice(0, -1)) sizes.add(items.length)
    if (pages.at(-1)?.items.length === 0) endsEmpty = true
  }
  expect(sizes.has(0)).toBe(true)
  expect(sizes.has(100)).toBe(true)
  expect(sizes.size).toBeGreaterThan(20)
  expect(endsEmpty).toBe(true)
})

test('the same seed gives the same pages', async () => {
  const sizesOf = async () => (await readPages({ pages: 'varied' })).map(({ items }) => items.length)
  expect(await sizesOf()).toEqual(await sizesOf())
})

test('totalCount counts only the page when it is set to page', async () => {
  const counts = async (quirks: EmulatorQuirks) => (await readPages(quirks)).map((page) => page.totalCount)
  expect(await counts({ totalCount: 'page' })).toEqual([100, 100, 100, 100, 100, 55])
  expect(await counts({})).toEqual([555, 555, 555, 555, 555, 555])
})

test.for([
  ['null', null],
  ['absent', undefined],
] as const)('an empty list is sent as %s', async ([emptyLists, expected]) => {
  const emulator = createEmulator({
    timeScale: 0,
    processingMs: 1_000,
    quirks: { emptyLists, unfinishedResults: 'absent' },
  })
  const caller = await createCaller(emulator.fetch)
  const path = await caller.upload([laptop('A')])
  for (const [list, name] of [
    [path, 'devicesStatus'],
    [`${batches}/Spring%20laptops/devices`, 'items'],
    [`/v1/customers/${customerId}/policies`, 'items'],
    ['/v1/customers/a1b2c3d4-0000-4000-8000-00000000beef/deviceBatches', 'items'],
  ] as const) {
    const body: Record<string, unknown> = await (await caller.get(list)).json()
    expect([list, body[name]]).toEqual([list, expected])
  }
  await emulator.clock.runUntil('idle')
  expect((await caller.status(path)).devicesStatus).toHaveLength(1)
})

test('a batch cannot be added to, listed or seen before batchAfterMs', async () => {
  const emulator = createEmulator({ timeScale: 0, quirks: { batchAfterMs: 20_000 } })
  const caller = await createCaller(emulator.fetch)
  await caller.upload([laptop('A')], 'B')
  const add = () => caller.post(`${batches}/B/devices`, [laptop('C')])
  const list = async (): Promise<Page> => (await caller.get(batches)).json()
  expect((await add()).status).toBe(404)
  expect((await caller.get(`${batches}/B/devices`)).status).toBe(404)
  expect((await list()).items).toEqual([])
  emulator.clock.advance(20_000)
  expect((await add()).status).toBe(202)
  expect((await list()).items).toMatchObject([{ id: 'B' }])
})

test.for([
  ['versioned', /^\/v1\/customers\//],
  ['absolute', /^https:\/\/emulator\.test\/v1\/customers\//],
] as const)('the Location of an upload is %s', async ([location, form]) => {
  const emulator = createEmulator({ quirks: { location } })
  const caller = await createCaller(emulator.fetch)
  const accepted = await caller.post(batches, { batchId: 'B', devices: [laptop('A')] })
  expect(accepted.headers.get('Location')).toMatch(form)
})
