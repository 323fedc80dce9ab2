/** A server on a real socket that misbehaves as scripted, and records what reached it. */
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createServer } from 'node:net'

import { freePort } from '../shared/free-port.ts'

/** A request that reached the server. */
export interface SeenRequest {
  method: string
  path: string
  /** Header names in lowercase. */
  headers: Record<string, string>
  body: string
  /** When it arrived, in milliseconds of `performance.now()`. */
  at: number
  /** Resolves when its connection has ended, regardless of which side ended it. */
  closed: Promise<void>
}

/** A request and the means to respond to it. */
export interface Turn {
  request: SeenRequest
  socket: Socket
  /** The values of `{self}` and `{elsewhere}` in a header. */
  origins: { self: string; elsewhere: string }
  /** Called once nothing more is sent for now; `isResponding`: after the whole head of a response. */
  fallSilent: (isResponding: boolean) => Promise<void>
}

/** What the server does with one request. The next request on the same connection is read when it has resolved. */
export type Reply = (turn: Turn) => void | Promise<void>

export interface FaultServer {
  /** `http://127.0.0.1:{port}`. */
  origin: string
  /** Every request, in the order of arrival. */
  requests: SeenRequest[]
  /** How many connections were made in all. */
  readonly connections: number
  /** How many connections are open now. */
  readonly openConnections: number
  /** Listens again on the same port after {@link FaultServer.refuse}. */
  listen(): Promise<void>
  /** Refuses connections: nothing listens on its port anymore. */
  refuse(): Promise<void>
  /** Ends every connection; new ones are accepted. */
  disconnect(): void
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts a server on a free port of 127.0.0.1.
 *
 * @param choose Decides what to do with a request; called once per request.
 * @param elsewhere The value of `{elsewhere}` in a response header.
 * @param onSilent Called when a request gets no response, or no more of it; `isResponding`: after the whole head of the response.
 */
export async function startFaultServer(
  choose: (request: SeenRequest) => Reply,
  elsewhere = '',
  onSilent: (request: SeenRequest, isResponding: boolean) => void | Promise<void> = () => {},
): Promise<FaultServer> {
  const requests: SeenRequest[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const port = await freePort()

  const onConnection = (socket: Socket): void => {
    connections++
    sockets.add(socket)
    socket.setNoDelay()
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => {
        sockets.delete(socket)
        resolve()
      })
    })
    // Many cases are about clients that reset their connection.
    socket.on('error', () => {})
    let buffered = Buffer.alloc(0)
    let busy = false
    const answerNext = async (): Promise<void> => {
      const parsed = busy ? undefined : parseRequest(buffered)
      if (!parsed) return
      busy = true
      buffered = buffered.subarray(parsed.length)
      const request: SeenRequest = { ...parsed.request, at: performance.now(), closed }
      requests.push(request)
      const fallSilent = async (isResponding: boolean): Promise<void> => onSilent(request, isResponding)
      await choose(request)({ request, socket, origins: { self: server.origin, elsewhere }, fallSilent })
      busy = false
      await answerNext()
    }
    socket.on('data', (data) => {
      buffered = Buffer.concat([buffered, data])
      void answerNext()
    })
  }

  let listener = createServer(onConnection)
  const server: FaultServer = {
    origin: `http://127.0.0.1:${port}`,
    requests,
    get connections() {
      return connections
    },
    get openConnections() {
      return sockets.size
    },
    async listen() {
      listener = createServer(onConnection)
      listener.listen({ port, host: '127.0.0.1', backlog: 4096 })
      await once(listener, 'listening')
    },
    async refuse() {
      const ended = listener.listening ? once(listener, 'close') : undefined
      listener.close()
      server.disconnect()
      await ended
    },
    disconnect() {
      for (const socket of sockets) socket.destroy()
    },
    [Symbol.asyncDispose]: () => server.refuse(),
  }
  await server.listen()
  return server
}

/** Turns a script into the `choose` of {@link startFaultServer}: one reply per request, the last one for all later ones. */
export function inTurn(script: readonly Reply[]): () => Reply {
  let next = 0
  return () => script[Math.min(next++, script.length - 1)]!
}

/** The first whole request in the bytes; bodies need a `Content-Length`, which every client under test sends. */
function parseRequest(
  bytes: Buffer,
): { request: Omit<SeenRequest, 'at' | 'closed'>; length: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const [requestLine = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n')
  const [method = '', path = ''] = requestLine.split(' ')
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  )
  if (headers['transfer-encoding']) throw new Error('The fault server does not read chunked requests.')
  const length = headEnd + 4 + Number(headers['content-length'] ?? 0)
  if (bytes.length < length) return undefined
  return { request: { method, path, headers, body: bytes.toString('utf8', headEnd + 4, length) }, length }
}
