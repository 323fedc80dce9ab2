/** What a 404 for a tracking ID means: "not yet" at first, a failure later. */
import { createPartnerCenter } from '@devicebatch/client'
import type { Emulator } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import type { TrackerDatabase } from '../../src/index.ts'
import {
  devices,
  eventsUntil,
  fastEmulator,
  freshDatabase,
  partnerOf,
  runSql,
  trackerOn,
} from '../helpers.ts'

const customerId = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'

/** Tracks an upload whose first three polls will return 404; no worker is running yet. */
async function trackUnknown(): Promise<{ emulator: Emulator; database: TrackerDatabase }> {
  const emulator = fastEmulator()
  const database = await freshDatabase()
  const { deviceBatches } = createPartnerCenter(partnerOf(emulator.fetch)).customers.byId(customerId)
  const upload = await deviceBatches.create({ batchId: 'B', devices: devices('A1') })
  const tracker = trackerOn(database, emulator)
  await tracker.track(upload)
  await tracker.close()
  refuseThreePolls(emulator)
  return { emulator, database }
}

function refuseThreePolls({ faults }: Emulator): void {
  faults.add({ operation: 'getBatchUploadStatus', times: 3, effect: { kind: 'answer', status: 404 } })
}

test('in the first minute after an upload was submitted, a 404 is not a failure, and the next poll is soon', async () => {
  const emulator = fastEmulator()
  const tracker = trackerOn(await freshDatabase(), emulator)
  await tracker.start()
  refuseThreePolls(emulator)
  await tracker.submit({ customerId, batchId: 'B', devices: devices('A1') })
  const events = await eventsUntil(tracker, 'upload.ended')
  expect(events.map(({ type }) => type)).not.toContain('upload.failing')
})

test('in the first minute after an upload was passed to track(), it is not one either', async () => {
  const { emulator, database } = await trackUnknown()
  const tracker = trackerOn(database, emulator)
  await tracker.start()
  const events = await eventsUntil(tracker, 'upload.ended')
  expect(events.map(({ type }) => type)).not.toContain('upload.failing')
})

test('after the first minute it is a failure, which is reported', async () => {
  const { emulator, database } = await trackUnknown()
  await runSql(database, `update devicebatch.uploads set tracked_at = tracked_at - interval '1 minute'`)
  const tracker = trackerOn(database, emulator)
  await tracker.start()
  const events = await eventsUntil(tracker, 'upload.failing')
  expect(events.at(-1)).toMatchObject({ data: { error: { status: 404 } } })
})
