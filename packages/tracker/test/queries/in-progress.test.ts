/** Devices that are in progress already are found before they are submitted again. */
import { once } from 'node:events'

import { expect, test } from 'vitest'

import { devices, eventsUntil, fastEmulator, freshDatabase, trackerOn, until } from '../helpers.ts'

const [customerId, otherCustomerId] = [
  '47021739-3426-40bf-9601-61b4b6d7c793',
  'c7f3c849-129f-4b85-a96d-4f8e88b315a3',
]

test('devices are found while they wait and while their batch is in progress, newest submission first', async () => {
  // The batch does not end during the test.
  const tracker = trackerOn(await freshDatabase(), fastEmulator({ timeScale: 0 }))
  const submit = (...serialNumbers: string[]) =>
    tracker.submit({ customerId, batchId: 'Front desk', devices: devices(...serialNumbers) })
  const find = async (ofCustomer: string, ...serialNumbers: string[]) => {
    const found = await tracker.findInProgress({ customerId: ofCustomer, devices: devices(...serialNumbers) })
    return found.map(({ submission, deviceCount }) => [
      submission.submissionId,
      submission.state,
      deviceCount,
    ])
  }
  const first = await submit('A1', 'A2', 'A3')
  expect(await find(customerId, 'a1', 'A3', 'B1')).toEqual([[first.submissionId, 'queued', 2]])
  expect(await find(otherCustomerId, 'A1')).toEqual([])
  expect(await find(customerId, 'B1')).toEqual([])
  await tracker.start()
  await eventsUntil(tracker, 'submission.accepted')
  await tracker.pause({ customerId })
  const second = await submit('A3')
  expect(await find(customerId, 'A1', 'A3')).toEqual([
    [second.submissionId, 'queued', 1],
    [first.submissionId, 'accepted', 2],
  ])
})

test('those devices of a cancelled submission are in progress that were sent before', async () => {
  const emulator = fastEmulator({ timeScale: 0 })
  const posts: string[] = []
  const continuing = new AbortController()
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const isUpload = request.method === 'POST' && request.url.includes('/deviceBatches')
    if (isUpload && posts.push(request.url) === 2) await once(continuing.signal, 'abort')
    return await emulator.fetch(request)
  }
  const tracker = trackerOn(await freshDatabase(), { fetch })
  const sent = devices(...Array.from({ length: 6 }, (_, index) => `A${index}`))
  await tracker.start()
  const request = { customerId, batchId: 'Front desk', devices: sent, chunkSize: 2 }
  const { submissionId } = await tracker.submit(request)
  await until(() => posts.length === 2)
  expect(await tracker.cancelSubmission(submissionId)).toMatchObject({ devicesSent: 4 })
  expect(await tracker.findInProgress({ customerId, devices: sent })).toMatchObject([
    { submission: { submissionId, state: 'cancelled' }, deviceCount: 4 },
  ])
  continuing.abort()
})

test.each(['upload.ended', 'upload.stopped'] as const)(
  'devices are not in progress after %s, even those that can be submitted again',
  async (type) => {
    const emulator = fastEmulator()
    if (type === 'upload.stopped')
      emulator.faults.add({ operation: 'getBatchUploadStatus', effect: { kind: 'answer', status: 400 } })
    const tracker = trackerOn(await freshDatabase(), emulator)
    await tracker.start()
    const sent = devices('A1', 'EMU640-B2')
    await tracker.submit({ customerId, batchId: 'Front desk', devices: sent })
    await eventsUntil(tracker, type)
    expect(await tracker.findInProgress({ customerId, devices: sent })).toEqual([])
  },
)

test('a device without a serial number is found by its product ID', async () => {
  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  const sent = [{ productKey: '12345-67890-12345-67890' }]
  await tracker.submit({ customerId, batchId: 'Front desk', devices: sent })
  expect(await tracker.findInProgress({ customerId, devices: sent })).toMatchObject([{ deviceCount: 1 }])
})

test('neither no devices nor text that cannot be stored is an error', async () => {
  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  for (const looked of [[], devices('A\0')])
    expect(await tracker.findInProgress({ customerId, devices: looked })).toEqual([])
})

test("a customer's ID that is not a GUID is refused", async () => {
  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  const found = tracker.findInProgress({ customerId: 'contoso', devices: devices('A') })
  await expect(found).rejects.toThrow('customerId')
})
