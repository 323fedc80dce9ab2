/** Pausing holds back every request, of uploads and of polls, on all workers, until the pause ends. */
import { randomUUID } from 'node:crypto'

import type { Emulator } from '@devicebatch/emulator'
import { Client } from 'pg'
import { describe, expect, test } from 'vitest'

import type { TrackerDatabase } from '../../src/index.ts'
import {
  all,
  devices,
  eventsUntil,
  fastEmulator,
  freshDatabase,
  isServer,
  runSql,
  tidyNow,
  trackerOn,
  until,
  waitingStatements,
} from '../helpers.ts'

/** An emulator, and how many requests it got for each customer. */
function countingEmulator(options: Parameters<typeof fastEmulator>[0] = {}) {
  const emulator = fastEmulator(options)
  const sent = (customerId = 'customers') =>
    emulator.requests.filter(({ path }) => path.includes(customerId)).length
  return { emulator, sent }
}

const submission = (customerId: string, ...serialNumbers: string[]) => ({
  customerId,
  batchId: 'B',
  devices: devices(...serialNumbers),
})

/** Until a worker has seen that this is paused, or would have sent it. */
const parked = (database: Parameters<typeof runSql>[0], table: string) => async () =>
  (await runSql(database, `select from devicebatch.${table} where is_parked`)).length > 0

test('a paused customer is neither uploaded nor polled, others are, and it continues afterwards', async () => {
  // Its batches end when the test advances its clock.
  const { emulator, sent } = countingEmulator({ timeScale: 0 })
  const tracker = trackerOn(await freshDatabase(), emulator)
  const [paused, other] = [randomUUID(), randomUUID()]
  await tracker.start()
  await tracker.submit(submission(paused, 'A1'))
  await eventsUntil(tracker, 'upload.tracked', { customerId: paused })
  const { customers } = await tracker.pause({ customerId: paused })
  expect(customers).toMatchObject([{ customerId: paused, pausedSince: expect.stringMatching(/Z$/) }])
  await tracker.submit(submission(paused, 'A2'))
  await until(async () => (await tracker.health()).figures!.queues.polls.paused === 1)

  const before = sent(paused)
  await tracker.submit(submission(other, 'O1'))
  await eventsUntil(tracker, 'upload.tracked', { customerId: other })
  emulator.clock.advance(60_000)
  await eventsUntil(tracker, 'upload.ended', { customerId: other })
  // A request that was being sent when the pause began is completed, and may find that the batch has ended.
  expect(sent(paused) - before).toBeLessThanOrEqual(1)
  expect(await tracker.health()).toMatchObject({
    isHealthy: true,
    figures: {
      queues: { submissions: { due: 0, paused: 1 }, polls: { due: 0 } },
      paused: { everything: false, customers: 1 },
    },
  })

  expect(await tracker.unpause({ customerId: paused })).toEqual({ customers: [] })
  await eventsUntil(tracker, 'submission.accepted', { count: 2, customerId: paused })
  emulator.clock.advance(60_000)
  await eventsUntil(tracker, 'upload.ended', { count: 2, customerId: paused })
  const outcomes = (await all(tracker.listUploads({ customerId: paused }))).map(({ outcome }) => outcome)
  expect(outcomes).toEqual(['succeeded', 'succeeded'])
})

test('a pause of everything survives a restart, and ends only by unpause()', async () => {
  const { emulator, sent } = countingEmulator()
  const database = await freshDatabase()
  const first = trackerOn(database, emulator)
  const customerId = randomUUID()
  await first.pause()
  await first.submit(submission(customerId, 'A1'))
  await first.close()
  const second = trackerOn(database, emulator)
  await second.start()
  expect(await second.getPauses()).toEqual({ everythingSince: expect.stringMatching(/Z$/), customers: [] })
  await until(async () => (await second.health()).figures!.queues.submissions.paused === 1)
  if (isServer) await until(parked(database, 'submissions'))
  expect(sent()).toBe(0)
  await second.unpause()
  await eventsUntil(second, 'upload.ended', { customerId })
})

test('a customer that is paused by itself stays paused when everything continues', async () => {
  const { emulator, sent } = countingEmulator()
  const tracker = trackerOn(await freshDatabase(), emulator)
  const [paused, other] = [randomUUID(), randomUUID()]
  await tracker.submit(submission(paused, 'A1'))
  await tracker.submit(submission(other, 'O1'))
  await tracker.pause({ customerId: paused })
  await tracker.pause()
  await tracker.start()
  expect(await tracker.unpause()).toMatchObject({ customers: [{ customerId: paused }] })
  await eventsUntil(tracker, 'upload.ended', { customerId: other })
  expect(sent(paused)).toBe(0)
  await tracker.unpause({ customerId: paused.toUpperCase() })
  await eventsUntil(tracker, 'upload.ended', { customerId: paused })
})

test('a pause between two requests of a submission stops it there, and nothing is sent twice', async () => {
  const { emulator } = countingEmulator()
  const database = await freshDatabase()
  const customerId = randomUUID()
  let posts = 0
  let pausing: Promise<unknown> | undefined
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const isUpload = request.method === 'POST' && request.url.includes(customerId)
    if (isUpload && ++posts === 1) await (pausing = tracker.pause({ customerId }))
    return await emulator.fetch(request)
  }
  const tracker = trackerOn(database, { fetch })
  await tracker.start()
  const names = Array.from({ length: 6 }, (_, index) => `A${index}`)
  const { submissionId } = await tracker.submit({ ...submission(customerId, ...names), chunkSize: 2 })
  await until(() => pausing !== undefined)
  await pausing
  await eventsUntil(tracker, 'upload.tracked', { customerId })
  await until(async () => (await tracker.health()).figures!.queues.submissions.paused === 1)
  if (isServer) await until(parked(database, 'submissions'))
  expect(posts).toBe(1)
  // The second request had been recorded, and is certainly not sent.
  await until(async () => (await tracker.getSubmission(submissionId))!.group!.chunks.length === 1)

  await tracker.unpause({ customerId })
  await eventsUntil(tracker, 'submission.accepted', { customerId })
  await eventsUntil(tracker, 'upload.ended', { customerId, count: 3 })
  const serials = (await all(tracker.listDevices({ customerId }))).map(({ serialNumber }) => serialNumber)
  expect(serials).toHaveLength(6)
  expect(new Set(serials)).toEqual(new Set(names))
  expect(posts).toBe(3)
})

test('a customer that nothing is known of, and an ID that is none, are refused with what to do', async () => {
  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  const customerId = randomUUID()
  await expect(tracker.pause({ customerId })).rejects.toThrow(/`customerId`.*neither.*listCustomers/)
  await expect(tracker.unpause({ customerId })).rejects.toThrow(/`customerId`.*neither.*listCustomers/)
  await expect(tracker.pause({ customerId: 'contoso' })).rejects.toThrow(/`customerId`.*GUID/)
  await expect(tracker.pause({ customer: customerId } as never)).rejects.toThrow(/`customer`/)
  expect(await tracker.getPauses()).toEqual({ customers: [] })
})

describe.runIf(isServer)('paused work that a worker has set aside', () => {
  /** A database in which a submission and an upload are set aside, and no worker runs. */
  async function databaseWithParkedWork(emulator: Emulator): Promise<TrackerDatabase> {
    const database = await freshDatabase()
    const tracker = trackerOn(database, emulator)
    const customerId = randomUUID()
    await tracker.start()
    await tracker.submit(submission(customerId, 'A1'))
    await eventsUntil(tracker, 'upload.tracked')
    await tracker.pause()
    await tracker.submit(submission(customerId, 'A2'))
    await until(parked(database, 'uploads'))
    await until(parked(database, 'submissions'))
    await tracker.close()
    return database
  }

  test('is due again when unpause() returns, whether or not a worker runs', async () => {
    const { emulator } = countingEmulator({ timeScale: 0 })
    const database = await databaseWithParkedWork(emulator)
    const tracker = trackerOn(database, emulator)
    await tracker.unpause()
    for (const table of ['uploads', 'submissions']) expect(await parked(database, table)()).toBe(false)
    expect((await tracker.health()).figures!.queues).toMatchObject({
      submissions: { due: 1, paused: 0 },
      polls: { paused: 0 },
    })
    await tracker.start()
    await eventsUntil(tracker, 'submission.accepted', { count: 2 })
  })

  test('is due again within a minute when whoever ended the pause crashed before that', async () => {
    const { emulator } = countingEmulator({ timeScale: 0 })
    const database = await databaseWithParkedWork(emulator)
    await runSql(database, `delete from devicebatch.pauses; ${tidyNow}`)
    const tracker = trackerOn(database, emulator)
    await tracker.start()
    await eventsUntil(tracker, 'submission.accepted', { count: 2 })
    expect(await parked(database, 'uploads')()).toBe(false)
  })

  test('was not set aside because of a pause that was just ending', async () => {
    const database = await freshDatabase()
    const tracker = trackerOn(database, fastEmulator())
    await tracker.pause()
    await tracker.start()
    const other = new Client({ connectionString: database as string })
    await other.connect()
    try {
      await other.query('begin; delete from devicebatch.pauses')
      await tracker.submit(submission(randomUUID(), 'A1'))
      const isParked = parked(database, 'submissions')
      await until(async () => (await waitingStatements(database)).length > 0 || (await isParked()))
      expect(await isParked()).toBe(false)
      await other.query('commit')
    } finally {
      await other.end()
    }
    await eventsUntil(tracker, 'submission.accepted')
  })
})
