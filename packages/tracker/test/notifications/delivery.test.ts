/** Notifications arrive at least once, in order, whatever the receiver does. */
import { randomUUID } from 'node:crypto'

import { expect, test, vi } from 'vitest'

import type { Notification, Tracker, TrackedNotification, TrackerDatabase } from '../../src/index.ts'
import { all, devices, eventsUntil, fastEmulator, freshDatabase, runSql, trackerOn, until } from '../helpers.ts'
import { newSecret, startReceiver } from './receiver.ts'

const customerId = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'

const list = (tracker: Tracker): Promise<TrackedNotification[]> => all(tracker.listNotifications())
const statesOf = async (tracker: Tracker): Promise<string[]> =>
  (await list(tracker)).map(({ state, attempts, status }) => `${state} ${attempts} ${status}`)

/** Makes every wait of a notification end now. Only on a database that no tracker has open, if it is embedded. */
const skipWaits = (database: TrackerDatabase): Promise<unknown> =>
  runSql(
    database,
    `update devicebatch.notifications set due_at = now() where state = 'pending';
    update devicebatch_jobs.job set start_after = now() where name = 'devicebatch-notifications'`,
  )

test('the end of a submission arrives once, with counts, causes and IDs, and verifies', async () => {
  const receiver = await startReceiver()
  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  await tracker.setCustomerName(customerId, 'Fabrikam')
  await tracker.setWebhook({ name: 'helpdesk', url: receiver.url, secrets: [receiver.secret] })
  await tracker.start()
  const { submissionId } = await tracker.submit({
    customerId,
    batchId: 'Front desk',
    devices: devices('N1', 'N2', 'EMU808-N3'),
  })
  await until(async () => (await statesOf(tracker)).includes('delivered 1 204'))
  const [{ id, notification, body, headers } = {} as never, ...others] = receiver.received
  expect(others).toEqual([])
  expect(notification).toEqual({
    version: 1,
    type: 'submission.ended',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    data: {
      submissionId,
      customerId,
      customerName: 'Fabrikam',
      batchId: 'Front desk',
      deviceCount: 3,
      counts: { total: 3, pending: 0, succeeded: 2, alreadyRegistered: 0, failed: 1, unresolved: 0 },
      devicesToRetry: 0,
      causes: [{ errorCode: '808', errorDescription: expect.any(String), devices: 1 }],
      emulated: true,
    },
  })
  expect(headers['content-type']).toBe('application/json')
  expect(body).not.toMatch(/N1|N2|N3/)
  expect(await list(tracker)).toEqual([
    {
      notificationId: id,
      webhook: 'helpdesk',
      type: 'submission.ended',
      state: 'delivered',
      attempts: 1,
      at: notification.timestamp,
      attemptedAt: expect.any(String),
      status: 204,
      notification,
    },
  ])
})

test('a receiver that fails, is slow, and is gone hears of everything in order, with the same ID each time', async () => {
  const receiver = await startReceiver()
  const database = await freshDatabase()
  const emulator = fastEmulator()
  const work = async (use: (tracker: Tracker) => Promise<void>): Promise<void> => {
    const tracker = trackerOn(database, emulator)
    await tracker.start()
    await use(tracker)
    await tracker.close()
  }
  // The service refuses the first upload, so that the submission fails before it ends.
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status: 400 } })

  receiver.respond = (_, response) => void response.writeHead(503, { 'retry-after': '3' }).end()
  let submissionId = ''
  await work(async (tracker) => {
    await tracker.setWebhook({ name: 'helpdesk', url: receiver.url, secrets: [receiver.secret] })
    ;({ submissionId } = await tracker.submit({ customerId, batchId: 'B', devices: devices('O1') }))
    await eventsUntil(tracker, 'submission.failed')
    await tracker.resumeSubmission(submissionId)
    await eventsUntil(tracker, 'upload.ended')
    await until(async () => (await statesOf(tracker)).join() === 'pending 1 503,pending 0 undefined')
  })

  // It accepts the request and never responds; the timeout ends the attempt.
  const timeout = AbortSignal.timeout.bind(AbortSignal)
  const passing = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms === 15_000 ? 300 : ms))
  receiver.respond = () => undefined
  await skipWaits(database)
  await work((tracker) =>
    until(async () => (await list(tracker))[0]!.error === 'The receiver did not respond within 15 seconds.'),
  )
  passing.mockRestore()

  await receiver.stop()
  await skipWaits(database)
  await work((tracker) => until(async () => /ECONNREFUSED/.test((await list(tracker))[0]!.error ?? '')))

  await receiver.start()
  receiver.respond = (_, response) => void response.writeHead(204).end()
  await skipWaits(database)
  await work((tracker) =>
    until(async () => (await statesOf(tracker)).join() === 'delivered 4 204,delivered 1 204'),
  )

  const types = receiver.received.map(({ notification }) => notification.type)
  expect(types).toEqual(['submission.failed', 'submission.failed', 'submission.failed', 'submission.ended'])
  expect(new Set(receiver.received.slice(0, 3).map(({ id }) => id)).size).toBe(1)
  expect(new Set(receiver.received.slice(0, 3).map(({ body }) => body)).size).toBe(1)
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(2)
})
