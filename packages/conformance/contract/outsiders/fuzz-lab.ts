/** The emulator behind HTTP, and Prism as the judge of its responses. */
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Agent, request as openRequest } from 'node:http'
import { text } from 'node:stream/consumers'

import { appUser } from '@devicebatch/client/credentials'
import { createEmulator, emulatorCredentials } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'

import type { Attempt, WireRequest } from './arbitrary-requests.ts'
import { ids } from './arbitrary-requests.ts'
import type { Document } from './document.ts'
import { operationsOf } from './document.ts'
import type { PrismAnswer } from './prism.ts'
import { createJudge, noOperation } from './prism.ts'

export interface Verdict {
  status: number
  /** A description of the violations; empty if there are none. */
  problems: string[]
}

export interface FuzzLab extends AsyncDisposable {
  /** Sends the attempt and, if it started an upload, reads that. What a broken request itself violates does not count. */
  ask(attempt: Attempt): Promise<Verdict>
  /** Restores the emulator's initial state. */
  reset(): void
}

/** Starts an emulator with the data that the document's examples refer to; `plant` changes its responses. */
export async function startFuzzLab(
  document: Document,
  plant: (answer: Response) => Response | Promise<Response> = (answer) => answer,
): Promise<FuzzLab> {
  const judge = await createJudge(document)
  const described = new Map(operationsOf(document).map((one) => [one.operationId, one.responses]))
  const emulator = createEmulator({ timeScale: 0 })
  const example = (parameter: string): string =>
    String(Object.values(document.components.parameters[parameter]!.examples ?? {})[0]?.value)
  const device = { id: example('deviceId'), serialNumber: '5CG2144' }
  const customerId = example('customerId')
  emulator.seed({
    batches: [{ customerId, batchId: example('batchId'), devices: [device] }],
    // Used only in the examples of request bodies.
    policies: [{ customerId, id: '15a04610-9229-4e80-94e0-0e826a09c9e2', name: 'Kiosk' }],
  })
  const credential = appUser({ ...emulatorCredentials, onRefreshToken: () => {}, fetch: emulator.fetch })
  const signIn = await credential.getToken(scope)
  const authorization = `Bearer ${signIn!.token}`
  const before = emulator.snapshot()
  const server = await serve({
    emulator: { ...emulator, fetch: async (input, init) => plant(await emulator.fetch(input, init)) },
  })
  const agent = new Agent({ keepAlive: true })

  async function judged(attempt: Attempt): Promise<Verdict & { location: string | undefined }> {
    const { operationId, broken, request } = attempt
    const headers = { authorization, ...lowerCase(request.headers) }
    const answer = await exchange(agent, server.url, { ...request, headers })
    const { statusCode: status, body } = answer
    const { pathname, searchParams } = new URL(server.url + request.path)
    const violations = await judge(
      {
        method: request.method.toLowerCase() as 'get',
        url: { path: asServed(pathname), query: Object.fromEntries(searchParams) },
        headers,
        body: broken === 'text' || request.body === undefined ? undefined : JSON.parse(request.body),
      },
      answer,
      broken !== 'nothing',
    )
    const isElsewhere = violations.some(({ message }) => message === noOperation)
    const problems = violations
      .filter(({ message }) => message !== noOperation)
      .map(({ location, message }) => `${location.join('.')}: ${message}`)
    if (status >= 500) problems.push('a failure')
    if (answer.headers['x-devicebatch-emulator'] === undefined) problems.push('not from the emulator')
    // What Prism does not check: a path or method that is not in the document must be refused, a success status is not what
    // the document calls `default`, and a response that is documented without a body has none.
    if (isElsewhere && !(status >= 400 && isFault(body)))
      problems.push('no fault, where nothing is described')
    const known = broken === 'method' || broken === 'path' || String(status) in described.get(operationId)!
    if (status < 400 && !known) problems.push('a status that is not described')
    if ((status === 202 || status === 204) && body !== '') problems.push('a body that is not described')
    return {
      status,
      problems: problems.map((problem) => `${operationId} was answered ${status}: ${problem}`),
      location: answer.headers.location,
    }
  }

  return {
    async ask(attempt) {
      const { status, problems, location } = await judged(attempt)
      if (location === undefined) return { status, problems }
      emulator.clock.advance(3_000)
      const follow = await judged({
        operationId: 'getBatchUploadStatus',
        broken: 'nothing',
        request: { method: 'GET', path: `/v1${location}`, headers: ids(), body: undefined },
      })
      return { status, problems: [...problems, ...follow.problems] }
    },
    reset: () => emulator.restore(before),
    async [Symbol.asyncDispose]() {
      agent.destroy()
      await server.close()
    },
  }
}

const scope = 'https://api.partnercenter.microsoft.com/.default'

/** Sends exactly this, which `fetch` would not: any path, a body with every method, empty headers. */
async function exchange(agent: Agent, url: string, request: WireRequest): Promise<PrismAnswer> {
  const { method, path, headers, body = '' } = request
  const { hostname, port } = new URL(url)
  const sent = openRequest({
    agent,
    hostname,
    port,
    method,
    path,
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
  })
  sent.end(body)
  const [received] = (await once(sent, 'response')) as [IncomingMessage]
  const raw = await text(received)
  const isJson = received.headers['content-type']?.includes('json')
  return {
    statusCode: received.statusCode!,
    headers: received.headers as Record<string, string>,
    body: isJson ? JSON.parse(raw.replace(/^\uFEFF/, '')) : raw,
  }
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

/** Like the service, the emulator treats double slashes as one and accepts a trailing one; Prism does neither. */
function asServed(pathname: string): string {
  return pathname.replaceAll(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '')
}

function isFault(body: unknown): boolean {
  const { code, description } = (body ?? {}) as { code?: unknown; description?: unknown }
  return typeof code === 'number' && typeof description === 'string'
}
