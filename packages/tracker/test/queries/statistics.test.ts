/** Lists are paged, and statistics cover all data. */
import { randomUUID } from 'node:crypto'

import { InvalidArgumentError } from '@devicebatch/client'
import { describe, expect, test } from 'vitest'

import type { Tracker } from '../../src/index.ts'
import { all, fastEmulator, freshDatabase, runSql, trackerOn } from '../helpers.ts'

const [contoso, fabrikam] = ['c7f3c849-129f-4b85-a96d-4f8e88b315a3', '47021739-3426-40bf-9601-61b4b6d7c793']

interface Ended {
  customerId?: string
  endedAt?: string
  minutes?: number
  succeeded?: number
  failed?: number
  errors?: readonly (readonly [code: string | null, name: string | null])[]
}

/** A tracker whose database has these uploads, all ended, and their IDs in list order. */
async function trackerWith(uploads: readonly Ended[]): Promise<{ tracker: Tracker; ids: string[] }> {
  const database = await freshDatabase()
  const ids = uploads.map(() => randomUUID())
  const statements = uploads.map((upload, index) => {
    const { customerId = contoso, endedAt = '2026-11-20T10:00:00Z', minutes = 10, errors = [] } = upload
    const { succeeded = 0, failed = errors.length } = upload
    const devices = errors.map(
      ([code, name], position) =>
        `insert into devicebatch.device_results (batch_tracking_id, customer_id, position, serial_number, outcome, error_code, error_description)
        values ('${ids[index]}', '${customerId}', ${position}, 'Serial ${index}', 'failed', ${text(code)}, ${text(name)})`,
    )
    return [
      `insert into devicebatch.uploads (batch_tracking_id, customer_id, state, outcome, total, succeeded, failed, tracked_at, ended_at)
      values ('${ids[index]}', '${customerId}', 'ended', 'failed', ${succeeded + failed}, ${succeeded}, ${failed},
        timestamptz '${endedAt}' - interval '${minutes} minutes' + interval '${index} microseconds', '${endedAt}')`,
      ...devices,
    ].join(';')
  })
  await runSql(database, statements.join(';'))
  return { tracker: trackerOn(database, fastEmulator()), ids }
}

const text = (value: string | null): string => (value === null ? 'null' : `'${value}'`)

const idsOf = async (list: ReturnType<Tracker['listUploads']>): Promise<string[]> =>
  (await all(list)).map(({ batchTrackingId }) => batchTrackingId)

describe('a list', () => {
  test('is read from either end and continues after any upload, even if all were tracked in the same millisecond', async () => {
    const { tracker, ids } = await trackerWith(Array.from({ length: 130 }, () => ({})))
    expect(await idsOf(tracker.listUploads())).toEqual(ids)
    expect(await idsOf(tracker.listUploads({ newestFirst: true }))).toEqual(ids.toReversed())
    expect(await idsOf(tracker.listUploads({ after: ids[99]! }))).toEqual(ids.slice(100))
    expect(await idsOf(tracker.listUploads({ newestFirst: true, after: ids[30]! }))).toEqual(
      ids.slice(0, 30).toReversed(),
    )
    await expect(idsOf(tracker.listUploads({ after: randomUUID() }))).rejects.toThrow(
      /`after` must be in the list/,
    )
    await expect(idsOf(tracker.listUploads({ after: '7' }))).rejects.toThrow(InvalidArgumentError)
  })

  test('accepts one state or several', async () => {
    const { tracker, ids } = await trackerWith([{}, {}])
    expect(await idsOf(tracker.listUploads({ state: 'tracking' }))).toEqual([])
    expect(await idsOf(tracker.listUploads({ state: ['tracking', 'ended'] }))).toEqual(ids)
  })

  test('of uploads is narrowed to those that have devices of an outcome', async () => {
    const { tracker, ids } = await trackerWith([{ succeeded: 2 }, { succeeded: 1, failed: 1 }, { failed: 1 }])
    expect(await idsOf(tracker.listUploads({ deviceOutcome: 'failed' }))).toEqual(ids.slice(1))
    expect(await idsOf(tracker.listUploads({ deviceOutcome: 'succeeded' }))).toEqual(ids.slice(0, 2))
    expect(await idsOf(tracker.listUploads({ deviceOutcome: 'already-registered' }))).toEqual([])
  })

  test('of submissions continues after any of them', async () => {
    const { tracker } = await trackerWith([])
    const submissions: string[] = []
    for (const batchId of ['One', 'Two', 'Three']) {
      const devices = [{ productKey: 'K' }]
      submissions.push((await tracker.submit({ customerId: contoso, batchId, devices })).submissionId)
    }
    const list = async (filter: Parameters<Tracker['listSubmissions']>[0]): Promise<string[]> =>
      (await all(tracker.listSubmissions(filter))).map(({ submissionId }) => submissionId)
    expect(await list({ newestFirst: true })).toEqual(submissions.toReversed())
    expect(await list({ after: submissions[0]!, state: ['queued', 'failed'] })).toEqual(submissions.slice(1))
    await expect(list({ after: randomUUID() })).rejects.toThrow(/`after` must be in the list/)
  })

  test('of devices continues after a position, and finds a serial number regardless of case', async () => {
    const { tracker, ids } = await trackerWith([{ errors: Array.from({ length: 3 }, () => ['808', null]) }])
    const [batchTrackingId] = ids as [string]
    const positions = (await all(tracker.listDevices({ batchTrackingId, afterPosition: 0 }))).map(
      ({ position }) => position,
    )
    expect(positions).toEqual([1, 2])
    expect(await all(tracker.listDevices({ serialNumber: 'SERIAL 0' }))).toHaveLength(3)
    for (const serialNumberPrefix of ['s', 'SERIAL 0', 'serial'])
      expect(await all(tracker.listDevices({ serialNumberPrefix })), serialNumberPrefix).toHaveLength(3)
    for (const serialNumberPrefix of ['erial', 'serial 0%', '_erial', 'serial 00'])
      expect(await all(tracker.listDevices({ serialNumberPrefix })), serialNumberPrefix).toEqual([])
    await expect(all(tracker.listDevices({ afterPosition: 0 }))).rejects.toThrow(
      /together with its `batchTrackingId`/,
    )
  })
})

describe('totals', () => {
  test('count everything, or one customer', async () => {
    const { tracker } = await trackerWith([{ succeeded: 4 }, { failed: 3, customerId: fabrikam }])
    await tracker.submit({ customerId: contoso, batchId: 'Waits', devices: [{ productKey: 'K' }] })
    expect(await tracker.getTotals()).toEqual({
      submissions: { queued: 1, uploading: 0, accepted: 0, failed: 0, cancelled: 0 },
      uploads: { tracking: 0, ended: 2, stopped: 0 },
      devices: { total: 7, pending: 0, succeeded: 4, alreadyRegistered: 0, failed: 3, unresolved: 0 },
    })
    expect((await tracker.getTotals({ customerId: fabrikam })).devices).toMatchObject({ total: 3, failed: 3 })
    expect((await tracker.getTotals({ customerId: randomUUID() })).uploads.ended).toBe(0)
  })
})

describe('statistics', () => {
  test('report for each hour or day which uploads ended, and how long they took', async () => {
    const { tracker } = await trackerWith([
      { endedAt: '2026-11-19T23:59:59Z', minutes: 8, succeeded: 50 },
      { endedAt: '2026-11-20T00:00:00Z', minutes: 10, succeeded: 5 },
      { endedAt: '2026-11-20T09:30:00Z', minutes: 20, failed: 2, customerId: fabrikam },
      { endedAt: '2026-11-21T00:00:00Z', succeeded: 9 },
    ])
    const time = { since: '2026-11-18T00:00:00Z', until: '2026-11-21T00:00:00Z' }
    const none = { succeeded: 0, alreadyRegistered: 0, failed: 0, unresolved: 0 }
    expect(await tracker.getStatistics(time)).toEqual({
      intervals: [
        { from: '2026-11-18T00:00:00.000Z', uploads: 0, devices: none, failures: [] },
        {
          from: '2026-11-19T00:00:00.000Z',
          uploads: 1,
          devices: { ...none, succeeded: 50 },
          minutesToFinish: { median: 8, p90: 8 },
          failures: [],
        },
        {
          from: '2026-11-20T00:00:00.000Z',
          uploads: 2,
          devices: { ...none, succeeded: 5, failed: 2 },
          minutesToFinish: { median: 15, p90: 19 },
          failures: [],
        },
      ],
    })
    const hours = await tracker.getStatistics({ ...time, interval: 'hour', customerId: fabrikam })
    expect(hours.intervals).toHaveLength(72)
    expect(hours.intervals.filter(({ uploads }) => uploads > 0)).toEqual([
      {
        from: '2026-11-20T09:00:00.000Z',
        uploads: 1,
        devices: { ...none, failed: 2 },
        minutesToFinish: { median: 20, p90: 20 },
        failures: [],
      },
    ])
  })

  test('report why devices failed in each interval, the most frequent cause first', async () => {
    const { tracker } = await trackerWith([
      { errors: [['640', 'StorageError'], ...Array.from({ length: 2 }, () => ['808', 'Other'] as const)] },
      { errors: [[null, null]], customerId: fabrikam },
    ])
    const time = { since: new Date(Date.now() - 3_600_000), until: new Date(Date.now() + 60_000) }
    const failures = async (customerId?: string) =>
      (await tracker.getStatistics({ ...time, customerId })).intervals.flatMap(
        (interval) => interval.failures,
      )
    expect(await failures(contoso)).toEqual([
      { errorCode: '808', errorDescription: 'Other', devices: 2 },
      { errorCode: '640', errorDescription: 'StorageError', devices: 1 },
    ])
    expect(await failures(fabrikam)).toEqual([{ devices: 1 }])
  })

  test('are refused for a period with too many intervals', async () => {
    const { tracker } = await trackerWith([])
    const until = '2026-11-21T00:00:00Z'
    for (const [options, message] of [
      [{ since: '2020-01-01', until }, /1 to 400 intervals; got \d+. Choose a shorter period/],
      [{ since: until, until }, /got 0/],
      [{ interval: 'week' as never }, /`interval` must be 'hour' or 'day'; got "week"/],
      [{ since: 'yesterday' }, /`since` must be a Date/],
    ] as const) {
      await expect(tracker.getStatistics(options)).rejects.toThrow(message)
    }
  })
})

describe('failures', () => {
  test('are listed by cause, the most frequent first', async () => {
    const { tracker, ids } = await trackerWith([
      {
        errors: [
          ['808', 'Other'],
          ['640', 'StorageError'],
          ['808', 'Other'],
        ],
      },
      { errors: [[null, null]], customerId: fabrikam },
    ])
    expect(await tracker.listFailureCauses({ batchTrackingId: ids[0]! })).toEqual([
      { errorCode: '808', errorDescription: 'Other', devices: 2, isRetryable: false },
      { errorCode: '640', errorDescription: 'StorageError', devices: 1, isRetryable: true },
    ])
    expect(await tracker.listFailureCauses({ customerId: fabrikam })).toEqual([
      { devices: 1, isRetryable: false },
    ])
    expect(await tracker.listFailureCauses({ since: new Date(Date.now() + 60_000) })).toEqual([])
  })
})

test('the customers are listed, the one with the latest upload first', async () => {
  const { tracker } = await trackerWith([
    { endedAt: '2026-11-20T10:00:00Z' },
    { endedAt: '2026-11-21T10:00:00Z', customerId: fabrikam },
    { endedAt: '2026-11-19T10:00:00Z' },
  ])
  expect(await tracker.listCustomers()).toEqual([
    { customerId: fabrikam, uploads: 1, lastTrackedAt: '2026-11-21T09:50:00.000Z' },
    { customerId: contoso, uploads: 2, lastTrackedAt: '2026-11-20T09:50:00.000Z' },
  ])
})
