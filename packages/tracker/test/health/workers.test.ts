/** Workers that ended without closing: how long they are listed, and when they are reported again. */
import { expect, test } from 'vitest'

import type { Tracker } from '../../src/index.ts'
import { all, fastEmulator, freshDatabase, isServer, runSql, tidyNow, trackerOn, until } from '../helpers.ts'

const namesOf = async (tracker: Tracker): Promise<string[]> =>
  (await tracker.health()).figures!.workers.map(({ name }) => name)

test('a worker that is gone is listed for a day', async () => {
  const database = await freshDatabase()
  await runSql(
    database,
    `insert into devicebatch.workers (id, name, seen_at)
      values (gen_random_uuid(), 'yesterday:7', now() - interval '23 hours'),
        (gen_random_uuid(), 'before:7', now() - interval '25 hours');
    ${tidyNow}; select 1`,
  )
  const tracker = trackerOn(database, fastEmulator())
  expect(await namesOf(tracker)).toEqual(expect.arrayContaining(['yesterday:7', 'before:7']))
  await tracker.start()
  await until(async () => !(await namesOf(tracker)).includes('before:7'))
  expect(await namesOf(tracker)).toContain('yesterday:7')
})

test.runIf(isServer)('a worker that was suspended and is suspended again is reported again', async () => {
  const database = await freshDatabase()
  const tracker = trackerOn(database, fastEmulator())
  // Nobody listens there.
  const secrets = [`whsec_${'A'.repeat(32)}`]
  await tracker.setWebhook({ name: 'nowhere', url: 'http://127.0.0.1:9', secrets })
  await tracker.start()
  const suspend = async (): Promise<void> => {
    await runSql(
      database,
      `update devicebatch.workers set seen_at = now() - interval '31 seconds'; ${tidyNow}; select 1`,
    )
  }
  await suspend()
  const reports = async (): Promise<number> => (await all(tracker.listNotifications())).length
  await until(async () => (await reports()) === 1)
  // Its next heartbeat follows within ten seconds.
  await until(async () => (await tracker.health()).figures!.workers.every(({ isAlive }) => isAlive))
  await suspend()
  await until(async () => (await reports()) === 2)
})
