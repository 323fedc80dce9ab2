/** Stored counts cover the devices that were sent, and recorded failures are kept. */
import { randomUUID } from 'node:crypto'

import type { DeviceUploadDetails } from '@devicebatch/contract'
import type { Emulator } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { all, devices, eventsUntil, fastEmulator, freshDatabase, trackerOn } from '../helpers.ts'

const done = (serialNumber: string): DeviceUploadDetails => ({ serialNumber, status: 'finished' })
const failed = (serialNumber: string): DeviceUploadDetails => ({
  serialNumber,
  status: 'finished_with_errors',
  errorCode: '808',
})

/** Makes the service respond to polls with these bodies, repeating the last one. */
function answerPolls(emulator: Emulator, ...responses: [string, DeviceUploadDetails[]][]): void {
  for (const [at, [status, devicesStatus]] of responses.entries()) {
    emulator.faults.add({
      operation: 'getBatchUploadStatus',
      times: at === responses.length - 1 ? Infinity : 1,
      effect: { kind: 'answer', status: 200, body: { status, devicesStatus } },
    })
  }
}

test.each<[string, DeviceUploadDetails[], object]>([
  ['lists another one twice', [done('A1'), done('A1')], { repeated: 1, unmatched: 0 }],
  ['lists a foreign one', [done('A1'), done('X9')], { repeated: 0, unmatched: 1 }],
])(
  'a device of a submission without a result is unresolved when the service %s',
  async (_, results, beside) => {
    const emulator = fastEmulator()
    const tracker = trackerOn(await freshDatabase(), emulator)
    await tracker.start()
    answerPolls(emulator, ['finished', results])
    const { submissionId } = await tracker.submit({
      customerId: randomUUID(),
      batchId: 'B',
      devices: devices('A1', 'A1', 'B2'),
    })
    const events = await eventsUntil(tracker, 'upload.ended')
    const [upload] = await all(tracker.listUploads({ submissionId }))
    const counts = { total: 2, pending: 0, succeeded: 1, alreadyRegistered: 0, failed: 0, unresolved: 1 }
    expect(upload).toMatchObject({ outcome: 'unknown', counts })
    expect(events.at(-1)!.data).toMatchObject({ outcome: 'unknown', counts, ...beside })
    const stored = await all(tracker.listDevices({ batchTrackingId: upload!.batchTrackingId }))
    expect(stored.map(({ serialNumber, outcome }) => [serialNumber, outcome])).toContainEqual([
      'B2',
      'unresolved',
    ])
    expect((await tracker.getSubmission(submissionId))!.devicesToRetry).toBe(0)
  },
)

test('while an upload is running, a device that is not listed yet is pending', async () => {
  const emulator = fastEmulator()
  const tracker = trackerOn(await freshDatabase(), emulator)
  await tracker.start()
  answerPolls(emulator, ['processing', [done('A1')]])
  const { submissionId } = await tracker.submit({
    customerId: randomUUID(),
    batchId: 'B',
    devices: devices('A1', 'B2'),
  })
  await eventsUntil(tracker, 'upload.changed')
  const [upload] = await all(tracker.listUploads({ submissionId }))
  expect(upload).toMatchObject({ outcome: 'pending', counts: { total: 2, succeeded: 1, pending: 1 } })
})

test('a device that a later response omits keeps its result, and one without a final result is unresolved', async () => {
  const emulator = fastEmulator()
  const tracker = trackerOn(await freshDatabase(), emulator)
  await tracker.start()
  answerPolls(
    emulator,
    ['processing', [failed('A1'), done('B2'), { serialNumber: 'C3', status: 'processing' }]],
    ['finished', [done('B2')]],
  )
  const batchTrackingId = randomUUID()
  await tracker.track({ customerId: randomUUID(), batchTrackingId })
  const events = await eventsUntil(tracker, 'upload.ended')
  expect(await tracker.getUpload(batchTrackingId)).toMatchObject({
    outcome: 'partially-failed',
    counts: { total: 3, pending: 0, succeeded: 1, failed: 1, unresolved: 1 },
  })
  const stored = await all(tracker.listDevices({ batchTrackingId }))
  expect(stored.map(({ serialNumber, outcome }) => [serialNumber, outcome])).toEqual([
    ['A1', 'failed'],
    ['B2', 'succeeded'],
    ['C3', 'unresolved'],
  ])
  const changes = events.filter(({ type }) => type === 'upload.changed').at(-1)!.data
  expect(changes).toMatchObject({ devices: [{ serialNumber: 'C3', outcome: 'unresolved' }] })
})

const queued = (identifiers: DeviceUploadDetails): DeviceUploadDetails => ({
  ...identifiers,
  status: 'queued',
})

test.each<[string, DeviceUploadDetails[], DeviceUploadDetails[], [serialNumber: string, outcome: string][]]>([
  ['in another case', [queued({ serialNumber: 'a1' })], [done('A1')], [['A1', 'succeeded']]],
  [
    'with one more identifier',
    [queued({ serialNumber: 'A1' }), queued({ serialNumber: 'B2' })],
    [
      { ...failed('B2'), productKey: 'K2' },
      { ...done('A1'), productKey: 'K1' },
    ],
    [
      ['A1', 'succeeded'],
      ['B2', 'failed'],
    ],
  ],
  [
    'with one identifier less',
    [queued({ serialNumber: 'A1', productKey: 'K1' })],
    [{ productKey: 'K1', status: 'finished' }],
    [['A1', 'succeeded']],
  ],
  [
    'without another one of the same serial number that failed',
    [
      { ...failed('A1'), deviceId: 'd-1' },
      { ...done('A1'), deviceId: 'd-2' },
    ],
    [{ ...done('A1'), deviceId: 'd-2' }],
    [
      ['A1', 'failed'],
      ['A1', 'succeeded'],
    ],
  ],
])('a device that a later response lists %s is the same device', async (_, earlier, later, outcomes) => {
  const emulator = fastEmulator()
  const tracker = trackerOn(await freshDatabase(), emulator)
  await tracker.start()
  answerPolls(emulator, ['processing', earlier], ['finished', later])
  const batchTrackingId = randomUUID()
  await tracker.track({ customerId: randomUUID(), batchTrackingId })
  await eventsUntil(tracker, 'upload.ended')
  const stored = await all(tracker.listDevices({ batchTrackingId }))
  expect(stored.map(({ serialNumber, outcome }) => [serialNumber, outcome])).toEqual(outcomes)
  expect((await tracker.getUpload(batchTrackingId))!.counts.total).toBe(outcomes.length)
})

test('a device listed twice under one ID has failed if either result says so', async () => {
  const emulator = fastEmulator()
  const tracker = trackerOn(await freshDatabase(), emulator)
  await tracker.start()
  answerPolls(emulator, [
    'finished',
    [
      { ...done('A1'), deviceId: 'd-1' },
      { ...failed('A1'), deviceId: 'd-1' },
    ],
  ])
  const batchTrackingId = randomUUID()
  await tracker.track({ customerId: randomUUID(), batchTrackingId })
  await eventsUntil(tracker, 'upload.ended')
  expect(await tracker.getUpload(batchTrackingId)).toMatchObject({
    outcome: 'failed',
    counts: { total: 1, failed: 1 },
  })
})

test('a device listed twice under one ID is stored once', async () => {
  const emulator = fastEmulator()
  const tracker = trackerOn(await freshDatabase(), emulator)
  await tracker.start()
  const twice = { ...done('A1'), deviceId: 'd-1' }
  answerPolls(emulator, ['finished', [twice, twice]])
  const batchTrackingId = randomUUID()
  await tracker.track({ customerId: randomUUID(), batchTrackingId })
  await eventsUntil(tracker, 'upload.ended')
  expect(await tracker.getUpload(batchTrackingId)).toMatchObject({
    outcome: 'succeeded',
    counts: { total: 1 },
  })
})
