/** Waiting for an upload. */
import type { PollState } from '@devicebatch/client'
import { isFinished, pollOnce } from '@devicebatch/client'
import { expect, test } from 'vitest'

import { customerId, device, soon } from '../shared/samples.ts'
import { partnerOf, pause, rejection, startEmulator, until } from './lab.ts'

const month = 31 * 24 * 3_600_000

test('waiting ends with the batch, and its devices decide the outcome', async () => {
  const emulator = await startEmulator()
  const { deviceBatches } = partnerOf(emulator).customers.byId(customerId)
  const devices = [device('A-1'), device('EMU808-1'), device('EMU806-1')]
  const upload = await deviceBatches.create({ batchId: 'Front desk', devices })
  const waiting = upload.wait(soon)
  await until(async () => (await emulator.requests('getBatchUploadStatus')).length >= 2)
  await emulator.advance(60_000)
  expect(await waiting).toMatchObject({
    batchTrackingId: upload.batchTrackingId,
    status: 'finished',
    outcome: 'partially-failed',
    emulated: true,
    startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
    counts: { total: 3, pending: 0, succeeded: 1, alreadyRegistered: 1, failed: 1, unresolved: 0 },
    failures: [{ serialNumber: 'EMU808-1', errorCode: '808' }],
  })
})

test('`finished_with_errors` is an end too', async () => {
  const emulator = await startEmulator({
    quirks: { batchStatusTellsErrors: true },
    queuedMs: 0,
    processingMs: 0,
  })
  const { deviceBatches } = partnerOf(emulator).customers.byId(customerId)
  const upload = await deviceBatches.create({ batchId: 'Front desk', devices: [device('EMU812-1')] })
  await emulator.advance(1)
  expect(await upload.wait(soon)).toMatchObject({ status: 'finished_with_errors', outcome: 'failed' })
})

test('a batch that never ends is polled until the timeout, and the error has its last report', async () => {
  const { deviceBatches } = partnerOf(await startEmulator({ queuedMs: 0 })).customers.byId(customerId)
  const upload = await deviceBatches.create({ batchId: 'EMUSTUCK-1', devices: [device('A-1')] })
  // Signed in first, so that the timeout leaves time for a poll on a busy machine too.
  await upload.get()
  const error = await rejection(upload.wait({ initialIntervalMs: 500, maxIntervalMs: 500, timeoutMs: 3_000 }))
  expect(error).toMatchObject({
    name: 'WaitTimeoutError',
    code: 'timeout',
    upload: { batchTrackingId: upload.batchTrackingId },
    report: { outcome: 'pending' },
  })
})

test('another process continues with only the saved IDs', async () => {
  const emulator = await startEmulator()
  const { deviceBatches } = partnerOf(emulator).customers.byId(customerId)
  const saved = JSON.stringify(
    await deviceBatches.create({ batchId: 'Front desk', devices: [device('A-1')] }),
  )
  await emulator.advance(60_000)
  const ids = JSON.parse(saved) as { customerId: string; batchTrackingId: string }
  expect(Object.keys(ids)).toEqual(['customerId', 'batchTrackingId'])
  const again = partnerOf(emulator).customers.byId(ids.customerId).batchUploadStatus.byId(ids.batchTrackingId)
  expect(await again.wait(soon)).toMatchObject({ outcome: 'succeeded' })
})

test('a wait recovers from failed polls', async () => {
  const emulator = await startEmulator()
  const { deviceBatches } = partnerOf(emulator).customers.byId(customerId)
  const upload = await deviceBatches.create({ batchId: 'Front desk', devices: [device('A-1')] })
  await emulator.advance(60_000)
  await emulator.fail({
    operation: 'getBatchUploadStatus',
    times: 2,
    effect: { kind: 'answer', status: 503 },
  })
  await emulator.fail({ operation: 'getBatchUploadStatus', times: 2, effect: { kind: 'cut' } })
  expect(await upload.wait(soon)).toMatchObject({ outcome: 'succeeded' })
  expect(await emulator.requests('getBatchUploadStatus')).toHaveLength(5)
})

test('too many failed polls in a row end the wait', async () => {
  const emulator = await startEmulator()
  const { deviceBatches } = partnerOf(emulator).customers.byId(customerId)
  const upload = await deviceBatches.create({ batchId: 'Front desk', devices: [device('A-1')] })
  await emulator.fail({
    operation: 'getBatchUploadStatus',
    times: 'always',
    effect: { kind: 'answer', status: 503 },
  })
  const error = await rejection(upload.wait({ ...soon, maxFailures: 3 }))
  expect(error).toMatchObject({ code: 'api', status: 503 })
  expect(await emulator.requests('getBatchUploadStatus')).toHaveLength(3)
})

// In most runtimes, timers longer than 2 to the power of 31 milliseconds fire at once.
test('an interval of a month does not pass at once', async () => {
  const emulator = await startEmulator()
  const { deviceBatches } = partnerOf(emulator).customers.byId(customerId)
  const upload = await deviceBatches.create({ batchId: 'Front desk', devices: [device('A-1')] })
  const again = partnerOf(emulator).customers.byId(customerId).batchUploadStatus.byId(upload.batchTrackingId)
  const controller = new AbortController()
  const waiting = again.wait({
    initialIntervalMs: month,
    timeoutMs: 2 * month,
    signal: controller.signal,
  })
  const ended = rejection(waiting)
  await until(async () => (await emulator.requests('getBatchUploadStatus')).length === 1)
  await pause(100)
  controller.abort(new Error('enough'))
  expect(await ended).toBe(controller.signal.reason)
  expect(await emulator.requests('getBatchUploadStatus')).toHaveLength(1)
})

test('one poll makes one request, and its state is small plain JSON that another process can continue from', async () => {
  const emulator = await startEmulator()
  const partner = () => partnerOf(emulator).customers.byId(customerId)
  const devices = Array.from({ length: 300 }, (_, number) => device(`A-${number}`))
  const upload = await partner().deviceBatches.create({ batchId: 'Front desk', devices })
  const now = 1_700_000_000_000
  const first = await pollOnce(upload, undefined, { now })
  expect(first).toMatchObject({ changed: true, next: { kind: 'wait' }, report: { counts: { total: 300 } } })
  const saved = JSON.stringify(first.state)
  expect(saved.length).toBeLessThan(600)

  const later = partner().batchUploadStatus.byId(upload.batchTrackingId)
  const second = await pollOnce(later, JSON.parse(saved) as PollState, { now: now + 5_000 })
  expect(second).toMatchObject({ changed: false, state: { polls: 2 }, next: { kind: 'wait' } })
  await emulator.advance(60_000)
  const third = await pollOnce(later, second.state, { now: now + 60_000 })
  expect(third).toMatchObject({ changed: true, next: { kind: 'done' }, report: { outcome: 'succeeded' } })
  expect(isFinished(await later.get())).toBe(true)
  expect(await emulator.requests('getBatchUploadStatus')).toHaveLength(4)
})

test('a failed poll does not retry: it says when the next one is due', async () => {
  const emulator = await startEmulator()
  const customer = partnerOf(emulator).customers.byId(customerId)
  const upload = customer.batchUploadStatus.byId(customerId)
  await emulator.fail({ effect: { kind: 'answer', status: 429, headers: { 'Retry-After': '90' } } })
  await upload.get({ retry: false }).catch(() => {})
  await emulator.fail({
    operation: 'getBatchUploadStatus',
    effect: { kind: 'answer', status: 429, headers: { 'Retry-After': '90' } },
  })
  const { next, state } = await pollOnce(upload, undefined, { now: 0 })
  // The interval starts with the response.
  expect(next).toMatchObject({ kind: 'wait', delayMs: 90_000, retryAfterMs: 90_000 })
  expect(state).toMatchObject({ failures: 1 })
  expect(state.dueAt).toBeGreaterThanOrEqual(90_000)
  expect(state.dueAt).toBeLessThan(100_000)
})
