import { createEmulator, documentedUpload } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import { expect, test } from 'vitest'

import { createCaller, customerId, laptop } from './caller.ts'

const statusPath = `/v1/customers/${documentedUpload.customerId}/batchJobStatus/${documentedUpload.batchTrackingId}`

const globals = [globalThis.Request, globalThis.Response]

test('the emulator answers over HTTP on a free loopback port', async () => {
  await using server = await serve()
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect(server.baseUrl).toBe(`${server.url}/v1`)
  const caller = await createCaller(fetch, 'client_credentials', server.url)
  const answer = await caller.get(statusPath)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('X-Devicebatch-Emulator')).toBe('true')
  expect(answer.headers.get('Content-Type')).toBe('application/json; charset=utf-8')
  expect(new Uint8Array(await answer.arrayBuffer())[0]).toBe(0xef)
})

test('an upload over HTTP is accepted, whole or in chunks of unknown length, and its time can be moved', async () => {
  const emulator = createEmulator({ timeScale: 0 })
  await using server = await serve({ emulator })
  const caller = await createCaller(fetch, 'client_credentials', server.url)
  const path = await caller.upload([laptop('A')])
  emulator.clock.advance(60_000)
  expect((await caller.status(path)).status).toBe('finished')

  const authorization = emulator.requests.at(-1)?.headers['authorization'] ?? ''
  const chunks = new Blob([JSON.stringify({ batchId: 'Chunks', devices: [laptop('B')] })]).stream()
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers: { Authorization: authorization },
    body: chunks,
    duplex: 'half',
  }
  const chunked = await fetch(`${server.baseUrl}/customers/${customerId}/deviceBatches`, init)
  expect(chunked.status).toBe(202)
  expect(chunked.headers.get('Content-Length')).toBe('0')
  expect(emulator.requests.at(-1)?.headers['transfer-encoding']).toBe('chunked')
})

test('a cut call ends the connection without an answer', async () => {
  await using server = await serve()
  const caller = await createCaller(fetch, 'client_credentials', server.url)
  server.emulator.faults.add({ effect: { kind: 'cut' } })
  await expect(caller.get(statusPath)).rejects.toThrow(TypeError)
  expect((await caller.get(statusPath)).status).toBe(200)
})

test.for(['0.0.0.0', '::', '192.0.2.1', 'example.com', 'constructor', ''])(
  'the host %j is refused',
  async (host) => {
    await expect(serve({ host })).rejects.toThrow('"host" must be 127.0.0.1, ::1 or localhost')
  },
)

test('localhost means 127.0.0.1', async () => {
  await using server = await serve({ host: 'localhost' })
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:/)
})

test('a port that is taken or out of range is refused', async () => {
  await using other = await serve()
  const port = Number(new URL(other.url).port)
  await expect(serve({ port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken`)
  await expect(serve({ port: 65_536 })).rejects.toThrow('"port" must be a whole number')
})

test('close ends calls that wait, stops listening, and can be repeated', async () => {
  const server = await serve({ emulator: createEmulator({ timeScale: 0 }) })
  const caller = await createCaller(fetch, 'client_credentials', server.url)
  server.emulator.faults.add({ effect: { kind: 'delay', delayMs: 60_000 } })
  const call = caller.get(statusPath)
  const ended = expect(call).rejects.toThrow(TypeError)
  await expect.poll(() => server.emulator.requests.at(-1)?.operation).toBe('getBatchUploadStatus')
  await server.close()
  await ended
  await server.close()
  await expect(fetch(server.url)).rejects.toThrow(TypeError)
})

test('serving leaves the global Request and Response alone', async () => {
  await using server = await serve()
  await fetch(server.url)
  expect([globalThis.Request, globalThis.Response]).toEqual(globals)
})
