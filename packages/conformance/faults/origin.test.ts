/** Wherever a response or a caller points: no other origin ever gets the token, the IDs, or even a connection. */
import { createPartnerCenter } from '@devicebatch/client'
import { createPartnerFetch, isPartnerCenterError } from '@devicebatch/edge'
import type { PartnerFetch } from '@devicebatch/edge'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import {
  batchTrackingId,
  customerId,
  finished,
  newBatch,
  retry,
  statusPath,
  token,
  waited,
} from './fault-case.ts'
import type { FaultServer, Reply } from './fault-server.ts'
import { startFaultServer } from './fault-server.ts'
import { answer } from './replies.ts'

let elsewhere: FaultServer
let server: FaultServer
let reply: Reply
const optionsOf = () => ({ credential: () => token(1), baseUrl: `${server.origin}/v1`, retry })

beforeEach(async () => {
  elsewhere = await startFaultServer(() => answer(200, finished))
  server = await startFaultServer(() => reply, elsewhere.origin)
  reply = answer(200, finished)
})

afterEach(async () => {
  expect(elsewhere.connections).toBe(0)
  await server[Symbol.asyncDispose]()
  await elsewhere[Symbol.asyncDispose]()
})

const port = (origin: string) => new URL(origin).port

/** URLs that might appear to lead to the server, or bypass its check. */
const addresses: Record<string, (here: string, there: string) => string> = {
  'another origin': (_, there) => `${there}/v1${statusPath}`,
  'another origin with the base URL in its path': (here, there) => `${there}/${here}/v1${statusPath}`,
  'another origin with the host as its user name': (here, there) =>
    there.replace('//', `//${new URL(here).host}@`),
  'the host with a user name': (here) => here.replace('//', '//user:password@') + statusPath,
  'another port whose digits begin alike': (here) => `${here}0/v1${statusPath}`,
  'another scheme': (here) => here.replace('http:', 'https:') + '/v1/customers',
  'an address without a scheme': (_, there) => there.replace('http:', '') + '/../../../x',
  'backslashes for slashes': (_, there) => there.replace('http://', '\\\\') + '/v1',
  'a blob of the origin': (here) => `blob:${here}/v1`,
  'a data address': () => 'data:application/json,{}',
  'a file': () => 'file:///etc/hostname',
  'a path above the base URL': () => '/../v2/customers',
  'a path above it, encoded': () => '/%2e%2e/v2/customers',
  'a path without its slash': () => 'customers',
  'another name of the same machine': (here) => `http://localhost:${port(here)}/v1${statusPath}`,
  nothing: () => '',
}

describe.each(Object.entries(addresses))('%s', (_, addressOf) => {
  test.each<[string, (partnerFetch: PartnerFetch, address: string) => Promise<unknown>]>([
    ['as text', (partnerFetch, address) => partnerFetch(address)],
    [
      'as a URL or a Request where it is one',
      (partnerFetch, address) =>
        partnerFetch(
          !URL.canParse(address) ? address : /@/.test(address) ? new URL(address) : new Request(address),
        ),
    ],
  ])('%s is refused before any request, or stays on the origin', async (_, call) => {
    const partnerFetch = createPartnerFetch(optionsOf())
    const error: unknown = await call(partnerFetch, addressOf(server.origin, elsewhere.origin)).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (error === undefined) {
      // A path that begins with two slashes is just a path below the base URL.
      expect(server.requests.map(({ path }) => path.startsWith('/v1/'))).toEqual([true])
    } else {
      expect(isPartnerCenterError(error) && error.code).toBe('invalid-argument')
      expect(server.requests).toEqual([])
    }
  })
})

test('an absolute URL on the same origin is accepted', async () => {
  const response = await createPartnerFetch(optionsOf())(`${server.origin}/v1${statusPath}`)
  expect(await response.json()).toEqual(finished)
})

test('a base URL for a single openapi-fetch call does not lead elsewhere', async () => {
  const { api } = createPartnerCenter(optionsOf())
  const call = api.GET('/customers/{customerId}/batchJobStatus/{batchTrackingId}', {
    params: { path: { customerId, batchTrackingId } },
    baseUrl: `${elsewhere.origin}/v1`,
  })
  await expect(call).rejects.toMatchObject({ code: 'invalid-argument' })
  expect(server.requests).toEqual([])
})

test('an upload whose Location is on another origin is polled on our own', async () => {
  reply = (turn) =>
    turn.request.method === 'POST'
      ? answer(202, '', { Location: `{elsewhere}/v1${statusPath}` })(turn)
      : answer(200, finished)(turn)
  const customer = createPartnerCenter(optionsOf()).customers.byId(customerId)
  const upload = await customer.deviceBatches.create(newBatch)
  const report = await upload.wait({ initialIntervalMs: 1 })
  expect(report).toMatchObject({ status: waited.status, outcome: waited.outcome })
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `POST /v1/customers/${customerId}/deviceBatches`,
    `GET /v1${statusPath}`,
  ])
})

test('a tracking ID from a foreign URL is polled on our own origin', async () => {
  const customer = createPartnerCenter(optionsOf()).customers.byId(customerId)
  const upload = customer.batchUploadStatus.fromLocation(`${elsewhere.origin}/v1${statusPath}`)
  expect(await upload.get()).toEqual(finished)
  expect(server.requests.map(({ path }) => path)).toEqual([`/v1${statusPath}`])
})

test.each([301, 302, 303, 307, 308])(
  'a %i for an upload sends neither token nor devices elsewhere',
  async (status) => {
    reply = answer(status, '', { Location: '{elsewhere}/v1' })
    const customer = createPartnerCenter(optionsOf()).customers.byId(customerId)
    await expect(customer.deviceBatches.create(newBatch)).rejects.toMatchObject({ code: 'response', status })
    expect(server.requests).toHaveLength(1)
  },
)
