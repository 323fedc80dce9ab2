import { deviceOutcome, isPartnerCenterError, summarize } from '@devicebatch/client'
import type { BatchUploadDetails, DeviceUploadDetails } from '@devicebatch/contract'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { batchTrackingId, details, thrown } from '../helpers.ts'

const failed = {
  serialNumber: 'F',
  status: 'finished_with_errors',
  errorCode: '808',
  errorDescription: 'ZtdDeviceAssignedToOtherTenant',
}
const already = {
  serialNumber: 'A',
  status: 'finished_with_errors',
  errorCode: '806',
  errorDescription: 'ZtdDeviceAlreadyAssigned',
}
const succeeded = { serialNumber: 'S', deviceId: 'id', status: 'finished' }
const running = { serialNumber: 'R', status: 'processing' }

test('the documented batch is finished, and its device failed', () => {
  const device = {
    serialNumber: '1234567890',
    productKey: '12345-67890-09876-54321-13579',
    status: 'finished_with_errors',
    errorCode: '808',
    errorDescription: 'ZtdDeviceAssignedToOtherTenant',
    attributes: { objectType: 'DeviceUploadDetails' },
  }
  expect(
    summarize({
      batchTrackingId,
      status: 'finished',
      startedTime: '2017-07-25T10:00:00',
      completedTime: '2017-07-25T10:10:00',
      devicesStatus: [device],
      attributes: { objectType: 'BatchUploadDetails' },
    }),
  ).toEqual({
    batchTrackingId,
    status: 'finished',
    outcome: 'failed',
    startedAt: '2017-07-25T10:00:00.000Z',
    completedAt: '2017-07-25T10:10:00.000Z',
    counts: { total: 1, pending: 0, succeeded: 0, alreadyRegistered: 0, failed: 1, unresolved: 0 },
    devices: [device],
    failures: [device],
    unrecognized: [],
  })
})

describe('a device', () => {
  test.each<[object, string, string]>([
    [{ status: 'finished' }, 'succeeded', 'succeeded'],
    [{ status: 'Finished' }, 'succeeded', 'succeeded'],
    [{ status: 'finished', errorCode: null, errorDescription: null }, 'succeeded', 'succeeded'],
    [{ status: 'finished', errorCode: '', errorDescription: ' ' }, 'succeeded', 'succeeded'],
    [{ status: 'finished', errorCode: '806' }, 'already-registered', 'already-registered'],
    [{ status: 'finished_with_errors', errorCode: '806' }, 'already-registered', 'already-registered'],
    [{ status: 'processing', errorCode: 806 }, 'already-registered', 'already-registered'],
    [{ errorDescription: 'ZtdDeviceAlreadyAssigned' }, 'already-registered', 'already-registered'],
    [{ status: 'finished', errorCode: '808' }, 'failed', 'failed'],
    [{ status: 'finished', errorCode: '999' }, 'failed', 'failed'],
    [
      { status: 'finished', errorCode: '808', errorDescription: 'ZtdDeviceAlreadyAssigned' },
      'failed',
      'failed',
    ],
    [{ status: 'finished', errorDescription: 'HashNot4k' }, 'failed', 'failed'],
    [{ status: 'finished_with_errors' }, 'failed', 'failed'],
    [{ status: 'FinishedWithErrors' }, 'failed', 'failed'],
    [{ status: 'Finished With Errors' }, 'failed', 'failed'],
    [{ status: 'finished-with-errors ' }, 'failed', 'failed'],
    [{ status: ' finished ' }, 'succeeded', 'succeeded'],
    [{ status: 'In Progress' }, 'pending', 'unresolved'],
    [{ status: 'processing', errorCode: '802' }, 'failed', 'failed'],
    [{ status: 'queued' }, 'pending', 'unresolved'],
    [{ status: 'processing' }, 'pending', 'unresolved'],
    [{ status: 'in-progress' }, 'pending', 'unresolved'],
    [{ status: 'unknown' }, 'pending', 'unresolved'],
    [{ status: 'a word of tomorrow' }, 'pending', 'unresolved'],
    [{ status: 'failed' }, 'pending', 'unresolved'],
    [{ status: null }, 'pending', 'unresolved'],
    [{ status: 3 }, 'pending', 'unresolved'],
    [{ status: ['finished'] }, 'pending', 'unresolved'],
    [{}, 'pending', 'unresolved'],
  ])('%j is %s while the batch runs and %s when it has ended', (device, whileRunning, afterEnd) => {
    expect(deviceOutcome(device, false)).toBe(whileRunning)
    expect(deviceOutcome(device, true)).toBe(afterEnd)
    const report = summarize(details({ status: 'finished_with_errors', devicesStatus: [device] }))
    const counted = afterEnd === 'already-registered' ? 'alreadyRegistered' : afterEnd
    expect(report.counts[counted as 'failed']).toBe(1)
    expect(report.failures).toEqual(afterEnd === 'failed' ? [device] : [])
  })
})

describe('the outcome of a batch', () => {
  const unresolved = running
  test.each<[string, object[] | null | undefined, string]>([
    ['queued', undefined, 'pending'],
    ['processing', [succeeded, failed], 'pending'],
    ['unknown', [succeeded], 'pending'],
    ['completed', [succeeded], 'pending'],
    ['', [succeeded], 'pending'],
    ['finished', [succeeded], 'succeeded'],
    ['finished', [already], 'succeeded'],
    ['finished_with_errors', [succeeded, already], 'succeeded'],
    ['finished', [failed], 'failed'],
    ['finished', [failed, unresolved], 'failed'],
    ['finished', [failed, succeeded], 'partially-failed'],
    ['finished', [failed, already], 'partially-failed'],
    ['finished', [failed, already, unresolved], 'partially-failed'],
    ['finished', [succeeded, unresolved], 'unknown'],
    ['finished', [unresolved], 'unknown'],
    ['finished', [], 'unknown'],
    ['finished', null, 'unknown'],
    ['finished_with_errors', undefined, 'unknown'],
    ['Finished', [succeeded], 'succeeded'],
    ['finished ', [succeeded], 'succeeded'],
    ['Finished With Errors', [failed], 'failed'],
    ['Finished With Warnings', [succeeded], 'pending'],
  ])('%s with %j is %s', (status, devicesStatus, outcome) => {
    expect(summarize(details({ status, devicesStatus })).outcome).toBe(outcome)
  })
})

describe('a report', () => {
  test('counts its devices', () => {
    const report = summarize(details({ devicesStatus: [succeeded, succeeded, already, failed, running, {}] }))
    expect(report.counts).toEqual({
      total: 6,
      pending: 2,
      succeeded: 2,
      alreadyRegistered: 1,
      failed: 1,
      unresolved: 0,
    })
    const ended = summarize(details({ status: 'finished', devicesStatus: [succeeded, running] }))
    expect(ended.counts).toEqual({
      total: 2,
      pending: 0,
      succeeded: 1,
      alreadyRegistered: 0,
      failed: 0,
      unresolved: 1,
    })
  })

  test.each([undefined, null, '', '0001-01-01T00:00:00', '0001-01-01T00:00:00Z', 'soon', 5])(
    'has no time for %j',
    (time) => {
      const report = summarize(details({ startedTime: time, completedTime: time }))
      expect(report).not.toHaveProperty('startedAt')
      expect(report).not.toHaveProperty('completedAt')
    },
  )

  test('notes each unknown value once for each place', () => {
    const word = (status: unknown): object => ({ status, serialNumber: 'hush', hardwareHash: 'hush' })
    const report = summarize(
      details({
        status: 'paused',
        devicesStatus: [
          word('paused'),
          word('paused'),
          word('halted'),
          word('queued'),
          word('in-progress'),
          word(null),
          word(7),
        ],
      }),
    )
    expect(report.unrecognized).toEqual([
      { path: 'status', value: 'paused' },
      { path: 'devicesStatus[].status', value: 'paused' },
      { path: 'devicesStatus[].status', value: 'halted' },
      { path: 'devicesStatus[].status', value: '7' },
    ])
  })

  test('knows every value in the contract, and the documented value of a device', () => {
    const words = ['unknown', 'queued', 'processing', 'finished', 'finished_with_errors']
    for (const word of words) {
      const devicesStatus = [...words, 'in-progress'].map((status) => ({ status }))
      expect(summarize(details({ status: word, devicesStatus })).unrecognized).toEqual([])
    }
    expect(summarize(details({ status: 'in-progress' })).unrecognized).toEqual([
      { path: 'status', value: 'in-progress' },
    ])
  })

  test("never includes an object's contents or long text among its unrecognized values", () => {
    const report = summarize(
      details({
        status: 'x'.repeat(500),
        devicesStatus: [{ status: { serialNumber: 'hush' } }, { status: ['hush'] }],
      }),
    )
    expect(JSON.stringify(report.unrecognized)).not.toContain('hush')
    expect(report.unrecognized[0]!.value).toHaveLength(60)
  })

  test('accepts a list that is not one, and rows that are not rows, without losing count', () => {
    expect(summarize(details({ devicesStatus: { items: [] } }))).toMatchObject({
      counts: { total: 0 },
      devices: [],
      unrecognized: [{ path: 'devicesStatus', value: 'object' }],
    })
    const report = summarize(details({ status: 'finished', devicesStatus: [null, 5, 'x', [], true] }))
    expect(report).toMatchObject({ counts: { total: 5, unresolved: 5 }, outcome: 'unknown' })
    expect(report.devices).toEqual([{}, {}, {}, {}, {}])
  })

  test('of a response without a status or ID is not ended', () => {
    expect(summarize({} as BatchUploadDetails)).toMatchObject({
      batchTrackingId: '',
      status: 'unknown',
      outcome: 'pending',
    })
    expect(summarize({ status: 4 } as never)).toMatchObject({ status: 'unknown', outcome: 'pending' })
  })

  test('does not modify what it is created from', () => {
    const given = details({ status: 'finished', devicesStatus: [succeeded, failed] })
    const before = structuredClone(given)
    summarize(given)
    expect(given).toEqual(before)
  })

  test.each([undefined, null, 'finished', 5, true])('of %j is refused', (value) => {
    const error = thrown(() => summarize(value as never))
    expect(error).toMatchObject({ code: 'invalid-argument' })
    expect(error.message).toBe(
      `\`details\` must be what BatchUpload.get() or getBatchUploadStatus() returned; got ${value === null ? 'null' : typeof value}.`,
    )
  })
})

describe('summarize on any JSON', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'unknown',
      'queued',
      'processing',
      'finished',
      'finished_with_errors',
      'in-progress',
      'Finished',
    ),
    fc.jsonValue(),
  )
  const device = fc.oneof(
    fc.record(
      {
        status: word,
        errorCode: fc.oneof(fc.constantFrom('806', '808', '', null, 806), fc.jsonValue()),
        errorDescription: fc.oneof(fc.constantFrom('ZtdDeviceAlreadyAssigned', '', null), fc.jsonValue()),
        serialNumber: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
    fc.jsonValue(),
  )
  const body = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        batchTrackingId: fc.jsonValue(),
        status: word,
        startedTime: fc.oneof(fc.string(), fc.jsonValue()),
        completedTime: fc.jsonValue(),
        devicesStatus: fc.oneof(fc.array(device), fc.jsonValue()),
      },
      { requiredKeys: [] },
    ),
  )

  test('throws nothing but our errors, counts always add up, and no device is lost', () => {
    fc.assert(
      fc.property(body, (generated) => {
        const value: unknown = JSON.parse(JSON.stringify(generated))
        let report
        try {
          report = summarize(value as BatchUploadDetails)
        } catch (error) {
          expect(isPartnerCenterError(error)).toBe(true)
          expect(typeof value !== 'object' || value === null).toBe(true)
          return
        }
        const { total, pending, succeeded, alreadyRegistered, failed, unresolved } = report.counts
        expect(pending + succeeded + alreadyRegistered + failed + unresolved).toBe(total)
        expect(report.devices).toHaveLength(total)
        expect(report.failures).toHaveLength(failed)
        const rows = (value as { devicesStatus?: unknown }).devicesStatus
        expect(total).toBe(Array.isArray(rows) ? rows.length : 0)

        const ended = /^finished(_?with_?errors)?$/i.test(report.status)
        expect(report.outcome === 'pending').toBe(!ended)
        expect(ended ? pending : unresolved).toBe(0)
        if (report.outcome === 'succeeded') expect([failed, unresolved, total > 0]).toEqual([0, 0, true])
        if (failed > 0 && ended) expect(['failed', 'partially-failed']).toContain(report.outcome)
        expect(JSON.parse(JSON.stringify(report))).toEqual(report)
      }),
      { numRuns: 2_000 },
    )
  })

  test('never counts a device as succeeded if anything mentions an error', () => {
    fc.assert(
      fc.property(device, fc.boolean(), (row, ended) => {
        if (typeof row !== 'object' || row === null || Array.isArray(row)) return
        const { status, errorCode, errorDescription } = row as Record<string, unknown>
        if (deviceOutcome(row as DeviceUploadDetails, ended) !== 'succeeded') return
        expect(String(status).toLowerCase()).toBe('finished')
        for (const value of [errorCode, errorDescription])
          expect(value == null || (typeof value === 'string' && value.trim() === '')).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})
