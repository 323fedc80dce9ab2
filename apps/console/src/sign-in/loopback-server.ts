/** Waits for the browser to return from a sign-in: a server on this machine, for one response (RFC 8252, section 7.3). */
import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that waits for the browser. */
export interface LoopbackServer {
  /** The `redirect_uri`. Entra ignores its port when it compares it with the one of the app registration. */
  redirectUri: string
  /**
   * Waits for the browser to return with `state`, which only this sign-in knows. Every other request is rejected and changes
   * nothing, whichever program on this machine sends it.
   *
   * @param redeem Turns the URL, with the response in its query, into the text for the person at the browser.
   * Its rejection ends the wait.
   */
  waitForRedirect(state: string, redeem: (url: URL) => Promise<string>): Promise<void>
  close(): void
}

/** Starts it on a free port of both loopback addresses, since browsers resolve `localhost` to either. */
export async function startLoopbackServer(): Promise<LoopbackServer> {
  const servers = await listen()
  const { port } = servers[0]!.address() as AddressInfo
  const redirectUri = `http://localhost:${port}`
  return {
    redirectUri,
    waitForRedirect: (state, redeem) =>
      new Promise((resolve, reject) => {
        let isRedeemed = false
        const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
          const url = readUrl(request, redirectUri)
          if (isRedeemed || url?.searchParams.get('state') !== state) {
            return respond(response, 400, 'This is not the response to the sign-in in progress.')
          }
          isRedeemed = true
          redeem(url).then(
            (text) => {
              onceClosed(response, resolve)
              respond(response, 200, text)
            },
            (error: unknown) => {
              onceClosed(response, () => reject(error))
              respond(response, 400, 'You are not signed in. See the terminal for the reason.')
            },
          )
        }
        for (const server of servers) server.on('request', onRequest)
      }),
    close() {
      for (const server of servers) {
        server.closeAllConnections()
        server.close()
      }
    },
  }
}

const attempts = 10

/** A server on 127.0.0.1, and one on the same port of ::1 if this machine has that address. */
async function listen(): Promise<Server[]> {
  for (let attempt = 1; ; attempt++) {
    const server = await listenOn('127.0.0.1', 0)
    const { port } = server.address() as AddressInfo
    try {
      return [server, await listenOn('::1', port)]
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return [server]
      server.close()
      // Another program has the port on ::1.
      if (code !== 'EADDRINUSE' || attempt === attempts) throw error
    }
  }
}

async function listenOn(host: string, port: number): Promise<Server> {
  const server = createServer()
  server.listen(port, host)
  await once(server, 'listening')
  return server
}

/** The URL of a request for the redirect URI; `undefined` for anything else. */
function readUrl({ url = '' }: IncomingMessage, redirectUri: string): URL | undefined {
  return /^\/(\?|$)/.test(url) ? new URL(redirectUri + url) : undefined
}

/** `text` is always one of our own sentences, so it is not escaped. */
function respond(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': "default-src 'none'",
      Connection: 'close',
    })
    .end(
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>devicebatch</title><h1>devicebatch</h1><p>${text}</p></html>`,
    )
}

/** Calls `then` once the response was sent, or cannot be sent because the tab is closed. */
function onceClosed(response: ServerResponse, then: () => void): void {
  if (response.destroyed) then()
  else response.once('close', then)
}
