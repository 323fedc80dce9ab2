/** What keeps uploads from ending is reported, once per reason; nothing is reported that was rolled back. */
import { createPartnerCenter } from '@devicebatch/client'
import { expect, test } from 'vitest'

import type { Tracker, TrackedNotification } from '../../src/index.ts'
import {
  all,
  devices,
  eventsUntil,
  fastEmulator,
  freshDatabase,
  partnerOf,
  runSql,
  tidyNow,
  trackerOn,
  until,
} from '../helpers.ts'
import { newSecret } from './receiver.ts'

const customerId = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'
// Nobody listens there: what is written stays in the list.
const nowhere = { name: 'helpdesk', url: 'http://127.0.0.1:9/', secrets: [newSecret()] }
const list = (tracker: Tracker): Promise<TrackedNotification[]> => all(tracker.listNotifications())
const listed = async (tracker: Tracker): Promise<unknown[]> =>
  (await list(tracker)).map(({ notification }) => notification)

test('a sign-in that fails is reported once for all uploads, and again after it has worked', async () => {
  const emulator = fastEmulator()
  let isSignedOut = true
  const fetch: typeof globalThis.fetch = async (input, init) =>
    isSignedOut && !`${input instanceof Request ? input.url : input}`.includes('oauth2')
      ? Response.json({ code: 401, description: 'The token expired.' }, { status: 401 })
      : await emulator.fetch(new Request(input, init))
  const database = await freshDatabase()
  const tracker = trackerOn(database, { fetch })
  await tracker.setWebhook(nowhere)
  await tracker.start()
  const submit = async (name: string): Promise<void> => {
    for (const customer of [customerId, customerId.replace('c', 'd')])
      await tracker.submit({ customerId: customer, batchId: name, devices: devices(name) })
  }
  await submit('One')
  await until(async () => (await all(tracker.listSubmissions())).every(({ error }) => error?.status === 401))
  expect(await listed(tracker)).toEqual([
    {
      version: 1,
      type: 'signin.failed',
      timestamp: expect.any(String),
      data: { error: expect.objectContaining({ status: 401 }) },
    },
  ])

  isSignedOut = false
  await submit('Two')
  await eventsUntil(tracker, 'upload.ended', { count: 4 })
  isSignedOut = true
  await submit('Three')
  await until(async () => (await list(tracker)).filter(({ type }) => type === 'signin.failed').length === 2)
  expect((await list(tracker)).filter(({ type }) => type.endsWith('.stuck'))).toEqual([])
})

test('a submission that cannot be uploaded is reported once per reason, and one that is refused at once', async () => {
  const emulator = fastEmulator()
  emulator.faults.add({ operation: 'listDeviceBatches', times: 2, effect: { kind: 'answer', status: 503 } })
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status: 400 } })
  const partner = { ...partnerOf(emulator.fetch), retry: false as const }
  const tracker = trackerOn(await freshDatabase(), emulator, { partner })
  await tracker.setWebhook(nowhere)
  await tracker.start()
  const { submissionId } = await tracker.submit({ customerId, batchId: 'Refused', devices: devices('R1') })
  await eventsUntil(tracker, 'submission.failed')
  const about = { submissionId, customerId, batchId: 'Refused' }
  expect(await listed(tracker)).toEqual([
    expect.objectContaining({
      type: 'submission.stuck',
      data: { ...about, error: expect.objectContaining({ status: 503 }) },
    }),
    expect.objectContaining({
      type: 'submission.failed',
      data: { ...about, error: expect.objectContaining({ status: 400 }) },
    }),
  ])
})

test('an upload that cannot be polled is reported, and when polling stops', async () => {
  const emulator = fastEmulator()
  const partner = createPartnerCenter(partnerOf(emulator.fetch))
  const batches = partner.customers.byId(customerId).deviceBatches
  const { batchTrackingId } = await batches.create({ batchId: 'B', devices: devices('U1') })
  emulator.faults.add({ operation: 'getBatchUploadStatus', effect: { kind: 'answer', status: 403 } })
  emulator.faults.add({ operation: 'getBatchUploadStatus', effect: { kind: 'answer', status: 400 } })
  const database = await freshDatabase()
  const first = trackerOn(database, emulator)
  await first.setWebhook(nowhere)
  await first.start()
  await first.track({ customerId, batchTrackingId })
  await eventsUntil(first, 'upload.failing')
  await first.close()
  // Five minutes pass.
  await runSql(database, 'update devicebatch.uploads set due_at = now(); select 1')
  const second = trackerOn(database, emulator)
  await second.start()
  await eventsUntil(second, 'upload.stopped')
  expect(await listed(second)).toEqual([
    expect.objectContaining({
      type: 'upload.stuck',
      data: { batchTrackingId, customerId, error: expect.objectContaining({ status: 403 }) },
    }),
    expect.objectContaining({
      type: 'upload.stopped',
      data: { batchTrackingId, customerId, error: expect.objectContaining({ status: 400 }) },
    }),
  ])
})

test('a transaction that is rolled back writes no notification', async () => {
  const emulator = fastEmulator()
  const database = await freshDatabase()
  const first = trackerOn(database, emulator)
  await first.setWebhook(nowhere)
  await first.submit({ customerId, batchId: 'Rolled back', devices: devices('B1') })
  await first.close()
  // The end of the transaction fails, after everything in it was written.
  await runSql(
    database,
    `create function devicebatch.refuse() returns trigger language plpgsql as $$ begin
      if exists (select from devicebatch.notifications) then raise exception 'refused at the end'; end if;
      return null;
    end $$;
    create constraint trigger refuse after update on devicebatch.uploads deferrable initially deferred
      for each row when (new.state = 'ended') execute function devicebatch.refuse()`,
  )
  const errors: unknown[] = []
  const second = trackerOn(database, emulator, { onError: (error) => errors.push(error) })
  await second.start()
  await until(() => errors.some((error) => String(error).includes('refused at the end')))
  // The refusal itself is reported in a transaction of its own.
  await until(async () => (await list(second)).length > 0)
  expect((await list(second)).map(({ type }) => type)).toEqual(['upload.stuck'])
  expect(await all(second.listUploads())).toMatchObject([{ state: 'tracking' }])
})

test('a webhook receives only the types that it wants, and without a webhook nothing is written', async () => {
  const emulator = fastEmulator()
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status: 400 } })
  const tracker = trackerOn(await freshDatabase(), emulator)
  await tracker.start()
  await tracker.submit({ customerId, batchId: 'Refused', devices: devices('T1') })
  await eventsUntil(tracker, 'submission.failed')
  expect(await list(tracker)).toEqual([])

  await tracker.setWebhook({ ...nowhere, types: ['submission.ended'] })
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status: 400 } })
  await tracker.submit({ customerId, batchId: 'Refused', devices: devices('T2') })
  await eventsUntil(tracker, 'submission.failed', { count: 2 })
  await tracker.submit({ customerId, batchId: 'Ended', devices: devices('T3') })
  await eventsUntil(tracker, 'upload.ended')
  expect((await list(tracker)).map(({ type }) => type)).toEqual(['submission.ended'])
})

test('a worker that ended without closing is reported by another one, once', async () => {
  const emulator = fastEmulator()
  const database = await freshDatabase()
  const first = trackerOn(database, emulator)
  await first.setWebhook(nowhere)
  await first.start()
  await first.close()
  await runSql(
    database,
    `insert into devicebatch.workers (id, name, seen_at)
      values (gen_random_uuid(), 'host:7', now() - interval '31 seconds'),
        (gen_random_uuid(), 'host:8', now() + interval '1 hour');
    ${tidyNow}`,
  )
  const second = trackerOn(database, emulator)
  await second.start()
  await until(async () => (await list(second)).length > 0)
  expect(await listed(second)).toEqual([
    {
      version: 1,
      type: 'worker.gone',
      timestamp: expect.any(String),
      data: { worker: 'host:7', startedAt: expect.any(String), lastSeenAt: expect.any(String) },
    },
  ])
  await second.close()
  await runSql(
    database,
    `update devicebatch.workers set seen_at = now() - interval '31 seconds' where name = 'host:8'; ${tidyNow}`,
  )
  const third = trackerOn(database, emulator)
  await third.start()
  await until(async () => (await list(third)).length > 1)
  expect((await list(third)).map(({ notification: { data } }) => data)).toMatchObject([
    { worker: 'host:7' },
    { worker: 'host:8' },
  ])
})
