/**
 * A Worker that ends a request ends all that was started in it: a request for a token too, which then never settles. The
 * requests that come after it must not wait for that one.
 */
import { on, once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { documentedUpload, emulatorCredentials } from '@devicebatch/emulator'
import type { EmulatorServer } from '@devicebatch/emulator/node'
import { serve } from '@devicebatch/emulator/node'
import { describe, expect, test } from 'vitest'

import { startOnWorkerd } from './start.ts'

const { customerId, batchTrackingId } = documentedUpload
const key = 'a-key-of-the-callers'

// They are waiting most of the time, so they do it together.
describe.concurrent.each(['2026-11-01', '2024-01-01'])(
  'on workerd as of %s',
  (compatibilityDate) => {
    test('a token that is asked for in a request whose caller hangs up holds nobody up', async () => {
      await using lab = await startLab(compatibilityDate)
      const { authority } = lab
      authority.hold()
      const caller = new AbortController()
      const dropped = lab.ask(caller.signal).catch((error: unknown) => error)
      await authority.asked(1)
      caller.abort()
      expect(await dropped).toMatchObject({ name: 'AbortError' })
      authority.release()
      expect(await lab.askInTime()).toBe(200)
    })

    test('a renewal in the background that is lost with its request holds nobody up', async () => {
      await using lab = await startLab(compatibilityDate)
      const { authority } = lab
      expect(await lab.askInTime()).toBe(200)
      authority.hold()
      // From half of its life on the token is renewed while it still serves.
      while (authority.count() < 2) {
        expect(await lab.askInTime()).toBe(200)
        await pause(100)
      }
      authority.release()
      // Until the token that all have used so far has run out, and another one was asked for.
      while (authority.count() < 3) {
        expect(await lab.askInTime()).toBe(200)
        await pause(100)
      }
    })
  },
  90_000,
)

interface Lab extends AsyncDisposable {
  authority: Authority
  ask: (signal: AbortSignal) => Promise<Response>
  /** Resolves with the status of the answer, or rejects when there is none in time. */
  askInTime: () => Promise<number>
}

/** The app on workerd, against an emulator of its own. */
async function startLab(compatibilityDate: string): Promise<Lab> {
  const emulator = await serve()
  const authority = await startAuthority(emulator)
  const { tenantId, clientId, clientSecret } = emulatorCredentials
  const app = await startOnWorkerd(compatibilityDate)({
    DEVICEBATCH_TENANT_ID: tenantId,
    DEVICEBATCH_CLIENT_ID: clientId,
    DEVICEBATCH_CLIENT_SECRET: clientSecret,
    DEVICEBATCH_API_KEY: key,
    DEVICEBATCH_BASE_URL: emulator.baseUrl,
    DEVICEBATCH_AUTHORITY_HOST: authority.url,
  })
  const ask = (signal: AbortSignal): Promise<Response> =>
    fetch(`${app.url}/status/${customerId}/${batchTrackingId}`, {
      headers: { Authorization: `Bearer ${key}` },
      signal,
    })
  return {
    authority,
    ask,
    askInTime: async () => (await ask(AbortSignal.timeout(answerLimitMs))).status,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]()
      await authority[Symbol.asyncDispose]()
      await emulator.close()
    },
  }
}

/** How long a caller waits for an answer. */
const answerLimitMs = 10_000
/** How long a token lives: it is renewed at half of it, and not used any more in its last tenth. */
const lifetimeSeconds = 6

interface Authority extends AsyncDisposable {
  url: string
  /** How many requests for a token there were. */
  count: () => number
  /** Resolves as soon as there were that many. */
  asked: (count: number) => Promise<void>
  /** From now on it gives no answer … */
  hold: () => void
  /** … and from now on it does again; what it held stays without one. */
  release: () => void
}

/** The emulator's own tokens, only that they live for seconds. */
async function startAuthority({ emulator }: EmulatorServer): Promise<Authority> {
  let count = 0
  let holds = false
  const server = createServer((request, response) => {
    count++
    server.emit('asked')
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
    async asked(wanted) {
      if (count >= wanted) return
      for await (const _ of on(server, 'asked')) if (count >= wanted) return
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
