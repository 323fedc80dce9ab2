import { wait, withAdmission } from '@devicebatch/edge/internal'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import type { Answer } from '../helpers.ts'
import {
  elapse,
  finished,
  hangs,
  moveTime,
  network,
  partner,
  rejection,
  statusPath,
  text,
} from '../helpers.ts'

beforeEach(moveTime)
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

/** A fetch whose requests wait for 10 seconds each, in calls of at most one second. */
function admitted(...answers: Answer[]) {
  const { fetch, sent } = network(...answers)
  const asked: string[] = []
  const { call } = partner([], {
    timeoutMs: 1_000,
    retry: { baseDelayMs: 100 },
    fetch: withAdmission(fetch, async (url, { method, signal }) => {
      asked.push(`${method} ${url}`)
      await wait(10_000, signal)
    }),
  })
  return { call, sent, asked }
}

test('each attempt waits for its admission, which counts toward no timeout', async () => {
  const { call, sent, asked } = admitted(text(503, null), finished)
  expect((await elapse(call(statusPath))).status).toBe(200)
  expect(sent.map(({ at }) => Math.floor(at / 10_000))).toEqual([1, 2])
  expect(asked).toEqual(Array(2).fill(`GET ${sent[0]!.url}`))
})

test('the timeout still ends an attempt after its admission', async () => {
  const { call, sent } = admitted(hangs)
  const error = await rejection(elapse(call(statusPath)))
  expect(error.message).toContain('`timeoutMs` (1000 ms)')
  expect(sent).toHaveLength(1)
})

test('an abort ends the wait without sending anything', async () => {
  const { call, sent } = admitted(finished)
  const controller = new AbortController()
  const ended = rejection(call(statusPath, { signal: controller.signal }))
  await vi.advanceTimersByTimeAsync(5_000)
  controller.abort('enough')
  expect(await ended).toBe('enough')
  expect(sent).toEqual([])
})

test('a fetch that another copy of the package has prepared is recognized by its registered symbol', async () => {
  const { fetch, sent } = network(finished)
  const asked: string[] = []
  const prepared = Object.assign(fetch, {
    [Symbol.for('devicebatch.admit')]: (url: string) => Promise.resolve(asked.push(url)),
  })
  const { call } = partner([], { fetch: prepared })
  await call(statusPath)
  expect(asked).toEqual([sent[0]!.url])
})
