import { createEmulator } from '@devicebatch/emulator'
import type { EmulatorQuirks } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { createCaller, customerId, laptop } from '../caller.ts'

const names = Array.from({ length: 40 }, (_, index) => `SN-${index}`)

/** Uploads forty devices that take forty seconds, on a clock that the test advances. */
async function uploadForty(quirks: EmulatorQuirks, seed = 1) {
  const emulator = createEmulator({
    startTime: '2030-01-01T00:00:00Z',
    timeScale: 0,
    queuedMs: 0,
    processingMs: 40_000,
    seed,
    quirks,
  })
  const caller = await createCaller(emulator.fetch)
  const path = await caller.upload(names.map(laptop))
  return { emulator, caller, path, status: () => caller.status(path) }
}

/** How they are listed after everything has ended. */
async function endOf(quirks: EmulatorQuirks, seed?: number) {
  const { emulator, status } = await uploadForty(quirks, seed)
  await emulator.clock.runUntil('idle')
  const details = await status()
  return { details, listed: details.devicesStatus.map(({ serialNumber }) => serialNumber) }
}

test('shuffled results are complete, in an order that depends on the seed and changes as devices finish', async () => {
  const { listed } = await endOf({ resultOrder: 'shuffled' })
  expect(listed).not.toEqual(names)
  expect(new Set(listed)).toEqual(new Set(names))
  expect((await endOf({ resultOrder: 'shuffled' })).listed).toEqual(listed)
  expect((await endOf({ resultOrder: 'shuffled' }, 2)).listed).not.toEqual(listed)

  const { emulator, status } = await uploadForty({ resultOrder: 'shuffled', unfinishedResults: 'absent' })
  emulator.clock.advance(20_000)
  const some = (await status()).devicesStatus.map(({ serialNumber }) => serialNumber)
  emulator.clock.advance(1_000)
  const more = (await status()).devicesStatus.map(({ serialNumber }) => serialNumber)
  expect([some.length, more.length]).toEqual([20, 21])
  expect(more.filter((name) => some.includes(name))).not.toEqual(some)
})

test('a device that is not finished is not listed when unfinishedResults is absent', async () => {
  const { emulator, status } = await uploadForty({ unfinishedResults: 'absent' })
  expect((await status()).devicesStatus).toEqual([])
  emulator.clock.advance(10_000)
  expect((await status()).devicesStatus.map((device) => device.status)).toEqual(
    Array.from({ length: 10 }, () => 'finished'),
  )
})

test('late results come after the batch has finished, and runUntil waits for them', async () => {
  const { emulator, status } = await uploadForty({ lateResultsMs: 60_000 })
  emulator.clock.advance(40_000)
  const finished = await status()
  expect(finished.status).toBe('finished')
  const open = finished.devicesStatus.filter((device) => device.status === 'processing').length
  expect(open).toBeGreaterThan(5)
  expect(open).toBeLessThan(35)
  await emulator.clock.runUntil('idle')
  expect(emulator.clock.now() - Date.parse('2030-01-01T00:00:00Z')).toBe(100_000)
  expect((await status()).devicesStatus.every((device) => device.status === 'finished')).toBe(true)

  const absent = await uploadForty({ lateResultsMs: 60_000, unfinishedResults: 'absent' })
  absent.emulator.clock.advance(40_000)
  expect((await absent.status()).devicesStatus).toHaveLength(40 - open)
})

test('repeated results list a device twice, sometimes with an earlier status', async () => {
  const { details, listed } = await endOf({ repeatedResults: 0.5 })
  const repeated = listed.length - names.length
  expect(repeated).toBeGreaterThan(5)
  expect(repeated).toBeLessThan(35)
  expect(new Set(listed)).toEqual(new Set(names))
  const stale = details.devicesStatus.filter((device) => device.status === 'processing')
  expect(stale.length).toBeGreaterThan(0)
  expect(stale.length).toBeLessThan(repeated)
})

test('missing results are never listed, and all others are', async () => {
  const { details, listed } = await endOf({ missingResults: 0.25 })
  expect(details.status).toBe('finished')
  expect(listed.length).toBeGreaterThan(20)
  expect(listed.length).toBeLessThan(40)
  expect((await endOf({ missingResults: 1 })).listed).toEqual([])
})

test('foreign results are devices that are not in the upload, one of them without any identifier', async () => {
  const { details, listed } = await endOf({ foreignResults: 1 })
  const foreign = details.devicesStatus.filter(({ serialNumber = '' }) => !names.includes(serialNumber))
  expect(foreign.map(({ serialNumber }) => serialNumber)).toEqual([
    expect.stringMatching(/^FOREIGN-/),
    undefined,
  ])
  expect(foreign.every((device) => device.status === 'finished' && device.deviceId !== undefined)).toBe(true)
  expect(listed).toHaveLength(42)
})

test('a foreign status is that of the previous upload, with its own tracking ID', async () => {
  const { caller, path } = await uploadForty({ foreignStatuses: 1 })
  const second = await caller.upload([laptop('OTHER')], 'Second')
  const { batchTrackingId } = await caller.status(second)
  expect(path).toContain(batchTrackingId)
})

test('an upload has no status before statusAfterMs, and runUntil stops at that moment', async () => {
  const { emulator, caller, path } = await uploadForty({ statusAfterMs: 3_000 })
  expect((await caller.get(path)).status).toBe(404)
  await emulator.clock.runUntil(async () => (await caller.get(path)).status === 200)
  expect(emulator.clock.now() - Date.parse('2030-01-01T00:00:00Z')).toBe(3_000)
})

test.for([
  ['snake_case', 'finished_with_errors', ['finished_with_errors', 'processing', 'queued']],
  ['PascalCase', 'FinishedWithErrors', ['FinishedWithErrors', 'Processing', 'InProgress', 'Queued']],
  ['kebab-case', 'finished-with-errors', ['finished-with-errors', 'processing', 'in-progress', 'queued']],
  ['UPPER_CASE', 'FINISHED_WITH_ERRORS', ['FINISHED_WITH_ERRORS', 'PROCESSING', 'IN-PROGRESS', 'QUEUED']],
  ['Title Case', 'Finished With Errors', ['Finished With Errors', 'Processing', 'In Progress', 'Queued']],
] as const)('status values are spelled in %s', async ([statusValues, ended, devices]) => {
  const emulator = createEmulator({
    timeScale: 0,
    queuedMs: 0,
    processingMs: 4_000,
    quirks: { statusValues, batchStatusTellsErrors: true },
  })
  const caller = await createCaller(emulator.fetch)
  const path = await caller.upload(['EMU808-1', 'A', 'B', 'C'].map(laptop))
  emulator.clock.advance(2_000)
  const half = await caller.status(path)
  const known: readonly string[] = [...devices, ended.replace(/[^a-z]?with[^a-z]?errors/i, '')]
  for (const { status } of half.devicesStatus) expect(known).toContain(status)
  expect(half.devicesStatus[0]?.status).toBe(ended)
  emulator.clock.advance(2_000)
  expect((await caller.status(path)).status).toBe(ended)
  const list = await caller.get(`/v1/customers/${customerId}/deviceBatches`)
  expect(await list.json()).toMatchObject({ items: [{ status: ended }] })
})

test('with mixed status values one status is spelled in several ways', async () => {
  const { details } = await endOf({ statusValues: 'mixed' })
  const spelled = new Set(details.devicesStatus.map(({ status }) => status))
  expect([...spelled].toSorted()).toEqual(['FINISHED', 'Finished', 'finished'])
})

test.for([
  ['utc', '2030-01-01T00:00:00Z', '2030-01-01T00:00:40Z'],
  ['offset', '2030-01-01T01:00:00.0000000+01:00', '2030-01-01T01:00:40.0000000+01:00'],
] as const)(
  'times are written in the form %s, and all mean the same',
  async ([times, started, completed]) => {
    const { details } = await endOf({ times })
    expect(details).toMatchObject({ startedTime: started, completedTime: completed })
    const { status } = await uploadForty({ times })
    expect(await status()).toMatchObject({ completedTime: '0001-01-01T00:00:00' })
  },
)

test('error codes are numbers when numericErrorCodes is on', async () => {
  const emulator = createEmulator({ timeScale: 0, quirks: { numericErrorCodes: true } })
  const caller = await createCaller(emulator.fetch)
  const path = await caller.upload([laptop('EMU808-1')])
  await emulator.clock.runUntil('idle')
  expect((await caller.status(path)).devicesStatus).toMatchObject([{ errorCode: 808 }])
})

test('a missing value is null when nulls is on', async () => {
  const { details } = await endOf({ nulls: true, yearOneTimes: false })
  expect(details.devicesStatus[0]).toMatchObject({
    productKey: null,
    errorCode: null,
    errorDescription: null,
  })
  const { caller, path } = await uploadForty({ nulls: true, yearOneTimes: false })
  expect(await (await caller.get(path)).json()).toMatchObject({ completedTime: null })
})
