/** A process that dies at the worst possible moment loses nothing. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import { createPartnerCenter } from '@devicebatch/client'
import { serve } from '@devicebatch/emulator/node'
import { describe, expect, onTestFinished, test } from 'vitest'

import {
  all,
  countCreatedUploads,
  devices,
  eventsUntil,
  fastEmulator,
  freshDatabase,
  isServer,
  runSql,
  trackerOn,
  until,
  partnerOf,
} from '../helpers.ts'

const customerId = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'

describe('a worker that is killed', () => {
  test.each(['before-send', 'after-answer'] as const)(
    '%s is followed by one that finds out, and uploads once',
    async (crash) => {
      const emulator = fastEmulator()
      await using server = await serve({ emulator })
      const database = await freshDatabase()
      {
        await using first = trackerOn(database, emulator)
        await first.submit({ customerId, batchId: 'Crash', devices: devices('C1', 'EMU808-C2') })
      }
      expect(await runToDeath({ database, url: server.url, crash })).toBe('SIGKILL')
      expect(countCreatedUploads(emulator)).toBe(crash === 'after-answer' ? 1 : 0)
      // Its last heartbeat is old, so the other workers must presume it dead.
      await runSql(
        database,
        `update devicebatch_jobs.job set heartbeat_on = now() - interval '1 hour' where state = 'active'`,
      )

      const second = trackerOn(database, emulator)
      await second.start()
      await eventsUntil(second, 'upload.ended')
      const posts = emulator.requests.filter(({ operation }) => operation === 'createDeviceBatch')
      const ids = new Set(posts.map(({ headers }) => headers['ms-requestid']))
      const [submission] = await all(second.listSubmissions())
      expect(ids).toEqual(new Set([submission!.group!.chunks[0]!.requestId]))
      expect(countCreatedUploads(emulator)).toBe(1)
      expect((await all(second.listUploads())).map(({ outcome, counts }) => [outcome, counts.total])).toEqual(
        [['partially-failed', 2]],
      )
    },
  )
})

async function runToDeath(options: object): Promise<string | null> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'crash-child.ts'), JSON.stringify(options)],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  return signal
}

describe.runIf(isServer)('several workers', () => {
  test('share the work, and record everything once', async () => {
    const emulator = fastEmulator()
    const database = await freshDatabase()
    const workers = [
      trackerOn(database, emulator),
      trackerOn(database, emulator),
      trackerOn(database, emulator),
    ]
    await Promise.all(workers.map((worker) => worker.start()))
    const [first] = workers
    for (let index = 0; index < 24; index++) {
      await first!.submit({
        customerId: customerId.replace(/^./, (index % 4).toString()),
        batchId: `Batch ${index}`,
        devices: devices(`W${index}`, `EMU812-${index}`),
      })
    }
    const events = await eventsUntil(first!, 'upload.ended', { count: 24 })
    const ended = events
      .filter(({ type }) => type === 'upload.ended')
      .map(({ batchTrackingId }) => batchTrackingId)
    expect(new Set(ended).size).toBe(24)
    expect(events.filter(({ type }) => type === 'submission.accepted')).toHaveLength(24)
    const posts = emulator.requests.filter(
      ({ method, path }) => method === 'POST' && path.includes('deviceBatches'),
    )
    expect(posts).toHaveLength(24)
    const outcomes = (await all(first!.listDevices())).map(
      ({ serialNumber, outcome }) => `${serialNumber} ${outcome}`,
    )
    expect(outcomes.toSorted()).toEqual(
      Array.from({ length: 24 }, (_, index) => [`W${index} succeeded`, `EMU812-${index} failed`])
        .flat()
        .toSorted(),
    )
  })

  test('that both run the same poll record it once', async () => {
    const emulator = fastEmulator()
    const database = await freshDatabase()
    // The first run gets its response long after the second run has finished.
    emulator.faults.add({ operation: 'getBatchUploadStatus', effect: { kind: 'delay', delayMs: 600_000 } })
    const tracker = trackerOn(database, emulator, {
      poll: { initialIntervalMs: 60_000, maxIntervalMs: 60_000 },
    })
    await tracker.start()
    const partner = createPartnerCenter(partnerOf(emulator.fetch))
    const batches = partner.customers.byId(customerId).deviceBatches
    await tracker.track(await batches.create({ batchId: 'Twice', devices: devices('T1') }))
    await until(() => emulator.requests.some(({ operation }) => operation === 'getBatchUploadStatus'))
    await runSql(database, 'update devicebatch.uploads set claimed_until = now(); select 1')
    await eventsUntil(tracker, 'upload.changed')
    emulator.clock.advance(600_000)
    await until(() => emulator.requests.every(({ status }) => status !== undefined))
    await tracker.close()

    const polls = emulator.requests.filter(({ operation }) => operation === 'getBatchUploadStatus')
    expect(polls).toHaveLength(2)
    const [recorded] = await runSql(
      database,
      `select (select revision from devicebatch.uploads) as revision,
        (select count(*)::int from devicebatch.events where type = 'upload.changed') as changes,
        (select count(*)::int from devicebatch.device_results) as devices,
        (select claimed_until from devicebatch.uploads) as claim`,
    )
    expect(recorded).toEqual({ revision: 1, changes: 1, devices: 1, claim: null })
  })
})
