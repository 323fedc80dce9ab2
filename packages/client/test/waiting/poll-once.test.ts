import type { PollState } from '@devicebatch/client'
import { pollOnce } from '@devicebatch/client'
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
  otherCustomerId,
  partnerOn,
  rejection,
  status,
  text,
} from '../helpers.ts'

beforeEach(moveTime)
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const now = Date.UTC(2026, 0, 5, 12)
const device = { serialNumber: 'S', status: 'processing' }

function upload(answers: Answer | Answer[]) {
  const { partner, sent } = partnerOn(answers)
  return { upload: partner.customers.byId(customerId).batchUploadStatus.byId(batchTrackingId), sent }
}

describe('pollOnce', () => {
  test('makes one request and says when the next is due', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const { upload: own, sent } = upload(status('processing', [device]))
    const { state, changed, report, next } = await pollOnce(own, undefined, { now })
    expect(sent).toHaveLength(1)
    expect(changed).toBe(true)
    expect(report).toMatchObject({
      batchTrackingId,
      status: 'processing',
      outcome: 'pending',
      counts: { total: 1, pending: 1 },
    })
    expect(next).toEqual({ kind: 'wait', delayMs: 2_000, at: now + 2_000 })
    expect(state).toEqual({
      version: 1,
      customerId,
      batchTrackingId,
      polls: 1,
      failures: 0,
      dueAt: now + 2_000,
      status: 'processing',
      counts: { total: 1, pending: 1, succeeded: 0, alreadyRegistered: 0, failed: 0, unresolved: 0 },
      digest: expect.stringMatching(/^[\da-f]{16}$/),
    })
    vi.restoreAllMocks()
  })

  test('continues from a state that was saved as JSON, in another process', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    let saved: PollState | undefined
    const delays: number[] = []
    for (let poll = 0; poll < 7; poll++) {
      const { upload: own } = upload(status('processing', [device]))
      const { state, changed, next } = await pollOnce(own, saved, { now })
      expect(changed).toBe(poll === 0)
      if (next.kind === 'wait') delays.push(next.delayMs)
      saved = JSON.parse(JSON.stringify(state)) as PollState
      expect(saved).toEqual(state)
    }
    expect(delays).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
    vi.restoreAllMocks()
  })

  test('returns the same for the same input', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const { upload: own } = upload(status('processing', [device]))
    const { state } = await pollOnce(own, undefined, { now })
    const [one, other] = [
      await pollOnce(own, state, { now: now + 9 }),
      await pollOnce(own, state, { now: now + 9 }),
    ]
    expect(one).toEqual(other)
    vi.restoreAllMocks()
  })

  test('makes an interval up to a tenth shorter, never longer', async () => {
    for (const [random, delayMs] of [
      [0, 2_000],
      [0.5, 1_900],
      [1, 1_800],
    ] as const) {
      vi.spyOn(Math, 'random').mockReturnValue(random)
      expect((await pollOnce(upload(status('queued')).upload, undefined, { now })).next).toMatchObject({
        delayMs,
      })
    }
    vi.restoreAllMocks()
  })

  test('accepts custom intervals', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    let saved: PollState | undefined
    const delays: number[] = []
    for (let poll = 0; poll < 4; poll++) {
      const { state, next } = await pollOnce(upload(status('queued')).upload, saved, {
        now,
        initialIntervalMs: 100,
        maxIntervalMs: 300,
      })
      saved = state
      if (next.kind === 'wait') delays.push(next.delayMs)
    }
    expect(delays).toEqual([100, 200, 300, 300])
    expect(
      (await pollOnce(upload(status('queued')).upload, undefined, { now, initialIntervalMs: 60_000 })).next,
    ).toMatchObject({ delayMs: 60_000 })
    vi.restoreAllMocks()
  })

  test.each(['finished', 'finished_with_errors'])('is done when the batch is %s', async (word) => {
    const { state, report, next, changed } = await pollOnce(
      upload(status(word, [{ status: 'finished' }])).upload,
      undefined,
      { now },
    )
    expect(next).toEqual({ kind: 'done' })
    expect(changed).toBe(true)
    expect(report!.outcome).toBe('succeeded')
    expect(state).toMatchObject({ status: word, dueAt: now })
  })

  test.each(['unknown', 'queued', 'completed', 'done', ''])(
    'is not done when the batch is "%s"',
    async (word) => {
      expect((await pollOnce(upload(status(word)).upload, undefined, { now })).next.kind).toBe('wait')
    },
  )

  test.each<[string, object[], object]>([
    ['a device', [{ ...device, status: 'finished' }], {}],
    ['an error code', [{ ...device, errorCode: '808' }], {}],
    ['a new device', [device, { serialNumber: 'T' }], {}],
    ['a start', [device], { startedTime: '2026-01-05T12:00:00' }],
  ])('sees a change of %s', async (_, devices, more) => {
    const first = await pollOnce(upload(status('processing', [device])).upload, undefined, { now })
    const second = await pollOnce(upload(status('processing', devices, more)).upload, first.state, { now })
    expect(second.changed).toBe(true)
    const third = await pollOnce(upload(status('processing', devices, more)).upload, second.state, { now })
    expect(third.changed).toBe(false)
  })

  test('keeps its state small and free of device data', async () => {
    const devices = Array.from({ length: 5_000 }, (_, index) => ({
      serialNumber: `hush-${index}`,
      productKey: 'hush',
      status: 'processing',
    }))
    const { state } = await pollOnce(upload(status('processing', devices)).upload, undefined, { now })
    const kept = JSON.stringify(state)
    expect(kept.length).toBeLessThan(500)
    expect(kept).not.toMatch(/hush|secret/)
  })

  test('names its upload in the report, even if the response does not', async () => {
    expect(
      (await pollOnce(upload(json(200, { status: 'queued' })).upload, undefined, { now })).report!
        .batchTrackingId,
    ).toBe(batchTrackingId)
  })

  test('reports that the response came from the emulator', async () => {
    const { report } = await pollOnce(
      upload(json(200, { status: 'queued' }, { 'X-DeviceBatch-Emulator': '1' })).upload,
      undefined,
      { now },
    )
    expect(report!.emulated).toBe(true)
    expect((await pollOnce(upload(status('queued')).upload, undefined, { now })).report).not.toHaveProperty(
      'emulated',
    )
  })
})

describe('a poll that fails', () => {
  test('with a retryable error does not reject, and sends no second request', async () => {
    for (const answer of [
      text(503, null),
      text(429, null),
      text(500, 'x'),
      text(200, '<html>'),
      () => {
        throw new TypeError('fetch failed')
      },
    ] satisfies Answer[]) {
      const { upload: own, sent } = upload(answer)
      const { state, changed, report, next } = await pollOnce(own, undefined, { now })
      expect(sent).toHaveLength(1)
      expect([state.failures, changed, report, next.kind]).toEqual([1, false, undefined, 'wait'])
      expect(state).not.toHaveProperty('digest')
    }
  })

  test('because of a programming mistake is a rejection', async () => {
    const { upload: own } = upload(status('processing', [device]))
    const mistake = new RangeError('mistake')
    own.get = () => Promise.reject(mistake)
    expect(await rejection(pollOnce(own, undefined, { now }))).toBe(mistake)
  })

  test('keeps what was known before, and its streak ends with the next response', async () => {
    const first = await pollOnce(upload(status('processing', [device])).upload, undefined, { now })
    const second = await pollOnce(upload(text(503, null)).upload, first.state, { now })
    const third = await pollOnce(upload(text(503, null)).upload, second.state, { now })
    expect(third.state).toMatchObject({
      polls: 3,
      failures: 2,
      status: 'processing',
      counts: first.state.counts,
      digest: first.state.digest,
    })
    const fourth = await pollOnce(upload(status('processing', [device])).upload, third.state, { now })
    expect([fourth.state.failures, fourth.changed, fourth.state.polls]).toEqual([0, false, 4])
  })

  test('is the end after `maxFailures` in a row', async () => {
    for (const [options, polls] of [
      [{}, 5],
      [{ maxFailures: 2 }, 2],
      [{ maxFailures: 1 }, 1],
    ] as const) {
      let saved: PollState | undefined
      for (let poll = 1; poll <= polls; poll++) {
        const { state, next } = await pollOnce(upload(text(503, null)).upload, saved, { now, ...options })
        saved = JSON.parse(JSON.stringify(state)) as PollState
        expect(next.kind).toBe(poll < polls ? 'wait' : 'stop')
        if (next.kind === 'stop') expect(next.error).toMatchObject({ code: 'api', status: 503 })
      }
    }
  })

  test.each<[string, Answer, object]>([
    ['a 404', json(404, { code: 1000 }), { code: 'api', status: 404 }],
    ['a 401', text(401, null), { code: 'api', status: 401 }],
    ['a 403', text(403, null), { code: 'api', status: 403 }],
    ['a redirect', text(302, null), { code: 'response' }],
    ['a 503 that says it is not retryable', json(503, { isRetryable: false }), { code: 'api', status: 503 }],
  ])('with %s is the end at once', async (_, answer, error) => {
    const { state, next } = await pollOnce(upload(answer).upload, undefined, { now })
    expect(next).toMatchObject({ kind: 'stop', error })
    expect(state.failures).toBe(1)
  })

  test('delays only the next step by the wait that the service asks for', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const first = await pollOnce(upload(text(429, null, { 'Retry-After': '90' })).upload, undefined, { now })
    expect(first.next).toEqual({ kind: 'wait', delayMs: 90_000, at: now + 90_000, retryAfterMs: 90_000 })
    expect(first.state.dueAt).toBe(now + 90_000)
    const second = await pollOnce(upload(status('queued')).upload, first.state, { now })
    expect(second.next).toMatchObject({ delayMs: 4_000 })
    const third = await pollOnce(upload(text(503, null, { 'Retry-After': '1' })).upload, second.state, {
      now,
    })
    expect(third.next).toMatchObject({ delayMs: 8_000 })
    vi.restoreAllMocks()
  })

  test('counts the time that the service asks for from its response, however long the request took', async () => {
    const slow: Answer = async (sent) => {
      await new Promise((resolve) => setTimeout(resolve, 20_000))
      return text(429, null, { 'Retry-After': '30' })(sent)
    }
    const { state, next } = await elapse(pollOnce(upload(slow).upload, undefined, { now }))
    expect(next).toEqual({ kind: 'wait', delayMs: 30_000, at: now + 50_000, retryAfterMs: 30_000 })
    expect(state.dueAt).toBe(now + 50_000)
  })

  test('by an abort rejects with its reason', async () => {
    const controller = new AbortController()
    const polling = rejection(pollOnce(upload(hangs).upload, undefined, { now, signal: controller.signal }))
    const reason = { mine: true }
    controller.abort(reason)
    expect(await polling).toBe(reason)
  })

  test('by an abort that comes with the response is not saved as a failed poll', async () => {
    const controller = new AbortController()
    const { partner } = partnerOn(text(503, null), {
      observe: ({ type }) => type === 'attempt' && controller.abort('enough'),
    })
    const own = partner.customers.byId(customerId).batchUploadStatus.byId(batchTrackingId)
    expect(await rejection(pollOnce(own, undefined, { now, signal: controller.signal }))).toBeDefined()
  })
})

describe('a device that an earlier response listed and a later one does not', () => {
  const failed = { serialNumber: 'F', status: 'finished_with_errors', errorCode: '808' }
  const succeeded = { serialNumber: 'S', status: 'finished' }

  test('is pending while the batch runs, and unresolved in the end', async () => {
    const first = await pollOnce(
      upload(status('processing', [failed, succeeded, succeeded])).upload,
      undefined,
      { now },
    )
    expect(first.report).toMatchObject({ counts: { total: 3, failed: 1, succeeded: 2 } })
    const second = await pollOnce(upload(status('processing', [succeeded])).upload, first.state, { now })
    expect(second.changed).toBe(true)
    expect(second.report).toMatchObject({
      outcome: 'pending',
      counts: { total: 3, pending: 2, succeeded: 1, unresolved: 0 },
    })
    const saved = JSON.parse(JSON.stringify(second.state)) as PollState
    const third = await pollOnce(upload(status('finished', [succeeded, succeeded])).upload, saved, { now })
    expect(third.report).toMatchObject({
      outcome: 'unknown',
      counts: { total: 3, pending: 0, succeeded: 2, unresolved: 1 },
      devices: [succeeded, succeeded],
    })
    expect(third.state.counts!.total).toBe(3)
  })

  test('is remembered over polls that fail', async () => {
    const first = await pollOnce(upload(status('processing', [succeeded, failed])).upload, undefined, { now })
    const second = await pollOnce(upload(text(503, null)).upload, first.state, { now })
    const third = await pollOnce(upload(status('finished', [succeeded])).upload, second.state, { now })
    expect(third.report).toMatchObject({ outcome: 'unknown', counts: { total: 2, unresolved: 1 } })
  })
})

describe('a 404', () => {
  const notThere = json(404, { code: 1000 })
  async function accepted(answers: Answer[]) {
    const { partner } = partnerOn([text(202, null, { Location: location }), ...answers])
    return await partner.customers
      .byId(customerId)
      .deviceBatches.create({ batchId: 'B', devices: [{ productKey: 'K' }] })
  }

  test('within a minute of the upload means "not yet", and is not a failure', async () => {
    const own = await accepted([notThere, status('finished', [device])])
    const options = { now: now + 59_000, maxFailures: 1 }
    vi.advanceTimersByTime(59_000)
    const { state, changed, report, next } = await pollOnce(own, undefined, options)
    expect([state.failures, changed, report, next.kind]).toEqual([0, false, undefined, 'wait'])
    expect((await pollOnce(own, state, options)).next.kind).toBe('done')
  })

  test('after a minute is the end', async () => {
    const own = await accepted([notThere])
    vi.advanceTimersByTime(60_000)
    const { next } = await pollOnce(own, undefined, { now: now + 60_000 })
    expect(next).toMatchObject({ kind: 'stop', error: { status: 404 } })
  })

  test('means the same in another process that continues with the saved state', async () => {
    const own = await accepted([text(503, null)])
    const first = await pollOnce(own, undefined, { now })
    expect(first.state.acceptedAt).toBe(now)
    const saved = JSON.parse(JSON.stringify(first.state)) as PollState
    const second = await pollOnce(upload(notThere).upload, saved, { now: now + 30_000 })
    expect(second.next.kind).toBe('wait')
    const third = await pollOnce(upload(notThere).upload, second.state, { now: now + 90_000 })
    expect(third.next).toMatchObject({ kind: 'stop', error: { status: 404 } })
    expect(third.state).not.toHaveProperty('acceptedAt')
  })

  test.each([401, 403, 410])('is the only retried refusal: a %i ends it at once', async (refusal) => {
    const own = await accepted([text(refusal, null)])
    expect((await pollOnce(own, undefined, { now })).next.kind).toBe('stop')
  })
})

describe('the arguments of pollOnce', () => {
  const state: PollState = { version: 1, customerId, batchTrackingId, polls: 3, failures: 0, dueAt: now }

  test.each<[unknown, string]>([
    [
      { ...state, version: 2 },
      '`saved` has version 2, but this package knows only version 1. Poll without it: you lose only the interval.',
    ],
    [{}, '`saved` has version undefined'],
    ['x', '`saved` has version undefined'],
    [
      { ...state, batchTrackingId: otherCustomerId },
      `\`saved\` belongs to upload "${otherCustomerId}" of customer "${customerId}", not to this one. Pass the state of this upload.`,
    ],
    [
      { ...state, customerId: otherCustomerId },
      `\`saved\` belongs to upload "${batchTrackingId}" of customer "${otherCustomerId}", not to this one.`,
    ],
  ])('is refused before any request: %j', async (saved, message) => {
    const { upload: own, sent } = upload(status('queued'))
    const error = await rejection(pollOnce(own, saved as PollState, { now }))
    expect(error).toMatchObject({ code: 'invalid-argument' })
    expect(error.message).toContain(message)
    expect(sent).toEqual([])
  })

  test.each<[object, string]>([
    [{ polls: -40 }, '`saved.polls` must be an integer of at least 0; got -40.'],
    [{ polls: 0.5 }, '`saved.polls` must be an integer of at least 0; got 0.5.'],
    [{ polls: '3' }, '`saved.polls` must be an integer of at least 0; got "3".'],
    [{ polls: undefined }, '`saved.polls` must be an integer of at least 0; got undefined.'],
    [{ polls: null }, '`saved.polls` must be an integer of at least 0; got null.'],
    [{ failures: -1e9 }, '`saved.failures` must be an integer of at least 0; got -1000000000.'],
    [{ failures: NaN }, '`saved.failures` must be an integer of at least 0; got NaN.'],
    [{ dueAt: null }, '`saved.dueAt` must be a time in milliseconds since 1970; got null.'],
    [{ dueAt: '2026-01-05' }, '`saved.dueAt` must be a time in milliseconds since 1970; got "2026-01-05".'],
    [{ acceptedAt: 'now' }, '`saved.acceptedAt` must be a time in milliseconds since 1970; got "now".'],
    [{ status: 5 }, '`saved.status` must be text; got 5.'],
    [{ digest: {} }, '`saved.digest` must be text; got object.'],
    [{ counts: { total: -5 } }, '`saved.counts` must be six whole numbers from 0; got object.'],
    [{ counts: null }, '`saved.counts` must be six whole numbers from 0; got null.'],
  ])('with %j is refused before any request', async (tampered, message) => {
    const { upload: own, sent } = upload(status('queued'))
    const error = await rejection(pollOnce(own, { ...state, ...tampered }, { now }))
    expect(error).toMatchObject({ code: 'invalid-argument' })
    expect(error.message).toBe(
      `${message} Pass what the last poll returned, unchanged, or poll without it: you lose only the interval.`,
    )
    expect(sent).toEqual([])
  })

  test('may be any state that a poll returned, however often it was polled', async () => {
    for (const polls of [0, 1, 60, 5_000]) {
      const { upload: own } = upload(status('queued'))
      const { next } = await pollOnce(own, { ...state, polls }, { now })
      expect(next.kind === 'wait' && next.delayMs).toBeGreaterThanOrEqual(1_800)
      expect(next.kind === 'wait' && next.delayMs).toBeLessThanOrEqual(30_000)
    }
  })

  test('may name the same upload in other letters, and may be null', async () => {
    const { upload: own } = upload(status('queued'))
    expect(
      (await pollOnce(own, { ...state, customerId: customerId.toUpperCase() }, { now })).state.polls,
    ).toBe(4)
    expect((await pollOnce(own, null as never, { now })).state.polls).toBe(1)
  })

  test.each<[object, string]>([
    [{ initialIntervalMs: 0 }, '`initialIntervalMs` must be a positive number of milliseconds; got 0.'],
    [{ maxIntervalMs: -1 }, '`maxIntervalMs` must be a positive number of milliseconds; got -1.'],
    [{ maxFailures: 0 }, '`maxFailures` must be an integer of at least 1; got 0.'],
    [{ maxFailures: 1.5 }, '`maxFailures` must be an integer of at least 1; got 1.5.'],
    [{ maxFailures: Infinity }, '`maxFailures` must be an integer of at least 1; got Infinity.'],
    [
      { now: undefined },
      '`now` must be a time in milliseconds since 1970, such as Date.now(); got undefined.',
    ],
    [{ now: NaN }, '`now` must be a time in milliseconds since 1970, such as Date.now(); got NaN.'],
    [{ now: new Date() }, '`now` must be a time in milliseconds since 1970, such as Date.now(); got object.'],
  ])('is refused before any request: %j', async (options, message) => {
    const { upload: own, sent } = upload(status('queued'))
    expect(await rejection(pollOnce(own, undefined, { now, ...options }))).toMatchObject({
      code: 'invalid-argument',
      message,
    })
    expect(sent).toEqual([])
  })

  test('must be an upload of this package', async () => {
    for (const other of [{ customerId, batchTrackingId }, undefined, null]) {
      expect(await rejection(pollOnce(other as never, undefined, { now }))).toMatchObject({
        code: 'invalid-argument',
        message:
          '`upload` must be what batchUpload(), batchUploadStatus.byId(), fromLocation() or deviceBatches.create() returned.',
      })
    }
  })
})
