import type { PollState } from '@devicebatch/client'
import { pollWithin } from '@devicebatch/client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import type { Answer } from '../helpers.ts'
import {
  batchTrackingId,
  customerId,
  elapse,
  hangs,
  moveTime,
  otherCustomerId,
  partnerOn,
  rejection,
  settle,
  status,
  text,
} from '../helpers.ts'

beforeEach(() => {
  moveTime()
  vi.spyOn(Math, 'random').mockReturnValue(0)
})
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const minute = 60_000
const running = status('processing', [{ serialNumber: 'S', status: 'processing' }])
const ended = status('finished', [{ serialNumber: 'S', status: 'finished' }])

function uploadOn(answers: Answer | Answer[]) {
  const { partner, sent, events } = partnerOn(answers)
  return { upload: partner.customers.byId(customerId).batchUploadStatus.byId(batchTrackingId), sent, events }
}

describe('pollWithin', () => {
  test('waits until the batch has ended, when that is soon enough', async () => {
    const { upload, sent } = uploadOn([running, running, ended])
    const { changed, report, next } = await elapse(
      pollWithin(upload, undefined, { maxPolls: 10, maxTimeMs: minute }),
    )
    expect(sent).toHaveLength(3)
    expect(sent.map(({ at }) => at - sent[0]!.at)).toEqual([0, 2_000, 6_000])
    expect([changed, report!.outcome, next.kind]).toEqual([true, 'succeeded', 'done'])
  })

  test('makes no more polls than allowed, and says when to continue', async () => {
    const { upload, sent } = uploadOn(running)
    const started = performance.now()
    const { state, report, next } = await elapse(pollWithin(upload, undefined, { maxPolls: 2 }))
    expect(sent).toHaveLength(2)
    expect(performance.now() - started).toBe(2_000)
    expect(report).toMatchObject({ outcome: 'pending', counts: { pending: 1 } })
    expect(next).toEqual({ kind: 'wait', delayMs: 4_000, at: Date.now() + 4_000 })
    expect(state).toMatchObject({ polls: 2, dueAt: Date.now() + 4_000 })
  })

  test('does not wait for a poll for which there is no time', async () => {
    const { upload, sent } = uploadOn(running)
    const started = performance.now()
    const { state, next } = await elapse(pollWithin(upload, undefined, { maxTimeMs: 6_000 }))
    expect(sent).toHaveLength(2)
    expect(performance.now() - started).toBe(2_000)
    expect([state.polls, next.kind]).toEqual([2, 'wait'])
  })

  test('continues where it stopped, not before the poll is due', async () => {
    const first = uploadOn(running)
    const limits = { maxPolls: 1, maxTimeMs: minute }
    const { state } = await elapse(pollWithin(first.upload, undefined, limits))
    const saved = JSON.parse(JSON.stringify(state)) as PollState
    const second = uploadOn(ended)
    const { changed, next } = await elapse(pollWithin(second.upload, saved, limits))
    expect(second.sent[0]!.at - first.sent[0]!.at).toBe(2_000)
    expect([changed, next.kind]).toEqual([true, 'done'])
  })

  test('makes no request when the next poll is due after its timeout', async () => {
    const first = uploadOn(running)
    const { state } = await elapse(pollWithin(first.upload, undefined, { maxPolls: 1, maxTimeMs: minute }))
    const second = uploadOn(ended)
    const result = await pollWithin(second.upload, state, { maxPolls: 1, maxTimeMs: 1_000 })
    expect(second.sent).toHaveLength(0)
    expect(result).toEqual({
      state,
      changed: false,
      next: { kind: 'wait', delayMs: 2_000, at: state.dueAt },
    })
  })

  test.each([
    ['back', -3_600_000],
    ['forward', 3_600_000],
  ])('keeps its intervals and limits when the clock is set %s', async (_, byMs) => {
    const setTheClock: Answer = (one) => {
      vi.setSystemTime(Date.now() + byMs)
      return running(one)
    }
    const { upload, sent } = uploadOn([running, setTheClock, ended])
    const polling = pollWithin(upload, undefined, { maxTimeMs: minute })
    expect((await elapse(polling)).next.kind).toBe('done')
    expect(sent.map(({ at }) => at - sent[0]!.at)).toEqual([0, 2_000, 6_000])
  })

  test('waits as long as the service asks, counted from its response', async () => {
    const { upload, sent } = uploadOn([
      async (one) => {
        await new Promise((resolve) => setTimeout(resolve, 20_000))
        return text(429, null, { 'Retry-After': '30' })(one)
      },
      ended,
    ])
    await elapse(pollWithin(upload, undefined, { maxTimeMs: 2 * minute }))
    expect(sent[1]!.at - sent[0]!.at).toBe(50_000)
  })

  test('stops polling when the process was suspended past its timeout', async () => {
    const { upload, sent } = uploadOn(running)
    const polling = pollWithin(upload, undefined, { maxTimeMs: 10_000 })
    await settle()
    const now = performance.now.bind(performance)
    vi.spyOn(performance, 'now').mockImplementation(() => now() + minute)
    expect((await elapse(polling)).next.kind).toBe('wait')
    expect(sent).toHaveLength(1)
  })

  test('refuses a state that was tampered with before any request', async () => {
    const { upload, sent } = uploadOn(running)
    const saved = { version: 1, customerId, batchTrackingId, polls: -40, failures: 0, dueAt: 0 } as const
    expect(await rejection(pollWithin(upload, saved, { maxPolls: 3 }))).toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('`saved.polls`'),
    })
    expect(sent).toEqual([])
  })

  test('does not count a poll that was cut off when time was up', async () => {
    const { upload, sent } = uploadOn([running, hangs])
    const { state, report, next } = await elapse(
      pollWithin(upload, undefined, { maxPolls: 9, maxTimeMs: 5_000, maxFailures: 1 }),
    )
    expect(sent).toHaveLength(2)
    expect(state).toMatchObject({ polls: 1, failures: 0, status: 'processing' })
    expect(report!.status).toBe('processing')
    expect(next.kind).toBe('wait')
  })

  test('says that polling again cannot help', async () => {
    const { upload } = uploadOn([running, text(404, null)])
    const { report, next } = await elapse(pollWithin(upload, undefined, { maxPolls: 9, maxTimeMs: minute }))
    expect(next).toMatchObject({ kind: 'stop', error: { status: 404 } })
    expect(report!.status).toBe('processing')
  })

  test('ends at once with the reason of an abort', async () => {
    const { upload } = uploadOn(running)
    const controller = new AbortController()
    const aborted = rejection(
      pollWithin(upload, undefined, { maxPolls: 9, maxTimeMs: minute, signal: controller.signal }),
    )
    await settle()
    controller.abort('stop')
    expect(await aborted).toBe('stop')
  })

  test.each([
    [{ maxPolls: 0 }, '`maxPolls` must be an integer of at least 1; got 0.'],
    [{ maxPolls: 1.5 }, '`maxPolls` must be an integer of at least 1; got 1.5.'],
    [{ maxPolls: null as never }, '`maxPolls` must be an integer of at least 1; got null.'],
    [{ maxTimeMs: 0 }, '`maxTimeMs` must be a positive number of milliseconds; got 0.'],
    [{ maxFailures: 0 }, '`maxFailures` must be an integer of at least 1; got 0.'],
  ])('refuses %j before any request', async (wrong, message) => {
    const { upload, sent } = uploadOn(running)
    const error = await rejection(pollWithin(upload, undefined, { maxPolls: 1, maxTimeMs: 1, ...wrong }))
    expect(error).toMatchObject({ code: 'invalid-argument', message })
    expect(sent).toEqual([])
  })

  test('refuses the state of another upload', async () => {
    const { upload } = uploadOn(running)
    const { state } = await pollWithin(upload, undefined, { maxPolls: 1, maxTimeMs: 1_000 })
    const other = { ...state, customerId: otherCustomerId }
    expect(await rejection(pollWithin(upload, other, { maxPolls: 1, maxTimeMs: 1_000 }))).toMatchObject({
      code: 'invalid-argument',
    })
  })
})
