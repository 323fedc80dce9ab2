import { createEmulator, documentedUpload } from '@devicebatch/emulator'
import type { EmulatorOptions, Fault, RetryAfterForm } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { createCaller, customerId, laptop, requestToken } from '../caller.ts'

const statusPath = `/v1/customers/${documentedUpload.customerId}/batchJobStatus/${documentedUpload.batchTrackingId}`

async function emulate(options: EmulatorOptions = {}) {
  const emulator = createEmulator({ startTime: '2030-01-01T00:00:00Z', timeScale: 0, ...options })
  return { emulator, caller: await createCaller(emulator.fetch) }
}

/** Which of that many calls the fault affected. */
async function drawn(fault: Omit<Fault, 'effect'>, calls: number): Promise<boolean[]> {
  const { emulator, caller } = await emulate()
  emulator.faults.add({ ...fault, effect: { kind: 'answer', status: 503 } })
  const seen: boolean[] = []
  for (let call = 0; call < calls; call += 1) seen.push((await caller.get(statusPath)).status === 503)
  return seen
}

test('a fault with a probability affects about that share of calls, and the same ones for the same seed', async () => {
  const first = await drawn({ probability: 0.25, seed: 7 }, 400)
  expect(first.filter(Boolean).length).toBeGreaterThan(70)
  expect(first.filter(Boolean).length).toBeLessThan(130)
  expect(await drawn({ probability: 0.25, seed: 7 }, 400)).toEqual(first)
  expect(await drawn({ probability: 0.25, seed: 8 }, 400)).not.toEqual(first)
})

test('skip and times count as they do without a probability', async () => {
  const seen = await drawn({ probability: 0.5, skip: 10, times: 3 }, 60)
  expect(seen.slice(0, 10)).not.toContain(true)
  expect(seen.filter(Boolean)).toHaveLength(3)
})

test.for<[RetryAfterForm, string]>([
  ['seconds', '37'],
  ['imf-fixdate', 'Sun, 06 Nov 1994 08:49:37 GMT'],
  ['rfc850-date', 'Sunday, 06-Nov-94 08:49:37 GMT'],
  ['asctime-date', 'Sun Nov  6 08:49:37 1994'],
])('Retry-After can come as %s, by the clock that the Date of the answer shows', async ([as, value]) => {
  const { emulator, caller } = await emulate({ startTime: '1994-11-06T08:49:00Z' })
  emulator.faults.add({ effect: { kind: 'answer', status: 429, retryAfter: { afterMs: 36_500, as } } })
  const answer = await caller.get(statusPath)
  expect(answer.headers.get('Retry-After')).toBe(value)
  expect(answer.headers.get('Date')).toBe('Sun, 06 Nov 1994 08:49:00 GMT')
  expect(await answer.json()).toMatchObject({ message: expect.stringContaining('in 37 seconds') })
})

test('a response is cut in the middle of its body', async () => {
  const { emulator, caller } = await emulate()
  emulator.faults.add({ effect: { kind: 'cut', afterBytes: 20 } })
  const answer = await caller.get(statusPath)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('Content-Length')).toBe('400')
  const reader = answer.body?.getReader()
  expect((await reader?.read())?.value).toHaveLength(20)
  await expect(reader?.read()).rejects.toThrow('cut the connection')
})

test('a cut in the middle of a response without a body changes nothing', async () => {
  const { emulator, caller } = await emulate()
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'cut', afterBytes: 5 } })
  const creation = { batchId: 'B', devices: [laptop('A')] }
  expect((await caller.post(`/v1/customers/${customerId}/deviceBatches`, creation)).status).toBe(202)
})

test('a slow response arrives piece by piece as the clock advances', async () => {
  const { emulator, caller } = await emulate()
  emulator.faults.add({ effect: { kind: 'slow', bytesPerSecond: 100 } })
  const answer = await caller.get(statusPath)
  let bytes = 0
  const reading = (async () => {
    for await (const chunk of answer.body ?? []) bytes += (chunk as Uint8Array).length
  })()
  const settled = () => new Promise((resolve) => setTimeout(resolve))
  await settled()
  expect(bytes).toBe(0)
  for (let second = 0; second < 10; second += 1) {
    emulator.clock.advance(100)
    await settled()
  }
  expect(bytes).toBe(100)
  await emulator.clock.runUntil('idle')
  await reading
  expect(bytes).toBe(400)
})

test('an aborted slow response ends with the reason', async () => {
  const { emulator } = await emulate()
  const tokens = await requestToken(emulator.fetch, {})
  const { access_token: token }: { access_token: string } = await tokens.json()
  emulator.faults.add({ effect: { kind: 'slow', bytesPerSecond: 100 } })
  const controller = new AbortController()
  const answer = await emulator.fetch(`https://emulator.test${statusPath}`, {
    headers: { Authorization: `Bearer ${token}` },
    signal: controller.signal,
  })
  const text = answer.text()
  controller.abort(new Error('enough'))
  await expect(text).rejects.toThrow('enough')
})

test('a slow response that is no longer read does not keep the emulator waiting', async () => {
  const { emulator, caller } = await emulate()
  emulator.faults.add({ effect: { kind: 'slow', bytesPerSecond: 100 } })
  const reader = (await caller.get(statusPath)).body?.getReader()
  const before = emulator.clock.now()
  const read = reader?.read()
  await reader?.cancel()
  expect(await read).toMatchObject({ done: true })
  await emulator.clock.runUntil('idle')
  expect(emulator.clock.now()).toBe(before)
})

test('a stuck upload stops halfway forever, and the next one does not', async () => {
  const { emulator, caller } = await emulate()
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'stuck' } })
  const stuck = await caller.upload([laptop('A'), laptop('C')], 'Stuck')
  const good = await caller.upload([laptop('D')], 'Good')
  emulator.clock.advance(3_000_000)
  const { status, devicesStatus } = await caller.status(stuck)
  expect([status, ...devicesStatus.map((device) => device.status)]).toEqual([
    'processing',
    'finished',
    'processing',
  ])
  expect((await caller.status(good)).status).toBe('finished')
})

test.for([10_000, 0])(
  'a stuck status shows half of the progress, and later the end (of %i ms)',
  async (processingMs) => {
    const { emulator, caller } = await emulate({ processingMs })
    const path = await caller.upload([laptop('A'), laptop('C')])
    emulator.clock.advance(60_000)
    emulator.faults.add({ operation: 'getBatchUploadStatus', times: 2, effect: { kind: 'stuck' } })
    const words = [await caller.status(path), await caller.status(path), await caller.status(path)]
    expect(words.map(({ status }) => status)).toEqual(['processing', 'processing', 'finished'])
  },
)

test.for([
  [undefined, []],
  ['empty', []],
  ['null', null],
  ['absent', undefined],
] as const)('the rows of a status can be late, as %s', async ([as, rows]) => {
  const { emulator, caller } = await emulate()
  emulator.faults.add({ effect: { kind: 'late-rows', as } })
  const details = await caller.status(statusPath)
  expect(details.status).toBe('finished')
  expect(details.devicesStatus).toEqual(rows)
  expect('devicesStatus' in details).toBe(as !== 'absent')
  expect((await caller.status(statusPath)).devicesStatus).toHaveLength(1)
})

test('the devices of a list can be late', async () => {
  const { emulator, caller } = await emulate()
  const path = `/v1/customers/${documentedUpload.customerId}/deviceBatches/testbatch/devices`
  emulator.faults.add({ operation: 'listDevices', effect: { kind: 'late-rows' } })
  expect(await (await caller.get(path)).json()).toMatchObject({ totalCount: 0, items: [] })
  expect(await (await caller.get(path)).json()).toMatchObject({ totalCount: 2 })
})

test('an expired token stays expired, and a new one is valid', async () => {
  const { emulator, caller } = await emulate()
  emulator.faults.add({ effect: { kind: 'expire-token' } })
  for (let call = 0; call < 2; call += 1) {
    const answer = await caller.get(statusPath)
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ description: expect.stringContaining('has expired') })
  }
  const renewed = await createCaller(emulator.fetch)
  expect((await renewed.get(statusPath)).status).toBe(200)
})

test('a claims challenge names the claims in base64 until another token is used', async () => {
  const { emulator, caller } = await emulate()
  emulator.faults.add({ effect: { kind: 'claims-challenge' } })
  emulator.faults.add({ effect: { kind: 'claims-challenge', claims: '{"é":1}' } })
  const claims = async (): Promise<string | undefined> => {
    const answer = await caller.get(statusPath)
    expect(answer.status).toBe(401)
    const challenge = answer.headers.get('WWW-Authenticate') ?? ''
    expect(challenge).toMatch(/^Bearer .*error="insufficient_claims"/)
    return Buffer.from(/claims="([^"]+)"/.exec(challenge)?.[1] ?? '', 'base64').toString()
  }
  const nbf = { essential: true, value: '1893456000' }
  expect(JSON.parse((await claims()) ?? '')).toEqual({ access_token: { nbf } })
  expect(await claims()).toBe('{"é":1}')
  expect(await claims()).toBe('{"é":1}')
  const renewed = await createCaller(emulator.fetch)
  expect((await renewed.get(statusPath)).status).toBe(200)
})

test('the token endpoint fails in the format of Entra ID', async () => {
  const { emulator } = await emulate()
  emulator.faults.add({ operation: 'getToken', effect: { kind: 'answer', status: 503 } })
  const answer = await requestToken(emulator.fetch, {})
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({ error: 'temporarily_unavailable', error_codes: [90033] })
})

test('an effect applies only to operations that support it', async () => {
  const { emulator, caller } = await emulate()
  emulator.faults.add({ effect: { kind: 'late-rows' } })
  expect((await caller.get(`/v1/customers/${customerId}/policies`)).status).toBe(200)
  expect((await caller.status(statusPath)).devicesStatus).toEqual([])
})

test('the recorded request names the fault, and the Location of a lost response', async () => {
  const { emulator, caller } = await emulate()
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'cut', accepted: true } })
  await expect(caller.upload([laptop('A')])).rejects.toThrow(TypeError)
  expect(emulator.requests.at(-1)).toMatchObject({
    operation: 'createDeviceBatch',
    fault: 'cut',
    status: undefined,
    location: expect.stringContaining('/batchJobStatus/'),
  })
})

test.for<[string, object]>([
  ['"effect"', { effect: { kind: 'nothing' } }],
  ['"effect"', { effect: { kind: 'constructor' } }],
  ['"effect"', {}],
  ['"operation"', { operation: 'listDevice', effect: { kind: 'cut' } }],
  ['"operation"', { operation: 'getToken', effect: { kind: 'stuck' } }],
  ['"probability"', { probability: 0, effect: { kind: 'cut' } }],
  ['"probability"', { probability: 1.5, effect: { kind: 'cut' } }],
  ['"seed"', { seed: -1, effect: { kind: 'cut' } }],
  ['"times"', { times: 1.5, effect: { kind: 'cut' } }],
  ['"afterBytes"', { effect: { kind: 'cut', afterBytes: -1 } }],
  ['"bytesPerSecond"', { effect: { kind: 'slow', bytesPerSecond: 0 } }],
  ['"as"', { effect: { kind: 'late-rows', as: 'none' } }],
  ['"claims"', { effect: { kind: 'claims-challenge', claims: {} } }],
  ['"status"', { effect: { kind: 'answer', status: 200.5 } }],
  ['"body"', { effect: { kind: 'answer', status: 204, body: 'x' } }],
  ['"body"', { effect: { kind: 'answer', status: 200, body: 5 } }],
  ['"headers"', { effect: { kind: 'answer', status: 503, headers: { 'a b': 'c' } } }],
  ['"afterMs"', { effect: { kind: 'answer', status: 429, retryAfter: { afterMs: -1 } } }],
  ['"as"', { effect: { kind: 'answer', status: 429, retryAfter: { afterMs: 1, as: 'days' } } }],
])('a fault whose %s is wrong is refused by that name: %j', ([name, fault]) => {
  expect(() => createEmulator().faults.add(fault as Fault)).toThrow(name)
})
