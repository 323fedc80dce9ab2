/** A connection to the database that breaks while a poll is recorded costs only a repeated poll. */
import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import {
  all,
  devices,
  eventsUntil,
  failFirst,
  fastEmulator,
  freshDatabase,
  isServer,
  runSql,
  trackerOn,
  until,
} from '../helpers.ts'

const shutDown = `raise 'the server is shutting down' using errcode = '57P01'`
/** A server inside this process has no connection. */
const breakConnection = isServer ? 'perform pg_terminate_backend(pg_backend_pid())' : shutDown
const loseConflict = `raise 'deadlock detected' using errcode = '40P01'`

test.each([
  ['the server shuts down while the first results are recorded', 'tracking', 1, shutDown],
  ['the connection breaks while the end is recorded', 'ended', 1, breakConnection],
  ['recording the end loses against other work eight times', 'ended', 8, loseConflict],
])('when %s, the poll is made again soon, and nothing is reported to fail', async (_, state, times, fail) => {
  const emulator = fastEmulator()
  // However slow this machine is, the first poll does not find the end.
  const body = { status: 'processing', devicesStatus: [] }
  const effect = { kind: 'answer', status: 200, body } as const
  emulator.faults.add({ operation: 'getBatchUploadStatus', effect })
  const database = await freshDatabase()
  const attempts = await failFirst(database, {
    table: 'devicebatch.uploads',
    action: 'update',
    when: `new.revision > old.revision and new.state = '${state}'`,
    times,
    fail,
  })
  const errors: unknown[] = []
  const tracker = trackerOn(database, emulator, { onError: (error) => errors.push(error) })
  await tracker.start()
  const { submissionId } = await tracker.submit({
    customerId: randomUUID(),
    batchId: 'B',
    devices: devices('S1'),
  })
  await until(() => errors.length > 0)
  await tracker.close()
  expect(await attempts()).toBe(times)
  const [upload] = await runSql(
    database,
    `select error, due_at < now() as is_due, claimed_until < now() + interval '30 s' as is_soon from devicebatch.uploads`,
  )
  expect(upload).toEqual({ error: null, is_due: true, is_soon: true })

  await runSql(database, 'update devicebatch.uploads set claimed_until = null; select 1')
  const next = trackerOn(database, emulator)
  await next.start()
  const events = await eventsUntil(next, 'upload.ended')
  expect(events.map(({ type }) => type)).not.toContain('upload.failing')
  const [ended] = await all(next.listUploads({ submissionId }))
  expect(ended).toMatchObject({ state: 'ended', counts: { total: 1, succeeded: 1 } })
})
