/** Readers of events see all of them. */
import { randomUUID } from 'node:crypto'

import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'

import type { TrackerEvent } from '../../src/index.ts'
import { all, eventsSoFar, fastEmulator, freshDatabase, isServer, trackerOn, until } from '../helpers.ts'

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
    // Larger than PostgreSQL's transaction ids and positions.
    for (const after of ['18446744073709551616-0', '0-9223372036854775808']) {
      await expect(all(tracker.events({ after }))).rejects.toThrow(/`after` must be the `position`/)
    }
  })

  test('arrive as they happen, until the signal aborts', async () => {
    const tracker = trackerOn(await freshDatabase(), fastEmulator())
    expect(await tracker.lastPosition()).toBeUndefined()
    const controller = new AbortController()
    const seen: TrackerEvent[] = []
    const reading = (async () => {
      for await (const event of tracker.events({ signal: controller.signal })) seen.push(event)
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
    await late.query('commit')
    const after = await eventsSoFar(tracker, 2 - meanwhile.length, (meanwhile.at(-1) ?? first)!.position)
    expect([...meanwhile, ...after].map(({ batchTrackingId }) => batchTrackingId)).toEqual([
      lateUpload.batchTrackingId,
      quick.batchTrackingId,
    ])
  })
})
