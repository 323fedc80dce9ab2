/** A throttling service: the calls of one client wait for each other. The run at full length is in endurance/throttling. */
import { setTimeout as pause } from 'node:timers/promises'

import { createPartnerCenter, pollOnce } from '@devicebatch/client'
import { createPartnerFetch } from '@devicebatch/edge'
import { expect, test } from 'vitest'

import { batchTrackingId, customerId, finished, statusPath, token } from './fault-case.ts'
import { startFaultServer } from './fault-server.ts'
import { answer } from './replies.ts'
import { runThrottled } from './throttled.ts'

test.each(['windows', 'bucket'] as const)(
  '300 calls, 16 at once, against 20 in each 200 ms (%s): at most half as many requests again, none too early, none fails',
  async (kind) => {
    const run = await runThrottled({ calls: 300, inFlight: 16, granted: 20, windowMs: 200, kind })
    expect(run).toMatchObject({ failures: [], tooEarly: 0 })
    expect(run.requests).toBeLessThanOrEqual(450)
  },
)

test("calls made during another call's Retry-After send nothing before it has passed", async () => {
  let asked = 0
  await using server = await startFaultServer(() =>
    asked++ === 0 ? answer(429, '', { 'Retry-After': '1' }) : answer(200, finished),
  )
  const partnerFetch = createPartnerFetch({
    credential: () => token(1),
    baseUrl: `${server.origin}/v1`,
  })
  const first = partnerFetch(statusPath)
  await expect.poll(() => server.requests.length).toBe(1)
  await pause(50)
  const others = Array.from({ length: 20 }, () => partnerFetch(statusPath))
  const responses = await Promise.all([first, ...others])
  expect(responses.every(({ status }) => status === 200)).toBe(true)
  expect(server.requests).toHaveLength(22)
  const [throttled, ...later] = server.requests
  expect(Math.min(...later.map(({ at }) => at - throttled!.at))).toBeGreaterThanOrEqual(999)
})

test('a poll that would be held beyond its timeout sends nothing and is due when the hold ends', async () => {
  await using server = await startFaultServer(() => answer(429, '', { 'Retry-After': '300' }))
  const partner = createPartnerCenter({ credential: () => token(1), baseUrl: `${server.origin}/v1` })
  const upload = partner.customers.byId(customerId).batchUploadStatus.byId(batchTrackingId)
  const first = await pollOnce(upload, undefined, { now: 0 })
  expect(first.next).toMatchObject({ kind: 'wait', delayMs: 300_000, retryAfterMs: 300_000 })
  const second = await pollOnce(upload, undefined, { now: 0 })
  expect(second.next).toMatchObject({ kind: 'wait' })
  expect(second.next.kind === 'wait' && second.next.delayMs).toBeGreaterThan(295_000)
  expect(server.requests).toHaveLength(1)
})

test('a hundred waits with a Retry-After of two seconds do not all resume at once', async () => {
  const told = new Set<string>()
  let inFlight = 0
  let most = 0
  await using server = await startFaultServer(({ headers, at }) => async (turn) => {
    if (at < firstToldAt + 1_500) {
      told.add(headers['ms-requestid']!)
      return answer(429, '', { 'Retry-After': '2' })(turn)
    }
    most = Math.max(most, ++inFlight)
    await pause(20)
    inFlight--
    return answer(200, finished)(turn)
  })
  const firstToldAt = performance.now()
  const partner = createPartnerCenter({ credential: () => token(1), baseUrl: `${server.origin}/v1` })
  const { batchUploadStatus } = partner.customers.byId(customerId)
  const upload = batchUploadStatus.byId(batchTrackingId)
  const reports = await Promise.all(Array.from({ length: 100 }, () => upload.wait()))
  expect(reports).toHaveLength(100)
  const back = server.requests.filter(({ headers }) => !told.has(headers['ms-requestid']!))
  expect(back).toHaveLength(100)
  // 1, 2, 4, … take seven rounds of 20 ms for a hundred.
  expect(back.at(-1)!.at - back[0]!.at).toBeGreaterThan(100)
  // A request that takes longer than a second gives up its place, so how many there are depends on the machine.
  expect(most).toBeLessThan(100)
})
