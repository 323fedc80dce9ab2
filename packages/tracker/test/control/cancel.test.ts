/** A cancelled submission sends nothing more; what was sent is tracked to its end. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'

import { expect, test } from 'vitest'

import { all, devices, eventsUntil, fastEmulator, freshDatabase, trackerOn, until } from '../helpers.ts'

test('a submission that waits is cancelled completely, and sends nothing', async () => {
  const emulator = fastEmulator()
  const tracker = trackerOn(await freshDatabase(), emulator)
  const [cancelled, other] = [randomUUID(), randomUUID()]
  const { submissionId } = await tracker.submit({
    customerId: cancelled,
    batchId: 'B',
    devices: devices('A1', 'A2'),
  })
  expect(await tracker.cancelSubmission(submissionId)).toEqual({
    submissionId,
    devicesCancelled: 2,
    devicesSent: 0,
  })
  await tracker.submit({ customerId: other, batchId: 'B', devices: devices('O1') })
  await tracker.start()
  await eventsUntil(tracker, 'upload.ended', { customerId: other })
  expect(emulator.requests.filter(({ path }) => path.includes(cancelled))).toEqual([])
  expect(await tracker.getSubmission(submissionId)).toMatchObject({
    state: 'cancelled',
    deviceCount: 2,
    devicesToRetry: 0,
    endedAt: expect.stringMatching(/Z$/),
  })
  expect((await eventsUntil(tracker, 'submission.cancelled')).at(-1)).toMatchObject({
    submissionId,
    data: { batchId: 'B', devicesCancelled: 2, devicesSent: 0 },
  })
  expect((await tracker.getTotals()).submissions).toMatchObject({ cancelled: 1, accepted: 1 })
  await expect(tracker.resumeSubmission(submissionId)).rejects.toThrow(/is cancelled/)
  await expect(tracker.retryDevices(submissionId)).rejects.toThrow(/was cancelled.*Submit/)
})

test('a submission that is being uploaded keeps what was sent, and the result says how much that is', async () => {
  const emulator = fastEmulator()
  const customerId = randomUUID()
  const continuing = new AbortController()
  let posts = 0
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    if (request.method === 'POST' && request.url.includes(customerId) && ++posts === 1) {
      await once(continuing.signal, 'abort')
    }
    return await emulator.fetch(request)
  }
  const tracker = trackerOn(await freshDatabase(), { fetch })
  await tracker.start()
  const names = Array.from({ length: 5 }, (_, index) => `A${index}`)
  const { submissionId } = await tracker.submit({
    customerId,
    batchId: 'B',
    devices: devices(...names),
    chunkSize: 2,
  })
  await until(() => posts === 1)
  expect(await tracker.cancelSubmission(submissionId)).toMatchObject({ devicesCancelled: 3, devicesSent: 2 })
  continuing.abort()
  await eventsUntil(tracker, 'upload.ended', { customerId })
  await until(
    async () => (await tracker.getSubmission(submissionId))!.group!.chunks[0]!.batchTrackingId !== undefined,
  )
  expect(posts).toBe(1)
  expect(await tracker.getSubmission(submissionId)).toMatchObject({ state: 'cancelled' })
  const serials = (await all(tracker.listDevices({ customerId }))).map(({ serialNumber }) => serialNumber)
  expect(new Set(serials)).toEqual(new Set(['A0', 'A1']))
})

test('a submission that was sent, failed, was cancelled or does not exist is refused with what to do', async () => {
  const emulator = fastEmulator()
  const tracker = trackerOn(await freshDatabase(), emulator)
  await tracker.start()
  const customerId = randomUUID()
  const { submissionId } = await tracker.submit({ customerId, batchId: 'B', devices: devices('A1') })
  await eventsUntil(tracker, 'submission.accepted')
  await expect(tracker.cancelSubmission(submissionId)).rejects.toThrow(/all 1 devices.*cannot be recalled/)

  emulator.faults.add({ operation: 'addDevicesToBatch', effect: { kind: 'answer', status: 403 } })
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status: 403 } })
  const failed = await tracker.submit({ customerId: randomUUID(), batchId: 'B', devices: devices('F1') })
  await eventsUntil(tracker, 'submission.failed')
  await expect(tracker.cancelSubmission(failed.submissionId)).rejects.toThrow(/has failed.*resume/)
  await expect(tracker.cancelSubmission(randomUUID())).rejects.toThrow(/does not exist.*List/)
  await expect(tracker.cancelSubmission('7')).rejects.toThrow(/`submissionId`.*GUID/)
})
