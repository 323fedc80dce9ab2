/** The rate limits belong to the database, not to the process. */
import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import { devices, eventsUntil, fastEmulator, freshDatabase, isServer, trackerOn, until } from '../helpers.ts'

test('the limits of the first worker are stored, changed by a call, and shown', async () => {
  const database = await freshDatabase()
  const tracker = trackerOn(database, fastEmulator(), { rateLimits: { partnerPerMinute: 900 } })
  await tracker.start()
  expect(await tracker.getRateLimits()).toEqual({ partnerPerMinute: 900, customerPerMinute: 120 })
  expect(await tracker.setRateLimits({ customerPerMinute: 300 })).toEqual({
    partnerPerMinute: 900,
    customerPerMinute: 300,
  })
  await expect(tracker.setRateLimits({ partnerPerMinute: 0 })).rejects.toThrow(/`partnerPerMinute`.*got 0/)
  await tracker.close()
  const other = trackerOn(database, fastEmulator(), { rateLimits: undefined })
  expect(await other.getRateLimits()).toEqual({ partnerPerMinute: 900, customerPerMinute: 300 })
})

test('a changed limit applies to the next requests of a running worker', async () => {
  const emulator = fastEmulator()
  const sent: number[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    if (/customers/.test(input instanceof Request ? input.url : `${input}`)) sent.push(performance.now())
    return await emulator.fetch(input, init)
  }
  const tracker = trackerOn(await freshDatabase(), { fetch })
  await tracker.start()
  await tracker.setRateLimits({ customerPerMinute: 30 })
  await tracker.submit({ customerId: randomUUID(), batchId: 'B', devices: devices('S1') })
  await until(() => sent.length >= 3)
  expect(sent[2]! - sent[0]!).toBeGreaterThan(3_000)
})

test.runIf(isServer)('a worker with other limits reports which ones apply, and obeys those', async () => {
  const database = await freshDatabase()
  const emulator = fastEmulator()
  const first = trackerOn(database, emulator)
  await first.start()
  const errors: unknown[] = []
  const options = { rateLimits: { customerPerMinute: 5 }, onError: (error: unknown) => errors.push(error) }
  const second = trackerOn(database, emulator, options)
  await second.start()
  expect(errors).toMatchObject([
    { message: expect.stringMatching(/5 for a customer.*60000 and 60000.*setRateLimits/) },
  ])
  await first.close()
  await second.submit({ customerId: randomUUID(), batchId: 'B', devices: devices('S1') })
  await eventsUntil(second, 'upload.ended')
})
