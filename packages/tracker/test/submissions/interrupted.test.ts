/** A database failure in the middle of an upload delays the submission, but never fails it. */
import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import { devices, eventsUntil, failFirst, fastEmulator, freshDatabase, trackerOn } from '../helpers.ts'

test.each([
  [
    'the ID of its request is stored',
    'update',
    'submissions',
    'old.attempt = 1 and new.upload_group is not null',
  ],
  ['its tracking ID is stored', 'insert', 'uploads', 'new.submission_id is not null'],
] as const)('a submission whose database fails while %s is retried', async (_, action, table, condition) => {
  const database = await freshDatabase()
  await failFirst(database, {
    table: `devicebatch.${table}`,
    action,
    when: condition,
    fail: "raise 'the server is shutting down' using errcode = '57P01'",
  })
  const tracker = trackerOn(database, fastEmulator())
  await tracker.start()
  const { submissionId } = await tracker.submit({
    customerId: randomUUID(),
    batchId: 'B',
    devices: devices('S1'),
  })
  const events = await eventsUntil(tracker, 'submission.accepted')
  expect(events.map(({ type }) => type)).not.toContain('submission.failed')
  await eventsUntil(tracker, 'upload.ended')
  expect(await tracker.getSubmission(submissionId)).toMatchObject({ state: 'accepted' })
})
