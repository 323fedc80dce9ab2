/** Submissions are uploaded, tracked and recorded. */
import { randomUUID } from 'node:crypto'

import { createPartnerCenter, InvalidArgumentError } from '@devicebatch/client'
import { beforeAll, describe, expect, test } from 'vitest'

import type { Tracker } from '../src/index.ts'
import { all, devices, eventsUntil, fastEmulator, makeDatabase, makeTracker, partnerOf } from './helpers.ts'

const emulator = fastEmulator()
let tracker: Tracker
beforeAll(async () => {
  const { database, remove } = await makeDatabase()
  tracker = makeTracker(database, emulator)
  await tracker.start()
  return async () => {
    await tracker.close()
    await remove()
  }
})

describe('a submission', () => {
  test('is uploaded, polled until it ends, and recorded device by device', async () => {
    const customerId = randomUUID()
    const { submissionId } = await tracker.submit({
      customerId,
      batchId: 'Front desk',
      devices: devices('A1', 'EMU808-2', 'EMU806-3'),
    })
    const events = await eventsUntil(tracker, 'upload.ended', { customerId })

    expect([...new Set(events.map(({ type }) => type))]).toEqual([
      'submission.queued',
      'upload.tracked',
      'submission.accepted',
      'upload.changed',
      'upload.ended',
    ])
    const [upload] = await all(tracker.listUploads({ submissionId }))
    expect(upload).toMatchObject({
      customerId,
      batchId: 'Front desk',
      state: 'ended',
      status: expect.stringMatching(/^finished/i),
      outcome: 'partially-failed',
      counts: { total: 3, pending: 0, succeeded: 1, alreadyRegistered: 1, failed: 1, unresolved: 0 },
      emulated: true,
    })
    expect(await tracker.getUpload(upload!.batchTrackingId)).toEqual(upload)
    const results = await all(tracker.listDevices({ batchTrackingId: upload!.batchTrackingId }))
    // Their order is that of the service's responses.
    expect(new Map(results.map(({ serialNumber, ...result }) => [serialNumber, result]))).toMatchObject(
      new Map([
        ['A1', { outcome: 'succeeded' }],
        ['EMU808-2', { outcome: 'failed', errorCode: '808' }],
        ['EMU806-3', { outcome: 'already-registered', errorCode: '806' }],
      ]),
    )
    const submission = await tracker.getSubmission(submissionId)
    expect(submission).toMatchObject({ state: 'accepted', deviceCount: 3 })
    expect(submission!.group!.chunks[0]!.batchTrackingId).toBe(upload!.batchTrackingId)
  })

  test('is created once when the same ID is submitted twice', async () => {
    const customerId = randomUUID()
    const request = { submissionId: randomUUID(), customerId, batchId: 'Once', devices: devices('O1') }
    await tracker.submit(request)
    await tracker.submit(request)
    await eventsUntil(tracker, 'upload.ended', { customerId })
    expect(
      emulator.requests.filter(({ method, path }) => method === 'POST' && path.includes(customerId)),
    ).toHaveLength(1)
    await expect(tracker.submit({ ...request, batchId: 'Twice' })).rejects.toThrow(
      /belongs to a submission for batch "Once"/,
    )
    await expect(tracker.submit({ ...request, devices: devices('O2') })).rejects.toThrow(
      /belongs to a submission with other devices.*new GUID/,
    )
  })

  test('with invalid input is refused with the name of the option, before anything is stored or sent', async () => {
    const customerId = randomUUID()
    for (const [wrong, message] of [
      [{ customerId: 'contoso' }, /`customerId`.*GUID/],
      [{ batchId: 'a/b' }, /`batchId`/],
      [{ devices: [{ modelName: 'Tablet 3' }] as never }, /`devices\[0\]`/],
      [{ devices: [] }, /`devices` must contain at least one device/],
      [{ devices: 'A1' as never }, /`devices` must be/],
      [{ chunkSize: 0 }, /`chunkSize`/],
      [{ chunksize: 500 }, /`chunksize` is not an option\. The options are .*`chunkSize`/],
      [{ submissionId: '7' }, /`submissionId`.*GUID/],
    ] as const) {
      const request = { customerId, batchId: 'Front desk', devices: devices('A1'), ...wrong }
      const error = await tracker.submit(request).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(InvalidArgumentError)
      expect((error as Error).message).toMatch(message)
    }
    expect(await all(tracker.listSubmissions({ customerId }))).toEqual([])
    expect(emulator.requests.filter(({ path }) => path.includes(customerId))).toEqual([])
  })

  test('that the service refuses fails with the reason, and continues when it is resumed', async () => {
    const customerId = randomUUID()
    emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'answer', status: 403 } })
    const { submissionId } = await tracker.submit({ customerId, batchId: 'Refused', devices: devices('R1') })
    await eventsUntil(tracker, 'submission.failed', { customerId })
    expect(await tracker.getSubmission(submissionId)).toMatchObject({
      state: 'failed',
      error: { code: 'api', status: 403, reason: 'role-missing' },
    })

    await tracker.resumeSubmission(submissionId)
    await eventsUntil(tracker, 'upload.ended', { customerId })
    const submission = await tracker.getSubmission(submissionId)
    expect(submission).toMatchObject({ state: 'accepted' })
    expect(submission!.error).toBeUndefined()
    await expect(tracker.resumeSubmission(submissionId)).rejects.toThrow(/only a submission that failed/)
  })
})

describe('a tracking ID from elsewhere', () => {
  test('is tracked once, however often it is passed', async () => {
    const customerId = randomUUID()
    const partner = createPartnerCenter(partnerOf(emulator.fetch))
    const upload = await partner.customers
      .byId(customerId)
      .deviceBatches.create({ batchId: 'Elsewhere', devices: devices('E1') })
    await tracker.track(upload)
    await tracker.track(upload.toJSON())
    const events = await eventsUntil(tracker, 'upload.ended', { customerId })
    expect(events.filter(({ type }) => type === 'upload.tracked')).toHaveLength(1)
    expect((await tracker.getUpload(upload.batchTrackingId))?.outcome).toBe('succeeded')

    const other = { customerId: randomUUID(), batchTrackingId: upload.batchTrackingId }
    await expect(tracker.track(other)).rejects.toThrow(InvalidArgumentError)
  })

  test('that the service refuses to report on is stopped, and polled again when it is passed again', async () => {
    const customerId = randomUUID()
    const partner = createPartnerCenter(partnerOf(emulator.fetch))
    const upload = await partner.customers
      .byId(customerId)
      .deviceBatches.create({ batchId: 'Stopped', devices: devices('S1') })
    emulator.faults.add({ operation: 'getBatchUploadStatus', effect: { kind: 'answer', status: 400 } })
    await tracker.track(upload)
    await eventsUntil(tracker, 'upload.stopped', { customerId })
    expect(await tracker.getUpload(upload.batchTrackingId)).toMatchObject({
      state: 'stopped',
      error: { status: 400 },
    })

    await tracker.track(upload)
    await eventsUntil(tracker, 'upload.ended', { customerId })
    expect((await tracker.getUpload(upload.batchTrackingId))?.error).toBeUndefined()
  })
})

describe('recorded data', () => {
  test('is found by customer, serial number, outcome, error code and time', async () => {
    const customerId = randomUUID()
    const other = randomUUID()
    const before = new Date(Date.now() - 60_000)
    await tracker.submit({ customerId, batchId: 'One', devices: devices('Q1', 'EMU808-Q2') })
    await tracker.submit({ customerId: other, batchId: 'Two', devices: devices('EMU812-Q3') })
    await eventsUntil(tracker, 'upload.ended', { customerId })
    await eventsUntil(tracker, 'upload.ended', { customerId: other })

    const serials = async (filter: Parameters<typeof tracker.listDevices>[0]) =>
      (await all(tracker.listDevices(filter))).map(({ serialNumber }) => `${serialNumber}`).toSorted()
    expect(await serials({ customerId })).toEqual(['EMU808-Q2', 'Q1'])
    expect(await serials({ customerId, serialNumber: 'Q1' })).toEqual(['Q1'])
    expect(await serials({ customerId, outcome: 'failed' })).toEqual(['EMU808-Q2'])
    expect(await serials({ outcome: 'failed', customerId: other })).toEqual(['EMU812-Q3'])
    expect(await serials({ customerId, errorCode: '808' })).toEqual(['EMU808-Q2'])
    expect(await serials({ customerId, since: before })).toHaveLength(2)
    expect(await serials({ serialNumber: 'EMU812-Q3', errorCode: '812' })).toEqual(['EMU812-Q3'])
    expect(await serials({ until: before })).toEqual([])
    expect(await all(tracker.listUploads({ customerId: other, outcome: 'failed' }))).toHaveLength(1)
    expect(await all(tracker.listUploads({ customerId, since: before, state: 'ended' }))).toHaveLength(1)
    expect(await all(tracker.listSubmissions({ state: 'accepted', until: before }))).toEqual([])
    await expect(all(tracker.listDevices({ since: 'yesterday' }))).rejects.toThrow(/`since` must be a Date/)
  })

  test('is found completely when it exceeds one page', async () => {
    const customerId = randomUUID()
    const many = devices(...Array.from({ length: 1_200 }, (_, index) => `P${index}`))
    await tracker.submit({ customerId, batchId: 'Many', devices: many })
    await eventsUntil(tracker, 'upload.ended', { count: 3, customerId })
    expect(await all(tracker.listDevices({ customerId }))).toHaveLength(1_200)
    expect(
      new Set((await all(tracker.listDevices({ customerId }))).map(({ serialNumber }) => serialNumber)).size,
    ).toBe(1_200)
  })
})
