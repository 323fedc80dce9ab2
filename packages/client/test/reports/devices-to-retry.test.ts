import { devicesToRetry, summarize, uploadDevices } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { batchTrackingId, elapse, emulated, moveTime, thrown } from '../helpers.ts'
import { laptop } from '../uploads/group.ts'

describe('after one upload', () => {
  const report = (rows: object[], status = 'finished') =>
    summarize({ batchTrackingId, status, devicesStatus: rows })
  const failed = (serialNumber: string, errorCode: string, more: object = {}) => ({
    serialNumber,
    status: 'finished_with_errors',
    errorCode,
    ...more,
  })

  test('devices that failed with a transient error are picked, in their order', () => {
    const sent = ['d', 'c', 'b', 'a'].map(laptop)
    const rows = [
      failed('A', '640'),
      { serialNumber: 'B', status: 'finished' },
      failed('C', '808'),
      failed('D', '640'),
    ]
    expect(devicesToRetry(report(rows), sent)).toEqual([sent[0], sent[3]])
  })

  test.each<[string, object]>([
    ['succeeded', { serialNumber: 'a', status: 'finished' }],
    ['was registered before', failed('a', '806')],
    ['failed with an error that stays', failed('a', '802')],
    ['failed with an error that nobody knows', failed('a', '999')],
    ['is unresolved', { serialNumber: 'a', status: 'processing' }],
    ['has no result', failed('other', '640')],
    ['has results that differ', failed('a', '640', { productKey: 'x' })],
  ])('a device that %s is not', (name, row) => {
    const rows = name.endsWith('differ') ? [row, failed('a', '808', { productKey: 'y' })] : [row]
    expect(devicesToRetry(report(rows), [laptop('a')])).toEqual([])
  })

  test('a name without a number counts, and so does a number where the documents have text', () => {
    const sent = [laptop('a'), laptop('b')]
    const rows = [
      { serialNumber: 'a', status: 'finished_with_errors', errorDescription: 'StorageError' },
      { serialNumber: 'b', status: 'finished_with_errors', errorCode: 640 },
    ]
    expect(devicesToRetry(report(rows), sent)).toEqual(sent)
  })

  test('a row with only a hardware hash is not: its result cannot be found', () => {
    const sent: NewDevice[] = [{ hardwareHash: 'AAAA' }]
    const row = { status: 'finished_with_errors', errorCode: '640' }
    expect(devicesToRetry(report([row]), sent)).toEqual([])
  })
})

describe('after an upload in several requests', () => {
  beforeEach(moveTime)
  afterEach(() => {
    vi.useRealTimers()
  })

  test('devices that failed transiently or did not land are picked, and only the first of duplicates', async () => {
    const { customer, emulator } = emulated()
    emulator.faults.add({ operation: 'addDevicesToBatch', times: 2, effect: { kind: 'cut' } })
    const devices = [
      laptop('EMU640-0'),
      laptop('S-1'),
      laptop('EMU640-0'),
      laptop('S-3'),
      laptop('EMU808-4'),
      laptop('EMU640-5'),
      laptop('EMU808-6'),
    ]
    const request = { batchId: 'B', devices, chunkSize: 2, settleTimeoutMs: 30_000 }
    const group = await elapse(uploadDevices(customer, request))
    const report = await elapse(group.wait())
    // The second request, with S-3 and EMU808-4, never arrived.
    expect(devicesToRetry(report, devices)).toEqual([devices[0], devices[3], devices[4], devices[5]])
    expect(devicesToRetry(JSON.parse(JSON.stringify(report)), new Set(devices))).toHaveLength(4)
  })

  test('rejects fewer devices than were passed', async () => {
    const { customer } = emulated()
    const devices = [laptop('a'), laptop('b')]
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices }))
    const report = await elapse(group.wait())
    expect(thrown(() => devicesToRetry(report, devices.slice(1)))).toMatchObject({
      code: 'invalid-argument',
      message: '`sent` must be all devices that you passed, in their order: the report has 2, got 1.',
    })
  })
})
