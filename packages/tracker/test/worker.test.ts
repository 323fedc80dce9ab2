/** A worker starts as a whole, or not at all, and `close()` ends it whenever it is called. */
import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import { devices, eventsUntil, fastEmulator, freshDatabase, runSql, trackerOn } from './helpers.ts'

test('a worker whose heartbeat cannot be stored does not start, and sends nothing', async () => {
  const database = await freshDatabase()
  // Its loops need no such row.
  await runSql(
    database,
    'alter table devicebatch.workers add constraint no_heartbeat check (name is null); select 1',
  )
  const emulator = fastEmulator()
  const tracker = trackerOn(database, emulator)
  await expect(tracker.start()).rejects.toThrow(/no_heartbeat/)
  const upload = { batchId: 'B', devices: devices('A1') }
  await tracker.submit({ ...upload, customerId: randomUUID() })

  // Meanwhile, another worker uploads and polls to the end.
  const other = trackerOn(await freshDatabase(), fastEmulator())
  await other.start()
  await other.submit({ ...upload, customerId: randomUUID() })
  await eventsUntil(other, 'upload.ended')
  expect(emulator.requests.filter(({ path }) => path.includes('/customers/'))).toEqual([])

  await tracker.close()
  await runSql(database, 'alter table devicebatch.workers drop constraint no_heartbeat; select 1')
  await tracker.start()
  await eventsUntil(tracker, 'upload.ended')
  expect((await tracker.health()).figures!.workers).toHaveLength(1)
})

test('a worker that is closed while it starts has started and ended, and leaves no heartbeat', async () => {
  const database = await freshDatabase()
  const tracker = trackerOn(database, fastEmulator())
  const starting = tracker.start()
  await tracker.close()
  await starting
  expect((await tracker.health()).figures!.workers).toEqual([])
})

test('a worker that is started again while it closes works, and ends with the next close()', async () => {
  const database = await freshDatabase()
  const tracker = trackerOn(database, fastEmulator())
  await tracker.start()
  const closing = tracker.close()
  await tracker.start()
  await closing
  await tracker.submit({ customerId: randomUUID(), batchId: 'B', devices: devices('A1') })
  await eventsUntil(tracker, 'upload.ended')
  expect((await tracker.health()).figures!.workers).toHaveLength(1)
  await tracker.close()
  expect((await tracker.health()).figures!.workers).toEqual([])
})
