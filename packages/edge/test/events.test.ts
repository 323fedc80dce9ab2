import type { PartnerCenterEvent } from '@devicebatch/edge'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import {
  customerId,
  elapse,
  finished,
  guid,
  hangs,
  json,
  moveTime,
  partner,
  refusesConnection,
  rejection,
  statusPath,
  text,
} from './helpers.ts'

beforeEach(moveTime)
afterEach(() => {
  vi.useRealTimers()
})

const attempt = {
  type: 'attempt',
  method: 'GET',
  path: '/customers/{customerId}/batchJobStatus/{batchTrackingId}',
  requestId: expect.stringMatching(guid),
  correlationId: expect.stringMatching(guid),
}

describe('observe', () => {
  test('receives each token, attempt and wait, in order', async () => {
    const { call, events } = partner([hangs, refusesConnection, text(503, null), finished], {
      attemptTimeoutMs: 1_000,
    })
    await elapse(call(statusPath))
    expect(events.filter(({ type }) => type === 'attempt')).toEqual([
      { ...attempt, attempt: 1, durationMs: 1_000, error: 'timeout' },
      { ...attempt, attempt: 2, durationMs: 0, error: 'connection' },
      { ...attempt, attempt: 3, durationMs: 0, status: 503 },
      { ...attempt, attempt: 4, durationMs: 0, status: 200 },
    ])
    expect(events.map(({ type }) => type)).toEqual([
      'token',
      'attempt',
      'wait',
      'token',
      'attempt',
      'wait',
      'token',
      'attempt',
      'wait',
      'token',
      'attempt',
    ])
    expect(new Set(events.flatMap((event) => ('requestId' in event ? [event.requestId] : []))).size).toBe(1)
  })

  test('receives the duration of an attempt, including its body', async () => {
    const slow = (): Promise<Response> =>
      new Promise((resolve) => setTimeout(() => resolve(new Response('{}')), 250))
    const { call, events } = partner(slow)
    await elapse(call(statusPath))
    expect(events.at(-1)).toMatchObject({ type: 'attempt', durationMs: 250 })
  })

  test.each([
    ['true', true],
    ['True', true],
    ['false', false],
    ['perhaps', false],
  ])('receives isMfaCompliant: %s as %s', async (value, isMfaCompliant) => {
    const { call, events } = partner(
      json(200, {}, { isMfaCompliant: value, 'MS-ServerId': '030', 'MS-CV': 'cv.0' }),
      { validateMfa: true },
    )
    await call(statusPath)
    expect(events.at(-1)).toEqual({
      ...attempt,
      attempt: 1,
      durationMs: 0,
      status: 200,
      isMfaCompliant,
      serverId: '030',
      cv: 'cv.0',
    })
  })

  test('receives nothing that the service did not send', async () => {
    const { call, events } = partner(finished)
    await call(statusPath)
    for (const name of ['isMfaCompliant', 'serverId', 'cv', 'error'])
      expect(JSON.parse(JSON.stringify(events.at(-1)))).not.toHaveProperty(name)
  })

  test.each<[string, (event: PartnerCenterEvent) => void]>([
    [
      'throws',
      () => {
        throw new Error('observer')
      },
    ],
    ['rejects', () => Promise.reject(new Error('observer'))],
  ])('that %s changes nothing', async (_, observe) => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    try {
      const { call, sent } = partner([text(503, null), finished], { observe })
      expect((await elapse(call(statusPath))).status).toBe(200)
      expect(sent).toHaveLength(2)
      vi.useRealTimers()
      await new Promise((resolve) => setImmediate(resolve))
      expect(unhandled).not.toHaveBeenCalled()
    } finally {
      process.off('unhandledRejection', unhandled)
    }
  })

  test('receives no event for a call that was rejected before any request', async () => {
    const { call, events } = partner(finished)
    await rejection(call('https://evil.example/'))
    expect(events).toEqual([])
  })

  test('never sees an ID, a query, a header or a body', async () => {
    const { call, events } = partner(json(500, { description: 'hush' }, { 'X-Hush': 'hush' }), {
      retry: { limit: 1 },
    })
    await elapse(
      call(`/customers/${customerId}/deviceBatches/hush?hush=hush`, {
        method: 'PUT',
        body: 'hush',
        headers: { 'x-hush': 'hush' },
      }),
    )
    expect(events).toHaveLength(5)
    expect(JSON.stringify(events)).not.toMatch(new RegExp(`hush|secret-token|${customerId}`))
  })
})
