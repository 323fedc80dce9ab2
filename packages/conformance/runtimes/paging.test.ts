/** Lists are read to their end, however many pages they have. */
import { expect, test } from 'vitest'

import { customerId } from '../shared/samples.ts'
import type { Emulator } from './lab.ts'
import { partnerOf, rejection, startEmulator } from './lab.ts'

const serialNumbers = Array.from({ length: 250 }, (_, number) => `A-${number}`)

async function listDevices(emulator: Emulator) {
  const devices = serialNumbers.map((serialNumber) => ({ serialNumber }))
  await emulator.seed({ batches: [{ customerId, batchId: 'Big', devices }] })
  return partnerOf(emulator).customers.byId(customerId).deviceBatches.byId('Big').devices.list()
}

const tokensSent = async (emulator: Emulator): Promise<(string | undefined)[]> =>
  (await emulator.requests()).map(({ headers }) => headers['ms-continuationtoken'])

test.each(['body', 'links', 'header'] as const)(
  'all devices of three pages arrive in order, with the token of the next page in the %s',
  async (continuationTokenIn) => {
    const emulator = await startEmulator({ quirks: { continuationTokenIn } })
    const all = await (await listDevices(emulator)).toArray()
    expect(all.map(({ serialNumber }) => serialNumber)).toEqual(serialNumbers)
    const [first, second, third, ...more] = await tokensSent(emulator)
    expect(first).toBeUndefined()
    // As the service wrote it, with its commas and slashes.
    expect(second).toMatch(/^devices-\d+,-?\d+\/\d+=$/)
    expect(third).not.toBe(second)
    expect(more).toEqual([])
  },
)

test('only the pages that are read are fetched', async () => {
  const emulator = await startEmulator()
  const list = await listDevices(emulator)
  expect(await emulator.requests()).toHaveLength(0)
  for await (const page of list.pages()) {
    expect(page).toHaveLength(100)
    break
  }
  expect(await emulator.requests()).toHaveLength(1)
  let read = 0
  for await (const _ of list) if (++read === 150) break
  expect(await emulator.requests()).toHaveLength(3)
})

test('a page with a transient error is fetched again, and nothing is returned twice', async () => {
  const emulator = await startEmulator()
  const list = await listDevices(emulator)
  await emulator.fail({ operation: 'listDevices', skip: 1, effect: { kind: 'cut', afterBytes: 500 } })
  expect(await list.toArray()).toHaveLength(250)
  expect(await emulator.requests()).toHaveLength(4)
})

test('a service that repeats the same next page forever is detected; one with many pages is not affected', async () => {
  const emulator = await startEmulator()
  const list = await listDevices(emulator)
  const body = { totalCount: 1, items: [{ id: 'x' }], continuationToken: 'again' }
  await emulator.fail({
    operation: 'listDevices',
    times: 'always',
    effect: { kind: 'answer', status: 200, body },
  })
  expect(await rejection(list.toArray())).toMatchObject({ code: 'response' })
  expect(await emulator.requests()).toHaveLength(2)
})

test('batches and policies are lists too', async () => {
  const { deviceBatches, configurationPolicies } = partnerOf(await startEmulator()).customers.byId(customerId)
  const batches = await deviceBatches.list().toArray()
  expect(batches.map(({ id }) => id)).toContain('Test batch')
  expect((await configurationPolicies.list().toArray()).length).toBeGreaterThan(0)
})
