/** A call that PostgreSQL aborts in favor of other work still succeeds. */
import { describe, expect, test } from 'vitest'

import { devices, eventsUntil, fastEmulator, freshDatabase, isServer, runSql, trackerOn } from '../helpers.ts'

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
    // A sequence is not rolled back, so that only the first attempt fails.
    await runSql(
      database,
      `create sequence attempts;
       create function conflict() returns trigger language plpgsql as $$
       begin
         if new.type = 'submission.queued' and nextval('attempts') = 1
         then raise exception 'conflict' using errcode = '${code}'; end if;
         return new;
       end $$;
       create trigger conflict before insert on devicebatch.events
       for each row execute function conflict(); select 1`,
    )
    await tracker.resumeSubmission(submissionId)
    expect(await runSql(database, 'select last_value from attempts')).toEqual([{ last_value: '2' }])
    await eventsUntil(tracker, 'upload.ended')
  })
})
