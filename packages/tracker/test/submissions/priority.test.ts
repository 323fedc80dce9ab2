/** Which waiting submission is uploaded next. */
import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import type { SubmissionPriority } from '../../src/index.ts'
import { devices, eventsUntil, fastEmulator, freshDatabase, trackerOn } from '../helpers.ts'

test('submissions are uploaded by priority, and customers take turns within each', async () => {
  const tracker = trackerOn(await freshDatabase(), fastEmulator(), { concurrency: 1 })
  const [large, small] = [randomUUID(), randomUUID()]
  const submit = async (batchId: string, customerId: string, priority?: SubmissionPriority) =>
    await tracker.submit({ customerId, batchId, devices: devices(batchId), priority })
  await submit('low', small, 'low')
  await submit('large 1', large)
  await submit('large 2', large, 'normal')
  await submit('small 1', small)
  await submit('high 1', large, 'high')
  await submit('high 2', large, 'high')
  await submit('high of small', small, 'high')
  await tracker.start()
  const events = await eventsUntil(tracker, 'upload.tracked', { count: 7 })
  const order = events.flatMap(({ type, data }) =>
    type === 'upload.tracked' && 'batchId' in data ? data.batchId : [],
  )
  expect(order).toEqual(['high 1', 'high of small', 'high 2', 'large 1', 'small 1', 'large 2', 'low'])
})

test('a priority is kept with the submission, and any other word is refused', async () => {
  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  const request = { customerId: randomUUID(), batchId: 'B', devices: devices('A1') }
  const { submissionId } = await tracker.submit({ ...request, priority: 'low' })
  expect((await tracker.getSubmission(submissionId))!.priority).toBe('low')
  await expect(tracker.submit({ ...request, priority: 'urgent' as never })).rejects.toThrow(
    /`priority` must be one of 'low', 'normal', 'high'; got "urgent"/,
  )
})
