/** How the tracker handles its database: migrations, retention and failures. */
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'

import { sql } from 'kysely'
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest'

import { openDatabase } from '../../src/database/open-database.ts'
import type { TrackerDatabase } from '../../src/index.ts'
import { createTracker, DatabaseError } from '../../src/index.ts'
import {
  all,
  devices,
  emptyDatabase,
  eventsSoFar,
  eventsUntil,
  fastEmulator,
  freshDatabase,
  isServer,
  runSql,
  trackerOn,
  until,
} from '../helpers.ts'
import { startServer } from '../postgres-server.ts'

const customerId = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'
const emulator = fastEmulator()

describe('the schema', () => {
  test('that is newer than this code is refused with a remedy', async () => {
    const database = await freshDatabase()
    await runSql(
      database,
      `insert into devicebatch.kysely_migration values ('9999-of-tomorrow', now()::text)`,
    )
    const error: unknown = await trackerOn(database, emulator)
      .start()
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(DatabaseError)
    expect(error).toMatchObject({ name: 'DatabaseError', reason: 'newer-schema' })
    expect((error as Error).message).toMatch(/9999-of-tomorrow.*Update @devicebatch\/tracker/)
  })

  test.runIf(isServer)('is created once by workers that start at the same time', async () => {
    const database = await emptyDatabase()
    const workers = [
      trackerOn(database, emulator),
      trackerOn(database, emulator),
      trackerOn(database, emulator),
    ]
    await Promise.all(workers.map((worker) => worker.start()))
    await workers[0]!.submit({ customerId, batchId: 'Together', devices: devices('T1') })
    await eventsUntil(workers[1]!, 'upload.ended')
  })
})

test.runIf(isServer)('a worker that could not be started is started by the next call', async () => {
  const database = await freshDatabase()
  const refuse = `create function refuse() returns trigger language plpgsql as $$ begin raise 'no schedule'; end $$;
    create trigger refuse before insert on devicebatch_jobs.schedule for each row execute function refuse(); select 1`
  await runSql(database, refuse)
  const tracker = trackerOn(database, emulator)
  await expect(tracker.start()).rejects.toThrow(/no schedule/)
  await runSql(database, 'drop trigger refuse on devicebatch_jobs.schedule; select 1')
  await tracker.start()
  await tracker.submit({ customerId, batchId: 'Again', devices: devices('A1') })
  await eventsUntil(tracker, 'upload.ended')
})

describe('retention', () => {
  test('deletes old data that has ended, and nothing else', async () => {
    const database = await freshDatabase()
    const [old, recent, tracking] = [randomUUID(), randomUUID(), randomUUID()]
    const [oldSubmission, queued] = [randomUUID(), randomUUID()]
    const ago = (days: number) => `now() - interval '${days} days'`
    await runSql(
      database,
      [
        `insert into devicebatch.submissions (id, customer_id, batch_id, state, device_count, settings, created_at, ended_at) values
        ('${oldSubmission}', '${customerId}', 'Old', 'accepted', 1, '{}', ${ago(40)}, ${ago(40)}),
        ('${queued}', '${customerId}', 'Queued', 'queued', 1, '{}', ${ago(40)}, null)`,
        `insert into devicebatch.uploads (batch_tracking_id, customer_id, submission_id, state, tracked_at, ended_at) values
        ('${old}', '${customerId}', '${oldSubmission}', 'ended', ${ago(40)}, ${ago(31)}),
        ('${recent}', '${customerId}', null, 'stopped', ${ago(40)}, ${ago(29)}),
        ('${tracking}', '${customerId}', null, 'tracking', ${ago(400)}, null)`,
        `insert into devicebatch.device_results (batch_tracking_id, position, customer_id, outcome, changed_at) values
        ('${old}', 0, '${customerId}', 'failed', ${ago(31)}), ('${recent}', 0, '${customerId}', 'failed', ${ago(31)})`,
        `insert into devicebatch.events (at, type, customer_id, data) values
        (${ago(91)}, 'upload.ended', '${customerId}', '{}'), (${ago(89)}, 'upload.ended', '${customerId}', '{}')`,
      ].join(';'),
    )
    {
      await using keeper = trackerOn(database, emulator)
      expect(await keeper.applyRetention()).toEqual({
        uploads: 0,
        submissions: 0,
        events: 0,
        notifications: 0,
      })
    }
    const retention = { endedAfterDays: 30, eventsAfterDays: 90 }
    const tracker = trackerOn(database, emulator, { retention })
    expect(await tracker.applyRetention()).toEqual({
      uploads: 1,
      submissions: 1,
      events: 1,
      notifications: 0,
    })
    const left = await all(tracker.listUploads())
    expect(left.map(({ batchTrackingId }) => batchTrackingId).toSorted()).toEqual(
      [recent, tracking].toSorted(),
    )
    expect((await all(tracker.listDevices())).map(({ batchTrackingId }) => batchTrackingId)).toEqual([recent])
    expect((await all(tracker.listSubmissions())).map(({ submissionId }) => submissionId)).toEqual([queued])
    expect(await eventsSoFar(tracker, 1)).toHaveLength(1)
  })
})

describe.runIf(isServer)('a server', () => {
  const attempt = async (database: TrackerDatabase): Promise<DatabaseError> =>
    (await trackerOn(database, emulator)
      .start()
      .catch((error: unknown) => error)) as DatabaseError

  test('that cannot be used is named with the problem and without the password', async () => {
    const url = new URL((await freshDatabase()) as string)
    const wrongPassword = Object.assign(new URL(url), { password: 'sesame' })
    const noDatabase = Object.assign(new URL(url), { pathname: '/nowhere' })
    const noServer = Object.assign(new URL(url), { port: '9' })
    const noHost = Object.assign(new URL(url), { hostname: 'nowhere.invalid' })
    for (const [wrong, message] of [
      [wrongPassword, /refused the user devicebatch.*Check the user and the password/],
      [noDatabase, /has no database nowhere.*Create it/],
      [noServer, /at 127\.0\.0\.1:9 cannot be reached.*Check that it is running/],
      [noHost, /the host of the PostgreSQL server at nowhere\.invalid:\d+ was not found.*Check the host/],
    ] as const) {
      const error = await attempt(wrong.href)
      expect(error).toMatchObject({ name: 'DatabaseError', reason: 'unreachable' })
      expect(error.message).toMatch(message)
      expect(error.message).not.toContain('sesame')
    }
  })

  test('that is killed during a transaction fails that transaction, not the process', async () => {
    const server = await startServer([], inject('databaseFolder'))
    try {
      await server.createDatabase('killed')
      const database = await openDatabase(`${server.url}/killed`, () => undefined)
      const broken = database.kysely.transaction().execute(async (trx) => {
        await sql`select 1`.execute(trx)
        // No query is running when the connection breaks.
        await server.kill()
        await until(() => sql`select 1`.execute(trx).then(() => false))
      })
      await expect(broken).rejects.toThrow()
      await server.continue()
      await sql`select 1`.execute(database.kysely)
      await database.close()
    } finally {
      await server.stop()
    }
  })

  test('that goes down and comes back loses nothing, and the workers continue', async () => {
    const server = await startServer([], inject('databaseFolder'))
    try {
      await server.createDatabase('away')
      const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined)
      onTestFinished(() => printed.mockRestore())
      const tracker = trackerOn(`${server.url}/away`, emulator, { onError: undefined })
      await tracker.start()
      for (let index = 0; index < 10; index++) {
        await tracker.submit({ customerId, batchId: `Away ${index}`, devices: devices(`AW${index}`) })
      }
      await server.pause()
      await expect(tracker.getUpload(randomUUID())).rejects.toThrow()
      // By now, every loop has noticed.
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      await server.continue()
      await runSql(
        `${server.url}/away`,
        `update devicebatch_jobs.job set heartbeat_on = now() - interval '1 hour' where state = 'active'`,
      )
      await until(
        async () => (await all(tracker.listUploads({ state: 'ended' })).catch(() => [])).length === 10,
      )
      expect(await all(tracker.listSubmissions({ state: 'accepted' }))).toHaveLength(10)
      const ended = (await all(tracker.events({ untilNow: true }))).filter(
        ({ type }) => type === 'upload.ended',
      )
      expect(ended).toHaveLength(10)
      await tracker.close()
      const messages = printed.mock.calls.map(([message]) => String(message))
      expect(messages.some((message) => message.includes('ECONNREFUSED'))).toBe(true)
      expect(new Set(messages).size).toBe(messages.length)
    } finally {
      await server.stop()
    }
  })
})

describe.runIf(!isServer)('a directory', () => {
  test('that cannot be created is a DatabaseError that names it', async () => {
    const file = fileURLToPath(import.meta.url)
    const tracker = createTracker({ database: { directory: file }, partner: { credential: () => 'none' } })
    await expect(tracker.getTotals()).rejects.toMatchObject({
      code: 'database',
      reason: 'unreachable',
      message: `The directory ${file} cannot be used for the database (ENOTDIR). Check its path and permissions, and the space on the disk.`,
    })
    await tracker.close()
  })

  test('is used by one process at a time, and the next one learns which', async () => {
    const database = await freshDatabase()
    await trackerOn(database, emulator).applyRetention()
    const error: unknown = await trackerOn(database, emulator)
      .start()
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'DatabaseError', reason: 'in-use' })
    expect((error as Error).message).toContain(`process ${process.pid}`)
  })
})

test.each([
  [{ database: 'mysql://localhost/x' }, /`database` must be 'memory', \{ directory \}, or a URL/],
  [{ database: undefined as never }, /`database` must be/],
  [
    { rateLimits: { partnerPerMinute: 0 } },
    /`rateLimits.partnerPerMinute` must be an integer of at least 1; got 0/,
  ],
  [
    { retention: { endedAfterDays: -1 } },
    /`retention.endedAfterDays` must be a number of days above 0; got -1/,
  ],
  [
    { rateLimit: 5 } as never,
    /`rateLimit` is not an option. The options are `database`, `schema`, `partner`, `rateLimits`, `poll`, `stopAfterDays`/,
  ],
  [{ poll: { intervalMs: 5 } as never }, /`poll.intervalMs` is not an option/],
  [{ retention: { days: 5 } as never }, /`retention.days` is not an option/],
  [{ rateLimits: { perMinute: 5 } as never }, /`rateLimits.perMinute` is not an option/],
  [
    { partner: { credential: () => 'none', timeout: 5 } as never },
    /`timeout` is not an option. The options are `credential`/,
  ],
  [
    { partner: { credential: () => 'none', rateLimit: { isActive: () => false } } },
    /`partner.rateLimit` would have no effect/,
  ],
  [{ concurrency: 1.5 }, /`concurrency` must be an integer of at least 1; got 1.5/],
  [{ partner: undefined as never }, /`partner` must be the options/],
])('invalid options are refused before anything is opened: %j', (wrong, message) => {
  const options = { database: 'memory' as const, partner: { credential: () => 'none' }, ...wrong }
  expect(() => createTracker(options)).toThrow(message)
})
