/** Devices among many are found without reading the others. */
import { createHash, randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { DeviceFilter, TrackedDevice, Tracker, TrackerDatabase } from '../../src/index.ts'
import { all, fastEmulator, isServer, makeDatabase, makeTracker, runSql } from '../helpers.ts'

const count = 200_000

const customerId = randomUUID()
const firstUpload = createHash('md5')
  .update('0')
  .digest('hex')
  .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')

/** How many rows of devices were read so far. The connections of a tracker report what they read when they close. */
async function countRead(database: TrackerDatabase): Promise<number> {
  const [row] = await runSql(
    database,
    `select sum(idx_tup_read) + (select sum(seq_tup_read) from pg_stat_user_tables where relname = 'device_results') as count
    from pg_stat_user_indexes where relname = 'device_results'`,
  )
  return Number(row!['count'])
}

describe.runIf(isServer)('of many devices', () => {
  let made: Awaited<ReturnType<typeof makeDatabase>>
  let database: TrackerDatabase

  // The devices of one customer, of which one in a hundred failed.
  beforeAll(async () => {
    made = await makeDatabase()
    ;({ database } = made)
    await runSql(
      database,
      `insert into devicebatch.uploads (batch_tracking_id, customer_id, state)
        select md5(i::text)::uuid, '${customerId}', 'ended' from generate_series(0, ${count / 50 - 1}) i;
      insert into devicebatch.device_results (batch_tracking_id, position, customer_id, serial_number, outcome, error_code, changed_at)
        select md5((i / 50)::text)::uuid, i % 50, '${customerId}', 'S' || md5(i::text),
          case when i % 100 = 7 then 'failed' else 'succeeded' end, case when i % 100 = 7 then '808' end,
          now() - i * interval '1 minute'
        from generate_series(0, ${count - 1}) i;
      analyze; select 1`,
    )
    // PostgreSQL looks at a row unless it is marked as visible to all.
    await runSql(database, 'vacuum devicebatch.device_results')
  })
  afterAll(() => made?.remove())

  test('one is found by its serial number, or the beginning of it, in the index', async () => {
    const [device] = await runSql(database, `select 'S' || md5('77') as serial`)
    const serialNumber = String(device!['serial'])
    const before = await countRead(database)
    const tracker = makeTracker(database, fastEmulator())
    expect(await all(tracker.listDevices({ serialNumber }))).toMatchObject([{ serialNumber }])
    expect(await all(tracker.listDevices({ serialNumberPrefix: serialNumber.slice(0, 12) }))).toHaveLength(1)
    expect(await all(tracker.listDevices({ serialNumber: 'nowhere' }))).toEqual([])
    await tracker.close()
    expect((await countRead(database)) - before).toBeLessThan(100)
  })

  test.each<[string, DeviceFilter, number]>([
    ['those of a customer', { customerId }, 200],
    ['those with an error code', { errorCode: '808' }, 200],
    // All failures are sorted.
    ['those of a customer that failed', { customerId, outcome: 'failed' }, count / 50],
    [
      'those that failed in a period',
      { outcome: 'failed', since: new Date(Date.now() - 3 * 86_400_000) },
      200,
    ],
  ])('%s are read page by page, without the others', async (_, filter, most) => {
    const before = await countRead(database)
    const tracker = makeTracker(database, fastEmulator())
    const page: TrackedDevice[] = []
    for await (const device of tracker.listDevices(filter)) {
      page.push(device)
      if (page.length === 40) break
    }
    await tracker.close()
    expect(page).toHaveLength(40)
    expect((await countRead(database)) - before).toBeLessThan(most)
  })

  test.each<[string, (tracker: Tracker) => Promise<unknown[]>]>([
    [
      'of every day',
      async (tracker) => {
        const since = new Date(Date.now() - 90 * 86_400_000)
        const { intervals } = await tracker.getStatistics({ since })
        return intervals.flatMap(({ failures }) => failures)
      },
    ],
    [
      'of an upload',
      // The first upload contains the eighth device, which failed.
      (tracker) => tracker.listFailureCauses({ batchTrackingId: firstUpload }),
    ],
  ])('the causes of failures %s are counted in the index alone', async (_, read) => {
    const fetched = async (): Promise<number> => {
      const [row] = await runSql(
        database,
        `select idx_tup_fetch + seq_tup_read as count from pg_stat_user_tables where relname = 'device_results'`,
      )
      return Number(row!['count'])
    }
    const before = await fetched()
    const tracker = makeTracker(database, fastEmulator())
    expect(await read(tracker)).not.toEqual([])
    await tracker.close()
    expect((await fetched()) - before).toBe(0)
  })
})
