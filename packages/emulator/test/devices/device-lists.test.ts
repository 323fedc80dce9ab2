import { createEmulator } from '@devicebatch/emulator'
import type { EmulatorOptions } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { createCaller, customerId, laptop } from '../caller.ts'
import type { Caller } from '../caller.ts'

const batches = `/v1/customers/${customerId}/deviceBatches`

interface Page {
  totalCount: number
  items: { id: string; serialNumber: string }[]
  continuationToken?: string
  links?: { next: { uri: string; method: string; headers: { key: string; value: string }[] } }
}

async function emulate(options: EmulatorOptions = {}) {
  const emulator = createEmulator({ timeScale: 0, queuedMs: 0, processingMs: 1_000, ...options })
  return { emulator, caller: await createCaller(emulator.fetch) }
}

async function page(caller: Caller, token?: string, batchId = 'B'): Promise<Page> {
  const headers = token === undefined ? {} : { 'MS-ContinuationToken': token }
  const answer = await caller.get(`${batches}/${batchId}/devices`, headers)
  expect(answer.status).toBe(200)
  return answer.json()
}

async function allPages(caller: Caller): Promise<Page[]> {
  const pages: Page[] = []
  let token: string | undefined
  do {
    const next = await page(caller, token)
    pages.push(next)
    token = next.continuationToken
  } while (token !== undefined && pages.length < 50)
  return pages
}

const laptops = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => laptop(`${prefix}${index}`))

const serialNumbers = (pages: Page[]) =>
  pages.flatMap(({ items }) => items.map(({ serialNumber }) => serialNumber))

test('all 1,234 devices of a batch are listed once, 100 to a page', async () => {
  const { emulator, caller } = await emulate()
  await caller.upload(laptops('SN', 1_234), 'B')
  emulator.clock.advance(1_000)
  const pages = await allPages(caller)
  expect(pages.map(({ items }) => items.length)).toEqual([...Array<number>(12).fill(100), 34])
  expect(pages.every(({ totalCount }) => totalCount === 1_234)).toBe(true)
  expect(serialNumbers(pages)).toEqual(Array.from({ length: 1_234 }, (_, index) => `SN${index}`))
})

test('exactly 100 devices are one page without a token', async () => {
  const { emulator, caller } = await emulate()
  await caller.upload(laptops('SN', 100), 'B')
  emulator.clock.advance(1_000)
  expect(await page(caller)).not.toHaveProperty('continuationToken')
})

test('a token contains a comma, a slash and an equals sign', async () => {
  const { emulator, caller } = await emulate()
  await caller.upload(laptops('SN', 101), 'B')
  emulator.clock.advance(1_000)
  expect((await page(caller)).continuationToken).toMatch(/,.*\/.*=$/)
})

test('overlapping uploads to one batch are listed in the order in which their devices are registered', async () => {
  const { emulator, caller } = await emulate()
  await caller.upload(laptops('A', 4), 'B')
  emulator.clock.advance(600)
  await caller.post(`${batches}/B/devices`, laptops('C', 4))
  const seen: string[][] = []
  for (let quarter = 0; quarter < 5; quarter += 1) {
    seen.push(serialNumbers([await page(caller)]))
    emulator.clock.advance(250)
  }
  const order = ['A0', 'A1', 'A2', 'C0', 'A3', 'C1', 'C2', 'C3']
  // Devices already read never move: the list grows only at its end.
  expect(seen.at(-1)).toEqual(order)
  for (const list of seen) expect(list).toEqual(order.slice(0, list.length))
})

test('a batch is processing while one of its uploads is', async () => {
  const { emulator, caller } = await emulate({ processingMs: 3_000 })
  await caller.upload([laptop('A')], 'B')
  emulator.clock.advance(2_000)
  await caller.post(`${batches}/B/devices`, [laptop('C')])
  const status = async () => {
    const { items }: { items: { status: string }[] } = await (await caller.get(batches)).json()
    return items[0]?.status
  }
  emulator.clock.advance(1_000)
  expect(await status()).toBe('processing')
  emulator.clock.advance(2_000)
  expect(await status()).toBe('finished')
})

test('devices deleted while a list is read do not shift devices out of its next page', async () => {
  const { emulator, caller } = await emulate()
  await caller.upload(laptops('SN', 150), 'B')
  emulator.clock.advance(1_000)
  const first = await page(caller)
  for (const index of [0, 50, 99]) {
    await caller.send('DELETE', `${batches}/B/devices/${first.items[index]?.id}`)
  }
  const second = await page(caller, first.continuationToken)
  expect(serialNumbers([second])).toEqual(Array.from({ length: 50 }, (_, index) => `SN${100 + index}`))
})

test("another list's token gets a 400", async () => {
  const { emulator, caller } = await emulate()
  await caller.upload(laptops('A', 101), 'B')
  await caller.upload(laptops('C', 101), 'Other')
  emulator.clock.advance(1_000)
  const { continuationToken = '' } = await page(caller)
  const answer = await caller.get(`${batches}/Other/devices`, { 'MS-ContinuationToken': continuationToken })
  expect(answer.status).toBe(400)
})

test('the token is in the links of the page, or in a header, as continuationTokenIn says', async () => {
  const inLinks = await emulate({ quirks: { continuationTokenIn: 'links' } })
  await inLinks.caller.upload(laptops('SN', 101), 'B')
  inLinks.emulator.clock.advance(1_000)
  const first = await page(inLinks.caller)
  expect(first).not.toHaveProperty('continuationToken')
  expect(first.links?.next).toMatchObject({ method: 'GET', uri: expect.stringContaining('?seekOperation') })
  const [header] = first.links?.next.headers ?? []
  expect(header?.key).toBe('MS-ContinuationToken')
  expect(serialNumbers([await page(inLinks.caller, header?.value)])).toEqual(['SN100'])

  const inHeader = await emulate({ quirks: { continuationTokenIn: 'header' } })
  await inHeader.caller.upload(laptops('SN', 101), 'B')
  inHeader.emulator.clock.advance(1_000)
  const answer = await inHeader.caller.get(`${batches}/B/devices`)
  const token = answer.headers.get('MS-ContinuationToken') ?? ''
  expect(await answer.json()).not.toHaveProperty('continuationToken')
  expect(serialNumbers([await page(inHeader.caller, token)])).toEqual(['SN100'])
})

test('a seeded batch can be listed immediately', async () => {
  const { emulator, caller } = await emulate()
  const devices = Array.from({ length: 1_234 }, (_, index) => ({ serialNumber: `SN${index}` }))
  emulator.seed({ batches: [{ customerId, batchId: 'B', devices }] })
  expect(serialNumbers(await allPages(caller))).toEqual(devices.map(({ serialNumber }) => serialNumber))
})

test('100,000 devices in 200 uploads to one batch are all listed', async () => {
  const { emulator, caller } = await emulate()
  await caller.upload(laptops('0-', 500), 'B')
  for (let upload = 1; upload < 200; upload += 1) {
    await caller.post(`${batches}/B/devices`, laptops(`${upload}-`, 500))
  }
  emulator.clock.advance(1_000)
  const seen = new Set<string>()
  let token: string | undefined
  do {
    const next = await page(caller, token)
    for (const { serialNumber } of next.items) seen.add(serialNumber)
    token = next.continuationToken
  } while (token !== undefined)
  expect(seen.size).toBe(100_000)
})
