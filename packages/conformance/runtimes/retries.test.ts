/** A call with a transient error is retried, and no more often than it should be. */
import type { PartnerCenterEvent, PartnerFetchOptions } from '@devicebatch/edge'
import { createPartnerFetch, getBatchUploadStatus } from '@devicebatch/edge'
import { expect, inject, test } from 'vitest'

import { customerId, device, documented, trackingId } from '../shared/samples.ts'
import { differs } from './differences.ts'
import type { Emulator } from './lab.ts'
import { optionsFor, partnerOf, rejection, startEmulator, until } from './lab.ts'

async function read(emulator: Emulator, options: Partial<PartnerFetchOptions> = {}) {
  const partnerFetch = createPartnerFetch({ ...optionsFor(emulator), ...options })
  return await getBatchUploadStatus(partnerFetch, { customerId, batchTrackingId: trackingId })
}

const requestIds = async (emulator: Emulator): Promise<(string | undefined)[]> =>
  (await emulator.requests()).map(({ headers }) => headers['ms-requestid'])

test.each([408, 429, 500, 502, 503, 504])(
  'after %i the call is retried with the same request ID',
  async (status) => {
    const emulator = await startEmulator()
    const headers = { 'Retry-After': '0' }
    await emulator.fail({
      operation: 'getBatchUploadStatus',
      times: 2,
      effect: { kind: 'answer', status, headers },
    })
    expect(await read(emulator)).toEqual(documented)
    const ids = await requestIds(emulator)
    expect(ids).toHaveLength(3)
    expect(new Set(ids).size).toBe(1)
  },
)

test.each([400, 403, 404, 409, 501])('after %i it is not', async (status) => {
  const emulator = await startEmulator()
  await emulator.fail({ operation: 'getBatchUploadStatus', effect: { kind: 'answer', status } })
  expect(await rejection(read(emulator))).toMatchObject({ code: 'api', status, attempts: 1 })
  expect(await emulator.requests()).toHaveLength(1)
})

test('the retry limit counts the attempts after the first', async () => {
  const emulator = await startEmulator()
  await emulator.fail({ times: 'always', operation: 'getBatchUploadStatus', effect: { kind: 'cut' } })
  const error = await rejection(read(emulator, { retry: { limit: 2, baseDelayMs: 1 } }))
  expect(error).toMatchObject({ code: 'connection', attempts: 3, isRetryable: true })
  const ids = await requestIds(emulator)
  expect(ids).toHaveLength(differs('repeatsLostRequests', inject('runtime')) ? 4 : 3)
  expect(new Set(ids).size).toBe(1)
})

test('an upload whose response was lost is repeated once, and the service recognizes its request ID', async () => {
  const emulator = await startEmulator()
  await emulator.fail({ operation: 'createDeviceBatch', effect: { kind: 'cut', accepted: true } })
  const customer = partnerOf(emulator).customers.byId(customerId)
  const upload = await customer.deviceBatches.create({ batchId: 'Front desk', devices: [device('A-1')] })
  const [lost, repeated] = await emulator.requests()
  expect(repeated!.headers['ms-requestid']).toBe(lost!.headers['ms-requestid'])
  expect(repeated!.body).toBe(lost!.body)
  expect(lost!.location).toContain(upload.batchTrackingId)
})

test('the client waits as long as the service asks', async () => {
  const emulator = await startEmulator()
  const headers = { 'Retry-After': '1' }
  await emulator.fail({
    operation: 'getBatchUploadStatus',
    effect: { kind: 'answer', status: 429, headers },
  })
  const events: PartnerCenterEvent[] = []
  const startedAt = performance.now()
  await read(emulator, { observe: (event) => events.push(event), retry: { maxDelayMs: 10 } })
  // Timers of some runtimes fire a fraction of a millisecond early.
  expect(performance.now() - startedAt).toBeGreaterThan(995)
  expect(events).toContainEqual(expect.objectContaining({ type: 'wait', delayMs: 1_000 }))
})

test('the other calls for a customer wait too, then go 1, 2, 4, … at a time', async () => {
  const emulator = await startEmulator()
  const headers = { 'Retry-After': '1' }
  await emulator.fail({ operation: 'getBatchUploadStatus', effect: { kind: 'answer', status: 429, headers } })
  const events: PartnerCenterEvent[] = []
  let inFlight = 0
  const [most, startedAt]: [number[], number[]] = [[], []]
  let throttledAt = 0
  const partnerFetch = createPartnerFetch({
    ...optionsFor(emulator),
    observe: (event) => events.push(event),
    async fetch(input, init) {
      most.push(++inFlight)
      startedAt.push(performance.now())
      try {
        const response = await fetch(input, init)
        if (response.status === 429) throttledAt = performance.now()
        return response
      } finally {
        inFlight--
      }
    },
  })
  const upload = { customerId, batchTrackingId: trackingId }
  const first = getBatchUploadStatus(partnerFetch, upload)
  await until(async () => events.some(({ type }) => type === 'wait'))
  const others = Array.from({ length: 6 }, () => getBatchUploadStatus(partnerFetch, upload))
  await Promise.all([first, ...others])
  for (const at of startedAt.slice(1)) expect(at - throttledAt).toBeGreaterThan(900)
  expect(await emulator.requests()).toHaveLength(8)
  expect(most.slice(0, 2)).toEqual([1, 1])
  expect(Math.max(...most)).toBeLessThanOrEqual(4)
})

test.each(['seconds', 'imf-fixdate', 'rfc850-date', 'asctime-date'] as const)(
  'a Retry-After beyond the timeout of the call, as %s, fails at once',
  async (as) => {
    const emulator = await startEmulator({ startTime: new Date().toISOString() })
    await emulator.fail({
      operation: 'getBatchUploadStatus',
      effect: { kind: 'answer', status: 503, retryAfter: { afterMs: 600_000, as } },
    })
    const error = (await rejection(read(emulator))) as { retryAfterMs: number }
    expect(error).toMatchObject({ code: 'api', status: 503, attempts: 1 })
    expect(Math.abs(error.retryAfterMs - 600_000)).toBeLessThan(60_000)
  },
)

test('a token that the service refuses is renewed once', async () => {
  const emulator = await startEmulator()
  await emulator.fail({ operation: 'getBatchUploadStatus', effect: { kind: 'expire-token' } })
  expect(await read(emulator)).toEqual(documented)
  expect(await emulator.requests('getToken')).toHaveLength(2)
  const [refused, renewed] = (await emulator.requests()).map(({ headers }) => headers['authorization'])
  expect(renewed).not.toBe(refused)
})

test('the claims that the service demands are requested', async () => {
  const emulator = await startEmulator()
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}'
  await emulator.fail({
    operation: 'getBatchUploadStatus',
    effect: { kind: 'claims-challenge', claims },
  })
  expect(await read(emulator)).toEqual(documented)
  const [first, second] = await emulator.requests('getToken')
  expect(new URLSearchParams(first!.body).has('claims')).toBe(false)
  expect(new URLSearchParams(second!.body).get('claims')).toBe(claims)
})

test('an attempt that takes too long is abandoned and retried', async () => {
  const emulator = await startEmulator()
  await emulator.fail({ operation: 'getBatchUploadStatus', effect: { kind: 'delay', delayMs: 1 } })
  const events: PartnerCenterEvent[] = []
  expect(await read(emulator, { attemptTimeoutMs: 3_000, observe: (event) => events.push(event) })).toEqual(
    documented,
  )
  const attempts = events.filter(({ type }) => type === 'attempt')
  expect(attempts).toMatchObject([{ error: 'timeout' }, { status: 200 }])
})
