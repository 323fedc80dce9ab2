import { batchUpload, createPartnerFetch, pollOnce } from '@devicebatch/client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import type { Answer } from '../helpers.ts'
import {
  batchTrackingId,
  customerId,
  elapse,
  moveTime,
  partnerOn,
  rejection,
  status,
  text,
  thrown,
} from '../helpers.ts'

beforeEach(moveTime)
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

const ids = { customerId, batchTrackingId }
const failed = { serialNumber: 'F', status: 'finished_with_errors', errorCode: '808' }

function fetchOn(...answers: Answer[]) {
  let requests = 0
  const partnerFetch = createPartnerFetch({
    credential: () => 'secret-token',
    fetch: async () => answers[Math.min(++requests, answers.length) - 1]!({} as never),
  })
  return { partnerFetch, count: () => requests }
}

test('an upload of a partner fetch is polled, watched and waited for', async () => {
  const { partnerFetch, count } = fetchOn(status('processing'), status('finished', [failed]))
  const upload = batchUpload(partnerFetch, ids)
  expect(count()).toBe(0)
  expect((await upload.get()).status).toBe('processing')
  expect(await elapse(upload.wait())).toMatchObject({ outcome: 'failed', failures: [failed] })
  const seen: string[] = []
  for await (const { outcome } of upload.watch()) seen.push(outcome)
  expect(seen).toEqual(['failed'])
  expect(JSON.parse(JSON.stringify(upload))).toEqual(ids)
  expect((await pollOnce(upload, undefined, { now: Date.now() })).next).toEqual({ kind: 'done' })
})

test('it is the same as `batchUploadStatus.byId` returns', () => {
  const upload = batchUpload(fetchOn(status('queued')).partnerFetch, ids)
  const { partner } = partnerOn(status('queued'))
  const other = partner.customers.byId(customerId).batchUploadStatus.byId(batchTrackingId)
  expect(Object.getPrototypeOf(upload)).toBe(Object.getPrototypeOf(other))
  expect({ ...upload }).toEqual({ ...other })
})

test('a wait reports the last response that arrived, however the last polls ended', async () => {
  const { partnerFetch } = fetchOn(
    status('processing', [failed, { serialNumber: 'S', status: 'queued' }]),
    status('processing', [failed]),
    text(503, null),
  )
  const error = await rejection(elapse(batchUpload(partnerFetch, ids).wait({ timeoutMs: 20_000 })))
  expect(error).toMatchObject({
    name: 'WaitTimeoutError',
    report: { batchTrackingId, devices: [failed], counts: { total: 2, failed: 1, pending: 1 } },
  })
  expect(error.message).toContain('1 of 2 devices were pending')
})

test('an upload that another copy of this package created can be polled', async () => {
  const { partnerFetch } = fetchOn(status('finished', [failed]))
  vi.resetModules()
  const copy = (await import('@devicebatch/client')) as { batchUpload: typeof batchUpload }
  expect(copy.batchUpload).not.toBe(batchUpload)
  const { report } = await pollOnce(copy.batchUpload(partnerFetch, ids), undefined, { now: Date.now() })
  expect(report?.failures).toEqual([failed])
})

test.each<[unknown, unknown, string]>([
  [fetchOn(status('queued')).partnerFetch, { ...ids, customerId: 'contoso' }, '`customerId` must be a GUID'],
  [fetchOn(status('queued')).partnerFetch, { customerId }, '`batchTrackingId` must be a GUID'],
  [fetchOn(status('queued')).partnerFetch, undefined, '`customerId` must be a GUID'],
  [globalThis.fetch, ids, '`partnerFetch` must be the function that createPartnerFetch() returned'],
  [undefined, ids, '`partnerFetch` must be the function that createPartnerFetch() returned'],
])('what it is given is checked before any request', (partnerFetch, given, message) => {
  expect(thrown(() => batchUpload(partnerFetch as never, given as never))).toMatchObject({
    code: 'invalid-argument',
    message: expect.stringContaining(message) as string,
  })
})
