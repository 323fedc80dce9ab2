import { inspect } from 'node:util'

import type { BatchUploadGroupReport, GroupWaitTimeoutError } from '@devicebatch/client'
import { createPartnerCenter, summarize, uploadDevices } from '@devicebatch/client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { fixed } from '../../../emulator/test/profile.ts'
import {
  customerId,
  elapse,
  emulated,
  json,
  moveTime,
  partnerOn,
  rejection,
  settle,
  text,
} from '../helpers.ts'
import { done, finished, groupOn, laptop, laptops, processing } from './group.ts'

beforeEach(moveTime)
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('the report of a group', () => {
  test('covers all requests: every device that was passed, with its result', async () => {
    const { customer } = emulated({ quirks: fixed.statusValues })
    const devices = [laptop('S-0'), laptop('EMU808-1'), laptop('S-2'), laptop('EMU640-3'), laptop('EMU806-4')]
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices, chunkSize: 2 }))
    const report = await elapse(group.wait())
    expect(report).toMatchObject({
      customerId,
      batchId: 'B',
      outcome: 'partially-failed',
      counts: { total: 5, pending: 0, succeeded: 2, alreadyRegistered: 1, failed: 2, unresolved: 0 },
      emulated: true,
      unmatched: [],
      unrecognized: [],
    })
    expect(report.rows.map(({ index, serialNumber, outcome }) => [index, serialNumber, outcome])).toEqual([
      [0, 'S-0', 'succeeded'],
      [1, 'EMU808-1', 'failed'],
      [2, 'S-2', 'succeeded'],
      [3, 'EMU640-3', 'failed'],
      [4, 'EMU806-4', 'already-registered'],
    ])
    expect(report.rows[1]!.match).toMatchObject({ kind: 'result', result: { errorCode: '808' } })
    expect(report.failures.map(({ errorCode }) => errorCode)).toEqual(['808', '640'])
    expect(report.devices).toHaveLength(5)
    expect(report.chunks.map(({ outcome, counts, status }) => [outcome, counts.total, status])).toEqual([
      ['partially-failed', 2, 'finished'],
      ['partially-failed', 2, 'finished'],
      ['succeeded', 1, 'finished'],
    ])
    expect(report.chunks.map(({ batchTrackingId }) => batchTrackingId)).toEqual(
      group.chunks.map(({ batchTrackingId }) => batchTrackingId),
    )
  })

  test('is plain JSON, and holds no hardware hash', async () => {
    const { customer } = emulated()
    const devices = [{ ...laptop('S-0'), hardwareHash: 'SECRETHASH' }, { hardwareHash: 'OTHERHASH' }]
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices }))
    const report = await elapse(group.wait())
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
    expect(JSON.stringify([report, group])).not.toContain('HASH')
    expect(inspect(report)).not.toContain('Getter')
  })

  test('can be frozen while it is watched', async () => {
    const { customer } = emulated()
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices: laptops(2) }))
    const serialNumbers: unknown[] = []
    const watch = async (): Promise<void> => {
      for await (const report of group.watch()) {
        const { rows } = Object.freeze(report)
        expect(report.rows).toBe(rows)
        serialNumbers.push(rows.map(({ serialNumber }) => serialNumber))
      }
    }
    await elapse(watch())
    expect(serialNumbers.at(-1)).toEqual(['S-0', 'S-1'])
  })

  test('gives a duplicate the outcome of the one that was sent', async () => {
    const { customer } = emulated()
    const devices = [laptop('EMU808-0'), laptop('S-1'), laptop('EMU808-0'), laptop('S-1'), laptop('S-2')]
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices, chunkSize: 2 }))
    const { rows, counts } = await elapse(group.wait())
    expect(rows.map(({ index, duplicateOf, outcome }) => [index, duplicateOf, outcome])).toEqual([
      [0, undefined, 'failed'],
      [1, undefined, 'succeeded'],
      [2, 0, 'failed'],
      [3, 1, 'succeeded'],
      [4, undefined, 'succeeded'],
    ])
    expect(counts.total).toBe(3)
  })

  test('finds results by serial number and product key, ignoring case, separately for each request', async () => {
    const devices = [
      { ...laptop('abc'), productKey: 'k-1' },
      { productKey: 'k-2', hardwareHash: 'AAAA' },
      { ...laptop('abc'), productKey: 'k-1', hardwareHash: 'BBBB' },
    ]
    const { group } = await groupOn(devices, 2, (at) =>
      at === 0
        ? finished(0, [
            { productKey: 'K-2', status: 'finished_with_errors', errorCode: '808' },
            { ...done(' ABC ', { productKey: 'K-1' }) },
          ])
        : finished(1, [{ ...done('ABC'), errorCode: '806' }]),
    )
    const { rows } = await elapse(group.wait())
    expect(rows.map(({ outcome }) => outcome)).toEqual(['succeeded', 'failed', 'already-registered'])
  })

  test('reports rows without a result, and results without a row', async () => {
    const { group } = await groupOn(laptops(3), 3, () =>
      finished(0, [done('S-0'), done('S-2'), done('other')]),
    )
    const report = await elapse(group.wait())
    expect(report.rows.map(({ match, outcome }) => [match.kind, outcome])).toEqual([
      ['result', 'succeeded'],
      ['none', 'unresolved'],
      ['result', 'succeeded'],
    ])
    expect(report.unmatched).toEqual([done('other')])
  })

  test('is not a success when there are fewer results than devices', async () => {
    const { group } = await groupOn(laptops(3), 3, () => finished(0, [done('S-0'), done('S-1')]))
    const report = await elapse(group.wait())
    expect(report.outcome).toBe('unknown')
    expect(report.counts).toMatchObject({ total: 3, succeeded: 2, unresolved: 1 })
    expect(report.chunks[0]).toMatchObject({ outcome: 'unknown', counts: { total: 3 } })
  })

  test('cannot match rows that have only a hardware hash, unless all results are alike', async () => {
    const hashes = ['AAAA', 'BBBB'].map((hardwareHash) => ({ hardwareHash }))
    const mixed = await groupOn(hashes, 2, () =>
      finished(0, [{ status: 'finished' }, { status: 'finished_with_errors', errorCode: '802' }]),
    )
    expect(
      (await elapse(mixed.group.wait())).rows.map(({ match, outcome }) => [match.kind, outcome]),
    ).toEqual([
      ['unmatchable', 'unresolved'],
      ['unmatchable', 'unresolved'],
    ])
    const alike = await groupOn(hashes, 2, () =>
      finished(0, [
        { deviceId: 'd-1', status: 'finished' },
        { deviceId: 'd-2', status: 'finished' },
      ]),
    )
    const report = await elapse(alike.group.wait())
    expect(report.rows.map(({ match, outcome }) => [match.kind, outcome])).toEqual([
      ['unmatchable', 'succeeded'],
      ['unmatchable', 'succeeded'],
    ])
    expect(report.outcome).toBe('succeeded')
  })

  test('does not guess between results that differ for the same identifiers', async () => {
    const devices = ['AAAA', 'BBBB'].map((hardwareHash) => ({ hardwareHash, serialNumber: 'Default string' }))
    const { group } = await groupOn(devices, 2, () =>
      finished(0, [done('Default string'), { ...done('Default string'), errorCode: '808' }]),
    )
    const { rows, counts } = await elapse(group.wait())
    expect(rows.map(({ match, outcome }) => [match.kind, outcome])).toEqual([
      ['ambiguous', 'unresolved'],
      ['ambiguous', 'unresolved'],
    ])
    expect(counts).toMatchObject({ total: 2, succeeded: 0, failed: 0, unresolved: 2 })
  })

  test('names each unknown status value once', async () => {
    const { group } = await groupOn(laptops(2), 1, (at) =>
      finished(at, [{ ...done(`S-${at}`), status: 'awaiting' }]),
    )
    expect((await elapse(group.wait())).unrecognized).toEqual([
      { path: 'devicesStatus[].status', value: 'awaiting' },
    ])
  })
})

describe('waiting for a group', () => {
  test('ends when every request has ended, and polls one at a time', async () => {
    const { customer, emulator, requestsOf } = emulated({ processingMs: 120_000 })
    const group = await elapse(uploadDevices(customer, { batchId: 'B', devices: laptops(6), chunkSize: 2 }))
    const report = await elapse(group.wait())
    expect(report.outcome).toBe('succeeded')
    const polls = requestsOf('getBatchUploadStatus')
    expect(polls[0]!.at - requestsOf('addDevicesToBatch').at(-1)!.at).toBeGreaterThanOrEqual(2_000)
    // Doubling from 2 to 30 seconds for each of the three.
    expect(polls.length).toBeLessThanOrEqual(3 * 9)
    expect(emulator.requests.at(-1)!.at - polls[0]!.at).toBeLessThan(120_000 + 32_000)
  })

  test('is slow where the service asks for it', async () => {
    const { group, polls } = await groupOn(laptops(2), 1, (at, poll) =>
      poll < 3 ? processing(at, []) : finished(at, [done(`S-${at}`)]),
    )
    const startedAt = performance.now()
    await elapse(group.wait({ initialIntervalMs: 40_000, maxIntervalMs: 40_000 }))
    expect(performance.now() - startedAt).toBeGreaterThan(3 * 36_000)
    expect(polls).toHaveLength(6)
  })

  test('yields a report for each change when it is watched', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const { group } = await groupOn(laptops(2), 1, (at, poll) => {
      if (poll === 1) return processing(at, [{ serialNumber: `S-${at}`, status: 'queued' }])
      return poll < 4 ? processing(at, [done(`S-${at}`)]) : finished(at, [done(`S-${at}`)])
    })
    const seen: string[] = []
    const watching = (async () => {
      for await (const { outcome, counts, chunks } of group.watch())
        seen.push(
          `${outcome} ${counts.succeeded}/${counts.total} ${chunks.map(({ status }) => status).join()}`,
        )
    })()
    await elapse(watching)
    expect(seen).toEqual([
      'pending 0/2 processing,',
      'pending 0/2 processing,processing',
      'pending 1/2 processing,processing',
      'pending 2/2 processing,processing',
      'pending 2/2 finished,processing',
      'succeeded 2/2 finished,finished',
    ])
  })

  test('from a callback of an upload that goes on covers the requests so far', async () => {
    const { customer, requestsOf } = emulated()
    const waits: Promise<BatchUploadGroupReport>[] = []
    const group = await elapse(
      uploadDevices(customer, {
        batchId: 'B',
        devices: laptops(5),
        chunkSize: 2,
        onBeforeSubmit: (soFar) => void waits.push(soFar.wait()),
        onSubmitted: (soFar) => void waits.push(soFar.wait()),
      }),
    )
    const reports = await elapse(Promise.all(waits))
    expect(reports.map(({ chunks, counts }) => [chunks.length, counts.succeeded, counts.unresolved])).toEqual(
      [
        [1, 0, 2],
        [1, 2, 0],
        [2, 2, 2],
        [2, 4, 0],
        [3, 4, 1],
        [3, 5, 0],
      ],
    )
    expect((await elapse(group.wait())).counts.succeeded).toBe(5)
    expect(requestsOf('createDeviceBatch', 'addDevicesToBatch')).toHaveLength(3)
  })

  test('leaves nothing behind when the loop is left', async () => {
    const { group, polls } = await groupOn(laptops(2), 1, (at) => processing(at, []))
    const watching = (async () => {
      for await (const _ of group.watch()) break
    })()
    await elapse(watching)
    const before = polls.length
    await vi.advanceTimersByTimeAsync(600_000)
    expect(polls).toHaveLength(before)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('continues without a request whose result the service no longer has, and says so', async () => {
    const { group } = await groupOn(laptops(3), 1, (at) =>
      at === 1 ? json(404, { code: 1000 }) : finished(at, [done(`S-${at}`)]),
    )
    const report = await elapse(group.wait())
    expect(report.outcome).toBe('unknown')
    expect(report.chunks.map(({ lost }) => lost)).toEqual([undefined, true, undefined])
    expect(report.rows.map(({ outcome, delivery }) => [outcome, delivery])).toEqual([
      ['succeeded', 'landed'],
      ['unresolved', 'landed'],
      ['succeeded', 'landed'],
    ])
  })

  test('keeps what it knows of a request whose result the service no longer has', async () => {
    const { group } = await groupOn(laptops(3), 3, (at, poll) =>
      poll > 1
        ? json(404, { code: 1000 })
        : processing(at, [
            done('S-0'),
            { serialNumber: 'S-1', status: 'finished_with_errors', errorCode: '808' },
            { serialNumber: 'S-2', status: 'processing' },
          ]),
    )
    const report = await elapse(group.wait())
    expect(report.outcome).toBe('partially-failed')
    expect(report.chunks).toMatchObject([{ lost: true }])
    expect(report.rows.map(({ outcome }) => outcome)).toEqual(['succeeded', 'failed', 'unresolved'])
    expect(report.failures).toMatchObject([{ serialNumber: 'S-1' }])
  })

  test('of a resumed upload waits a minute until the service knows a request that may have been accepted just before', async () => {
    const { customer, emulator } = emulated({ quirks: { statusAfterMs: 40_000 } })
    const devices = laptops(2)
    const first = await elapse(uploadDevices(customer, { batchId: 'B', devices }))
    const group = await elapse(
      uploadDevices(createPartnerCenter(emulator.partnerOptions()).customers.byId(customerId), {
        batchId: 'B',
        devices,
        resume: first.toJSON(),
      }),
    )
    expect(await elapse(group.wait())).toMatchObject({ outcome: 'succeeded', counts: { succeeded: 2 } })
  })

  test('rejects with an error that no later poll can fix', async () => {
    const { group } = await groupOn(laptops(2), 1, () => json(403, { code: 900150 }))
    expect(await rejection(elapse(group.wait()))).toMatchObject({ code: 'api', status: 403 })
  })

  test('rejects after too many failures in a row', async () => {
    const { group, polls } = await groupOn(laptops(1), 1, () => text(503, null))
    expect(await rejection(elapse(group.wait({ maxFailures: 3 })))).toMatchObject({
      code: 'api',
      status: 503,
    })
    expect(polls).toHaveLength(3)
  })

  test('rejects with what is known so far when it times out, and can be called again', async () => {
    const { group } = await groupOn(laptops(2), 1, (at, poll) =>
      at === 0 || poll > 6 ? finished(at, [done(`S-${at}`)]) : processing(at, []),
    )
    const error = await rejection<GroupWaitTimeoutError>(elapse(group.wait({ timeoutMs: 10_000 })))
    expect(error).toMatchObject({ name: 'GroupWaitTimeoutError', code: 'timeout', isRetryable: true, group })
    expect(error.message).toBe(
      'The upload to batch "B" had not ended after `timeoutMs` (10000 ms); 1 of 2 devices were pending. It continues at the service: call wait() again.',
    )
    expect(error.report).toMatchObject({ outcome: 'pending', counts: { succeeded: 1, pending: 1 } })
    expect((await elapse(group.wait())).outcome).toBe('succeeded')
  })

  test('is ended at once by an abort, with its own reason', async () => {
    const { group } = await groupOn(laptops(2), 1, () => () => new Promise(() => {}))
    const reason = { mine: true }
    const controller = new AbortController()
    const waiting = rejection(group.wait({ signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(3_000)
    controller.abort(reason)
    await settle()
    expect(await waiting).toBe(reason)
    expect(vi.getTimerCount()).toBe(0)
    expect(await rejection(group.wait({ signal: AbortSignal.abort(reason) }))).toBe(reason)
  })

  test.each<[object, string]>([
    [{ timeoutMs: 0 }, '`timeoutMs` must be a positive number of milliseconds; got 0.'],
    [{ initialIntervalMs: -1 }, '`initialIntervalMs` must be a positive number of milliseconds; got -1.'],
    [{ maxFailures: 0 }, '`maxFailures` must be an integer of at least 1; got 0.'],
  ])('refuses %j before anything is asked', async (options, message) => {
    const { group, polls } = await groupOn(laptops(1), 1, () => finished(0, []))
    expect(await rejection(group.wait(options))).toMatchObject({ code: 'invalid-argument', message })
    expect(polls).toEqual([])
  })

  test('returns the same report as the last one of watch', async () => {
    const { group } = await groupOn(laptops(4), 2, (at) =>
      finished(at, [done(`S-${at * 2}`), done(`S-${at * 2 + 1}`)]),
    )
    let last: BatchUploadGroupReport | undefined
    await elapse(
      (async () => {
        for await (const report of group.watch()) last = report
      })(),
    )
    expect(await elapse(group.wait())).toEqual(last)
  })
})

test('a single response remembers that it came from the emulator', async () => {
  const { customer } = emulated()
  const upload = await elapse(customer.deviceBatches.create({ batchId: 'B', devices: laptops(1) }))
  const details = await elapse(upload.get())
  expect(summarize(details)).toMatchObject({ emulated: true })
  expect(details).not.toHaveProperty('emulated')
  expect(summarize(structuredClone(details))).not.toHaveProperty('emulated')
  const { partner } = partnerOn(json(200, details))
  const other = partner.customers.byId(customerId).batchUploadStatus.byId(upload.batchTrackingId)
  expect(summarize(await other.get())).not.toHaveProperty('emulated')
})
