/** Watching an upload. */
import type { BatchUploadReport } from '@devicebatch/client'
import { expect, test } from 'vitest'

import { customerId, device, soon } from '../shared/samples.ts'
import type { Emulator } from './lab.ts'
import { partnerOf, pause, rejection, startEmulator, until } from './lab.ts'

async function submit(emulator: Emulator, ...serialNumbers: string[]) {
  const { deviceBatches } = partnerOf(emulator).customers.byId(customerId)
  return await deviceBatches.create({ batchId: 'Front desk', devices: serialNumbers.map(device) })
}

test('there is a report for each change, with what changed, and the last one is final', async () => {
  const emulator = await startEmulator({ queuedMs: 1_000, processingMs: 2_000 })
  const upload = await submit(emulator, 'A-1', 'A-2')
  const reports: BatchUploadReport[] = []
  for await (const report of upload.watch(soon)) {
    reports.push(report)
    await emulator.advance(1_000)
  }
  expect(reports.map(({ status, counts }) => [status, counts.succeeded])).toEqual([
    ['queued', 0],
    ['processing', 0],
    ['processing', 1],
    ['finished', 2],
  ])
  expect(reports.map(({ changed }) => changed?.map(({ serialNumber }) => serialNumber))).toEqual([
    undefined,
    ['A-1'],
    ['A-1', 'A-2'],
    ['A-2'],
  ])
})

test('leaving the loop ends it: no further request is sent', async () => {
  const emulator = await startEmulator()
  const upload = await submit(emulator, 'A-1')
  for await (const report of upload.watch(soon)) {
    expect(report.outcome).toBe('pending')
    break
  }
  const { length } = await emulator.requests()
  await pause(100)
  expect(await emulator.requests()).toHaveLength(length)
})

test('leaving it while it waits for the next poll ends it at once, and settles the pending read', async () => {
  const emulator = await startEmulator()
  const { batchTrackingId } = await submit(emulator, 'A-1')
  // It could have ended long ago, so the first poll is made at once.
  const upload = partnerOf(emulator).customers.byId(customerId).batchUploadStatus.byId(batchTrackingId)
  const iterator = upload.watch({ initialIntervalMs: 600_000 })[Symbol.asyncIterator]()
  await iterator.next()
  const pending = iterator.next()
  expect(await iterator.return!()).toEqual({ done: true, value: undefined })
  expect(await pending).toEqual({ done: true, value: undefined })
  const { length } = await emulator.requests()
  await pause(200)
  expect(await emulator.requests()).toHaveLength(length)
})

test('leaving it during a poll aborts that request', async () => {
  const emulator = await startEmulator()
  const upload = await submit(emulator, 'A-1')
  await upload.get()
  await emulator.fail({ operation: 'getBatchUploadStatus', effect: { kind: 'delay', delayMs: 3_600_000 } })
  const iterator = upload.watch(soon)[Symbol.asyncIterator]()
  const pending = iterator.next()
  await until(async () => (await emulator.requests('getBatchUploadStatus')).length === 2)
  expect(await iterator.return!()).toEqual({ done: true, value: undefined })
  expect(await pending).toEqual({ done: true, value: undefined })
})

test('an unknown status value is passed on and reported, and completes no device', async () => {
  const emulator = await startEmulator()
  const upload = await submit(emulator, 'EMUNEWWORD-1')
  await emulator.advance(60_000)
  const reports: BatchUploadReport[] = []
  for await (const report of upload.watch(soon)) reports.push(report)
  expect(reports).toMatchObject([
    {
      status: 'finished',
      outcome: 'unknown',
      counts: { total: 1, unresolved: 1 },
      unrecognized: [{ path: 'devicesStatus[].status', value: 'awaiting_attestation' }],
    },
  ])
})

test('the signal ends it with its own reason', async () => {
  const upload = await submit(await startEmulator(), 'A-1')
  const controller = new AbortController()
  const watching = async (): Promise<void> => {
    for await (const _ of upload.watch({ ...soon, signal: controller.signal })) controller.abort('enough')
  }
  expect(await rejection(watching())).toBe('enough')
})

test('the timeout ends it with the last report', async () => {
  const upload = await submit(await startEmulator(), 'A-1')
  // Signed in first, so that the timeout leaves time for a poll on a busy machine too.
  await upload.get()
  const options = { initialIntervalMs: 500, maxIntervalMs: 500, timeoutMs: 3_000 }
  const watching = async (): Promise<void> => {
    for await (const report of upload.watch(options)) expect(report.status).toBe('queued')
  }
  expect(await rejection(watching())).toMatchObject({ code: 'timeout', report: { status: 'queued' } })
})
