/** A device is found by its serial number without reading the others. */
import { expect, test } from 'vitest'

import { all, fastEmulator, freshDatabase, isServer, makeTracker, runSql } from '../helpers.ts'

const count = 200_000

test.runIf(isServer)(
  'a serial number, or its beginning, among many devices is looked up in the index',
  async () => {
    const database = await freshDatabase()
    await runSql(
      database,
      `insert into devicebatch.uploads (batch_tracking_id, customer_id, state)
      select md5(i::text)::uuid, md5(i::text)::uuid, 'ended' from generate_series(0, ${count / 50 - 1}) i;
    insert into devicebatch.device_results (batch_tracking_id, position, customer_id, serial_number, outcome)
      select md5((i / 50)::text)::uuid, i % 50, md5((i / 50)::text)::uuid, 'S' || md5(i::text), 'succeeded'
      from generate_series(0, ${count - 1}) i;
    analyze; select 1`,
    )
    const read = async (): Promise<number> => {
      const [row] = await runSql(
        database,
        `select sum(idx_tup_read) + (select sum(seq_tup_read) from pg_stat_user_tables where relname = 'device_results') as count
      from pg_stat_user_indexes where relname = 'device_results'`,
      )
      return Number(row!['count'])
    }
    const [device] = await runSql(database, `select 'S' || md5('77') as serial`)
    const serialNumber = String(device!['serial'])
    const before = await read()
    // Its connections report what they read when they close.
    const tracker = makeTracker(database, fastEmulator())
    expect(await all(tracker.listDevices({ serialNumber }))).toMatchObject([{ serialNumber }])
    expect(await all(tracker.listDevices({ serialNumberPrefix: serialNumber.slice(0, 12) }))).toHaveLength(1)
    expect(await all(tracker.listDevices({ serialNumber: 'nowhere' }))).toEqual([])
    await tracker.close()
    expect((await read()) - before).toBeLessThan(100)
  },
)
