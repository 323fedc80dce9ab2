/** What the client does with a connection: it stops reading when it has enough, and survives one that went stale. */
import { gzipSync } from 'node:zlib'

import { createPartnerFetch, getBatchUploadStatus } from '@devicebatch/edge'
import { expect, test } from 'vitest'

import { batchTrackingId, customerId, finished, retry, token } from './fault-case.ts'
import type { Reply } from './fault-server.ts'
import { startFaultServer } from './fault-server.ts'
import { andHangUp, answer, flood } from './replies.ts'

const ids = { customerId, batchTrackingId }
const megabyte = 1024 * 1024

const fetchFrom = ({ origin }: { origin: string }) =>
  createPartnerFetch({ credential: () => token(1), baseUrl: `${origin}/v1`, retry })

test('at most 64 KiB of a slow 100 MB error body are read, and the server sees the connection close', async () => {
  let sent = 0
  const part = 8 * 1024
  await using server = await startFaultServer(() =>
    flood(404, { total: 100 * megabyte, part, pauseMs: 1, onSent: (bytes) => (sent = bytes) }),
  )
  const partnerFetch = fetchFrom(server)
  await expect(getBatchUploadStatus(partnerFetch, ids)).rejects.toMatchObject({ code: 'api', status: 404 })
  await server.requests[0]!.closed
  // A few more parts are already on their way when the client stops reading.
  expect(sent).toBeLessThan(64 * 1024 + 64 * part)
  expect(server.requests).toHaveLength(1)
})

test('a 100 MB error body at full speed is not read to the end either', async () => {
  let sent = 0
  await using server = await startFaultServer(() =>
    flood(404, { total: 100 * megabyte, part: megabyte, pauseMs: 0, onSent: (bytes) => (sent = bytes) }),
  )
  const partnerFetch = fetchFrom(server)
  const before = process.memoryUsage().arrayBuffers
  const response = await partnerFetch('/customers')
  expect((await response.arrayBuffer()).byteLength).toBe(64 * 1024)
  await server.requests[0]!.closed
  // The rest is in the kernel's buffers on both sides.
  expect(sent).toBeLessThan(30 * megabyte)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 * megabyte)
})

test.each<[string, Reply]>([
  ['without end', flood(200, { total: 2 ** 40, part: megabyte, pauseMs: 0 })],
  ['of 100 MB in gzip', answer(200, gzipSync(Buffer.alloc(100 * megabyte)), { 'Content-Encoding': 'gzip' })],
])('a successful body %s is abandoned after 64 MiB, and not requested again', async (_, reply) => {
  await using server = await startFaultServer(() => reply)
  const partnerFetch = fetchFrom(server)
  const told = {
    code: 'response',
    status: 200,
    isRetryable: false,
    message: expect.stringContaining('a body of more than 64 MiB') as string,
  }
  const reading = getBatchUploadStatus(partnerFetch, ids)
  await expect(reading).rejects.toMatchObject({ ...told, isAmbiguous: false })
  await server.requests[0]!.closed
  const writing = partnerFetch('/customers', { method: 'POST', body: '{}' })
  await expect(writing).rejects.toMatchObject({ ...told, isAmbiguous: true })
  expect(server.requests).toHaveLength(2)
})

test('a connection that goes stale between calls fails no call', async () => {
  await using server = await startFaultServer(() => andHangUp(answer(200, finished)))
  const partnerFetch = fetchFrom(server)
  for (let call = 0; call < 100; call++)
    expect(await getBatchUploadStatus(partnerFetch, ids)).toEqual(finished)
})

// Node's own fetch opens a second connection if called again before it has released the first.
test('one connection serves several calls in a row', async () => {
  await using server = await startFaultServer(() => answer(200, finished))
  const partnerFetch = fetchFrom(server)
  for (let call = 0; call < 100; call++) await getBatchUploadStatus(partnerFetch, ids)
  expect(server.requests).toHaveLength(100)
  expect(server.connections).toBeLessThanOrEqual(2)
  const requestIds = new Set(server.requests.map(({ headers }) => headers['ms-requestid']))
  expect(requestIds.size).toBe(100)
})

test('an error response does not close the connection either', async () => {
  let asked = 0
  await using server = await startFaultServer(() => answer(asked++ % 2 === 0 ? 503 : 200, finished))
  const partnerFetch = fetchFrom(server)
  for (let call = 0; call < 20; call++) await getBatchUploadStatus(partnerFetch, ids)
  expect(server.requests).toHaveLength(40)
  expect(server.connections).toBeLessThanOrEqual(2)
})
