/** A received tracking ID is kept, however the worker is stopped. */
import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import {
  all,
  devices,
  fastEmulator,
  freshDatabase,
  makeTracker,
  partnerOf,
  trackerOn,
  until,
} from '../helpers.ts'

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

test('after a stop, a request that was not sent is not in doubt, and can be cancelled', async () => {
  const emulator = fastEmulator()
  const database = await freshDatabase()
  let posts = 0
  const counting: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    if (request.method === 'POST' && request.url.includes('/customers/')) posts++
    return await emulator.fetch(request)
  }
  const { credential, fetch } = partnerOf(counting)
  let isWaiting = false
  const worker = makeTracker(database, emulator, {
    partner: {
      fetch,
      credential: {
        async getToken(scopes, options) {
          isWaiting = posts > 0
          if (isWaiting) await new Promise(() => {})
          const { getToken } = credential as { getToken: (...args: unknown[]) => Promise<{ token: string }> }
          // Each request needs a new one.
          return { ...(await getToken(scopes, options)), expiresOnTimestamp: Date.now() }
        },
      },
    },
  })
  await worker.start()
  const { submissionId } = await worker.submit({
    customerId: randomUUID(),
    batchId: 'B',
    devices: devices('A1', 'A2'),
    chunkSize: 1,
  })
  const chunks = async (tracker: typeof worker) => (await tracker.getSubmission(submissionId))!.group?.chunks
  await until(async () => isWaiting && (await chunks(worker))?.length === 2)
  await worker.close()

  const tracker = trackerOn(database, emulator)
  expect(await chunks(tracker)).toMatchObject([{ batchTrackingId: expect.any(String) as string }])
  expect(await tracker.cancelSubmission(submissionId)).toMatchObject({ devicesSent: 1, devicesCancelled: 1 })
  expect(posts).toBe(1)
})
