/** The emulator as a library, inside the runtime itself: no server, no port. */
import { createPartnerCenter } from '@devicebatch/client'
import type { Emulator } from '@devicebatch/emulator'
import { createEmulator, documentedUpload } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { customerId, device, documented } from '../shared/samples.ts'
import { rejection } from './lab.ts'

const { batchTrackingId } = documentedUpload

function customerIn(emulator: Emulator) {
  return createPartnerCenter({ ...emulator.partnerOptions(), retry: false }).customers.byId(customerId)
}

async function submit(emulator: Emulator, ...serialNumbers: string[]) {
  const devices = serialNumbers.map(device)
  return await customerIn(emulator).deviceBatches.create({ batchId: 'Front desk', devices })
}

test('it serves the documented example without a network', async () => {
  const { batchUploadStatus } = customerIn(createEmulator())
  expect(await batchUploadStatus.byId(batchTrackingId).get()).toEqual(documented)
})

test('a test moves its time from event to event', async () => {
  const emulator = createEmulator({ timeScale: 0 })
  const upload = await submit(emulator, 'EMU808-1', 'A-1')
  expect(await upload.get()).toMatchObject({ status: 'queued' })
  emulator.clock.advance(2_000)
  expect(await upload.get()).toMatchObject({ status: 'processing' })
  await emulator.clock.runUntil('idle')
  expect(await upload.get()).toMatchObject({ status: 'finished', devicesStatus: [{ errorCode: '808' }, {}] })
})

test('a fault affects the call it is for, and the recorded requests show it', async () => {
  const emulator = createEmulator()
  // A new client for each call: one that was throttled would wait.
  const get = () => customerIn(emulator).batchUploadStatus.byId(batchTrackingId).get()
  const effect = { kind: 'answer', status: 429, retryAfter: { afterMs: 90_000, as: 'imf-fixdate' } } as const
  emulator.faults.add({ operation: 'getBatchUploadStatus', skip: 1, effect })
  expect(await get()).toEqual(documented)
  expect(await rejection(get())).toMatchObject({ status: 429, isRetryable: true })
  expect(await get()).toEqual(documented)
  const asked = emulator.requests.filter(({ operation }) => operation === 'getBatchUploadStatus')
  expect(asked.map(({ status, fault }) => [status, fault])).toEqual([
    [200, undefined],
    [429, 'answer'],
    [200, undefined],
  ])
})

test('a connection that breaks before or within the body fails the call', async () => {
  const emulator = createEmulator()
  const upload = customerIn(emulator).batchUploadStatus.byId(batchTrackingId)
  for (const afterBytes of [undefined, 10]) {
    emulator.faults.add({ operation: 'getBatchUploadStatus', effect: { kind: 'cut', afterBytes } })
    expect(await rejection(upload.get())).toMatchObject({ code: 'connection' })
  }
})

test('a snapshot is plain JSON and restores everything', async () => {
  const emulator = createEmulator({ timeScale: 0 })
  const upload = await submit(emulator, 'A-1')
  const saved = JSON.stringify(emulator.snapshot())
  await emulator.clock.runUntil('idle')
  expect(await upload.get()).toMatchObject({ status: 'finished' })
  emulator.restore(JSON.parse(saved))
  expect(await upload.get()).toMatchObject({ status: 'queued' })
  emulator.reset()
  expect(await rejection(upload.get())).toMatchObject({ status: 404 })
})

test('its page is served without a server', async () => {
  const page = await createEmulator().fetch('https://emulator.test/_emulator')
  expect(page.headers.get('Content-Type')).toBe('text/html; charset=utf-8')
  expect(await page.text()).toContain(batchTrackingId)
})
