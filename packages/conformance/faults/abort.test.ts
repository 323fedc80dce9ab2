/** An abort ends a call in any phase, with the signal's own reason, and leaves nothing of the call behind. */
import { createPartnerFetch } from '@devicebatch/edge'
import { expect, test } from 'vitest'

import { runChild } from '../shared/child.ts'
import type { Abort } from './abort-child.ts'
import { finished, processing } from './fault-case.ts'
import type { Reply } from './fault-server.ts'
import { startFaultServer } from './fault-server.ts'
import { answer, bytes, cut, silence } from './replies.ts'

const replies: Record<string, Reply> = {
  request: silence(),
  headers: bytes('HTTP/1.1 200 OK\r\nContent-', 'stall'),
  body: cut(200, finished, { after: 100, ending: 'stall' }),
  'error body': cut(404, finished, { after: 100, ending: 'stall' }),
  'back-off': answer(503, '', { 'Retry-After': '57' }),
  'renewed token': answer(401),
  'poll wait': answer(200, processing),
}

test('an abort takes effect in every phase, with its own reason, and the process then exits by itself', async () => {
  await using server = await startFaultServer(
    ({ headers }) => replies[headers['ms-partnercenter-application']!]!,
  )
  const { reports, exitCode, stderr, lingeredMs } = await runChild(
    new URL('./abort-child.ts', import.meta.url),
    [server.origin],
  )
  expect(stderr).toBe('')
  const aborts = reports[0] as Abort[]
  expect(aborts.length).toBeGreaterThan(50)
  expect(aborts.filter(({ isTheReason }) => !isTheReason)).toEqual([])

  const last = (phase: string) =>
    new Set(aborts.filter((abort) => abort.phase === phase).map((abort) => abort.lastEvent))
  for (const phase of ['already aborted', 'token', 'token of a credential'])
    expect(last(phase)).toEqual(new Set(['']))
  for (const phase of ['request', 'headers', 'body', 'error body'])
    expect(last(phase)).toEqual(new Set(['token']))
  expect(last('back-off')).toEqual(new Set(['wait retry-after']))
  expect(last('renewed token')).toEqual(new Set(['attempt']))
  expect(last('poll wait')).toEqual(new Set(['wait poll']))

  // No call had a timeout below a minute, so anything left over from one would have kept the process alive.
  expect(exitCode).toBe(0)
  expect(lingeredMs).toBeLessThan(30_000)
})

test('aborting a request or a body closes its connection', async () => {
  for (const phase of ['request', 'headers', 'body', 'error body']) {
    await using server = await startFaultServer(() => replies[phase]!)
    const caller = new AbortController()
    const call = createPartnerFetch({ credential: () => 't', baseUrl: `${server.origin}/v1` })('/customers', {
      signal: caller.signal,
    })
    const settled = expect(call).rejects.toBe('enough')
    await expect.poll(() => server.requests.length).toBe(1)
    caller.abort('enough')
    await settled
    await server.requests[0]!.closed
  }
})

test.each([null, 0, '', false])('an abort with %j rejects with exactly that value', async (reason) => {
  for (const phase of ['request', 'headers', 'body', 'error body', 'back-off']) {
    await using server = await startFaultServer(() => replies[phase]!)
    const caller = new AbortController()
    const call = createPartnerFetch({ credential: () => 't', baseUrl: `${server.origin}/v1` })('/customers', {
      signal: caller.signal,
    })
    const settled = call.then(
      () => 'a response',
      (error: unknown) => ({ error }),
    )
    await expect.poll(() => server.requests.length).toBe(1)
    caller.abort(reason)
    expect(await settled).toEqual({ error: reason })
  }
})
