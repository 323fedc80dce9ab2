import type { BatchUpload, BatchUploadReport, WaitOptions } from '@devicebatch/client'
import { PartnerCenterError, TimeoutError, WaitTimeoutError } from '@devicebatch/client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import type { Answer } from '../helpers.ts'
import {
  batchTrackingId,
  customerId,
  elapse,
  hangs,
  json,
  location,
  moveTime,
  partnerOn,
  rejection,
  settle,
  status,
  text,
} from '../helpers.ts'

beforeEach(moveTime)
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const minute = 60_000
const succeeded = { serialNumber: 'S', status: 'finished' }
const running = { serialNumber: 'S', status: 'processing' }

function uploadOn(answers: Answer | Answer[], options?: Parameters<typeof partnerOn>[1]) {
  const { partner, sent, events } = partnerOn(answers, options)
  return { upload: partner.customers.byId(customerId).batchUploadStatus.byId(batchTrackingId), sent, events }
}

/** A batch that is in progress for a time after it was accepted. */
function batchOf(ms: number, word = 'finished'): Answer {
  let acceptedAt: number | undefined
  return (sent) => {
    acceptedAt ??= sent.at
    if (sent.method === 'POST') return text(202, null, { Location: location })(sent)
    const ended = sent.at - acceptedAt >= ms
    return status(ended ? word : 'processing', [ended ? succeeded : running])(sent)
  }
}

async function create(answers: Answer | Answer[]) {
  const { partner, sent, events } = partnerOn(answers)
  const upload = await partner.customers
    .byId(customerId)
    .deviceBatches.create({ batchId: 'B', devices: [{ productKey: 'K' }] })
  return { upload, sent, events }
}

async function collect(upload: BatchUpload, options?: WaitOptions): Promise<BatchUploadReport[]> {
  const reports: BatchUploadReport[] = []
  for await (const report of upload.watch(options)) reports.push(report)
  return reports
}

describe('wait', () => {
  test('returns the report of the ended batch', async () => {
    const { upload, sent } = uploadOn([
      status('queued'),
      status('processing', [running]),
      status('finished', [succeeded]),
    ])
    const report = await elapse(upload.wait())
    expect(report).toMatchObject({
      batchTrackingId,
      status: 'finished',
      outcome: 'succeeded',
      counts: { total: 1, succeeded: 1 },
    })
    expect(report).not.toHaveProperty('changed')
    expect(sent).toHaveLength(3)
  })

  test('polls at once, and only once when the batch has ended', async () => {
    const { upload, sent } = uploadOn(status('finished_with_errors', [succeeded]))
    expect((await upload.wait()).outcome).toBe('succeeded')
    expect(sent).toHaveLength(1)
    expect(performance.now() - sent[0]!.at).toBe(0)
  })

  test('returns failed devices as data', async () => {
    const { upload } = uploadOn(status('finished', [{ status: 'finished_with_errors', errorCode: '808' }]))
    expect(await upload.wait()).toMatchObject({ outcome: 'failed', failures: [{ errorCode: '808' }] })
  })

  test('leaves the service alone for a moment after it accepted the upload', async () => {
    const { upload, sent } = await create(batchOf(0))
    await elapse(upload.wait())
    expect(sent).toHaveLength(2)
    expect(sent[1]!.at - sent[0]!.at).toBeGreaterThanOrEqual(1_800)
    expect(sent[1]!.at - sent[0]!.at).toBeLessThanOrEqual(2_000)
  })

  test('doubles its intervals up to half a minute', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const { upload, sent } = uploadOn([
      ...Array<Answer>(8).fill(status('processing')),
      status('finished', [succeeded]),
    ])
    await elapse(upload.wait())
    expect(sent.map(({ at }) => (at - sent[0]!.at) / 1_000)).toEqual([0, 2, 6, 14, 30, 60, 90, 120, 150])
    const own = uploadOn([...Array<Answer>(4).fill(status('processing')), status('finished', [succeeded])])
    await elapse(own.upload.wait({ initialIntervalMs: 1_000, maxIntervalMs: 3_000 }))
    expect(own.sent.map(({ at }) => (at - own.sent[0]!.at) / 1_000)).toEqual([0, 1, 3, 6, 9])
  })

  test('needs at most 25 requests for a ten-minute batch, and notices its end within half a minute', async () => {
    // A fixed, evenly spread sequence, so that the assertions do not depend on luck.
    let seed = 1
    vi.spyOn(Math, 'random').mockImplementation(
      () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647,
    )
    for (let run = 0; run < 40; run++) {
      const { upload, sent } = await create(batchOf(10 * minute))
      await elapse(upload.wait())
      const polls = sent.filter(({ method }) => method === 'GET')
      expect(polls.length).toBeLessThanOrEqual(25)
      expect(polls.at(-1)!.at - sent[0]!.at - 10 * minute).toBeLessThanOrEqual(30_000)
    }
  })

  test('times out after half an hour, or its own timeout, and says that nothing is lost', async () => {
    for (const [options, timeoutMs] of [
      [undefined, 30 * minute],
      [{ timeoutMs: 5_000 }, 5_000],
    ] as const) {
      const { upload } = uploadOn(status('processing', [running]))
      const started = performance.now()
      const error = await rejection<WaitTimeoutError>(elapse(upload.wait(options)))
      expect(performance.now() - started).toBe(timeoutMs)
      expect(error).toBeInstanceOf(WaitTimeoutError)
      expect(error).toBeInstanceOf(TimeoutError)
      expect(error).toMatchObject({
        name: 'WaitTimeoutError',
        code: 'timeout',
        isRetryable: true,
        isAmbiguous: false,
      })
      expect(error.upload).toBe(upload)
      expect(error.report).toMatchObject({ status: 'processing', counts: { pending: 1 } })
      expect(error.message).toBe(
        `Upload ${batchTrackingId} had not ended after \`timeoutMs\` (${timeoutMs} ms); 1 of 1 devices were pending. It continues at the service: call wait() again with the same tracking ID.`,
      )
      expect(JSON.parse(JSON.stringify(error))).toMatchObject({
        name: 'WaitTimeoutError',
        upload: { customerId, batchTrackingId },
      })
    }
  })

  test('makes no request when its time is up, however early the timer fires', async () => {
    const { upload, sent } = uploadOn(status('queued'))
    const setTimer = globalThis.setTimeout
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, ms: number) =>
      setTimer(run, ms - 3)) as typeof setTimeout)
    expect(await rejection(elapse(upload.wait({ timeoutMs: 150.9 })))).toBeInstanceOf(WaitTimeoutError)
    expect(sent).toHaveLength(1)
  })

  test('times out at once when the service asks for a longer wait than is left, and says how long', async () => {
    const { upload, sent, events } = uploadOn([
      status('processing', [running]),
      text(429, null, { 'Retry-After': '3600' }),
    ])
    const started = performance.now()
    const error = await rejection<WaitTimeoutError>(
      elapse(upload.wait({ timeoutMs: 5_000, initialIntervalMs: 2_000 })),
    )
    expect(performance.now() - started).toBeLessThanOrEqual(2_000)
    expect(error).toBeInstanceOf(WaitTimeoutError)
    expect(error).toMatchObject({ retryAfterMs: 3_600_000, report: { status: 'processing' } })
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ retryAfterMs: 3_600_000 })
    expect(error.message).toBe(
      `Upload ${batchTrackingId} had not ended and the service asked to wait 3600000 ms, longer than what is left of \`timeoutMs\` (5000 ms); 1 of 1 devices were pending. It continues at the service: call wait() again with the same tracking ID.`,
    )
    expect(sent).toHaveLength(2)
    expect(events.filter(({ type }) => type === 'wait')).toHaveLength(1)
  })

  test('does not mention the wait that the service asked for when that is not why it timed out', async () => {
    const { upload } = uploadOn([text(429, null, { 'Retry-After': '3' }), status('processing', [running])])
    const error = await rejection<WaitTimeoutError>(elapse(upload.wait({ timeoutMs: 60_000 })))
    expect(error.retryAfterMs).toBeUndefined()
  })

  test('times out during a request too, without a report if there was none', async () => {
    const { upload } = uploadOn(hangs)
    const error = await rejection<WaitTimeoutError>(elapse(upload.wait({ timeoutMs: 5_000 })))
    expect(error.report).toBeUndefined()
    expect(error.message).toContain('no poll got a response')
  })

  test('times out during a request, and does not report its last failure instead', async () => {
    const { upload } = uploadOn(hangs)
    const started = performance.now()
    const error = await rejection(elapse(upload.wait({ timeoutMs: 5_000, maxFailures: 1 })))
    expect(error).toBeInstanceOf(WaitTimeoutError)
    expect(performance.now() - started).toBe(5_000)
  })

  test('gives no request a longer timeout than the client does', async () => {
    const { upload, sent } = uploadOn(hangs, { timeoutMs: 3_000 })
    const error = await rejection(elapse(upload.wait({ maxFailures: 1 })))
    expect(error).toMatchObject({ name: 'TimeoutError', attempts: 1 })
    expect(performance.now() - sent[0]!.at).toBe(3_000)
  })

  test('does not end on an unknown status value, but at its timeout', async () => {
    for (const word of ['completed', 'Done', 'failed', 'cancelled', '']) {
      const { upload } = uploadOn(status(word, [succeeded]))
      const error = await rejection<WaitTimeoutError>(elapse(upload.wait({ timeoutMs: 10 * minute })))
      expect(error).toMatchObject({
        code: 'timeout',
        report: { outcome: 'pending', counts: { succeeded: 1 } },
      })
    }
  })

  test('without a timeout continues until the batch ends', async () => {
    const { upload, sent } = uploadOn(batchOf(6 * 60 * minute))
    await elapse(upload.wait({ timeoutMs: Infinity }))
    expect(performance.now() - sent[0]!.at).toBeGreaterThan(6 * 60 * minute)
  })
})

describe('a process that was suspended past the end of its wait', () => {
  /** Suspends the process: the clocks continue, and no timer fires. */
  function suspend(ms: number): void {
    const now = performance.now.bind(performance)
    vi.spyOn(performance, 'now').mockImplementation(() => now() + ms)
  }
  const hour = 60 * minute

  test.each<[string, number, Answer[]]>([
    ['between two polls', 1_000, [status('processing', [running])]],
    ['during a poll', 0, [hangs]],
  ])('%s polls once more, and knows the end', async (_, afterMs, answers) => {
    const { upload, sent } = uploadOn([...answers, status('finished', [succeeded])])
    const waiting = upload.wait({ timeoutMs: minute })
    await vi.advanceTimersByTimeAsync(afterMs)
    suspend(hour)
    expect((await elapse(waiting)).outcome).toBe('succeeded')
    expect(sent).toHaveLength(2)
  })

  test('polls at most once, whatever the response', async () => {
    for (const answer of [status('processing', [running]), text(503, null)]) {
      const { upload, sent } = uploadOn([status('processing', [running]), answer])
      const waiting = rejection<WaitTimeoutError>(upload.wait({ timeoutMs: minute }))
      await vi.advanceTimersByTimeAsync(1_000)
      suspend(hour)
      const error = await elapse(waiting)
      expect(error).toBeInstanceOf(WaitTimeoutError)
      expect(error.report!.status).toBe('processing')
      expect(sent).toHaveLength(2)
      vi.restoreAllMocks()
    }
  })

  test('waits for that poll ten seconds at most', async () => {
    const { upload, sent } = uploadOn([status('processing', [running]), hangs])
    const waiting = rejection(upload.wait({ timeoutMs: minute }))
    await vi.advanceTimersByTimeAsync(1_000)
    suspend(hour)
    const resumedAt = Date.now()
    expect(await elapse(waiting)).toBeInstanceOf(WaitTimeoutError)
    expect(sent).toHaveLength(2)
    expect(Date.now() - resumedAt).toBeLessThanOrEqual(1_000 + 10_000)
  })
})

describe('a wait in which polls fail', () => {
  const failing = text(503, null)

  test('continues while a later poll may succeed', async () => {
    const { upload, sent } = uploadOn([
      failing,
      failing,
      failing,
      failing,
      status('queued'),
      failing,
      failing,
      failing,
      failing,
      status('finished', [succeeded]),
    ])
    expect((await elapse(upload.wait())).outcome).toBe('succeeded')
    expect(sent).toHaveLength(10)
  })

  test('ends with the error of the last of `maxFailures` in a row', async () => {
    const { upload, sent } = uploadOn([status('queued'), failing])
    expect(await rejection(elapse(upload.wait()))).toMatchObject({ code: 'api', status: 503 })
    expect(sent).toHaveLength(6)
    const own = uploadOn(failing)
    expect(await rejection(elapse(own.upload.wait({ maxFailures: 2 })))).toMatchObject({ status: 503 })
    expect(own.sent).toHaveLength(2)
  })

  test('ends at once if no later poll can succeed', async () => {
    const { upload, sent } = uploadOn(json(404, { code: 1000 }))
    expect(await rejection(upload.wait())).toMatchObject({ code: 'api', status: 404 })
    expect(sent).toHaveLength(1)
  })

  test('continues while an upload that was just accepted is not known yet', async () => {
    const notThere = json(404, { code: 1000 })
    const { upload, sent } = await create([
      text(202, null, { Location: location }),
      notThere,
      notThere,
      status('finished', [succeeded]),
    ])
    expect((await elapse(upload.wait({ maxFailures: 1 }))).outcome).toBe('succeeded')
    expect(sent).toHaveLength(4)
    const own = await create([text(202, null, { Location: location }), notThere])
    expect(await rejection(elapse(own.upload.wait()))).toMatchObject({ code: 'api', status: 404 })
    expect(own.sent.at(-1)!.at - own.sent[0]!.at).toBeGreaterThanOrEqual(minute)
    expect(own.sent.length).toBeLessThan(8)
  })

  test('waits as long as the service asks, but only once', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const { upload, sent } = uploadOn([
      text(429, null, { 'Retry-After': '100' }),
      status('queued'),
      status('finished', [succeeded]),
    ])
    await elapse(upload.wait())
    expect(sent.map(({ at }) => at - sent[0]!.at)).toEqual([0, 100_000, 104_000])
  })
})

describe('aborting a wait', () => {
  const reason = { mine: true }

  test.each<[string, Answer, number]>([
    ['a request', hangs, 0],
    ['the time between two', status('processing'), 1_000],
  ])('during %s ends it at once, with the reason unchanged', async (_, answer, afterMs) => {
    const controller = new AbortController()
    const { upload, sent } = uploadOn(answer)
    const ended = rejection(upload.wait({ signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(afterMs)
    controller.abort(reason)
    expect(await ended).toBe(reason)
    expect(vi.getTimerCount()).toBe(0)
    await vi.advanceTimersByTimeAsync(minute)
    expect(sent).toHaveLength(1)
  })

  test('during the moment after the upload was accepted ends it too', async () => {
    const controller = new AbortController()
    const { upload, sent } = await create(batchOf(0))
    const ended = rejection(upload.wait({ signal: controller.signal }))
    await settle()
    controller.abort(reason)
    expect(await ended).toBe(reason)
    expect(sent).toHaveLength(1)
  })

  test('before it sends nothing', async () => {
    const { upload, sent } = uploadOn(status('queued'))
    expect(await rejection(upload.wait({ signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(sent).toEqual([])
  })
})

describe('after it ended, however it did, an upload', () => {
  test('may be waited for again', async () => {
    const controller = new AbortController()
    let answer: Answer = status('processing', [running])
    const { upload } = uploadOn((sent) => answer(sent))
    expect(await rejection(elapse(upload.wait({ timeoutMs: 1_000 })))).toBeInstanceOf(WaitTimeoutError)
    const aborted = rejection(upload.wait({ signal: controller.signal }))
    controller.abort('stop')
    expect(await aborted).toBe('stop')
    answer = text(404, null)
    expect(await rejection(upload.wait())).toMatchObject({ status: 404 })
    for await (const report of ((answer = status('processing', [running])), upload.watch())) {
      expect(report.outcome).toBe('pending')
      break
    }
    answer = status('finished', [succeeded])
    expect((await upload.wait()).outcome).toBe('succeeded')
    expect((await upload.wait()).outcome).toBe('succeeded')
  })

  test('can be waited for by several callers at once', async () => {
    const { upload } = uploadOn(batchOf(minute))
    const reports = await elapse(Promise.all([upload.wait(), upload.wait(), collect(upload)]))
    expect(reports[0]).toEqual(reports[1])
    expect(reports[2].at(-1)!.outcome).toBe('succeeded')
  })

  test('is not thenable', async () => {
    const { upload } = uploadOn(hangs)
    expect('then' in upload).toBe(false)
    expect(await (async () => upload)()).toBe(upload)
    expect(JSON.stringify(upload)).toBe(JSON.stringify({ customerId, batchTrackingId }))
  })
})

describe('watch', () => {
  const a = (word: string, more: object = {}): object => ({ serialNumber: 'A', status: word, ...more })
  const b = (word: string, more: object = {}): object => ({ serialNumber: 'B', status: word, ...more })

  test('yields a report for each change, with the devices that changed', async () => {
    const { upload, sent } = uploadOn([
      status('queued'),
      status('queued'),
      status('processing', [a('processing'), b('processing')]),
      status('processing', [a('processing'), b('processing')]),
      status('processing', [b('processing'), a('finished', { deviceId: '1' })]),
      text(503, null),
      status('finished', [a('finished', { deviceId: '1' }), b('finished_with_errors', { errorCode: '808' })]),
    ])
    const reports = await elapse(collect(upload))
    expect(sent).toHaveLength(7)
    expect(reports.map(({ status, outcome }) => [status, outcome])).toEqual([
      ['queued', 'pending'],
      ['processing', 'pending'],
      ['processing', 'pending'],
      ['finished', 'partially-failed'],
    ])
    expect(reports.map(({ changed }) => changed)).toEqual([
      undefined,
      [a('processing'), b('processing')],
      [a('finished', { deviceId: '1' })],
      [b('finished_with_errors', { errorCode: '808' })],
    ])
  })

  test('recognizes a device by its serial number or product key alone', async () => {
    const rows = (one: string, other: string): object[] => [
      { serialNumber: 'A', status: one },
      { serialNumber: 'B', status: other },
      { productKey: 'K', status: one },
      { productKey: 'L', status: other },
    ]
    const { upload } = uploadOn([
      status('processing', rows('queued', 'processing')),
      status('finished', rows('processing', 'queued')),
    ])
    expect((await elapse(collect(upload)))[1]!.changed).toHaveLength(4)
  })

  test('tells rows of one serial number apart by their state', async () => {
    const { upload } = uploadOn([
      status('processing', [a('processing'), a('processing')]),
      status('finished', [a('finished'), a('processing')]),
    ])
    expect((await elapse(collect(upload)))[1]!.changed).toEqual([a('finished')])
  })

  test('is quick with many devices without identifiers', async () => {
    const rows = (word: string): object[] =>
      Array.from({ length: 20_000 }, (_, index) => ({ status: word, errorDescription: `${index}` }))
    const { upload } = uploadOn([
      status('processing', rows('processing')),
      status('finished', rows('finished')),
    ])
    // In microseconds of CPU, which other processes do not add to.
    const before = process.cpuUsage()
    expect((await elapse(collect(upload)))[1]!.changed).toHaveLength(20_000)
    expect(process.cpuUsage(before).user).toBeLessThan(2_000_000)
  })

  test('makes no request until it is read, and can be read twice', async () => {
    const { upload, sent } = uploadOn(status('finished', [succeeded]))
    const watching = upload.watch()
    await settle()
    expect(sent).toEqual([])
    expect(await collect(upload)).toHaveLength(1)
    for await (const report of watching) expect(report.outcome).toBe('succeeded')
    expect(sent).toHaveLength(2)
  })

  test('ends with a break, and nothing stays behind', async () => {
    const { upload, sent } = uploadOn(status('processing'))
    for await (const report of upload.watch()) {
      expect(report.status).toBe('processing')
      break
    }
    expect(vi.getTimerCount()).toBe(0)
    await vi.advanceTimersByTimeAsync(10 * minute)
    expect(sent).toHaveLength(1)
  })

  test('throws the error that ends it, after the earlier reports', async () => {
    const { upload } = uploadOn([status('queued'), text(403, null)])
    const seen: string[] = []
    const ended = (async () => {
      for await (const report of upload.watch()) seen.push(report.status)
    })()
    expect(await rejection(elapse(ended))).toBeInstanceOf(PartnerCenterError)
    expect(seen).toEqual(['queued'])
  })

  test('does not count the time that its reader takes', async () => {
    const { upload } = uploadOn([status('queued'), status('processing')])
    const ended = (async () => {
      for await (const _ of upload.watch({ timeoutMs: 10_000 }))
        await new Promise((resolve) => setTimeout(resolve, 20_000))
    })()
    expect(await rejection(elapse(ended))).toBeInstanceOf(WaitTimeoutError)
    expect(performance.now()).toBeGreaterThanOrEqual(20_000)
  })

  test('works without an observer', async () => {
    const { partner } = partnerOn([status('queued'), status('finished', [succeeded])], { observe: undefined })
    const upload = partner.customers.byId(customerId).batchUploadStatus.byId(batchTrackingId)
    expect((await elapse(collect(upload))).map(({ status }) => status)).toEqual(['queued', 'finished'])
  })

  test('reports each wait to the observer', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const { upload, events } = await create(batchOf(5_000))
    await elapse(upload.wait())
    expect(events.filter(({ type }) => type === 'wait')).toEqual(
      [2_000, 4_000].map((delayMs, index) => ({
        type: 'wait',
        reason: 'poll',
        delayMs,
        method: 'GET',
        path: '/customers/{customerId}/batchJobStatus/{batchTrackingId}',
        attempt: index,
      })),
    )
  })
})

describe('a device that an earlier response listed and the last one does not', () => {
  const failed = { serialNumber: 'F', status: 'finished_with_errors', errorCode: '808' }
  const answers = [
    status('processing', [failed, running]),
    status('processing', [{ ...running, serialNumber: 's ' }]),
    status('finished', [succeeded]),
  ]

  test('keeps its last result in the reports of watch', async () => {
    const reports = await elapse(collect(uploadOn(answers).upload))
    expect(reports.map(({ devices }) => devices)).toEqual([
      [failed, running],
      [{ ...running, serialNumber: 's ' }, failed],
      [succeeded, failed],
    ])
    expect(reports.at(-1)).toMatchObject({
      outcome: 'partially-failed',
      counts: { total: 2, succeeded: 1, failed: 1 },
      failures: [failed],
      changed: [succeeded],
    })
  })

  const failedAt = (more: object) => ({ status: 'finished_with_errors', errorCode: '808', ...more })
  test.each<[string, object[], object[], object[]]>([
    [
      'one of two rows of one serial number, the one in another state',
      [failedAt({ serialNumber: 'S' }), succeeded],
      [succeeded],
      [failedAt({ serialNumber: 'S' })],
    ],
    [
      'one of two rows of one serial number, the one with another ID',
      [
        { ...running, deviceId: '1' },
        { ...running, deviceId: '2' },
      ],
      [{ ...succeeded, deviceId: '2' }],
      [{ ...running, deviceId: '1' }],
    ],
    [
      'one of three rows without identifiers',
      [failedAt({}), failedAt({}), { status: 'processing' }],
      [failedAt({}), { status: 'processing' }],
      [failedAt({})],
    ],
    ['nothing when a row gets its product key', [running], [{ ...running, productKey: 'K' }], []],
    [
      'nothing when a row gets its serial number',
      [{ productKey: 'K' }],
      [{ productKey: 'k', serialNumber: 'S' }],
      [],
    ],
    [
      'a row of the same serial number with another product key',
      [{ ...running, productKey: 'K' }],
      [{ ...running, productKey: 'L' }],
      [{ ...running, productKey: 'K' }],
    ],
    [
      'the row without a product key when the one with it is there',
      [running, { ...running, productKey: 'K' }],
      [{ ...running, productKey: 'K' }],
      [running],
    ],
    ['nothing when the order changes', [running, failed], [failed, running], []],
  ])('is %s', async (_, before, now, kept) => {
    const { upload } = uploadOn([status('processing', before), status('finished', now)])
    const reports = await elapse(collect(upload))
    expect(reports.at(-1)!.devices).toEqual([...now, ...kept])
  })

  test('is unresolved in the report of wait, which keeps no rows', async () => {
    expect(await elapse(uploadOn(answers).upload.wait())).toMatchObject({
      outcome: 'unknown',
      counts: { total: 2, succeeded: 1, unresolved: 1 },
      devices: [succeeded],
    })
  })

  test('is in the error of a watch that times out', async () => {
    const { upload } = uploadOn([status('processing', [failed, running]), status('processing', [running])])
    const error = await rejection<WaitTimeoutError>(elapse(collect(upload, { timeoutMs: minute })))
    expect(error.report).toMatchObject({ devices: [running, failed], counts: { total: 2, failed: 1 } })
  })
})

describe('options of a wait that are wrong', () => {
  test.each<[object, string]>([
    [{ timeoutMs: 0 }, '`timeoutMs`'],
    [{ timeoutMs: NaN }, '`timeoutMs`'],
    [{ initialIntervalMs: '2s' }, '`initialIntervalMs`'],
    [{ maxIntervalMs: null }, '`maxIntervalMs`'],
    [{ maxFailures: 0 }, '`maxFailures`'],
  ])('%j are refused before any request', async (options, name) => {
    const { upload, sent } = uploadOn(status('queued'))
    const error = await rejection(upload.wait(options as WaitOptions))
    expect(error).toMatchObject({ code: 'invalid-argument' })
    expect(error.message.startsWith(name)).toBe(true)
    expect(await rejection(collect(upload, options as WaitOptions))).toMatchObject({
      code: 'invalid-argument',
    })
    expect(sent).toEqual([])
  })
})
