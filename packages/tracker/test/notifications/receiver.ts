/** A real HTTP receiver on loopback, which verifies with the library of Standard Webhooks. */
import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'

import { Webhook } from 'standardwebhooks'
import { onTestFinished, vi } from 'vitest'

import { freePort } from '../../../conformance/shared/free-port.ts'
import { keepsConnections } from '../../../conformance/shared/patience.ts'
import type { Notification } from '../../src/index.ts'

export interface Received {
  id: string
  headers: IncomingHttpHeaders
  body: string
  notification: Notification
}

export interface Receiver {
  url: string
  secret: string
  /** What arrived, in order, whatever the response was. */
  received: Received[]
  /** Responds to each request; change it at any time. Default: 204. */
  respond: (received: Received, response: ServerResponse) => void | Promise<void>
  /** Stops listening; connections are refused. */
  stop: () => Promise<void>
  /** Listens again on the same port. */
  start: () => Promise<void>
}

export function newSecret(bytes = 32): string {
  return `whsec_${randomBytes(bytes).toString('base64')}`
}

const timeout = AbortSignal.timeout.bind(AbortSignal)
let attempts = new AbortController()

/** Until the test has finished, no attempt times out by the clock: on a busy machine it would, and the next one is minutes later. */
export function stopAttemptClock(): void {
  const timeouts = vi
    .spyOn(AbortSignal, 'timeout')
    .mockImplementation((ms) => (ms === 15_000 ? attempts.signal : timeout(ms)))
  onTestFinished(() => timeouts.mockRestore())
}

/** Makes the attempts in progress time out. */
export function timeOutAttempts(): void {
  const current = attempts
  attempts = new AbortController()
  current.abort(new DOMException('Time has passed.', 'TimeoutError'))
}

/** The receiver throws for a signature that the library does not accept, and the test then fails. */
export async function startReceiver(secret = newSecret()): Promise<Receiver> {
  stopAttemptClock()
  const library = new Webhook(secret)
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      const headers = request.headers as Record<string, string>
      try {
        const notification = library.verify(body, headers) as Notification
        const received = { id: headers['webhook-id']!, headers, body, notification }
        receiver.received.push(received)
        Promise.resolve(receiver.respond(received, response)).catch((error: unknown) => refused.push(error))
      } catch (error) {
        refused.push(error)
        response.writeHead(400).end()
      }
    })
  }
  const refused: unknown[] = []
  const port = await freePort()
  let server = createServer(keepsConnections, handle)
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    secret,
    received: [],
    respond: (_, response) => void response.writeHead(204).end(),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
    async start() {
      server = createServer(keepsConnections, handle)
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    },
  }
  await receiver.start()
  onTestFinished(async () => {
    if (server.listening) await receiver.stop()
    if (refused.length > 0) throw refused[0] as Error
  })
  return receiver
}
