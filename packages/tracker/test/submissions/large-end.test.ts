/** Neither the end nor a retry of a submission with thousands of devices holds up anybody. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'

import { Client } from 'pg'
import { expect, test } from 'vitest'

import {
  all,
  devices,
  eventsUntil,
  fastEmulator,
  freshDatabase,
  isServer,
  runSql,
  trackerOn,
  until,
} from '../helpers.ts'

/** Notes how many results a transaction has read when it ends an upload, and when it is committed. */
const noteReads = `
  create table devicebatch.reads (moment text, batch_tracking_id uuid, count bigint);
  create function devicebatch.note_reads() returns trigger language plpgsql as $$ begin
    insert into devicebatch.reads select tg_name, new.batch_tracking_id, seq_tup_read + idx_tup_fetch
      from pg_stat_xact_user_tables where schemaname = 'devicebatch' and relname = 'device_results';
    return null;
  end $$;
  create trigger ended after update on devicebatch.uploads for each row
    when (new.state = 'ended') execute function devicebatch.note_reads();
  create constraint trigger committed after update on devicebatch.uploads deferrable initially deferred for each row
    when (new.state = 'ended') execute function devicebatch.note_reads(); select 1`

test.runIf(isServer)(
  'the transaction that ends the last upload reads no results of the others, and all retryable devices are kept',
  async () => {
    const database = await freshDatabase()
    const tracker = trackerOn(database, fastEmulator())
    await tracker.getTotals()
    await runSql(database, noteReads)
    await tracker.start()
    const customerId = randomUUID()
    const names = Array.from({ length: 60 }, (_, index) => `EMU640-${index}`)
    const request = { customerId, batchId: 'Large', chunkSize: 3, devices: devices(...names, 'A1') }
    const { submissionId } = await tracker.submit(request)
    await eventsUntil(tracker, 'upload.ended', { count: 21 })
    expect((await tracker.getSubmission(submissionId))!.devicesToRetry).toBe(60)
    const rows = await runSql(
      database,
      `select committed.count - ended.count as count from devicebatch.reads ended join devicebatch.reads committed
        using (batch_tracking_id) where ended.moment = 'ended' and committed.moment = 'committed'`,
    )
    expect(rows).toHaveLength(21)
    // Its own three, for which a small table is read completely: the errors and the devices.
    expect(Math.max(...rows.map(({ count }) => Number(count)))).toBeLessThanOrEqual(4 * 61)
  },
)

test.runIf(isServer)(
  'a retry with a stopped upload reads the results before it locks the submission, and takes the known ones',
  async () => {
    const database = await freshDatabase()
    const emulator = fastEmulator()
    const worker = trackerOn(database, emulator)
    emulator.faults.add({ operation: 'getBatchUploadStatus', effect: { kind: 'answer', status: 400 } })
    await worker.start()
    const names = Array.from({ length: 33 }, (_, index) => `EMU640-${index}`)
    const request = { batchId: 'Large', chunkSize: 3, devices: devices(...names) }
    const { submissionId } = await worker.submit({ ...request, customerId: randomUUID() })
    await eventsUntil(worker, 'upload.ended', { count: 10 })
    expect(await all(worker.listUploads({ state: 'stopped' }))).toMatchObject([{ submissionId }])

    // Nothing but the retry waits for the results.
    await worker.close()
    const tracker = trackerOn(database, emulator)
    const other = new Client({ connectionString: database as string })
    await other.connect()
    try {
      await other.query('begin; lock table devicebatch.device_results')
      const retrying = tracker.retryDevices(submissionId)
      const waiting = `select from pg_locks where not granted and relation = 'devicebatch.device_results'::regclass`
      await until(async () => (await other.query(waiting)).rows.length > 0)
      await other.query(`select from devicebatch.submissions where id = '${submissionId}' for update nowait`)
      await other.query('commit')
      const retry = await tracker.getSubmission((await retrying).submissionId)
      expect(retry).toMatchObject({ deviceCount: 30 })
    } finally {
      await other.end()
    }
  },
)

test.runIf(isServer).each(['end', 'retry'])(
  'the %s of a submission does not need the results that the retention has deleted meanwhile',
  async (what) => {
    const emulator = fastEmulator()
    const database = await freshDatabase()
    const last = new AbortController()
    const customerId = randomUUID()
    const names = Array.from({ length: 12 }, (_, index) => `EMU640-${index}`)
    let lastId: string | undefined
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init)
      const isLast = lastId !== undefined && request.url.includes(lastId)
      if (isLast && !last.signal.aborted) await once(last.signal, 'abort')
      if (isLast && what === 'retry')
        return Response.json({ code: 2000, description: 'No.' }, { status: 400 })
      const isPosted = request.method === 'POST' && (await request.clone().text()).includes('EMU640-11')
      const response = await emulator.fetch(request)
      if (isPosted) lastId = response.headers.get('location')?.split('/').at(-1)
      return response
    }
    const tracker = trackerOn(database, { fetch })
    await tracker.start()
    const request = { customerId, batchId: 'Large', chunkSize: 1, devices: devices(...names) }
    const { submissionId } = await tracker.submit(request)
    await eventsUntil(tracker, 'upload.ended', { count: 11 })
    await eventsUntil(tracker, 'submission.accepted')
    await runSql(
      database,
      `update devicebatch.uploads set ended_at = now() - interval '9 days' where state = 'ended'; select 1`,
    )
    await tracker.setRetention({ endedAfterDays: 7 })
    await tracker.applyRetention()
    expect(await all(tracker.listUploads({ submissionId }))).toMatchObject([{ state: 'tracking' }])
    last.abort()
    if (what === 'end') {
      await eventsUntil(tracker, 'upload.ended', { count: 12 })
      expect(await tracker.getSubmission(submissionId)).toMatchObject({ devicesToRetry: 1 })
    } else {
      await eventsUntil(tracker, 'upload.stopped')
      await expect(tracker.retryDevices(submissionId)).rejects.toThrow(/no retryable device/)
    }
  },
)
