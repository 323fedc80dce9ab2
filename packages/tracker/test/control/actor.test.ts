/** Who did it stands with the submission. */
import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import { all, devices, eventsUntil, fastEmulator, freshDatabase, trackerOn, until } from '../helpers.ts'

test('a submission says who submitted, resumed and cancelled it, and its retry who retried', async () => {
  const emulator = fastEmulator()
  const tracker = trackerOn(await freshDatabase(), emulator)
  // Nobody listens there: what is written stays in the list.
  await tracker.setWebhook({
    name: 'nowhere',
    url: 'http://127.0.0.1:9',
    secrets: [`whsec_${'A'.repeat(32)}`],
  })
  const customerId = randomUUID()
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status: 403 }, times: 1 })
  const request = { customerId, devices: devices('EMU640-1') }
  const { submissionId } = await tracker.submit({ ...request, batchId: 'B', by: 'Ana (1)' })
  await tracker.start()
  await eventsUntil(tracker, 'submission.failed')
  await tracker.resumeSubmission(submissionId, { by: 'Bea (2)' })
  await eventsUntil(tracker, 'upload.ended')
  await until(async () => (await tracker.getSubmission(submissionId))!.devicesToRetry === 1)
  const first = await tracker.getSubmission(submissionId)
  expect(first).toMatchObject({ submittedBy: 'Ana (1)', resumedBy: 'Bea (2)' })
  expect(first).not.toHaveProperty('cancelledBy')

  await tracker.pause({ customerId, by: 'Cem (3)' })
  expect((await tracker.getPauses()).customers).toEqual([
    { customerId, pausedSince: expect.any(String), pausedBy: 'Cem (3)' },
  ])
  await tracker.pause({ by: 'Ana (1)' })
  expect(await tracker.getPauses()).toMatchObject({ everythingBy: 'Ana (1)' })

  const retry = await tracker.retryDevices(submissionId, { by: 'Cem (3)' })
  await tracker.cancelSubmission(retry.submissionId, { by: 'Dai (4)' })
  expect(await tracker.getSubmission(retry.submissionId)).toMatchObject({
    retryOf: submissionId,
    submittedBy: 'Cem (3)',
    cancelledBy: 'Dai (4)',
  })
  const events = await all(tracker.events({ untilNow: true }))
  const named = events.flatMap(({ type, data }) => ('by' in data ? [[type, data.by]] : []))
  expect(named).toEqual([
    ['submission.queued', 'Ana (1)'],
    ['submission.queued', 'Bea (2)'],
    ['submission.queued', 'Cem (3)'],
    ['submission.cancelled', 'Dai (4)'],
  ])
  const told = (await all(tracker.listNotifications())).map(({ notification: { type, data } }) => [
    type,
    data,
  ])
  expect(told).toMatchObject([
    ['submission.failed', { submittedBy: 'Ana (1)' }],
    ['submission.ended', { submittedBy: 'Ana (1)' }],
    ['submission.ended', { submittedBy: 'Cem (3)', cancelledBy: 'Dai (4)' }],
  ])
})

test('nobody is named whom the caller did not name', async () => {
  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  const customerId = randomUUID()
  const { submissionId } = await tracker.submit({ customerId, batchId: 'B', devices: devices('A1') })
  await tracker.cancelSubmission(submissionId)
  const submission = await tracker.getSubmission(submissionId)
  for (const name of ['submittedBy', 'resumedBy', 'cancelledBy']) expect(submission).not.toHaveProperty(name)
  const events = await all(tracker.events({ untilNow: true }))
  expect(events.map(({ type, data }) => [type, 'by' in data])).toEqual([
    ['submission.queued', false],
    ['submission.cancelled', false],
  ])
  expect((await tracker.pause()).everythingBy).toBeUndefined()
})

test.each([[''], ['Ana\0'], ['A'.repeat(501)], [7 as never]])(
  '%j names nobody, and changes nothing',
  async (by) => {
    const tracker = trackerOn(await freshDatabase(), fastEmulator())
    const [customerId, submissionId] = [randomUUID(), randomUUID()]
    const request = { customerId, submissionId, batchId: 'B', devices: devices('A1') }
    await expect(tracker.submit({ ...request, by })).rejects.toThrow(/`by` must be the name of who does this/)
    expect(await tracker.getSubmission(submissionId)).toBeUndefined()
    await tracker.submit(request)
    await expect(tracker.cancelSubmission(submissionId, { by })).rejects.toThrow(/`by` must be/)
    await expect(tracker.resumeSubmission(submissionId, { by })).rejects.toThrow(/`by` must be/)
    await expect(tracker.retryDevices(submissionId, { by })).rejects.toThrow(/`by` must be/)
    await expect(tracker.pause({ by })).rejects.toThrow(/`by` must be/)
    expect((await tracker.getSubmission(submissionId))!.state).toBe('queued')
    const unknown = { who: 'Ana' } as never
    await expect(tracker.cancelSubmission(submissionId, unknown)).rejects.toThrow(/`who` is not an option/)
  },
)
