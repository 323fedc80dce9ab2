import { createEmulator } from '@devicebatch/emulator'
import type { EmulatorOptions } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { createCaller, laptop, otherCustomerId } from '../caller.ts'

/** An emulator whose batches are queued for a second and processed for four, and whose clock the test advances. */
async function emulate(options: EmulatorOptions = {}) {
  const emulator = createEmulator({
    startTime: '2030-01-01T00:00:00Z',
    timeScale: 0,
    queuedMs: 1_000,
    processingMs: 4_000,
    ...options,
  })
  return { emulator, caller: await createCaller(emulator.fetch) }
}

/** Uploads one device and returns its result after its batch has ended. */
async function outcomeOf(serialNumber: string, batchId?: string) {
  const { emulator, caller } = await emulate()
  const path = await caller.upload([laptop(serialNumber)], batchId)
  emulator.clock.advance(5_000)
  const { status, devicesStatus } = await caller.status(path)
  return { batch: status, device: devicesStatus[0] }
}

test('a batch is queued, then processed one device after another, then finished', async () => {
  const { emulator, caller } = await emulate()
  const path = await caller.upload([laptop('A'), laptop('B')])
  const seen = async () => {
    const { status, startedTime, completedTime, devicesStatus } = await caller.status(path)
    return [status, startedTime, completedTime, devicesStatus.map((device) => device.status).join(' ')]
  }
  const notYet = '0001-01-01T00:00:00'

  expect(await seen()).toEqual(['queued', notYet, notYet, 'queued queued'])
  emulator.clock.advance(999)
  expect(await seen()).toEqual(['queued', notYet, notYet, 'queued queued'])
  emulator.clock.advance(1)
  expect(await seen()).toEqual(['processing', '2030-01-01T00:00:01', notYet, 'processing queued'])
  emulator.clock.advance(2_000)
  expect(await seen()).toEqual(['processing', '2030-01-01T00:00:01', notYet, 'finished processing'])
  emulator.clock.advance(1_999)
  expect(await seen()).toEqual(['processing', '2030-01-01T00:00:01', notYet, 'finished processing'])
  emulator.clock.advance(1)
  expect(await seen()).toEqual([
    'finished',
    '2030-01-01T00:00:01',
    '2030-01-01T00:00:05',
    'finished finished',
  ])
})

test('unknown times are omitted when yearOneTimes is off', async () => {
  const { caller } = await emulate({ quirks: { yearOneTimes: false } })
  const details = await caller.status(await caller.upload([laptop('A')]))
  expect(details).not.toHaveProperty('startedTime')
  expect(details).not.toHaveProperty('completedTime')
})

test('a registered device gets an ID and no error', async () => {
  const { device } = await outcomeOf('5CG2144XYZ')
  expect(device).toEqual({
    deviceId: expect.stringMatching(/^[\da-f-]{36}$/),
    serialNumber: '5CG2144XYZ',
    status: 'finished',
    attributes: { objectType: 'DeviceUploadDetails' },
  })
})

test.for([
  ['640', 'StorageError'],
  ['802', 'InvalidZtdHardwareHash'],
  ['803', 'MissingZtdSerialNumberAndProductKey'],
  ['806', 'ZtdDeviceAlreadyAssigned'],
  ['807', 'ZtdDeviceIsNotRegistered'],
  ['808', 'ZtdDeviceAssignedToOtherTenant'],
  ['812', 'ZtdDeviceNotFound'],
  ['813', 'ZtdDeviceIsNotUnique'],
  ['814', 'ZtdDeviceAlreadyAadRegistered'],
] as const)(
  'a serial number that begins with EMU%s- fails as %s, in a batch that is finished',
  async ([code, name]) => {
    const { batch, device } = await outcomeOf(`EMU${code}-5CG2144XYZ`)
    expect(batch).toBe('finished')
    expect(device).toEqual({
      serialNumber: `EMU${code}-5CG2144XYZ`,
      status: 'finished_with_errors',
      errorCode: code,
      errorDescription: name,
      attributes: { objectType: 'DeviceUploadDetails' },
    })
  },
)

test('an undocumented magic code has no name', async () => {
  const { device } = await outcomeOf('EMU899-1')
  expect(device).toMatchObject({ status: 'finished_with_errors', errorCode: '899' })
  expect(device).not.toHaveProperty('errorDescription')
})

test('a magic prefix counts only at the beginning of a serial number', async () => {
  expect((await outcomeOf('5CG-EMU808-1')).device).toMatchObject({ status: 'finished' })
})

test.for([
  ['EMUSTUCK-1', 'processing'],
  ['EMUUNKNOWN-1', 'unknown'],
  ['EMUNEWWORD-1', 'awaiting_attestation'],
] as const)('the device %s is left as %s by a batch that is finished', async ([serialNumber, word]) => {
  const { batch, device } = await outcomeOf(serialNumber)
  expect(batch).toBe('finished')
  expect(device).toEqual({ serialNumber, status: word, attributes: { objectType: 'DeviceUploadDetails' } })
})

test('a batch whose ID begins with EMUSTUCK- stops halfway and never finishes', async () => {
  const { emulator, caller } = await emulate()
  const path = await caller.upload([laptop('A'), laptop('B')], 'EMUSTUCK-1')
  emulator.clock.advance(3_000_000)
  const { status, completedTime, devicesStatus } = await caller.status(path)
  expect(status).toBe('processing')
  expect(completedTime).toBe('0001-01-01T00:00:00')
  expect(devicesStatus.map((device) => device.status)).toEqual(['finished', 'processing'])
})

test('a batch with a failed device ends as finished_with_errors when batchStatusTellsErrors is on', async () => {
  const { emulator, caller } = await emulate({ quirks: { batchStatusTellsErrors: true } })
  const failing = await caller.upload([laptop('EMU808-1'), laptop('A')], 'Failing')
  const good = await caller.upload([laptop('B')], 'Good')
  emulator.clock.advance(5_000)
  expect((await caller.status(failing)).status).toBe('finished_with_errors')
  expect((await caller.status(good)).status).toBe('finished')
})

test('a device that the customer has registered fails with 806, and with 808 for another customer', async () => {
  const { emulator, caller } = await emulate()
  await caller.upload([{ ...laptop('A'), productKey: 'K1' }], 'First')
  const again = await caller.upload([laptop('A')], 'Again')
  const byKey = await caller.upload([{ productKey: 'K1' }], 'By key')
  const elsewhere = await caller.upload([laptop('A')], 'Elsewhere', otherCustomerId)
  emulator.clock.advance(5_000)
  expect((await caller.status(again)).devicesStatus[0]).toMatchObject({ errorCode: '806' })
  expect((await caller.status(byKey)).devicesStatus[0]).toMatchObject({ errorCode: '806' })
  expect((await caller.status(elsewhere)).devicesStatus[0]).toMatchObject({ errorCode: '808' })
})

test('a device with only a hardware hash is recognized by it', async () => {
  const { emulator, caller } = await emulate()
  await caller.upload([{ hardwareHash: 'T0hBAQ==' }], 'First')
  const again = await caller.upload([{ hardwareHash: 'T0hBAQ==' }, { hardwareHash: 'T0hBAg==' }], 'Again')
  emulator.clock.advance(5_000)
  const { devicesStatus } = await caller.status(again)
  expect(devicesStatus.map(({ errorCode }) => errorCode)).toEqual(['806', undefined])
})

test('a hardware hash that came with a serial number is not stored', async () => {
  const { emulator, caller } = await emulate()
  await caller.upload([{ serialNumber: 'A', hardwareHash: 'T0hBAQ==' }], 'First')
  const again = await caller.upload([{ hardwareHash: 'T0hBAQ==' }], 'Again')
  emulator.clock.advance(5_000)
  expect((await caller.status(again)).devicesStatus[0]).toMatchObject({ status: 'finished' })
})

test('a failed device is not registered', async () => {
  const { emulator, caller } = await emulate()
  await caller.upload([{ ...laptop('EMU808-1'), productKey: 'K1' }], 'First')
  const again = await caller.upload([{ productKey: 'K1' }], 'Again')
  emulator.clock.advance(5_000)
  expect((await caller.status(again)).devicesStatus[0]).toMatchObject({ status: 'finished' })
})

test('the second of two equal devices in one upload fails as a duplicate, without an error code', async () => {
  const { emulator, caller } = await emulate()
  const path = await caller.upload([laptop('A'), laptop('A')])
  emulator.clock.advance(5_000)
  const [first, second] = (await caller.status(path)).devicesStatus
  expect(first).toMatchObject({ status: 'finished' })
  expect(second).toMatchObject({ status: 'finished_with_errors', errorDescription: 'ZtdDeviceDuplicated' })
  expect(second).not.toHaveProperty('errorCode')
})

test('seeded uploads follow their own times, and seeded registrations are effective', async () => {
  const { emulator, caller } = await emulate()
  const batchTrackingId = 'beba2053-5401-46ff-9223-7e841ed78fbf'
  emulator.seed({
    uploads: [
      {
        customerId: otherCustomerId,
        batchId: 'Old',
        batchTrackingId,
        submittedAt: '2029-12-31T23:59:00',
        queuedMs: 0,
        processingMs: 120_000,
        devices: [{ serialNumber: 'A', errorCode: '812' }, { serialNumber: 'B' }],
      },
    ],
    registeredDevices: [{ customerId: otherCustomerId, serialNumber: 'C' }],
  })
  const old = await caller.status(`/v1/customers/${otherCustomerId}/batchJobStatus/${batchTrackingId}`)
  expect(old).toMatchObject({ status: 'processing', startedTime: '2029-12-31T23:59:00' })
  expect(old.devicesStatus[0]).toMatchObject({ errorCode: '812', errorDescription: 'ZtdDeviceNotFound' })

  const path = await caller.upload([laptop('C')])
  emulator.clock.advance(5_000)
  expect((await caller.status(path)).devicesStatus[0]).toMatchObject({ errorCode: '808' })
})

test('a seed with a malformed ID or time is refused with the name of the property', () => {
  const emulator = createEmulator()
  const upload = { customerId: otherCustomerId, batchId: 'B', devices: [] }
  expect(() => emulator.seed({ uploads: [{ ...upload, customerId: 'contoso' }] })).toThrow(
    '"customerId" must be a GUID',
  )
  expect(() => emulator.seed({ uploads: [{ ...upload, batchTrackingId: '1' }] })).toThrow(
    '"batchTrackingId" must be',
  )
  expect(() => emulator.seed({ uploads: [{ ...upload, submittedAt: 'soon' }] })).toThrow(
    '"submittedAt" must be',
  )
  expect(() => emulator.seed({ uploads: [{ ...upload, queuedMs: -1 }] })).toThrow('"queuedMs" must be')
})
