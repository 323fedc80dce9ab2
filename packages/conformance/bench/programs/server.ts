/**
 * The service that every client calls. The first part of the path selects the response: `/ok` and `/large` with a status,
 * `/running` with one that has not ended, `/silent` never, `/stalled` with half of it, `/busy` with 503 and a long wait.
 */
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { statusAt, statusOfDevices } from '../documents.ts'

let large: Buffer | undefined

const answers: Record<string, (response: ServerResponse, url: string) => void> = {
  ok: (response, url) => send(response, statusAt(url)),
  large: (response) => send(response, (large ??= Buffer.from(JSON.stringify(statusOfDevices(100_000))))),
  running: (response, url) => send(response, statusAt(url, 'processing')),
  silent: () => {},
  stalled: (response, url) => {
    const small = statusAt(url)
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': small.length })
    response.write(small.subarray(0, 100))
  },
  busy: (response) => response.writeHead(503, { 'Retry-After': '57' }).end(),
}

const server = createServer((request, response) => {
  const url = request.url!
  const answer = answers[url.split('/', 2)[1]!]
  if (answer) answer(response, url)
  else response.writeHead(404).end()
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1')
process.on('message', () => {
  const tell = () => process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  if (server.listening) tell()
  else server.once('listening', tell)
})
// Nothing else stops it when the benchmark is interrupted.
process.on('disconnect', () => process.exit())

function send(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': body.length,
    'MS-RequestId': 'af7287e9-a4a8-4dc9-b2b7-4bd1bd1a9f8b',
    'MS-CorrelationId': '8d0ec5cd-0b40-4c0f-9b4c-0e8f3a6cb33d',
  })
  response.end(body)
}
