import { createEmulator, documentedUpload } from '@devicebatch/emulator'
import type { EmulatorSnapshot } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { createCaller, customerId, laptop, requestToken } from '../caller.ts'
import { wholeSnapshot } from '../whole-snapshot.ts'

const options = { startTime: '2030-01-01T00:00:00Z', timeScale: 0 }
const requestId = 'c245d5f2-1de3-4ae0-9e42-95e38e3cb8ff'

/** An emulator in the middle of an upload, with a policy, tokens and faults. */
async function busyEmulator() {
  const emulator = createEmulator(options)
  const caller = await createCaller(emulator.fetch)
  await caller.post(
    `/v1/customers/${customerId}/deviceBatches`,
    { batchId: 'B', devices: [laptop('A'), laptop('EMU808-1'), { hardwareHash: 'T0hB' }] },
    { 'MS-RequestId': requestId },
  )
  await caller.post(`/v1/customers/${customerId}/policies`, { name: 'Kiosk', policySettings: ['SkipEula'] })
  emulator.faults.add({ probability: 0.5, seed: 3, effect: { kind: 'answer', status: 503 } })
  emulator.faults.add({ operation: 'getToken', skip: 2, times: 4, effect: { kind: 'cut' } })
  await caller.get('/v1/customers')
  emulator.clock.advance(7_000)
  return { emulator, caller }
}

test('a snapshot is plain JSON, and another emulator that restores it is identical', async () => {
  const { emulator } = await busyEmulator()
  const snapshot = emulator.snapshot()
  const text = JSON.stringify(snapshot)
  const other = createEmulator({ timeScale: 0 })
  const read: EmulatorSnapshot = JSON.parse(text)
  other.restore(read)
  expect(JSON.stringify(other.snapshot())).toBe(text)
  expect(read).toEqual(snapshot)
  expect(other.clock.now()).toBe(emulator.clock.now())
})

test('the emulator continues after a restore as it did after the snapshot', async () => {
  const { emulator } = await busyEmulator()
  const snapshot = emulator.snapshot()
  const answers = async (): Promise<string[]> => {
    const caller = await createCaller(emulator.fetch)
    const seen: string[] = []
    for (let call = 0; call < 20; call += 1) {
      emulator.clock.advance(500)
      const answer = await caller.get(`/v1/customers/${customerId}/deviceBatches`)
      seen.push(`${answer.status} ${await answer.text()}`)
    }
    return seen
  }
  const first = await answers()
  emulator.restore(snapshot)
  expect(await answers()).toEqual(first)
})

test('a snapshot contains the tracking ID of each request ID, and the outcome of each device', async () => {
  const { emulator } = await busyEmulator()
  const { customers } = wholeSnapshot(emulator)
  const customer = customers.find((candidate) => candidate.customerId === customerId)
  expect(customer?.uploads).toMatchObject([
    {
      requestId,
      batchId: 'B',
      devices: [
        { serialNumber: 'A', outcome: { kind: 'succeeded' } },
        { outcome: { kind: 'failed', errorCode: '808' } },
        { outcome: { kind: 'succeeded' } },
      ],
    },
  ])
  expect(customer?.batches).toMatchObject([{ id: 'B', uploads: [customer?.uploads[0]?.batchTrackingId] }])
})

test('a snapshot and the emulator do not share state', async () => {
  const { emulator, caller } = await busyEmulator()
  const snapshot = emulator.snapshot()
  const before = JSON.stringify(snapshot)
  emulator.faults.clear()
  await caller.post(`/v1/customers/${customerId}/deviceBatches/B/devices`, [laptop('New')])
  expect(JSON.stringify(snapshot)).toBe(before)

  emulator.restore(snapshot)
  emulator.faults.clear()
  await caller.post(`/v1/customers/${customerId}/deviceBatches/B/devices`, [laptop('New')])
  expect(JSON.stringify(snapshot)).toBe(before)
})

test('tokens, codes and first responses survive a restore', async () => {
  const { emulator, caller } = await busyEmulator()
  emulator.faults.clear()
  const tokens = await requestToken(emulator.fetch, { grant_type: 'refresh_token' })
  const { refresh_token: refreshToken }: { refresh_token: string } = await tokens.json()
  const snapshot = emulator.snapshot()
  emulator.reset()
  emulator.restore(snapshot)
  const path = `/v1/customers/${documentedUpload.customerId}/policies`
  expect((await caller.get(path)).status).toBe(200)
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken }
  expect((await requestToken(emulator.fetch, form)).status).toBe(200)
  const repeated = await caller.post(
    `/v1/customers/${customerId}/deviceBatches`,
    { batchId: 'B', devices: [laptop('A')] },
    { 'MS-RequestId': requestId },
  )
  expect(repeated.status).toBe(202)
})

test.for([
  ['null', null],
  ['something else', { version: 1 }],
  ['another version', { ...createEmulator().snapshot(), version: 2 }],
  ['a time that is not a date', { ...createEmulator().snapshot(), time: 1e300 }],
  ['a fault that is none', { ...createEmulator().snapshot(), faults: [{ fault: {} }] }],
] as const)('%s is not a snapshot, and changes nothing', async ([, snapshot]) => {
  const { emulator } = await busyEmulator()
  const before = JSON.stringify(emulator.snapshot())
  expect(() => emulator.restore(snapshot as unknown as EmulatorSnapshot)).toThrow(TypeError)
  expect(JSON.stringify(emulator.snapshot())).toBe(before)
})

test('a seed that is refused in its last part adds nothing', async () => {
  const emulator = createEmulator({ timeScale: 0 })
  const before = JSON.stringify(emulator.snapshot())
  const seed = {
    registeredDevices: [{ customerId, serialNumber: 'A' }],
    policies: [{ customerId, name: 'Standard' }],
    batches: [{ customerId, batchId: 'B', devices: [{ serialNumber: 'C' }] }],
    uploads: [{ customerId, batchId: 'B', devices: [{ serialNumber: 'D' }], queuedMs: -1 }],
  }
  expect(() => emulator.seed(seed)).toThrow('"queuedMs"')
  expect(JSON.stringify(emulator.snapshot())).toBe(before)
})
