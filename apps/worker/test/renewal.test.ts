/**
 * When a Worker ends a request, it cancels everything started in it, including a token request, whose promise then never
 * settles. Later requests must not wait for that promise.
 */
import { on, once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { documentedUpload } from '@devicebatch/emulator'
import type { EmulatorServer } from '@devicebatch/emulator/node'
import { serve } from '@devicebatch/emulator/node'
import { describe, expect, test } from 'vitest'

import { keepsConnections } from '../../../packages/conformance/shared/patience.ts'
import { emulatorEnvironment } from '../../../packages/emulator/test/environment.ts'
import { startOnWorkerd } from './start.ts'

const { customerId, batchTrackingId } = documentedUpload
const key = 'a-key-of-the-callers'

// Concurrent, because the tests spend most of their time waiting.
describe.concurrent.each(['2026-11-01', '2024-01-01'])('on workerd as of %s', (compatibilityDate) => {
  test('a token request whose caller disconnects does not block other callers', async () => {
    await using lab = await startLab(compatibilityDate)
    const { authority } = lab
    authority.hold()
    const caller = new AbortController()
    const dropped = lab.ask(caller.signal).catch((error: unknown) => error)
    await authority.requested(1)
    caller.abort()
    expect(await dropped).toMatchObject({ name: 'AbortError' })
    authority.release()
    expect(await lab.requestInTime()).toBe(200)
  })

  test('a background renewal that is lost with its request does not block other callers', async () => {
    await using lab = await startLab(compatibilityDate)
    const { authority } = lab
    expect(await lab.requestInTime()).toBe(200)
    authority.hold()
    // After half its lifetime, the token is renewed while it is still in use.
    while (authority.count() < 2) {
      expect(await lab.requestInTime()).toBe(200)
      await pause(100)
    }
    authority.release()
    // Until the token used so far has expired and another one was requested.
    while (authority.count() < 3) {
      expect(await lab.requestInTime()).toBe(200)
      await pause(100)
    }
  })
})

interface Lab extends AsyncDisposable {
  authority: Authority
  ask: (signal: AbortSignal) => Promise<Response>
  /** Resolves with the response status, or rejects when the response does not arrive in time. */
  requestInTime: () => Promise<number>
}

/** The app on workerd, with its own emulator. */
async function startLab(compatibilityDate: string): Promise<Lab> {
  const emulator = await serve()
  const authority = await startAuthority(emulator)
  const app = await startOnWorkerd(compatibilityDate)({
    ...emulatorEnvironment({ url: authority.url, baseUrl: emulator.baseUrl }),
    DEVICEBATCH_API_KEY: key,
  })
  const ask = (signal: AbortSignal): Promise<Response> =>
    fetch(`${app.url}/status/${customerId}/${batchTrackingId}`, {
      headers: { Authorization: `Bearer ${key}` },
      signal,
    })
  return {
    authority,
    ask,
    requestInTime: async () => (await ask(AbortSignal.timeout(responseTimeoutMs))).status,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]()
      await authority[Symbol.asyncDispose]()
      await emulator.close()
    },
  }
}

/** How long a caller waits for a response. */
const responseTimeoutMs = 10_000
/** The lifetime of a token: it is renewed after half of it, and no longer used in its last tenth. */
const lifetimeSeconds = 6

interface Authority extends AsyncDisposable {
  url: string
  /** The number of token requests so far. */
  count: () => number
  /** Resolves once there were that many. */
  requested: (count: number) => Promise<void>
  /** From now on, it does not respond … */
  hold: () => void
  /** … and from now on it does; requests held before stay unanswered. */
  release: () => void
}

/** Issues the emulator's tokens with a lifetime of a few seconds. */
async function startAuthority({ emulator }: EmulatorServer): Promise<Authority> {
  let count = 0
  let holds = false
  const server = createServer(keepsConnections, (request, response) => {
    count++
    server.emit('requested')
    if (!holds) void answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const part of request.setEncoding('utf8')) body += part
    const given = await emulator.fetch(`http://127.0.0.1${request.url}`, { method: 'POST', body })
    const token = { ...(await given.json()), expires_in: lifetimeSeconds }
    response.writeHead(given.status, { 'Content-Type': 'application/json' }).end(JSON.stringify(token))
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: () => count,
    async requested(wanted) {
      if (count >= wanted) return
      for await (const _ of on(server, 'requested')) if (count >= wanted) return
    },
    hold() {
      holds = true
    },
    release() {
      holds = false
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
