/** A received tracking ID is kept, however the worker is stopped. */
import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import { all, devices, fastEmulator, freshDatabase, makeTracker, trackerOn, until } from '../helpers.ts'

test('after a stop, an upload whose response never ended is tracked by its tracking ID', async () => {
  const emulator = fastEmulator()
  const database = await freshDatabase()
  let isStalled = false
  const stalling: typeof fetch = async (input, init) => {
    const response = await emulator.fetch(new Request(input, init))
    if (init?.method !== 'POST' || !response.headers.has('location')) return response
    isStalled = true
    return new Response(new ReadableStream(), { status: 202, headers: response.headers })
  }
  const worker = makeTracker(database, { fetch: stalling }, {})
  await worker.start()
  const { submissionId } = await worker.submit({
    customerId: randomUUID(),
    batchId: 'B',
    devices: devices('A1'),
  })
  await until(() => isStalled)
  await worker.close()

  const tracker = trackerOn(database, emulator)
  expect(await all(tracker.listUploads({ submissionId }))).toHaveLength(1)
})
