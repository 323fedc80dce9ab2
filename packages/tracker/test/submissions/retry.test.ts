/** Devices that failed with a transient error are resubmitted once. */
import { randomUUID } from 'node:crypto'

import { InvalidArgumentError } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import { beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'

import type { SubmitRequest, Tracker } from '../../src/index.ts'
import {
  all,
  devices,
  eventsUntil,
  fastEmulator,
  freshDatabase,
  isServer,
  makeDatabase,
  makeTracker,
  runSql,
  trackerOn,
} from '../helpers.ts'
import { startServer } from '../postgres-server.ts'

const emulator = fastEmulator()
let tracker: Tracker
beforeAll(async () => {
  const { database, remove } = await makeDatabase()
  tracker = makeTracker(database, emulator)
  await tracker.start()
  return async () => {
    await tracker.close()
    await remove()
  }
})

/** Submits devices and waits until the given number of uploads have ended. */
async function upload(
  customerId: string,
  list: NewDevice[],
  { ended = 1, ...settings }: Partial<SubmitRequest> & { ended?: number } = {},
): Promise<string> {
  const { submissionId } = await tracker.submit({ customerId, batchId: 'Again', devices: list, ...settings })
  await eventsUntil(tracker, 'upload.ended', { customerId, count: ended })
  return submissionId
}

async function toRetry(submissionId: string): Promise<number | undefined> {
  return (await tracker.getSubmission(submissionId))?.devicesToRetry
}

/** The serial numbers of each upload request for a customer, in order. */
function sent(customerId: string): string[][] {
  return emulator.requests
    .filter(({ method, path }) => method === 'POST' && path.includes(customerId))
    .map(({ body }) => {
      const json = JSON.parse(String(body)) as { devices?: NewDevice[] } | NewDevice[]
      const list = Array.isArray(json) ? json : (json.devices ?? [])
      return list.map(({ serialNumber }) => String(serialNumber))
    })
}

describe('retry', () => {
  test('resubmits devices with transient errors to the same batch with the same settings, and can be repeated', async () => {
    const customerId = randomUUID()
    const list = devices('A1', 'EMU640-2', 'EMU808-3', 'EMU640-4')
    const first = await upload(customerId, list, { chunkSize: 1, ended: 4 })
    expect(await tracker.getSubmission(first)).toMatchObject({ state: 'accepted', devicesToRetry: 2 })

    const { submissionId: second } = await tracker.retryDevices(first)
    const events = await eventsUntil(tracker, 'upload.ended', { customerId, count: 6 })
    expect(sent(customerId)).toEqual([
      ['A1'],
      ['EMU640-2'],
      ['EMU808-3'],
      ['EMU640-4'],
      ['EMU640-2'],
      ['EMU640-4'],
    ])
    expect(await tracker.getSubmission(first)).toMatchObject({ devicesToRetry: 0, retriedAs: second })
    expect(await tracker.getSubmission(second)).toMatchObject({
      customerId,
      batchId: 'Again',
      state: 'accepted',
      deviceCount: 2,
      devicesToRetry: 2,
    })
    expect(await tracker.getSubmission(second)).toMatchObject({ retryOf: first })
    const again = await all(tracker.listUploads({ submissionId: second }))
    expect(again.map(({ retryOf }) => retryOf)).toEqual([first, first])
    const queued = events.filter(({ type }) => type === 'submission.queued')
    expect(queued.map(({ submissionId, data }) => [submissionId, data])).toEqual([
      [first, { batchId: 'Again', deviceCount: 4 }],
      [second, { batchId: 'Again', deviceCount: 2, retryOf: first }],
    ])

    const { submissionId: third } = await tracker.retryDevices(second)
    await eventsUntil(tracker, 'upload.ended', { customerId, count: 8 })
    expect(sent(customerId).slice(6)).toEqual([['EMU640-2'], ['EMU640-4']])
    expect(await toRetry(third)).toBe(2)
  })

  test('never sends a duplicate, nor a device that cannot be matched with certainty', async () => {
    const customerId = randomUUID()
    const list = devices('EMU640-1', 'EMU640-2', 'EMU640-1', 'D3')
    const hashOnly: NewDevice = { hardwareHash: 'SGFzaA==' }
    const submissionId = await upload(customerId, [...list, hashOnly, hashOnly])
    expect(await toRetry(submissionId)).toBe(2)
    await tracker.retryDevices(submissionId)
    await eventsUntil(tracker, 'upload.ended', { customerId, count: 2 })
    expect(sent(customerId)[1]).toEqual(['EMU640-1', 'EMU640-2'])
  })

  test('finds the devices on any page and in any request', async () => {
    const customerId = randomUUID()
    const failing = new Set([0, 499, 500, 699, 700, 1_399, 1_400, 1_704])
    const serials = Array.from({ length: 1_705 }, (_, index) =>
      failing.has(index) ? `EMU640-${index}` : `P${index}`,
    )
    // One device is omitted, so that positions and results differ from there on.
    serials[3] = 'P2'
    const submissionId = await upload(customerId, devices(...serials), { chunkSize: 700, ended: 3 })
    expect(await toRetry(submissionId)).toBe(failing.size)
    await tracker.retryDevices(submissionId)
    await eventsUntil(tracker, 'upload.ended', { customerId, count: 4 })
    expect(sent(customerId).slice(3)).toEqual([[...failing].map((index) => `EMU640-${index}`)])
    // They were on pages with one or two of them each.
    const [, again] = await all(tracker.listSubmissions({ customerId }))
    expect(again!.devicesToRetry).toBe(failing.size)
    await tracker.retryDevices(again!.submissionId)
    await eventsUntil(tracker, 'upload.ended', { customerId, count: 5 })
    expect(sent(customerId).slice(4)).toEqual([[...failing].map((index) => `EMU640-${index}`)])
  })

  test('sends devices that did not reach the service, whether or not any others did', async () => {
    for (const serials of [['L1'], ['L1', 'L2']]) {
      const customerId = randomUUID()
      emulator.faults.add({ operation: 'createDeviceBatch', times: 2, effect: { kind: 'cut' } })
      const { submissionId } = await tracker.submit({
        customerId,
        batchId: 'Lost',
        devices: devices(...serials),
        chunkSize: 1,
        settleTimeoutMs: 1,
      })
      await eventsUntil(tracker, 'submission.accepted', { customerId })
      if (serials.length > 1) await eventsUntil(tracker, 'upload.ended', { customerId })
      expect(await toRetry(submissionId)).toBe(1)
      const before = sent(customerId).length
      await tracker.retryDevices(submissionId)
      await eventsUntil(tracker, 'upload.ended', { customerId, count: serials.length })
      expect(sent(customerId).slice(before)).toEqual([['L1']])
    }
  })

  test('is refused with the reason when no device is retryable, and sends nothing', async () => {
    const customerId = randomUUID()
    const submissionId = await upload(customerId, devices('N1', 'EMU808-2', 'EMU806-3'))
    expect(await toRetry(submissionId)).toBe(0)
    const error: unknown = await tracker.retryDevices(submissionId).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(InvalidArgumentError)
    expect((error as Error).message).toMatch(/has no retryable device/)
    expect(await all(tracker.listSubmissions({ customerId }))).toHaveLength(1)
    await expect(tracker.retryDevices(randomUUID())).rejects.toThrow(/does not exist in this database/)
    await expect(tracker.retryDevices('7')).rejects.toThrow(/`submissionId`.*GUID/)
  })

  test('requires every upload of the submission to have ended, and relies on known results when one was stopped', async () => {
    const customerId = randomUUID()
    emulator.faults.add({ operation: 'getBatchUploadStatus', effect: { kind: 'answer', status: 400 } })
    const list = devices('EMU640-1', 'EMU640-2')
    const first = await upload(customerId, list, { chunkSize: 1 })
    await eventsUntil(tracker, 'upload.stopped', { customerId })
    expect(await toRetry(first)).toBe(0)
    const [stopped] = await all(tracker.listUploads({ customerId, state: 'stopped' }))
    await tracker.track(stopped!)
    await eventsUntil(tracker, 'upload.ended', { customerId, count: 2 })
    expect(await toRetry(first)).toBe(2)

    emulator.faults.add({ operation: 'getBatchUploadStatus', effect: { kind: 'answer', status: 400 } })
    const { submissionId: second } = await tracker.retryDevices(first)
    await eventsUntil(tracker, 'upload.stopped', { customerId, count: 2 })
    await eventsUntil(tracker, 'upload.ended', { customerId, count: 3 })
    const { submissionId: third } = await tracker.retryDevices(second)
    expect(await tracker.getSubmission(third)).toMatchObject({ deviceCount: 1 })
    await eventsUntil(tracker, 'upload.ended', { customerId, count: 4 })
  })

  test('is refused while an upload is in progress', async () => {
    const customerId = randomUUID()
    const { submissionId } = await tracker.submit({
      customerId,
      batchId: 'EMUSTUCK-1',
      devices: devices('EMU640-1'),
    })
    await eventsUntil(tracker, 'submission.accepted', { customerId })
    await expect(tracker.retryDevices(submissionId)).rejects.toThrow(/has uploads that have not ended/)
    expect(await toRetry(submissionId)).toBe(0)
  })

  test('of a failed submission suggests resuming it', async () => {
    const customerId = randomUUID()
    emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status: 403 } })
    const { submissionId } = await tracker.submit({ customerId, batchId: 'Refused', devices: devices('R1') })
    await eventsUntil(tracker, 'submission.failed', { customerId })
    await expect(tracker.retryDevices(submissionId)).rejects.toThrow(
      /failed before all of it was sent. Resume it instead/,
    )
  })
})

describe('retry at the same time', () => {
  test('sends the devices once, and tells the second caller which submission sent them', async () => {
    const customerId = randomUUID()
    const first = await upload(customerId, devices('EMU640-1'))
    const results = await Promise.allSettled(Array.from({ length: 4 }, () => tracker.retryDevices(first)))
    const done = results.filter((result) => result.status === 'fulfilled')
    expect(done).toHaveLength(1)
    const { submissionId: second } = done[0]!.value
    for (const result of results) {
      if (result.status === 'fulfilled') continue
      expect(result.reason).toBeInstanceOf(InvalidArgumentError)
      expect((result.reason as Error).message).toContain(
        `${first} was already retried as submission ${second}.`,
      )
    }
    await eventsUntil(tracker, 'upload.ended', { customerId, count: 2 })
    expect(sent(customerId)).toHaveLength(2)
  })

  test.runIf(isServer)(
    'from several processes sends them once; uploads that end at once are all seen',
    async () => {
      // A separate server: a long transaction delays the events of every database on its server.
      const server = await startServer([], inject('databaseFolder'))
      onTestFinished(() => server.stop())
      await server.createDatabase('several')
      const database = `${server.url}/several`
      const workers = [1, 2, 3].map(() => trackerOn(database, emulator))
      await Promise.all(workers.map((worker) => worker.start()))
      // Transactions commit late, so that others recording an end at the same time do not see them yet.
      await runSql(
        database,
        `create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.3); return new; end $$;
        create constraint trigger slow after insert on devicebatch.events deferrable initially deferred
          for each row when (new.type = 'upload.ended') execute function slow()`,
      )
      const customerId = randomUUID()
      const list = devices(...Array.from({ length: 8 }, (_, index) => `EMU640-${index}`))
      const { submissionId } = await workers[0]!.submit({
        customerId,
        batchId: 'All',
        devices: list,
        chunkSize: 1,
      })
      await eventsUntil(workers[0]!, 'upload.ended', { count: 8 })
      expect(await workers[0]!.getSubmission(submissionId)).toMatchObject({ devicesToRetry: 8 })
      const results = await Promise.allSettled(workers.map((worker) => worker.retryDevices(submissionId)))
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      await eventsUntil(workers[0]!, 'upload.ended', { count: 16 })
      expect(sent(customerId)).toHaveLength(16)
    },
  )
})

describe('the devices kept for a retry', () => {
  test('are only the retryable ones, and are deleted with their submission', async () => {
    const database = await freshDatabase()
    const customerId = randomUUID()
    const first = trackerOn(database, emulator)
    await first.start()
    const serials = Array.from({ length: 1_700 }, (_, index) => (index === 600 ? 'EMU640-600' : `K${index}`))
    const request = { customerId, batchId: 'Kept', devices: devices(...serials) }
    const { submissionId: kept } = await first.submit(request)
    await first.submit({ customerId, batchId: 'Gone', devices: devices('G1', 'EMU812-2') })
    await eventsUntil(first, 'upload.ended', { count: 5 })
    await first.close()
    const rows = `select submission_id, from_index, devices from devicebatch.submission_devices order by 1, 2`
    expect(await runSql(database, rows)).toEqual([
      { submission_id: kept, from_index: 0, devices: devices('EMU640-600') },
    ])

    await runSql(
      database,
      `update devicebatch.uploads set ended_at = now() - interval '31 days';
        update devicebatch.submissions set ended_at = now() - interval '31 days'`,
    )
    const second = trackerOn(database, emulator, { retention: { endedAfterDays: 30 } })
    expect(await second.applyRetention()).toEqual({ uploads: 5, submissions: 2, events: 0, notifications: 0 })
    await expect(second.retryDevices(kept)).rejects.toThrow(/does not exist in this database/)
    await second.close()
    expect(await runSql(database, rows)).toEqual([])
  })

  test('stay with the old submission when the new one cannot be stored completely', async () => {
    const database = await freshDatabase()
    const worker = trackerOn(database, emulator)
    await worker.start()
    const list = devices('EMU640-1')
    const customerId = randomUUID()
    const { submissionId } = await worker.submit({ customerId, batchId: 'Whole', devices: list })
    await eventsUntil(worker, 'upload.ended')
    await worker.close()
    await runSql(
      database,
      `alter table devicebatch.events add constraint full_up check (type <> 'submission.queued') not valid`,
    )
    const second = trackerOn(database, emulator)
    await expect(second.retryDevices(submissionId)).rejects.toThrow(/full_up/)
    await second.close()
    await runSql(database, `alter table devicebatch.events drop constraint full_up`)

    const third = trackerOn(database, emulator)
    expect(await third.getSubmission(submissionId)).toMatchObject({ devicesToRetry: 1 })
    expect(await all(third.listSubmissions())).toHaveLength(1)
    const { submissionId: again } = await third.retryDevices(submissionId)
    expect(await third.getSubmission(again)).toMatchObject({ state: 'queued', deviceCount: 1 })
  })
})
