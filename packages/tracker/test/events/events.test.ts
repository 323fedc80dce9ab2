/** Readers of events see all of them. */
import { randomUUID } from 'node:crypto'

import { Client } from 'pg'
import { describe, expect, inject, onTestFinished, test } from 'vitest'

import { patienceMs } from '../../../conformance/shared/patience.ts'
import type { Tracker, TrackerEvent } from '../../src/index.ts'
import {
  all,
  emptyDatabase,
  eventsSoFar,
  fastEmulator,
  freshDatabase,
  isServer,
  runSql,
  trackerOn,
  until,
} from '../helpers.ts'

const id = () => ({ customerId: randomUUID(), batchTrackingId: randomUUID() })

describe('events', () => {
  test('continue after any position, even after the database was closed', async () => {
    const database = await freshDatabase()
    const uploads = [id(), id(), id()]
    {
      await using tracker = trackerOn(database, fastEmulator())
      for (const upload of uploads) await tracker.track(upload)
    }
    const tracker = trackerOn(database, fastEmulator())
    const events = await eventsSoFar(tracker, uploads.length)
    const expected = uploads.map(({ batchTrackingId }) => batchTrackingId)
    expect(events.map(({ batchTrackingId }) => batchTrackingId)).toEqual(expected)
    expect(await tracker.lastPosition()).toBe(events.at(-1)!.position)
    for (const [index, { position }] of events.entries()) {
      expect(await all(tracker.events({ after: position, untilNow: true }))).toEqual(events.slice(index + 1))
    }
    expect(() => tracker.events({ after: '17' })[Symbol.asyncIterator]()).not.toThrow()
    await expect(all(tracker.events({ after: '17' }))).rejects.toThrow(
      /`after` must be the `position`.*got "17"/,
    )
    // Larger than PostgreSQL's transaction IDs and positions.
    for (const after of ['18446744073709551616-0', '0-9223372036854775808']) {
      await expect(all(tracker.events({ after }))).rejects.toThrow(/`after` must be the `position`/)
    }
  })

  test.runIf(isServer)(
    'stay in the database until they are read: a stalled reader keeps one page in memory',
    async () => {
      const database = await freshDatabase()
      const insert = (type: string): string => `
      insert into devicebatch.events (type, customer_id, batch_tracking_id, data)
      select '${type}', gen_random_uuid(), gen_random_uuid(), '{}' from generate_series(1, 2000); select 1`
      await runSql(database, insert('upload.tracked'))
      const tracker = trackerOn(database, fastEmulator())
      const reader = tracker.events({ untilNow: true })[Symbol.asyncIterator]()
      expect((await reader.next()).value).toMatchObject({ type: 'upload.tracked' })
      // While it reads nothing.
      await runSql(database, insert('upload.tracked'))
      await runSql(database, "update devicebatch.events set type = 'upload.ended'; select 1")
      const types: string[] = []
      for (let next = await reader.next(); !next.done; next = await reader.next()) types.push(next.value.type)
      expect(types).toHaveLength(3_999)
      // What it had read before it stalled.
      expect(types.filter((type) => type === 'upload.tracked').length).toBeLessThan(500)
    },
  )

  test('arrive as they happen, until the signal aborts', async () => {
    const tracker = trackerOn(await freshDatabase(), fastEmulator())
    const beginning = await tracker.lastPosition()
    expect(await all(tracker.events({ after: beginning, untilNow: true }))).toEqual([])
    const controller = new AbortController()
    const seen: TrackerEvent[] = []
    const reading = (async () => {
      for await (const event of tracker.events({ after: beginning, signal: controller.signal }))
        seen.push(event)
    })()
    const upload = id()
    await tracker.track(upload)
    await until(() => seen.length === 1)
    expect(seen[0]).toMatchObject({ type: 'upload.tracked', ...upload })
    controller.abort()
    await reading
  })

  test.runIf(isServer)('of a transaction that commits late are not skipped', async () => {
    const database = (await freshDatabase()) as string
    const tracker = trackerOn(database, fastEmulator())
    await tracker.track(id())
    const [first] = await eventsSoFar(tracker, 1)

    const late = new Client({ connectionString: database })
    await late.connect()
    onTestFinished(() => late.end())
    const lateUpload = id()
    await late.query('begin')
    await late.query(
      `insert into devicebatch.events (type, customer_id, batch_tracking_id, data) values ('upload.tracked', $1, $2, '{}')`,
      [lateUpload.customerId, lateUpload.batchTrackingId],
    )
    const quick = id()
    await tracker.track(quick)
    const meanwhile = await all(tracker.events({ after: first!.position, untilNow: true }))
    expect(meanwhile.map(({ batchTrackingId }) => batchTrackingId)).toEqual([quick.batchTrackingId])
    await late.query('commit')
    const after = await all(tracker.events({ after: meanwhile[0]!.position, untilNow: true }))
    expect(after.map(({ batchTrackingId }) => batchTrackingId)).toEqual([lateUpload.batchTrackingId])
    expect(await all(tracker.events({ after: first!.position, untilNow: true }))).toEqual([
      ...meanwhile,
      ...after,
    ])
  })

  test.runIf(isServer)('do not wait for writing transactions elsewhere on the server', async () => {
    const elsewhere = new Client({ connectionString: (await emptyDatabase()) as string })
    await elsewhere.connect()
    onTestFinished(() => elsewhere.end())
    await elsewhere.query('begin; create table open (id integer)')
    const tracker = trackerOn(await freshDatabase(), fastEmulator())
    await tracker.track(id())
    expect(await all(tracker.events({ untilNow: true }))).toHaveLength(1)
  })

  test.runIf(isServer)(
    'are read in one order by any number of readers while others are written',
    async () => {
      const database = await freshDatabase()
      const trackers = [trackerOn(database, fastEmulator()), trackerOn(database, fastEmulator())]
      const uploads = Array.from({ length: 120 }, id)
      const read = async (tracker: Tracker): Promise<string[]> => {
        const positions: string[] = []
        for await (const { position } of tracker.events({ signal: AbortSignal.timeout(patienceMs) })) {
          positions.push(position)
          if (positions.length === uploads.length) break
        }
        return positions
      }
      const reading = [...trackers, ...trackers].map(read)
      await Promise.all(uploads.map((upload, at) => trackers[at % 2]!.track(upload)))
      const seen = await Promise.all(reading)
      expect(new Set(seen[0])).toHaveLength(uploads.length)
      for (const positions of seen) expect(positions).toEqual(seen[0])
    },
  )
})

describe('a position of', () => {
  test.runIf(isServer)(
    'a database that was restored elsewhere is refused, with the way to continue',
    async () => {
      const original = (await freshDatabase()) as string
      let position: string
      {
        await using tracker = trackerOn(original, fastEmulator())
        await tracker.track(id())
        position = await tracker.lastPosition()
      }
      const [name, copy] = [new URL(original).pathname.slice(1), `copy_${randomUUID().replaceAll('-', '')}`]
      const server = `${inject('serverUrl')}/postgres`
      await runSql(server, `create database ${copy} template ${name}`)
      onTestFinished(async () => void (await runSql(server, `drop database ${copy} with (force)`)))
      const restored = trackerOn(`${inject('serverUrl')}/${copy}`, fastEmulator())
      await expect(all(restored.events({ after: position, untilNow: true }))).rejects.toThrow(
        /restored from a backup.*listUploads/s,
      )
      const continued = await restored.lastPosition()
      await restored.track(id())
      expect(await all(restored.events({ after: continued, untilNow: true }))).toHaveLength(1)
    },
  )

  test('a position from before an older state was restored is refused, because no event would follow it', async () => {
    const tracker = trackerOn(await freshDatabase(), fastEmulator())
    await tracker.track(id())
    const [epoch, number] = (await tracker.lastPosition()).split('-')
    const after = `${epoch}-${Number(number) + 1}`
    await expect(all(tracker.events({ after, untilNow: true }))).rejects.toThrow(/restored from a backup/)
  })
})
