/** Workers claim the uploads that are due: each is polled by one worker, and nothing else delays it. */
import { randomUUID } from 'node:crypto'

import { Client } from 'pg'
import { expect, test } from 'vitest'

import type { Tracker } from '../../src/index.ts'
import { eventsUntil, fastEmulator, freshDatabase, isServer, runSql, trackerOn, until } from '../helpers.ts'

/** A fetch that responds that each batch has finished, and holds the responses for a customer until `release()`. */
function finishing(heldCustomer = '') {
  let release = (): void => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const polled: string[] = []
  const emulator = fastEmulator()
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    if (!pathname.includes('batchJobStatus')) return await emulator.fetch(input, init)
    const [, customerId, batchTrackingId] = /customers\/([^/]+)\/batchJobStatus\/([^/]+)/.exec(pathname)!
    polled.push(batchTrackingId!)
    if (customerId === heldCustomer) await released
    return Response.json({ batchTrackingId, status: 'finished', devicesStatus: [] })
  }
  return { fetch, polled, release }
}

async function trackSome(tracker: Tracker, customerId: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++)
    await tracker.track({ customerId, batchTrackingId: randomUUID() })
}

test('slow responses for one customer delay no poll of another, however many of its uploads were due before', async () => {
  const [slow, quick] = [randomUUID(), randomUUID()]
  const { fetch, polled, release } = finishing(slow)
  const tracker = trackerOn(await freshDatabase(), { fetch }, { concurrency: 4 })
  await trackSome(tracker, slow, 20)
  await trackSome(tracker, quick, 5)
  await tracker.start()
  await eventsUntil(tracker, 'upload.ended', { count: 5, customerId: quick })
  expect(polled.length - 5).toBeLessThanOrEqual(2)
  release()
  await eventsUntil(tracker, 'upload.ended', { count: 20, customerId: slow })
  expect(new Set(polled).size).toBe(25)
  expect(polled).toHaveLength(25)
})

test.runIf(isServer)('many workers poll each due upload once', async () => {
  const { fetch, polled } = finishing()
  const database = await freshDatabase()
  const workers = Array.from({ length: 4 }, () => trackerOn(database, { fetch }))
  for (let index = 0; index < 15; index++) await trackSome(workers[0]!, randomUUID(), 10)
  await Promise.all(workers.map((worker) => worker.start()))
  await eventsUntil(workers[0]!, 'upload.ended', { count: 150 })
  expect(new Set(polled).size).toBe(150)
  expect(polled).toHaveLength(150)
})

test.runIf(isServer)(
  'a worker keeps its claims for as long as responses take, while one of them is locked',
  async () => {
    const customerId = randomUUID()
    const { fetch, polled, release } = finishing(customerId)
    const database = await freshDatabase()
    const workers = [trackerOn(database, { fetch }), trackerOn(database, { fetch })]
    await trackSome(workers[0]!, customerId, 2)
    await workers[0]!.start()
    await until(() => polled.length === 2)
    await workers[1]!.start()
    const [locked, extended] = polled.map((id) => `batch_tracking_id = '${id}'`)
    const other = new Client({ connectionString: database as string })
    await other.connect()
    try {
      // The claim ends in 15 seconds, unless it is extended.
      await other.query(
        `update devicebatch.uploads set claimed_until = now() + interval '15 s' where ${extended}`,
      )
      await other.query(`begin; select from devicebatch.uploads where ${locked} for update`)
      await until(async () => {
        const text = `select claimed_until > now() + interval '20 s' as is_extended from devicebatch.uploads where ${extended}`
        return (await runSql(database, text))[0]!.is_extended === true
      })
    } finally {
      await other.end()
    }
    release()
    await eventsUntil(workers[0]!, 'upload.ended', { count: 2 })
    expect(polled).toHaveLength(2)
  },
)

test.runIf(isServer)('finding what is due does not read what is due later', async () => {
  const { fetch, polled } = finishing()
  const database = await freshDatabase()
  await runSql(
    database,
    `insert into devicebatch.uploads (batch_tracking_id, customer_id, due_at)
      select md5(i::text)::uuid, md5(i::text)::uuid, now() + interval '1 day' from generate_series(1, 50000) i;
    analyze devicebatch.uploads; select pg_stat_reset()`,
  )
  const tracker = trackerOn(database, { fetch })
  await trackSome(tracker, randomUUID(), 20)
  await tracker.start()
  await eventsUntil(tracker, 'upload.ended', { count: 20 })
  await tracker.close()
  expect(polled).toHaveLength(20)
  const text = `select seq_tup_read + idx_tup_fetch as read from pg_stat_user_tables where relname = 'uploads'`
  await until(async () => Number((await runSql(database, text))[0]!.read) > 0)
  expect(Number((await runSql(database, text))[0]!.read)).toBeLessThan(2_000)
})

test('an upload that is claimed and not polled takes no slot', async () => {
  const { fetch, polled } = finishing()
  const database = await freshDatabase()
  const errors: unknown[] = []
  const tracker = trackerOn(database, { fetch }, { onError: (error) => errors.push(error) })
  const [paused, newer, polledOne] = [randomUUID(), randomUUID(), randomUUID()]
  for (const customerId of [paused, newer, polledOne]) await trackSome(tracker, customerId, 1)
  await tracker.pause({ customerId: paused })
  await tracker.close()
  await runSql(
    database,
    `update devicebatch.uploads set poll_state = '{"version": 2}' where customer_id = '${newer}'; select 1`,
  )
  const worker = trackerOn(database, { fetch }, { onError: (error) => errors.push(error) })
  await worker.start()
  await eventsUntil(worker, 'upload.ended', { customerId: polledOne })
  await until(() => errors.length > 0)
  await worker.close()
  expect(polled).toHaveLength(1)
  expect(await runSql(database, 'select key from devicebatch.request_slots order by key')).toEqual([
    { key: 'partner' },
    { key: `partner/${polledOne}` },
  ])
})
