/** A database failure in the middle of an upload delays the submission, but never fails it. */
import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import { devices, eventsUntil, fastEmulator, freshDatabase, runSql, trackerOn } from '../helpers.ts'

test.each([
  [
    'the ID of its request is stored',
    'update',
    'submissions',
    'old.attempt = 1 and new.upload_group is not null',
  ],
  ['its tracking ID is stored', 'insert', 'uploads', 'new.submission_id is not null'],
])('a submission whose database fails while %s is retried', async (_, action, table, condition) => {
  const database = await freshDatabase()
  // A sequence counts although its transaction is rolled back: only the first attempt fails.
  await runSql(
    database,
    `create sequence devicebatch.failures;
    create function devicebatch.fail_once() returns trigger language plpgsql as $$
    begin
      if ${condition} and nextval('devicebatch.failures') = 1 then
        raise 'the server is shutting down' using errcode = '57P01';
      end if;
      return new;
    end $$;
    create trigger fail_once before ${action} on devicebatch.${table} for each row
      execute function devicebatch.fail_once(); select 1`,
  )
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
