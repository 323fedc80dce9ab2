/** The title of a card says what became of the devices. */
import { expect, test } from 'vitest'

import type { Notification, SubmissionResult } from '../../src/index.ts'
import { toCard } from '../../src/notifications/teams-card.ts'

const counts = { total: 2, pending: 0, succeeded: 1, alreadyRegistered: 1, failed: 0, unresolved: 0 }
const result: SubmissionResult = {
  submissionId: '0127ed8e-ff72-4983-a3d8-e8d8bd378932',
  customerId: '47021739-3426-40bf-9601-61b4b6d7c793',
  batchId: 'Front desk',
  deviceCount: 2,
  counts,
  devicesToRetry: 0,
  causes: [],
}
const { submissionId: _, ...upload } = result

function textsOf(type: 'submission.ended' | 'upload.ended', data: Partial<SubmissionResult> = {}): string[] {
  const base = type === 'upload.ended' ? { ...upload, batchTrackingId: 'c0ffee00' } : result
  const notification = { version: 1, type, timestamp: '2026-11-21T08:12:45.123Z', data: { ...base, ...data } }
  const [attachment] = toCard(notification as Notification).attachments
  const { body } = attachment!.content as { body: { inlines: { text: string }[] }[] }
  return body.flatMap(({ inlines }) => inlines.map(({ text }) => text))
}

const failed = { counts: { ...counts, succeeded: 0, failed: 1 } }
test.each([
  ['submission.ended', {}, 'All devices of a submission are registered'],
  ['submission.ended', failed, 'Some devices of a submission are not registered'],
  ['submission.ended', { devicesToRetry: 3 }, 'Some devices of a submission are not registered'],
  ['submission.ended', { devicesInDoubt: 3 }, 'Some devices of a submission are not registered'],
  [
    'submission.ended',
    { counts: { ...counts, total: 0, succeeded: 0, alreadyRegistered: 0 } },
    'Some devices of a submission are not registered',
  ],
  ['submission.ended', { devicesCancelled: 1 }, 'A submission was cancelled'],
  ['upload.ended', {}, 'All devices of an upload are registered'],
  ['upload.ended', failed, 'Some devices of an upload are not registered'],
] as const)('%s with %j: %s', (type, data, title) => {
  expect(textsOf(type, data)[0]).toBe(title)
})

test('a cancelled submission says how many devices were not sent, and how many may not have been', () => {
  const texts = textsOf('submission.ended', { devicesCancelled: 1, devicesInDoubt: 2, deviceCount: 5 })
  expect(texts).toContain('Not sent: 1 of 5 devices')
  expect(texts).toContain('May not have been sent: 2 devices')
})

test('a submission says who submitted and cancelled it, if somebody was named', () => {
  const data = { submittedBy: 'Ana (1)', cancelledBy: 'Dai (4)' }
  const texts = textsOf('submission.ended', data)
  expect(texts).toContain('Submitted by: Ana (1)')
  expect(texts).toContain('Cancelled by: Dai (4)')
  expect(textsOf('submission.ended').filter((text) => /ed by/.test(text))).toEqual([])
})
