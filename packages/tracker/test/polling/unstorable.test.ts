/** Whatever the service or a caller sends, either the poll or its failure is recorded. */
import { randomUUID } from 'node:crypto'

import type { DeviceUploadDetails } from '@devicebatch/contract'
import type { Emulator } from '@devicebatch/emulator'
import { describe, expect, test } from 'vitest'

import { all, devices, eventsUntil, fastEmulator, freshDatabase, runSql, trackerOn } from '../helpers.ts'

const customerId = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'

function respond(emulator: Emulator, body: { status: string; devicesStatus: DeviceUploadDetails[] }): void {
  const effect = { kind: 'answer', status: 200, body } as const
  emulator.faults.add({ operation: 'getBatchUploadStatus', times: Infinity, effect })
}

/** Random, so that the database cannot compress it. */
const long = Array.from({ length: 125 }, () => randomUUID().replaceAll('-', '')).join('')

/** Likewise, with three bytes for each character. */
const chinese = long.replaceAll(/.{3}/g, (digits) => String.fromCodePoint(0x4e_00 + Number(`0x${digits}`)))

describe('a result whose text the database cannot store', () => {
  test.each([
    ['a serial number of 4,000 characters', { serialNumber: long }, { serialNumber: long.slice(0, 500) }],
    ['an error code of 4,000 characters', { errorCode: long }, { errorCode: long.slice(0, 100) }],
    [
      'a code and a description of 1,000 Chinese characters',
      { errorCode: chinese, errorDescription: chinese },
      { errorCode: chinese.slice(0, 100), errorDescription: chinese.slice(0, 500) },
    ],
    ['a lone surrogate', { errorDescription: 'a\ud800b' }, { errorDescription: 'a\ufffdb' }],
    ['a NUL', { deviceId: 'a\0b' }, { deviceId: 'ab' }],
  ])('because of %s is recorded as far as possible', async (_, sent, stored) => {
    const emulator = fastEmulator()
    const tracker = trackerOn(await freshDatabase(), emulator)
    await tracker.start()
    const result = { serialNumber: 'A1', status: 'finished_with_errors\0', errorCode: '806', ...sent }
    respond(emulator, { status: 'finished_with_errors\0', devicesStatus: [result] })
    const batchTrackingId = randomUUID()
    await tracker.track({ customerId, batchTrackingId })
    await eventsUntil(tracker, 'upload.changed')
    expect(await tracker.getUpload(batchTrackingId)).toMatchObject({ status: 'finished_with_errors' })
    const [device] = await all(tracker.listDevices({ batchTrackingId }))
    expect(device).toMatchObject(stored)
    const { serialNumber, errorCode } = { ...device!, ...sent } as typeof device & object
    expect(await all(tracker.listDevices({ serialNumber, errorCode }))).toEqual([device])
  })
})

describe('a poll that the database refuses to record', () => {
  const refuse = `
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused by a trigger'; end $$;
    create trigger refuse before insert on devicebatch.device_results for each row execute function refuse(); select 1`

  test('is reported as the error of its upload, once, and continues when the database records it again', async () => {
    const emulator = fastEmulator()
    const database = await freshDatabase()
    await runSql(database, refuse)
    const tracker = trackerOn(database, emulator)
    await tracker.start()
    const { submissionId } = await tracker.submit({ customerId, batchId: 'B', devices: devices('S1') })
    const events = await eventsUntil(tracker, 'upload.failing')
    expect(events.at(-1)!.data).toMatchObject({ error: { message: /refused by a trigger/ } })
    const [upload] = await all(tracker.listUploads({ submissionId }))
    expect(upload).toMatchObject({ state: 'tracking', error: { name: 'DatabaseError' } })
    await tracker.close()

    await runSql(
      database,
      'drop trigger refuse on devicebatch.device_results; update devicebatch.uploads set due_at = now(); select 1',
    )
    await runSql(database, 'update devicebatch_jobs.job set start_after = now(); select 1')
    const next = trackerOn(database, emulator)
    await next.start()
    await eventsUntil(next, 'upload.ended')
    expect((await next.getUpload(upload!.batchTrackingId))?.error).toBeUndefined()
  })

  test('stops after `stopAfterDays`, like any other', async () => {
    const emulator = fastEmulator()
    const database = await freshDatabase()
    await runSql(database, refuse)
    const tracker = trackerOn(database, emulator, { stopAfterDays: 1 / 86_400_000 })
    await tracker.start()
    await tracker.submit({ customerId, batchId: 'B', devices: devices('S1') })
    const events = await eventsUntil(tracker, 'upload.stopped')
    expect(events.at(-1)!.data).toMatchObject({ error: { message: /refused by a trigger/ } })
  })
})

describe('submit refuses', () => {
  test.each([
    [
      'a serial number that is a hardware hash',
      { serialNumber: long },
      /`devices\[1\].serialNumber` .*4,000 characters.*hardwareHash/,
    ],
    ['a product key with a NUL', { productKey: 'a\0b' }, /`devices\[1\].productKey` .*NUL/],
    [
      'a serial number with a lone surrogate',
      { serialNumber: 'a\udc00' },
      /`devices\[1\].serialNumber` .*surrogate/,
    ],
  ])('%s, and stores nothing', async (_, wrong, message) => {
    const tracker = trackerOn(await freshDatabase(), fastEmulator())
    const [first, second] = devices('S1', 'S2')
    const request = { customerId, batchId: 'B', devices: [first!, { ...second!, ...wrong }] }
    await expect(tracker.submit(request)).rejects.toMatchObject({ name: 'InvalidArgumentError', message })
    expect(await all(tracker.listSubmissions())).toEqual([])
  })

  test.each(['a\0b', 'a\ud800'])('the batch name %j, and stores nothing', async (batchId) => {
    const tracker = trackerOn(await freshDatabase(), fastEmulator())
    await expect(tracker.submit({ customerId, batchId, devices: devices('S1') })).rejects.toThrow(/`batchId`/)
    expect(await all(tracker.listSubmissions())).toEqual([])
  })
})
