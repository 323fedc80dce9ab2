/** A call that PostgreSQL aborts in favor of other work still succeeds. */
import { describe, expect, test } from 'vitest'

import type { TrackerDatabase } from '../../src/index.ts'
import { devices, eventsUntil, fastEmulator, freshDatabase, isServer, runSql, trackerOn } from '../helpers.ts'

const customerId = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'

/** Makes the first insert into a table fail; returns a function that counts the inserts. */
async function failFirstInsert(
  database: TrackerDatabase,
  table: string,
  { code, when = 'true' }: { code: string; when?: string },
): Promise<() => Promise<number>> {
  // A sequence is not rolled back, so that only the first attempt fails.
  await runSql(
    database,
    `create sequence attempts;
     create function conflict() returns trigger language plpgsql as $$
     begin
       if ${when} and nextval('attempts') = 1 then raise exception 'conflict' using errcode = '${code}'; end if;
       return new;
     end $$;
     create trigger conflict before insert on ${table}
     for each row execute function conflict(); select 1`,
  )
  return async () => {
    const [row] = await runSql(database, 'select last_value::int as count from attempts')
    return row!['count'] as number
  }
}

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
    const attempts = await failFirstInsert(database, 'devicebatch.events', {
      code,
      when: "new.type = 'submission.queued'",
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
    const first = trackerOn(database, fastEmulator())
    await first.getTotals()
    await first.close()
    const attempts = await failFirstInsert(database, 'devicebatch_jobs.queue', { code: '40P01' })
    const tracker = trackerOn(database, fastEmulator(), { poolSize: 2 })
    await Promise.all(Array.from({ length: 8 }, () => tracker.getTotals()))
    expect(await attempts()).toBeGreaterThan(1)
  },
)
