/**
 * The emulator as a server for Node. It listens on this machine only, because it accepts any devices without checks.
 *
 * @module @devicebatch/emulator/node
 */

// oxlint-disable no-restricted-imports -- this file is the entry for Node

import type { Server, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'

import { createAdaptorServer } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'

import { checkMember } from './check-value.ts'
import { createEmulator } from './create-emulator.ts'
import type { Emulator } from './emulator.ts'
import { isDamaged } from './faults/body-effects.ts'

/** How the emulator is served. */
export interface ServeOptions {
  /** The emulator to serve. Default: a new one with default options. */
  emulator?: Emulator | undefined
  /** TCP port from 0 to 65,535; default 0, which picks a free port. */
  port?: number | undefined
  /** A loopback host: `127.0.0.1` (the default), `::1` or `localhost`, which means `127.0.0.1` here. */
  host?: string | undefined
}

/** A running server. */
export interface EmulatorServer extends AsyncDisposable {
  /** The served emulator. */
  readonly emulator: Emulator
  /** Where it listens, such as `http://127.0.0.1:49152`; tokens come from `/{tenant}/oauth2/v2.0/token` below it. */
  readonly url: string
  /** The API's base URL, `url` and `/v1`. */
  readonly baseUrl: string
  /** Stops listening and closes every connection. */
  close(): Promise<void>
}

/**
 * Serves an emulator over HTTP on this machine; import it from `@devicebatch/emulator/node`.
 *
 * @param options The emulator, port and host.
 * @returns The running server, once it listens. `await using` closes it.
 * @throws `RangeError` (as a rejection) when the host is not a loopback address or the port is taken or out of range, and
 * `TypeError` for an unknown option; pass those of the emulator to `createEmulator`.
 *
 * @example
 * ```ts
 * import { serve } from '@devicebatch/emulator/node'
 *
 * await using server = await serve()
 * console.log(server.baseUrl)
 * ```
 */
export async function serve(options: ServeOptions = {}): Promise<EmulatorServer> {
  for (const name of Object.keys(options)) checkMember('an option of the server', name, serveOptions)
  const { emulator = createEmulator(), port = 0, host = '127.0.0.1' } = options
  if (typeof emulator.fetch !== 'function') {
    throw new TypeError('"emulator" must be what createEmulator() returned, not its options.')
  }
  const address = loopbackAddress(host)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new RangeError(`"port" must be a whole number from 0 to 65535, got ${JSON.stringify(port)}.`)
  }
  const server = createAdaptorServer({
    fetch: (request, { outgoing }) => answer(emulator, request, outgoing as ServerResponse),
    overrideGlobalObjects: false,
    // On a busy machine, a caller may use a connection again that was idle for the usual 5 seconds, just as it is closed.
    serverOptions: { keepAliveTimeout: 300_000 },
  }) as Server
  const url = await listen(server, port, address)

  const close = async (): Promise<void> => {
    if (!server.listening) return
    const closed = new Promise((resolve) => server.once('close', resolve))
    server.close()
    server.closeAllConnections()
    await closed
  }
  return { emulator, url, baseUrl: `${url}/v1`, close, [Symbol.asyncDispose]: close }
}

const serveOptions: readonly (keyof ServeOptions)[] = ['emulator', 'port', 'host']

const loopbackAddresses: ReadonlyMap<string, string> = new Map([
  ['127.0.0.1', '127.0.0.1'],
  ['localhost', '127.0.0.1'],
  ['::1', '::1'],
])

function loopbackAddress(host: string): string {
  const address = loopbackAddresses.get(host)
  if (address !== undefined) return address
  throw new RangeError(
    `"host" must be 127.0.0.1, ::1 or localhost, got ${JSON.stringify(host)}: the emulator is served on this machine only.`,
  )
}

/** A rejected fetch ends the HTTP caller's connection without a response. */
async function answer(emulator: Emulator, request: Request, outgoing: ServerResponse): Promise<Response> {
  // No runtime's Request accepts this method.
  if (request.method === 'TRACE') return new Response(null, { status: 405 })
  try {
    const response = await emulator.fetch(nativeRequest(request))
    if (!isDamaged(response)) return response
    await sendAsItComes(response, outgoing)
  } catch {
    outgoing.destroy()
  }
  return RESPONSE_ALREADY_SENT
}

/** Otherwise the server would wait for the first piece of the body, and respond with 500 when the body is truncated. */
async function sendAsItComes({ status, headers, body }: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(status, Object.fromEntries(headers))
  outgoing.flushHeaders()
  if (body) await pipeline(Readable.fromWeb(body as ReadableStream), outgoing)
}

/**
 * The server passes its own request object, which the runtime's `Request` does not accept. Replacing the global classes would fix
 * that, but they belong to the program that serves.
 */
function nativeRequest(request: Request): Request {
  const { url, method, headers, signal, body } = request
  const init: RequestInit & { duplex?: 'half' } = { method, headers, signal, body, duplex: 'half' }
  return new Request(url, init)
}

async function listen(server: Server, port: number, address: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} on ${address} is in use. Choose another port, or 0 for any free one.`
      reject(error.code === 'EADDRINUSE' ? new RangeError(taken, { cause: error }) : error)
    })
    server.listen(port, address, resolve)
  })
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new TypeError('The server has no TCP port.')
  return `http://${address.includes(':') ? `[${address}]` : address}:${bound.port}`
}
