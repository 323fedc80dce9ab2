/** Totals and outcome are counted over the rows that were sent, whatever the service lists. */
import { devicesToRetry, reportRows, summarize } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { batchTrackingId, elapse, moveTime, rejection } from '../helpers.ts'
import { done, finished, groupOn, idOf, laptops, processing } from './group.ts'

beforeEach(moveTime)
afterEach(() => {
  vi.useRealTimers()
})

const failed = (serialNumber: string, errorCode = '808') => ({
  serialNumber,
  status: 'finished_with_errors',
  errorCode,
})

describe('a device without a result is never counted as registered', () => {
  test.each<[string, object[], object]>([
    [
      'the service lists the other one twice',
      [done('S-0'), done('S-0')],
      { unmatched: [], repeated: [done('S-0')] },
    ],
    [
      'a foreign device is in its place',
      [done('S-0'), done('X-9')],
      { unmatched: [done('X-9')], repeated: [] },
    ],
    ['both are missing, and as many others are there', [done('X-8'), done('X-9')], { repeated: [] }],
    ['more come than were sent', [done('S-0'), done('X-8'), done('X-9')], { repeated: [] }],
  ])('when %s', async (_, results, beside) => {
    const { group } = await groupOn(laptops(2), 2, () => finished(0, results))
    const report = await elapse(group.wait())
    expect(report).toMatchObject({ outcome: 'unknown', counts: { total: 2 }, ...beside })
    expect(report.counts.succeeded).toBe(report.rows.filter(({ outcome }) => outcome === 'succeeded').length)
    expect(report.rows[1]).toMatchObject({ outcome: 'unresolved', match: { kind: 'none' } })
    expect(report.chunks[0]).toMatchObject({ outcome: 'unknown', counts: report.counts })
  })

  test('when the response is that of another upload: the wait ends with its error', async () => {
    const { group, polls } = await groupOn(laptops(1), 1, () => finished(7, [done('S-0')]))
    const error = await rejection(elapse(group.wait({ maxFailures: 2 })))
    expect(error).toMatchObject({ name: 'ResponseError', code: 'response', status: 200 })
    expect(error.message).toContain(`of upload ${idOf(0)}, got that of "${idOf(7)}"`)
    expect(polls).toHaveLength(2)
  })

  test('when rows share a serial number and one result came twice', async () => {
    const devices = ['AAAA', 'BBBB'].map((hardwareHash) => ({ hardwareHash, serialNumber: 'Default string' }))
    const twice = done('Default string', { deviceId: 'd-1' })
    const repeated = await groupOn(devices, 2, () => finished(0, [twice, twice]))
    expect((await elapse(repeated.group.wait())).counts).toMatchObject({ total: 2, unresolved: 2 })
    const distinct = await groupOn(devices, 2, () => finished(0, [twice, { ...twice, deviceId: 'd-2' }]))
    expect((await elapse(distinct.group.wait())).counts).toMatchObject({ total: 2, succeeded: 2 })
  })

  test('and a foreign error is not one of ours', async () => {
    const { group } = await groupOn(laptops(1), 1, () => finished(0, [done('S-0'), failed('X-9')]))
    const report = await elapse(group.wait())
    expect(report).toMatchObject({ outcome: 'succeeded', counts: { total: 1, failed: 0 } })
    expect(report.unmatched).toEqual([failed('X-9')])
    expect(devicesToRetry(report, laptops(1))).toEqual([])
  })
})

describe('rows that have only a hardware hash', () => {
  const hashes: NewDevice[] = ['AAAA', 'BBBB'].map((hardwareHash) => ({ hardwareHash }))
  const nameless = (deviceId: string, more: object = {}) => ({ deviceId, status: 'finished', ...more })

  test.each<[string, object[]]>([
    ['are too few', [nameless('d-1')]],
    ['are too many', [nameless('d-1'), nameless('d-2'), nameless('d-3')]],
    ['are one and the same', [nameless('d-1'), nameless('D-1 ')]],
    ['are not known to be two', [{ status: 'finished' }, { status: 'finished' }]],
    ['have a name, which is not theirs', [nameless('d-1'), nameless('d-2', { serialNumber: 'X-9' })]],
    ['differ', [nameless('d-1'), nameless('d-2', { errorCode: '802' })]],
  ])('are unresolved when the results left over %s', async (_, results) => {
    const { group } = await groupOn(hashes, 2, () => finished(0, results))
    const report = await elapse(group.wait())
    expect(report).toMatchObject({ outcome: 'unknown', counts: { total: 2, unresolved: 2 } })
  })

  test('take the common outcome next to rows that have their results', async () => {
    const devices = [...laptops(1), ...hashes]
    const { group } = await groupOn(devices, 3, () =>
      finished(0, [nameless('d-2'), failed('S-0'), nameless('d-1')]),
    )
    const { rows, counts } = await elapse(group.wait())
    expect(rows.map(({ outcome }) => outcome)).toEqual(['failed', 'succeeded', 'succeeded'])
    expect(counts).toMatchObject({ total: 3, succeeded: 2, failed: 1 })
  })

  test('do not take the result that may be that of a row without one', async () => {
    const devices = [...laptops(1), hashes[0]!]
    const { group } = await groupOn(devices, 2, () => finished(0, [nameless('d-1')]))
    const { rows } = await elapse(group.wait())
    expect(rows.map(({ outcome }) => outcome)).toEqual(['unresolved', 'unresolved'])
  })
})

describe('a device that a later report leaves out', () => {
  test('keeps its last result: what failed has failed', async () => {
    const { group } = await groupOn(laptops(2), 2, (_, poll) =>
      poll === 1
        ? processing(0, [failed('S-0'), { serialNumber: 'S-1', status: 'queued' }])
        : finished(0, [done('S-1')]),
    )
    const report = await elapse(group.wait())
    expect(report).toMatchObject({
      outcome: 'partially-failed',
      counts: { total: 2, succeeded: 1, failed: 1 },
      failures: [failed('S-0')],
    })
    expect(report.rows.map(({ outcome }) => outcome)).toEqual(['failed', 'succeeded'])
  })

  test('that has not ended is unresolved', async () => {
    const { group } = await groupOn(laptops(2), 2, (_, poll) =>
      poll === 1
        ? processing(0, [done('S-1'), { serialNumber: 'S-0', status: 'processing' }])
        : finished(0, [done('S-1')]),
    )
    expect((await elapse(group.wait())).counts).toMatchObject({ total: 2, succeeded: 1, unresolved: 1 })
  })

  test('is not kept beside its new result when only its product key or its ID is new', async () => {
    const { group } = await groupOn([...laptops(1), { hardwareHash: 'AAAA' }], 2, (_, poll) =>
      poll === 1
        ? processing(0, [{ serialNumber: 'S-0', status: 'queued' }, { status: 'queued' }])
        : finished(0, [
            { deviceId: 'd-1', status: 'finished' },
            done('S-0', { productKey: 'K-0', deviceId: 'd-2' }),
          ]),
    )
    const report = await elapse(group.wait())
    expect(report).toMatchObject({ outcome: 'succeeded', counts: { total: 2, succeeded: 2 } })
    expect(report.devices).toHaveLength(2)
  })

  test('is kept as often as it is missing when several share a serial number', async () => {
    const devices = ['AAAA', 'BBBB'].map((hardwareHash) => ({ hardwareHash, serialNumber: 'Default string' }))
    const { group } = await groupOn(devices, 2, (_, poll) =>
      poll === 1
        ? processing(0, [failed('Default string'), done('Default string', { deviceId: 'd-1' })])
        : finished(0, [done('Default string', { deviceId: 'd-1' })]),
    )
    const report = await elapse(group.wait())
    expect(report.counts).toMatchObject({ total: 2, unresolved: 2 })
    expect(report.devices.map(({ errorCode }) => errorCode)).toEqual([undefined, '808'])
  })
})

describe('rows judged by the report of one upload', () => {
  const report = (devicesStatus: object[], status = 'finished') =>
    summarize({ batchTrackingId, status, devicesStatus })

  test('are counted as they were sent, apart from results that match no row', () => {
    const judged = reportRows(report([done('S-0'), done('S-0'), done('X-9')]), laptops(3))
    expect(judged).toMatchObject({
      outcome: 'unknown',
      counts: { total: 3, succeeded: 1, unresolved: 2 },
      unmatched: [done('X-9')],
      repeated: [done('S-0')],
    })
    expect(judged.rows.map(({ outcome }) => outcome)).toEqual(['succeeded', 'unresolved', 'unresolved'])
  })

  test('are pending while the batch runs', () => {
    const { outcome, counts } = reportRows(report([done('S-0')], 'processing'), laptops(2))
    expect([outcome, counts.succeeded, counts.pending]).toEqual(['pending', 1, 1])
  })

  test('are found by the ID of the device where the service returns nothing else', () => {
    const sent = [{ deviceId: 'D-1' }, { deviceId: 'D-2' }]
    const { rows } = reportRows(report([{ deviceId: 'd-2', status: 'finished' }]), sent)
    expect(rows.map(({ outcome }) => outcome)).toEqual(['unresolved', 'succeeded'])
  })

  test('that failed in different ways with one serial number have failed, whichever result belongs to which', () => {
    const sent = [{ serialNumber: 'To be filled' }, { serialNumber: 'To be filled' }]
    const results = ['802', '808'].map((code) => ({ ...failed('To be filled', code), deviceId: `d-${code}` }))
    const { rows, counts } = reportRows(report(results), sent)
    expect(rows.map(({ match, outcome }) => [match.kind, outcome])).toEqual([
      ['ambiguous', 'failed'],
      ['ambiguous', 'failed'],
    ])
    expect(counts.failed).toBe(2)
  })
})
