/** Waits for the browser to come back from a sign-in: a server on this machine, for one answer (RFC 8252, section 7.3). */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that waits for the answer. */
export interface Loopback {
  /** The `redirect_uri`. Entra ignores its port when it compares it with the one of the app registration. */
  redirectUri: string
  /**
   * The address that the browser came back to, with the answer in its query.
   *
   * @param judge Turns it into the text for the person in front of the browser, and may reject.
   */
  answer(judge: (url: URL) => Promise<string>): Promise<void>
  close(): void
}

/** Starts it on a free port; nobody on another machine can reach it. */
export async function listenOnLoopback(): Promise<Loopback> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  const redirectUri = `http://localhost:${port}`
  return {
    redirectUri,
    answer: (judge) =>
      new Promise((resolve, reject) => {
        server.on('request', (request, response) => {
          const url = new URL(request.url ?? '/', redirectUri)
          const isAnswer =
            url.pathname === '/' && (url.searchParams.has('code') || url.searchParams.has('error'))
          if (!isAnswer) {
            // Browsers ask for an icon.
            response.writeHead(404).end()
            return
          }
          const end = (status: number, text: string, then: () => void): void => {
            response
              .writeHead(status, {
                'Content-Type': 'text/html; charset=utf-8',
                'Cache-Control': 'no-store',
                'Content-Security-Policy': "default-src 'none'",
                Connection: 'close',
              })
              .end(page(text), then)
          }
          judge(url).then(
            (text) => end(200, text, resolve),
            (error: unknown) =>
              end(400, 'You are not signed in. What went wrong stands in the terminal.', () => reject(error)),
          )
        })
      }),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** `text` is one of our own sentences. */
function page(text: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>devicebatch</title><h1>devicebatch</h1><p>${text}</p></html>`
}
