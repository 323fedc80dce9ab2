import type { EmulatorOptions } from '@devicebatch/emulator'
import { createEmulator, documentedUpload, emulatorCredentials } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { createCaller, customerId, laptop } from './caller.ts'

const statusPath = `/v1/customers/${documentedUpload.customerId}/batchJobStatus/${documentedUpload.batchTrackingId}`

test('a clock with timeScale 0 moves only when advanced', async () => {
  const { clock } = createEmulator({ startTime: '2030-01-01T00:00:00Z', timeScale: 0 })
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(new Date(clock.now()).toISOString()).toBe('2030-01-01T00:00:00.000Z')
  clock.advance(1_500)
  expect(new Date(clock.now()).toISOString()).toBe('2030-01-01T00:00:01.500Z')
  expect(() => clock.advance(-1)).toThrow('"milliseconds"')
})

test('a clock runs timeScale times as fast as real time', async () => {
  const { clock } = createEmulator({ timeScale: 1_000 })
  const before = clock.now()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(clock.now() - before).toBeGreaterThanOrEqual(10_000)
})

test('requests are recorded with their operation and response', async () => {
  const emulator = createEmulator({ startTime: '2030-01-01T00:00:00Z', timeScale: 0 })
  const caller = await createCaller(emulator.fetch)
  emulator.clock.advance(1_000)
  await caller.upload([laptop('A')], 'B')
  await emulator.fetch('https://emulator.test/v1/nothing?here=1')
  emulator.faults.add({ effect: { kind: 'cut' } })
  await caller.get(statusPath, { 'X-Locale': 'en-US' }).catch(() => undefined)

  expect(emulator.requests).toMatchObject([
    {
      operation: 'getToken',
      method: 'POST',
      path: `/${emulatorCredentials.tenantId}/oauth2/v2.0/token`,
      status: 200,
    },
    {
      at: Date.parse('2030-01-01T00:00:01Z'),
      operation: 'createDeviceBatch',
      path: `/v1/customers/${customerId}/deviceBatches`,
      body: JSON.stringify({ batchId: 'B', devices: [laptop('A')] }),
      status: 202,
    },
    { operation: undefined, method: 'GET', path: '/v1/nothing?here=1', body: undefined, status: 404 },
    {
      operation: 'getBatchUploadStatus',
      headers: { 'x-locale': 'en-US', authorization: expect.stringMatching(/^Bearer /) },
      status: undefined,
    },
  ])
})

test('the record keeps the last 1,000 requests, and no body of more than 100,000 characters', async () => {
  const emulator = createEmulator()
  const send = (body: string) => emulator.fetch('https://emulator.test/v1/x', { method: 'POST', body })
  await send('x'.repeat(100_001))
  await send('x'.repeat(100_000))
  expect(emulator.requests.map(({ body }) => body?.length)).toEqual([undefined, 100_000])
  for (let call = 0; call < 1_000; call += 1) await send(`${call}`)
  expect(emulator.requests).toHaveLength(1_000)
  expect(emulator.requests.at(0)?.body).toBe('0')
})

test('reset clears uploads, tokens, faults and requests, resets the time, and keeps the documented upload', async () => {
  const emulator = createEmulator({ startTime: '2030-01-01T00:00:00Z', timeScale: 0 })
  const before = await createCaller(emulator.fetch)
  const path = await before.upload([laptop('A')])
  emulator.faults.add({ times: Infinity, effect: { kind: 'answer', status: 500 } })
  emulator.clock.advance(60_000)
  emulator.reset()

  expect(emulator.requests).toHaveLength(0)
  expect(emulator.clock.now()).toBe(Date.parse('2030-01-01T00:00:00Z'))
  expect((await before.get(statusPath)).status).toBe(401)
  const after = await createCaller(emulator.fetch)
  expect((await after.get(path)).status).toBe(404)
  expect((await after.get(statusPath)).status).toBe(200)
})

test('two emulators share nothing', async () => {
  const first = await createCaller(createEmulator().fetch)
  const second = await createCaller(createEmulator().fetch)
  const path = await first.upload([laptop('A')])
  expect((await second.get(path)).status).toBe(404)
})

test.for([
  ['queuedMs', { queuedMs: -1 }],
  ['processingMs', { processingMs: Number.NaN }],
  ['timeScale', { timeScale: Infinity }],
  ['startTime', { startTime: 'tomorrow' }],
  ['startTime', { startTime: new Date(0) as unknown as string }],
  ['maxBodyBytes', { maxBodyBytes: 0 }],
  ['profile', { profile: 'cruel' as 'unkind' }],
  ['seed', { seed: 1.5 }],
  ['seed', { seed: -1 }],
] as const)('an option %s that is out of range is refused by its name', ([name, options]) => {
  expect(() => createEmulator(options)).toThrow(`"${name}" must be`)
})

test.for([
  [{ bom: false }, '"bom" is a quirk: pass it as { quirks: { bom: … } }'],
  [{ queueMs: 5 }, '"queueMs" is not an option of the emulator; the known names are queuedMs, processingMs'],
  [{ quirks: { bomb: true } }, '"bomb" is not a quirk; the known names are bom, deduplicate'],
] as const)('the unknown option in %j is refused with the known ones', ([options, message]) => {
  expect(() => createEmulator(options as EmulatorOptions)).toThrow(message)
})

test('undefined options mean the default', async () => {
  const emulator = createEmulator({ queuedMs: undefined, timeScale: undefined, quirks: { bom: undefined } })
  const caller = await createCaller(emulator.fetch)
  const answer = await caller.get(statusPath)
  expect(new Uint8Array(await answer.arrayBuffer())[0]).toBe(0xef)
})
