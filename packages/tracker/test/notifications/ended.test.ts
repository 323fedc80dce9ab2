/** Every submission and every tracked upload reports its end once, whatever happened to it before. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'

import { createPartnerCenter } from '@devicebatch/client'
import { expect, test } from 'vitest'

import type { Notification, Tracker } from '../../src/index.ts'
import {
  all,
  devices,
  eventsUntil,
  fastEmulator,
  freshDatabase,
  partnerOf,
  runSql,
  trackerOn,
  until,
} from '../helpers.ts'
import { newSecret } from './receiver.ts'

// Nobody listens there: what is written stays in the list.
const nowhere = { name: 'helpdesk', url: 'http://127.0.0.1:9/', secrets: [newSecret()] }

const listed = async (tracker: Tracker): Promise<Notification[]> =>
  (await all(tracker.listNotifications())).map(({ notification }) => notification)
const endsOf = async (tracker: Tracker, submissionId: string): Promise<Notification[]> =>
  (await listed(tracker)).filter(
    (one) => one.type === 'submission.ended' && one.data.submissionId === submissionId,
  )
const countStoredPages = `select count(*)::int as pages from devicebatch.submission_devices`

test('a submission whose devices were retried while an upload was stopped reports its end when that upload ends', async () => {
  const emulator = fastEmulator()
  const tracker = trackerOn(await freshDatabase(), emulator)
  await tracker.setWebhook(nowhere)
  await tracker.start()
  emulator.faults.add({ operation: 'getBatchUploadStatus', effect: { kind: 'answer', status: 400 } })
  const list = devices('EMU640-1', 'EMU640-2')
  const request = { customerId: randomUUID(), batchId: 'B', devices: list, chunkSize: 1 }
  const { submissionId } = await tracker.submit(request)
  await eventsUntil(tracker, 'upload.stopped')
  await eventsUntil(tracker, 'upload.ended')
  const retry = await tracker.retryDevices(submissionId)
  await eventsUntil(tracker, 'upload.ended', { count: 2 })
  expect(await endsOf(tracker, submissionId)).toEqual([])

  const [stopped] = await all(tracker.listUploads({ submissionId, state: 'stopped' }))
  await tracker.track(stopped!)
  await eventsUntil(tracker, 'upload.ended', { count: 3 })
  expect(await endsOf(tracker, submissionId)).toMatchObject([
    { data: { deviceCount: 2, counts: { total: 2, failed: 2 }, devicesToRetry: 0 } },
  ])
  expect(await endsOf(tracker, retry.submissionId)).toHaveLength(1)
})

test('a submission that is cancelled before it is uploaded reports its end at once', async () => {
  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  await tracker.setWebhook(nowhere)
  const request = { customerId: randomUUID(), batchId: 'B', devices: devices('A1', 'A2') }
  const { submissionId } = await tracker.submit(request)
  await tracker.cancelSubmission(submissionId)
  expect(await listed(tracker)).toMatchObject([
    {
      type: 'submission.ended',
      data: { submissionId, deviceCount: 2, devicesCancelled: 2, counts: { total: 0 }, devicesToRetry: 0 },
    },
  ])
})

/** A tracker that cancels a submission of five devices while its first request with two of them is being sent. */
async function cancelDuringFirstRequest(answer: (request: Request, send: typeof fetch) => Promise<Response>) {
  const emulator = fastEmulator()
  const customerId = randomUUID()
  const continuing = new AbortController()
  let posts = 0
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    if (request.method !== 'POST' || !request.url.includes(customerId)) return await emulator.fetch(request)
    posts++
    await once(continuing.signal, 'abort')
    return await answer(request, emulator.fetch)
  }
  const database = await freshDatabase()
  const tracker = trackerOn(database, { fetch })
  await tracker.setWebhook(nowhere)
  await tracker.start()
  const names = Array.from({ length: 5 }, (_, index) => `A${index}`)
  const request = { customerId, batchId: 'B', devices: devices(...names), chunkSize: 2 }
  const { submissionId } = await tracker.submit(request)
  await until(() => posts === 1)
  await tracker.cancelSubmission(submissionId)
  return { tracker, database, submissionId, finish: () => continuing.abort() }
}

test('a submission that is cancelled while it is uploaded reports its end with the results of what was sent, and keeps no device', async () => {
  const { tracker, database, submissionId, finish } = await cancelDuringFirstRequest(
    async (request, send) => await send(request),
  )
  expect(await listed(tracker)).toEqual([])
  finish()
  await eventsUntil(tracker, 'upload.ended')
  expect(await listed(tracker)).toMatchObject([
    {
      type: 'submission.ended',
      data: { submissionId, deviceCount: 5, devicesCancelled: 3, counts: { total: 2, succeeded: 2 } },
    },
  ])
  await tracker.close()
  expect(await runSql(database, countStoredPages)).toEqual([{ pages: 0 }])
})

test('a cancelled submission whose last request got no response reports its end, and that its devices are in doubt', async () => {
  const { tracker, submissionId, finish } = await cancelDuringFirstRequest(() =>
    Promise.reject(new TypeError('fetch failed')),
  )
  expect(await listed(tracker)).toEqual([])
  finish()
  await until(async () => (await endsOf(tracker, submissionId)).length > 0)
  expect(await listed(tracker)).toMatchObject([
    { data: { devicesCancelled: 3, devicesInDoubt: 2, counts: { total: 0 } } },
  ])
  const { group } = (await tracker.getSubmission(submissionId))!
  expect(group!.chunks).toMatchObject([{ settled: { landed: [], didNotLand: [], cannotTell: [0, 1] } }])
})

test('a submission that is cancelled after its worker crashed during a request reports its end', async () => {
  const emulator = fastEmulator()
  const database = await freshDatabase()
  const first = trackerOn(database, emulator)
  await first.setWebhook(nowhere)
  const request = { customerId: randomUUID(), batchId: 'B', devices: devices('A1', 'A2'), chunkSize: 1 }
  const { submissionId } = await first.submit(request)
  await first.close()
  // Its worker had stored that it sends the first device.
  const group = {
    version: 1,
    customerId: request.customerId,
    batchId: 'B',
    duplicates: [],
    chunks: [{ fromIndex: 0, toIndex: 1, deviceCount: 1 }],
  }
  await runSql(
    database,
    `update devicebatch.submissions set state = 'uploading', attempt = 1, upload_group = '${JSON.stringify(group)}'`,
  )
  const second = trackerOn(database, emulator)
  expect(await second.cancelSubmission(submissionId)).toMatchObject({ devicesCancelled: 1, devicesSent: 1 })
  expect(await listed(second)).toEqual([])
  // The job of the crashed worker is taken over.
  await second.start()
  await until(async () => (await endsOf(second, submissionId)).length > 0)
  expect(await listed(second)).toMatchObject([
    { data: { devicesCancelled: 1, devicesInDoubt: 1, counts: { total: 0 } } },
  ])
})

test('an upload that was only tracked reports its end with its counts and causes', async () => {
  const emulator = fastEmulator()
  const customerId = randomUUID()
  const partner = createPartnerCenter(partnerOf(emulator.fetch))
  const { batchTrackingId } = await partner.customers
    .byId(customerId)
    .deviceBatches.create({ batchId: 'B', devices: devices('U1', 'EMU808-U2') })
  const tracker = trackerOn(await freshDatabase(), emulator)
  await tracker.setWebhook(nowhere)
  await tracker.setCustomerName(customerId, 'Fabrikam')
  await tracker.start()
  await tracker.track({ customerId, batchTrackingId })
  await eventsUntil(tracker, 'upload.ended')
  expect(await listed(tracker)).toEqual([
    {
      version: 1,
      type: 'upload.ended',
      timestamp: expect.any(String),
      data: {
        batchTrackingId,
        customerId,
        customerName: 'Fabrikam',
        counts: { total: 2, pending: 0, succeeded: 1, alreadyRegistered: 0, failed: 1, unresolved: 0 },
        causes: [{ errorCode: '808', errorDescription: expect.any(String), devices: 1 }],
        emulated: true,
      },
    },
  ])
})
