import { createEmulator, documentedUpload } from '@devicebatch/emulator'
import type { FaultEffect } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { createCaller, customerId, laptop, requestToken } from '../caller.ts'

const statusPath = `/v1/customers/${documentedUpload.customerId}/batchJobStatus/${documentedUpload.batchTrackingId}`

async function emulate() {
  const emulator = createEmulator({ timeScale: 0 })
  const caller = await createCaller(emulator.fetch)
  const statuses = async (calls: number): Promise<number[]> => {
    const seen: number[] = []
    for (let call = 0; call < calls; call += 1) seen.push((await caller.get(statusPath)).status)
    return seen
  }
  return { emulator, caller, statuses }
}

test('a fault affects only the next call by default', async () => {
  const { emulator, statuses } = await emulate()
  emulator.faults.add({ effect: { kind: 'answer', status: 503 } })
  expect(await statuses(2)).toEqual([503, 200])
})

test('a fault can skip calls and affect several', async () => {
  const { emulator, statuses } = await emulate()
  emulator.faults.add({ skip: 2, times: 2, effect: { kind: 'answer', status: 500 } })
  expect(await statuses(5)).toEqual([200, 200, 500, 500, 200])
})

test('a fault can continue until the faults are cleared', async () => {
  const { emulator, statuses } = await emulate()
  emulator.faults.add({ times: Infinity, effect: { kind: 'answer', status: 500 } })
  expect(await statuses(3)).toEqual([500, 500, 500])
  emulator.faults.clear()
  expect(await statuses(1)).toEqual([200])
})

test('a fault for one operation does not affect the others', async () => {
  const { emulator, caller, statuses } = await emulate()
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status: 500 } })
  expect(await statuses(1)).toEqual([200])
  const answer = await caller.post(`/v1/customers/${customerId}/deviceBatches`, {
    batchId: 'B',
    devices: [laptop('A')],
  })
  expect(answer.status).toBe(500)
  expect(await answer.json()).toEqual({
    code: 800003,
    description: expect.any(String),
    data: [],
    source: 'PartnerFD',
  })
})

test('a 429 has the format of the gateway, with Retry-After and without tracing headers', async () => {
  const { emulator, caller } = await emulate()
  emulator.faults.add({ effect: { kind: 'answer', status: 429 } })
  const answer = await caller.get(statusPath)
  expect(answer.headers.get('Retry-After')).toBe('57')
  expect(answer.headers.get('MS-RequestId')).toBeNull()
  expect(await answer.json()).toEqual({
    statusCode: 429,
    message: 'Rate limit is exceeded. Try again in 57 seconds.',
  })
})

test('a fault sends the headers and the body that it is given', async () => {
  const { emulator, caller } = await emulate()
  emulator.faults.add({ effect: { kind: 'answer', status: 429, headers: { 'Retry-After': '2' } } })
  emulator.faults.add({ effect: { kind: 'answer', status: 502, body: '<h1>Bad gateway</h1>' } })
  emulator.faults.add({
    effect: { kind: 'answer', status: 200, body: { code: 1, description: 'An error all the same' } },
  })
  emulator.faults.add({
    effect: { kind: 'answer', status: 302, headers: { Location: 'https://example.com/' } },
  })

  expect((await caller.get(statusPath)).headers.get('Retry-After')).toBe('2')
  const html = await caller.get(statusPath)
  expect(html.headers.get('Content-Type')).toBe('text/html; charset=utf-8')
  expect(await html.text()).toBe('<h1>Bad gateway</h1>')
  const json = await caller.get(statusPath)
  expect(json.headers.get('Content-Type')).toBe('application/json; charset=utf-8')
  expect(await json.json()).toEqual({ code: 1, description: 'An error all the same' })
  expect((await caller.get(statusPath)).headers.get('Location')).toBe('https://example.com/')
})

test('the token endpoint can fail as well', async () => {
  const { emulator } = await emulate()
  emulator.faults.add({ operation: 'getToken', effect: { kind: 'answer', status: 503 } })
  expect((await requestToken(emulator.fetch, {})).status).toBe(503)
})

test('a delayed call gets its response when the clock has advanced', async () => {
  const { emulator, caller } = await emulate()
  emulator.faults.add({ effect: { kind: 'delay', delayMs: 5_000 } })
  let answered = false
  const call = caller.get(statusPath).then((answer) => {
    answered = true
    return answer
  })
  emulator.clock.advance(4_999)
  await new Promise((resolve) => setTimeout(resolve))
  expect(answered).toBe(false)
  emulator.clock.advance(1)
  expect((await call).status).toBe(200)
})

test("an aborted call rejects at once with the signal's reason, before and while it waits", async () => {
  const { emulator } = await emulate()
  const url = `https://emulator.test${statusPath}`
  const early = new Error('early')
  await expect(emulator.fetch(url, { signal: AbortSignal.abort(early) })).rejects.toBe(early)

  emulator.faults.add({ effect: { kind: 'delay', delayMs: 5_000 } })
  const controller = new AbortController()
  const call = emulator.fetch(url, { signal: controller.signal })
  await new Promise((resolve) => setTimeout(resolve))
  const late = new Error('late')
  controller.abort(late)
  await expect(call).rejects.toBe(late)
})

test('a cut call rejects and is not processed, unless it is cut after it was accepted', async () => {
  const { emulator, caller } = await emulate()
  const create = (batchId: string) =>
    caller.post(`/v1/customers/${customerId}/deviceBatches`, { batchId, devices: [laptop(batchId)] })
  emulator.faults.add({ effect: { kind: 'cut' } })
  await expect(create('Lost')).rejects.toThrow(TypeError)
  emulator.faults.add({ effect: { kind: 'cut', accepted: true } })
  await expect(create('Accepted')).rejects.toThrow(TypeError)

  const list = await caller.get(`/v1/customers/${customerId}/deviceBatches`)
  expect(await list.json()).toMatchObject({ items: [{ id: 'Accepted' }] })
})

test.for<[string, { times?: number; skip?: number; effect: FaultEffect }]>([
  ['"times"', { times: 0, effect: { kind: 'cut' } }],
  ['"skip"', { skip: -1, effect: { kind: 'cut' } }],
  ['"delayMs"', { effect: { kind: 'delay', delayMs: Number.NaN } }],
  ['"status"', { effect: { kind: 'answer', status: 99 } }],
])('a fault whose %s is out of range is refused by that name', ([name, fault]) => {
  expect(() => createEmulator().faults.add(fault)).toThrow(name)
})
