/** A call that PostgreSQL aborts in favor of other work still succeeds. */
import { describe, expect, test } from 'vitest'

import {
  devices,
  eventsUntil,
  fastEmulator,
  failFirst,
  freshDatabase,
  isServer,
  trackerOn,
} from '../helpers.ts'

const customerId = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'

describe.runIf(isServer)('resuming a submission whose transaction ends as', () => {
  test.each([
    ['the victim of a deadlock', '40P01'],
    ['one that could not be serialized', '40001'],
  ])('%s is repeated, and the caller does not notice', async (_, code) => {
    const emulator = fastEmulator()
    emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status: 403 } })
    const database = await freshDatabase()
    const tracker = trackerOn(database, emulator)
    await tracker.start()
    const { submissionId } = await tracker.submit({ customerId, batchId: 'B', devices: devices('S1') })
    await eventsUntil(tracker, 'submission.failed')
    const attempts = await failFirst(database, {
      table: 'devicebatch.events',
      action: 'insert',
      when: "new.type = 'submission.queued'",
      fail: `raise 'conflict' using errcode = '${code}'`,
    })
    await tracker.resumeSubmission(submissionId)
    expect(await attempts()).toBe(2)
    await eventsUntil(tracker, 'upload.ended')
  })
})

test.runIf(isServer)(
  'a transaction of the job queue that PostgreSQL aborts leaves no connection that refuses other statements',
  async () => {
    const database = await freshDatabase()
    const attempts = await failFirst(database, {
      table: 'devicebatch_jobs.queue',
      action: 'insert',
      fail: "raise 'conflict' using errcode = '40P01'",
    })
    const tracker = trackerOn(database, fastEmulator(), { poolSize: 2 })
    await Promise.all(Array.from({ length: 8 }, () => tracker.getTotals()))
    expect(await attempts()).toBeGreaterThan(1)
  },
)
