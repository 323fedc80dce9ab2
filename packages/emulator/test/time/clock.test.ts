import { createEmulator } from '@devicebatch/emulator'
import { afterEach, expect, test, vi } from 'vitest'

import { createCaller, customerId, laptop } from '../caller.ts'

afterEach(() => {
  vi.useRealTimers()
})

async function emulate() {
  const emulator = createEmulator({
    startTime: '2030-01-01T00:00:00Z',
    timeScale: 0,
    queuedMs: 1_000,
    processingMs: 3_000,
  })
  const start = emulator.clock.now()
  return { emulator, caller: await createCaller(emulator.fetch), elapsed: () => emulator.clock.now() - start }
}

test('runUntil idle runs to the end of the last upload, and no further', async () => {
  const { emulator, caller, elapsed } = await emulate()
  const path = await caller.upload([laptop('A'), laptop('C')], 'First')
  emulator.clock.advance(500)
  await caller.upload([laptop('D')], 'Second')
  await emulator.clock.runUntil('idle')
  expect(elapsed()).toBe(4_500)
  expect((await caller.status(path)).status).toBe('finished')
  await emulator.clock.runUntil('idle')
  expect(elapsed()).toBe(4_500)
})

test('runUntil stops at the first event after which the condition is true', async () => {
  const { emulator, caller, elapsed } = await emulate()
  const path = await caller.upload([laptop('A'), laptop('C'), laptop('D')])
  const finished = async () => {
    const { devicesStatus } = await caller.status(path)
    return devicesStatus.filter(({ status }) => status === 'finished').length
  }
  await emulator.clock.runUntil(async () => (await finished()) === 2)
  expect(elapsed()).toBe(3_000)
  await emulator.clock.runUntil(() => true)
  expect(elapsed()).toBe(3_000)
})

test('runUntil stops at every event: the start, each device, the end', async () => {
  const { emulator, caller, elapsed } = await emulate()
  await caller.upload([laptop('A'), laptop('C')])
  const times: number[] = []
  const never = emulator.clock.runUntil(() => {
    times.push(elapsed())
    return false
  })
  await expect(never).rejects.toThrow('nothing is left to happen')
  expect(times).toEqual([0, 1_000, 2_500, 4_000])
})

test('runUntil rejects with what the condition throws, and refuses an invalid goal', async () => {
  const { emulator } = await emulate()
  const failing = emulator.clock.runUntil(() => {
    throw new Error('mine')
  })
  await expect(failing).rejects.toThrow('mine')
  await expect(emulator.clock.runUntil('later' as 'idle')).rejects.toThrow('"goal" must be')
})

test('a stuck upload does not prevent the emulator from being idle', async () => {
  const { emulator, caller, elapsed } = await emulate()
  await caller.upload([laptop('A')], 'EMUSTUCK-1')
  await emulator.clock.runUntil('idle')
  expect(elapsed()).toBe(2_500)
})

test('runUntil idle completes delayed calls and the work they start', async () => {
  const { emulator, caller, elapsed } = await emulate()
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'delay', delayMs: 60_000 } })
  const upload = caller.upload([laptop('A')])
  await new Promise((resolve) => setTimeout(resolve))
  await emulator.clock.runUntil('idle')
  expect(elapsed()).toBe(64_000)
  expect((await caller.status(await upload)).status).toBe('finished')
})

test('runUntil works while a test has replaced the timers', async () => {
  const { emulator, caller, elapsed } = await emulate()
  await caller.upload([laptop('A')])
  vi.useFakeTimers()
  await emulator.clock.runUntil('idle')
  expect(elapsed()).toBe(4_000)
})

test('runUntil also ends on a running clock', async () => {
  const emulator = createEmulator({ timeScale: 1_000 })
  const caller = await createCaller(emulator.fetch)
  const path = await caller.upload([laptop('A')])
  await emulator.clock.runUntil('idle')
  expect((await caller.status(path)).status).toBe('finished')
})

test('times with fractions of a millisecond are reached', async () => {
  const emulator = createEmulator({ timeScale: 0, queuedMs: 0.5, processingMs: 1.1 })
  const caller = await createCaller(emulator.fetch)
  const path = await caller.upload([laptop('A'), laptop('C'), laptop('D')])
  const times = new Set<number>()
  let turns = 0
  const never = emulator.clock.runUntil(() => {
    turns += 1
    times.add(emulator.clock.now())
    return false
  })
  await expect(never).rejects.toThrow('nothing is left to happen')
  expect([turns, times.size]).toEqual([3, 3])
  const { status, devicesStatus } = await caller.status(path)
  expect(status).toBe('finished')
  expect(devicesStatus.map((device) => device.status)).toEqual(['finished', 'finished', 'finished'])
  const list = await caller.get(`/v1/customers/${customerId}/deviceBatches`)
  expect(await list.json()).toMatchObject({ items: [{ devicesCount: 3 }] })
})

test.for([-1, NaN, Infinity, 1e300, 8.64e15, Date.parse('9999-12-31T23:59:59.999Z')])(
  'a step of %d milliseconds is refused and the time stays where it was',
  async (milliseconds) => {
    const { emulator, elapsed } = await emulate()
    expect(() => emulator.clock.advance(milliseconds)).toThrow(RangeError)
    expect(elapsed()).toBe(0)
    const body = JSON.stringify({ advanceMs: milliseconds })
    const answer = await emulator.fetch('https://emulator.test/_emulator/clock', { method: 'POST', body })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({ error: expect.stringContaining('"milliseconds"') })
    expect(elapsed()).toBe(0)
  },
)

test('the clock can be advanced to the last time that the API can express', async () => {
  const { emulator, caller } = await emulate()
  emulator.clock.advance(Date.parse('9999-12-31T23:59:59.999Z') - emulator.clock.now())
  const answer = await emulator.fetch('https://emulator.test/_emulator/clock')
  expect(await answer.json()).toMatchObject({ time: '9999-12-31T23:59:59.999Z' })
  expect((await caller.get(`/v1/customers/${customerId}/deviceBatches`)).status).toBe(401)
})

test('an emulator whose clock starts after the year 9999 is refused', () => {
  expect(() => createEmulator({ startTime: '+010000-01-01T00:00:00Z' })).toThrow('"startTime"')
})
