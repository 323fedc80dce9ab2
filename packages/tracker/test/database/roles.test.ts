/** Databases with limited permissions: each one works, or is refused with a remedy and without partial changes. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { describe, expect, onTestFinished, test } from 'vitest'

import { DatabaseError } from '../../src/index.ts'
import {
  all,
  devices,
  emptyDatabase,
  eventsUntil,
  fastEmulator,
  freshDatabase,
  isServer,
  runSql,
  trackerOn,
} from '../helpers.ts'

const emulator = fastEmulator()
const request = () => ({ customerId: randomUUID(), batchId: 'B', devices: devices('S1') })

/** The URL of the database for a new role without any rights. */
async function asRole(database: string, options = ''): Promise<{ url: string; role: string }> {
  const role = `role_${randomUUID().replaceAll('-', '')}`
  await runSql(database, `create role ${role} login password 'sesame' ${options}; select 1`)
  onTestFinished(
    async () => void (await runSql(database, `drop owned by ${role}; drop role ${role}; select 1`)),
  )
  return { url: Object.assign(new URL(database), { username: role, password: 'sesame' }).href, role }
}

const grantAll = (role: string) =>
  ['devicebatch', 'devicebatch_jobs']
    .map(
      (schema) => `grant usage on schema ${schema} to ${role};
        grant all on all tables in schema ${schema} to ${role}; grant all on all sequences in schema ${schema} to ${role};
        grant execute on all functions in schema ${schema} to ${role};`,
    )
    .join(' ')

describe.runIf(isServer)('a server whose transactions are', () => {
  test.each(['repeatable read', 'serializable'])(
    '%s by default carries out everything',
    async (isolation) => {
      const database = (await freshDatabase()) as string
      const name = new URL(database).pathname.slice(1)
      await runSql(
        database,
        `alter database ${name} set default_transaction_isolation = '${isolation}'; select 1`,
      )
      const errors: unknown[] = []
      const options = { onError: (error: unknown) => errors.push(error) }
      const workers = Array.from({ length: 4 }, () => trackerOn(database, emulator, options))
      await Promise.all(workers.map((worker) => worker.start()))
      await Promise.all(Array.from({ length: 60 }, (_, at) => workers[at % 4]!.submit(request())))
      await eventsUntil(workers[0]!, 'upload.ended', { count: 60 })
      expect(errors).toEqual([])
    },
  )
})

describe.runIf(isServer)('a role', () => {
  test('that may create nothing uses the schemas that exist', async () => {
    const database = (await freshDatabase()) as string
    const { url, role } = await asRole(database)
    await runSql(database, `${grantAll(role)} select 1`)
    const tracker = trackerOn(url, emulator)
    await tracker.start()
    await tracker.submit(request())
    await eventsUntil(tracker, 'upload.ended')
  })

  test('with few connections shares them', async () => {
    const database = (await freshDatabase()) as string
    const { url, role } = await asRole(database, 'connection limit 3')
    await runSql(database, `${grantAll(role)} select 1`)
    const errors: unknown[] = []
    const tracker = trackerOn(url, emulator, { onError: (error) => errors.push(error) })
    await tracker.start()
    await Promise.all(Array.from({ length: 30 }, () => tracker.submit(request())))
    await eventsUntil(tracker, 'upload.ended', { count: 30 })
    expect(errors).toEqual([])
  })

  test.each([
    ['an empty database', emptyDatabase],
    ['the tables', freshDatabase],
  ])('without rights on %s is refused with the rights that it needs', async (_, make) => {
    const { url } = await asRole((await make()) as string)
    const error: unknown = await trackerOn(url, emulator)
      .start()
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(DatabaseError)
    expect(error).toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(/rights.*permission denied.*Grant/),
    })
  })
})

describe.runIf(isServer)('a database that', () => {
  test.each([
    ['is read-only', '25006', 'cannot execute INSERT', /read-only.*primary server/],
    ['is full', '53100', 'could not extend file', /full.*Free or add space/],
    ['refuses a value', '23514', 'violates a check', /refused a statement \(violates a check\)/],
  ])(
    '%s refuses a submission with what to do, and stores nothing of it',
    async (_, code, raised, message) => {
      const database = await freshDatabase()
      await runSql(
        database,
        `create function refuse() returns trigger language plpgsql as $$ begin raise '${raised}' using errcode = '${code}'; end $$;
      create trigger refuse before insert on devicebatch.events for each row execute function refuse(); select 1`,
      )
      const tracker = trackerOn(database, emulator)
      const error: unknown = await tracker.submit(request()).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(DatabaseError)
      expect(error).toMatchObject({ reason: 'refused', message: expect.stringMatching(message) })
      expect(await all(tracker.listSubmissions())).toEqual([])
      expect(
        await runSql(database, 'select id from devicebatch.submission_devices, devicebatch_jobs.job limit 1'),
      ).toEqual([])
    },
  )

  test('is read-only from the beginning is refused when it is opened, and leaves nothing running', async () => {
    for (const make of [emptyDatabase, freshDatabase]) {
      const database = (await make()) as string
      const name = new URL(database).pathname.slice(1)
      await runSql(database, `alter database ${name} set default_transaction_read_only = on; select 1`)
      const program = join(import.meta.dirname, 'refused-child.ts')
      // Timers that were left would keep this process from exiting.
      const { stdout } = await promisify(execFile)(process.execPath, [program, database])
      expect(stdout).toMatch(/^DatabaseError: The database is read-only/)
    }
  })

  test('goes away is reported as unreachable by every method', async () => {
    const database = (await freshDatabase()) as string
    const tracker = trackerOn(database, emulator, { onError: () => undefined })
    await tracker.submit(request())
    const name = new URL(database).pathname.slice(1)
    await runSql(database.replace(name, 'postgres'), `drop database ${name} with (force)`)
    for (const call of [
      () => tracker.submit(request()),
      () => all(tracker.listUploads()),
      () => tracker.getTotals(),
    ])
      await expect(call()).rejects.toMatchObject({ name: 'DatabaseError' })
  })
})
