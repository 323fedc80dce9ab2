/** A backup is restored elsewhere with the commands of docs/running-a-tracker.md, and the work continues there. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, inject, onTestFinished, test } from 'vitest'

import type { TrackerDatabase } from '../../src/index.ts'
import {
  all,
  devices,
  eventsUntil,
  fastEmulator,
  freshDatabase,
  isServer,
  runSql,
  trackerOn,
} from '../helpers.ts'
import { startServer } from '../postgres-server.ts'

const guide = new URL('../../../../docs/running-a-tracker.md', import.meta.url)

/** The command of the guide that starts with this program. */
async function commandOf(program: string): Promise<string> {
  const found = (await readFile(guide, 'utf8')).split('\n').find((line) => line.startsWith(`${program} `))
  return found ?? expect.fail(`docs/running-a-tracker.md has no command ${program}.`)
}

/** Whether pg_dump is installed, and not older than the server, which it would refuse. */
async function canDump(database: string): Promise<boolean> {
  const [row] = await runSql(database, `select current_setting('server_version_num')::int / 10000 as major`)
  const dumper = await promisify(execFile)('pg_dump', ['--version']).catch(() => undefined)
  return Number(/ (\d+)\./.exec(dumper?.stdout ?? '')?.[1] ?? 0) >= Number(row!['major'])
}

/** Another server with what was dumped; without a pg_dump for this server, a copy that the server itself makes. */
async function restoreServer(database: string): Promise<string> {
  if (await canDump(database)) {
    const folder = await mkdtemp(join(tmpdir(), 'devicebatch-backup-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const other = await startServer([], inject('databaseFolder'))
    onTestFinished(() => other.stop())
    await other.createDatabase('restored')
    const env = {
      ...process.env,
      DEVICEBATCH_DATABASE_URL: database,
      NEW_DATABASE_URL: `${other.url}/restored`,
    }
    for (const program of ['pg_dump', 'pg_restore'])
      await promisify(execFile)('sh', ['-c', await commandOf(program)], { cwd: folder, env })
    return env.NEW_DATABASE_URL
  }
  const copy = `copy_${randomUUID().replaceAll('-', '')}`
  const server = `${inject('serverUrl')}/postgres`
  await runSql(server, `create database ${copy} template ${new URL(database).pathname.slice(1)}`)
  onTestFinished(async () => void (await runSql(server, `drop database ${copy} with (force)`)))
  return `${inject('serverUrl')}/${copy}`
}

async function restore(database: TrackerDatabase): Promise<TrackerDatabase> {
  if (typeof database === 'string') return await restoreServer(database)
  const directory = await mkdtemp(join(inject('databaseFolder'), 'backup-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  await cp(database.directory, directory, { recursive: true })
  return { directory }
}

test('a restored database refuses the positions of the old one, and its uploads and submissions continue', async () => {
  // A batch takes three seconds.
  const emulator = fastEmulator({ timeScale: 4 })
  const database = await freshDatabase()
  const customerId = randomUUID()
  {
    await using tracker = trackerOn(database, emulator)
    await tracker.setRetention({ eventsAfterDays: 30 })
    await tracker.start()
    await tracker.submit({ customerId, batchId: 'B', devices: devices('A1') })
    await eventsUntil(tracker, 'submission.accepted', { customerId })
    await tracker.pause({ customerId })
    await tracker.submit({ customerId, batchId: 'B', devices: devices('A2') })
  }
  const restored = await restore(database)
  let lost: string
  {
    await using tracker = trackerOn(database, emulator)
    await tracker.submit({ customerId, batchId: 'B', devices: devices('LOST') })
    lost = await tracker.lastPosition()
  }

  const tracker = trackerOn(restored, emulator)
  await expect(all(tracker.events({ after: lost, untilNow: true }))).rejects.toThrow(
    /restored from a backup.*listUploads/s,
  )
  expect(await tracker.getRetention()).toEqual({ endedAfterDays: null, eventsAfterDays: 30 })
  expect((await tracker.getPauses()).customers).toMatchObject([{ customerId }])
  await tracker.start()
  await tracker.unpause({ customerId })
  await eventsUntil(tracker, 'upload.ended', { customerId, count: 2 })
  const results = await all(tracker.listDevices({ customerId }))
  expect(new Set(results.map(({ serialNumber }) => serialNumber))).toEqual(new Set(['A1', 'A2']))
  expect((await tracker.health()).figures).toMatchObject({
    submissions: { accepted: 2, queued: 0 },
    uploads: { ended: 2, tracking: 0 },
  })
})

test.runIf(isServer)('the guide dumps both schemas', async () => {
  expect(await commandOf('pg_dump')).toMatch(/--schema=devicebatch --schema=devicebatch_jobs /)
})
