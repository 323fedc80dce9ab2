import { createServer } from 'node:http'
import { connect } from 'node:net'

import { createEmulator, documentedUpload, emulatorCredentials } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import { expect, test } from 'vitest'

import { createCaller, customerId, laptop } from '../caller.ts'

const statusPath = `/v1/customers/${documentedUpload.customerId}/batchJobStatus/${documentedUpload.batchTrackingId}`

const globals = [globalThis.Request, globalThis.Response]

test('the emulator responds over HTTP on a free loopback port', async () => {
  await using server = await serve()
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect(server.baseUrl).toBe(`${server.url}/v1`)
  const caller = await createCaller(fetch, 'refresh_token', server.url)
  const answer = await caller.get(statusPath)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('X-Devicebatch-Emulator')).toBe('true')
  expect(answer.headers.get('Content-Type')).toBe('application/json; charset=utf-8')
  expect(new Uint8Array(await answer.arrayBuffer())[0]).toBe(0xef)
})

test('an upload over HTTP is accepted, whole or in chunks of unknown length, and the clock can be advanced', async () => {
  const emulator = createEmulator({ timeScale: 0 })
  await using server = await serve({ emulator })
  const caller = await createCaller(fetch, 'refresh_token', server.url)
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

test('an idle connection stays open for five minutes, so that a busy machine does not lose the next call on it', async () => {
  await using server = await serve()
  const { headers } = await fetch(server.url, { headers: { Connection: 'keep-alive' } })
  expect(headers.get('Keep-Alive')).toBe('timeout=300')
})

test('a cut call ends the connection without a response', async () => {
  await using server = await serve()
  const caller = await createCaller(fetch, 'refresh_token', server.url)
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

test('a port that is in use or out of range is refused', async () => {
  await using other = await serve()
  const port = Number(new URL(other.url).port)
  await expect(serve({ port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`)
  await expect(serve({ port: 65_536 })).rejects.toThrow('"port" must be a whole number')
})

test('an option of the emulator, and options in place of an emulator, are refused', async () => {
  await expect(serve({ timeScale: 60 } as never)).rejects.toThrow(
    '"timeScale" is not an option of the server; the known names are emulator, port, host.',
  )
  await expect(serve({ emulator: { timeScale: 60 } as never })).rejects.toThrow(
    '"emulator" must be what createEmulator() returned, not its options.',
  )
  await expect(serve({ port: '80' as never })).rejects.toThrow('from 0 to 65535, got "80".')
})

test('close ends waiting calls, stops listening, and can be repeated', async () => {
  const server = await serve({ emulator: createEmulator({ timeScale: 0 }) })
  const caller = await createCaller(fetch, 'refresh_token', server.url)
  server.emulator.faults.add({ effect: { kind: 'delay', delayMs: 60_000 } })
  const call = caller.get(statusPath)
  const ended = expect(call).rejects.toThrow(TypeError)
  await expect.poll(() => server.emulator.requests.at(-1)?.operation).toBe('getBatchUploadStatus')
  await server.close()
  await ended
  await server.close()
  await expect(fetch(server.url)).rejects.toThrow(TypeError)
})

test('serving does not change the global Request and Response', async () => {
  await using server = await serve()
  await fetch(server.url)
  expect([globalThis.Request, globalThis.Response]).toEqual(globals)
})

/** Sends raw bytes and returns everything received until the connection ends. */
async function raw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.end(bytes)
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return text
}

test.for([
  ['TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', ' 405 '],
  [
    'GET /v1/nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody',
    ' 404 ',
  ],
  ['GET //%/..\\ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', ' 400 '],
  ['GET //v1//%ff/%/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', ' 404 '],
  ['GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', ' 400 '],
  ['nonsense\r\n\r\n', ' 400 '],
] as const)('%j is answered with%s', async ([bytes, status]) => {
  await using server = await serve()
  expect(await raw(server.url, bytes)).toMatch(new RegExp(`^HTTP/1.1${status}`))
  expect((await fetch(`${server.baseUrl}/nothing`)).status).toBe(404)
})

test.for([
  'rebound.example.com',
  'rebound.example.com:7810',
  '127.0.0.1.example.com',
  'localhost.example.com',
  'notlocalhost',
  '192.0.2.1',
  '0.0.0.0',
  'a b',
])('a page of the host %j reads neither state nor API, with or without its own origin', async (host) => {
  await using server = await serve()
  const caller = await createCaller(fetch, 'refresh_token', server.url)
  await caller.upload([laptop('SECRET-1')])
  const authorization = server.emulator.requests.at(-1)?.headers['authorization'] ?? ''
  const before = server.emulator.snapshot()
  for (const request of [
    'GET /_emulator',
    'GET /_emulator/requests',
    'GET /_emulator/snapshot',
    'POST /_emulator/reset',
    `GET ${statusPath}`,
  ]) {
    for (const origin of ['', `Origin: http://${host}\r\n`]) {
      const answer = await raw(
        server.url,
        `${request} HTTP/1.1\r\nHost: ${host}\r\n${origin}Authorization: ${authorization}\r\nConnection: close\r\n\r\n`,
      )
      expect(answer).toMatch(/^HTTP\/1\.1 (?:403|400) /)
      expect(answer).not.toMatch(/SECRET-1|emulator-access-token|devicesStatus/)
    }
  }
  expect(server.emulator.snapshot()).toEqual({ ...before, time: expect.any(Number) })
})

test.for([
  'localhost',
  'LOCALHOST:7810',
  'app.localhost',
  '127.0.0.1',
  '127.1.2.3:80',
  '[::1]',
  '[::1]:7810',
])('the loopback host %j is let in', async (host) => {
  await using server = await serve()
  const answer = await raw(
    server.url,
    `GET /_emulator/clock HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
  )
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
})

test('a host in allowedHosts is accepted on any port and in any case, and the refusal of others names the option', async () => {
  const emulator = createEmulator({ allowedHosts: ['host.docker.internal'] })
  await using server = await serve({ emulator })
  const get = (host: string) =>
    raw(server.url, `GET /_emulator/clock HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  expect(await get('Host.Docker.Internal:7810')).toMatch(/^HTTP\/1\.1 200 /)
  const refused = await get('docker.internal')
  expect(refused).toMatch(/^HTTP\/1\.1 403 /)
  expect(refused).toContain('allowedHosts')
})

test('a response cut in its body ends the connection before its declared length', async () => {
  await using server = await serve()
  const caller = await createCaller(fetch, 'refresh_token', server.url)
  server.emulator.faults.add({ effect: { kind: 'cut', afterBytes: 20 } })
  const answer = await caller.get(statusPath)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('Content-Length')).toBe('400')
  await expect(answer.text()).rejects.toThrow(TypeError)
  expect((await caller.get(statusPath)).status).toBe(200)
})

test('a slow response is slow over HTTP, and ends when the caller disconnects', async () => {
  const emulator = createEmulator({ timeScale: 1_000 })
  await using server = await serve({ emulator })
  const caller = await createCaller(fetch, 'refresh_token', server.url)
  emulator.faults.add({ effect: { kind: 'slow', bytesPerSecond: 40 } })
  const before = emulator.clock.now()
  expect((await (await caller.get(statusPath)).arrayBuffer()).byteLength).toBe(400)
  expect(emulator.clock.now() - before).toBeGreaterThanOrEqual(10_000)

  await using still = await serve({ emulator: createEmulator({ timeScale: 0 }) })
  const other = await createCaller(fetch, 'refresh_token', still.url)
  still.emulator.faults.add({ effect: { kind: 'slow', bytesPerSecond: 40 } })
  const answer = await other.get(statusPath)
  await answer.body?.cancel()
  await still.emulator.clock.runUntil('idle')
})

test('the clock is advanced, faults are set and the page is read over HTTP', async () => {
  await using server = await serve({ emulator: createEmulator({ timeScale: 0 }) })
  const caller = await createCaller(fetch, 'refresh_token', server.url)
  const path = await caller.upload([laptop('A')])
  await fetch(`${server.url}/_emulator/clock`, { method: 'POST', body: '{"runUntil":"idle"}' })
  expect((await caller.status(path)).status).toBe('finished')
  const fault = { operation: 'getBatchUploadStatus', effect: { kind: 'answer', status: 503 } }
  await fetch(`${server.url}/_emulator/faults`, { method: 'POST', body: JSON.stringify(fault) })
  expect((await caller.get(path)).status).toBe(503)
  const page = await (await fetch(`${server.url}/_emulator`)).text()
  expect(page).toContain('EMULATOR')
  const form = await fetch(`${server.url}/_emulator/clock`, {
    method: 'POST',
    body: new URLSearchParams({ advanceMs: '1000' }),
    redirect: 'manual',
  })
  expect(form.status).toBe(303)
})

test('a sign-in over HTTP returns to a program on this machine', async () => {
  await using server = await serve()
  const authorize = new URL(`${server.url}/contoso/oauth2/v2.0/authorize`)
  let landed = ''
  const program = createServer((request, response) => {
    landed = request.url ?? ''
    response.end('You can close this window.')
  })
  await new Promise<void>((resolve) => program.listen(0, '127.0.0.1', resolve))
  const address = program.address()
  const port = typeof address === 'object' ? address?.port : undefined
  authorize.search = String(
    new URLSearchParams({
      client_id: emulatorCredentials.clientId,
      response_type: 'code',
      redirect_uri: `http://127.0.0.1:${port}/callback`,
      scope: 'https://api.partnercenter.microsoft.com/user_impersonation offline_access',
      state: 'mine',
    }),
  )
  const browser = await fetch(authorize)
  expect(await browser.text()).toBe('You can close this window.')
  expect(landed).toMatch(/^\/callback\?code=emulator-code\..*&state=mine$/)
  program.close()
})
