/** Where does the dashboard listen? The port is bound before anything else starts. */
import type { Server } from 'node:http'

import { createAdaptorServer } from '@hono/node-server'
import type { ServerType } from '@hono/node-server'

import { EnvironmentError } from '../environment/environment-error.ts'

type Fetch = (request: Request) => Response | Promise<Response>

/** A listening server. */
export interface Listening {
  /** Such as `http://127.0.0.1:7820`. */
  url: string
  /** Handles requests with this from now on; earlier requests have waited for it. */
  answerWith: (fetch: Fetch) => void
  /** Stops listening; resolves once the requests in progress have ended, or were ended because they took too long. */
  close: () => Promise<void>
  /** Stops listening and ends every connection. */
  closeNow: () => void
}

/**
 * How long a connection may be idle: longer than proxies keep one, which is two minutes for Caddy. A proxy that sends a form on a
 * connection that is just being closed responds with 502.
 */
const keepAliveMs = 150_000
/** How long a request in progress may take to end. */
const lastRequestsMs = 5_000

/** Rejects with an `EnvironmentError` when the port cannot be bound. */
export async function listen(hostname: string, port: number): Promise<Listening> {
  const { promise: answer, resolve: answerWith } = Promise.withResolvers<Fetch>()
  const server = createAdaptorServer({
    fetch: async (request) => (await answer)(request),
    hostname,
    serverOptions: { keepAliveTimeout: keepAliveMs },
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} on ${hostname} is taken. Set DEVICEBATCH_PORT to another port, or to 0 for any free one.`
      const other = `The dashboard cannot listen on port ${port} of ${hostname}: ${error.message}. Set DEVICEBATCH_PORT and DEVICEBATCH_HOST.`
      reject(new EnvironmentError(error.code === 'EADDRINUSE' ? taken : other))
    })
    server.listen(port, hostname, resolve)
  })
  return {
    url: urlOf(server),
    answerWith,
    async close() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
      ;(server as Server).closeIdleConnections()
      const limit = setTimeout(() => (server as Server).closeAllConnections(), lastRequestsMs)
      await closed
      clearTimeout(limit)
    },
    closeNow() {
      server.close()
      ;(server as Server).closeAllConnections()
    },
  }
}

function urlOf(server: ServerType): string {
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new TypeError('The server has no TCP port.')
  return `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`
}
