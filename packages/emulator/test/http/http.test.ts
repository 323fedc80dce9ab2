import openapi from '@devicebatch/contract/openapi.json' with { type: 'json' }
import { createEmulator, documentedUpload, emulatorCredentials } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { createCaller, customerId, laptop } from '../caller.ts'

const customer = `/v1/customers/${documentedUpload.customerId}`

test.for([
  ['/v1/customers', 'POST', 'GET'],
  ['/v1/customers/RelationshipRequests', 'DELETE', 'GET'],
  [customer, 'DELETE', 'GET'],
  [`${customer}/batchJobStatus/${documentedUpload.batchTrackingId}`, 'POST', 'GET'],
  [`${customer}/deviceBatches`, 'DELETE', 'GET, POST'],
  [`${customer}/deviceBatches/B/devices`, 'PUT', 'GET, POST'],
  [`${customer}/deviceBatches/B/devices/D`, 'PATCH', 'PUT, DELETE'],
  [`${customer}/deviceBatches/B/devices/D`, 'GET', 'PUT, DELETE'],
  [`${customer}/DevicePolicyUpdates`, 'POST', 'PATCH'],
  [`${customer}/policies`, 'PUT', 'GET, POST'],
  [`${customer}/policies/${documentedUpload.customerId}`, 'POST', 'GET, PUT, DELETE'],
  [`/${emulatorCredentials.tenantId}/oauth2/v2.0/token`, 'GET', 'POST'],
  [`/${emulatorCredentials.tenantId}/oauth2/v2.0/authorize`, 'POST', 'GET'],
  [customer.replace('/v1', '/V1') + '/POLICIES/', 'OPTIONS', 'GET, POST'],
] as const)('%s answers %s with 405 and allows %s', async ([path, method, allowed]) => {
  const { fetch } = createEmulator()
  const answer = await fetch(`https://emulator.test${path}`, { method })
  expect(answer.status).toBe(405)
  expect(answer.headers.get('Allow')).toBe(allowed)
  expect(await answer.json()).toMatchObject({ code: 800042, data: [], source: 'PartnerFD' })
})

const ids: Readonly<Record<string, string>> = {
  '{customerId}': documentedUpload.customerId,
  '{batchTrackingId}': documentedUpload.batchTrackingId,
  '{policyId}': documentedUpload.customerId,
}

test.for(Object.entries<object>(openapi.paths))(
  '%s is served whatever its case, and allows the methods of the document',
  async ([path, operations]) => {
    const segments = path.split('/').map((segment) => ids[segment] ?? segment.toUpperCase())
    const { fetch } = createEmulator()
    const answer = await fetch(`https://emulator.test/V1${segments.join('/')}`, { method: 'OPTIONS' })
    expect(answer.status).toBe(405)
    const methods = Object.keys(operations)
      .filter((key) => key !== 'parameters')
      .map((method) => method.toUpperCase())
    expect(answer.headers.get('Allow')?.split(', ').toSorted()).toEqual(methods.toSorted())
  },
)

test.for([`${customer}/nothing`, `${customer}/deviceBatches/B`, '/v1', '/', '/v1/customers/a/b/c/d/e/f/g'])(
  'no operation serves %s, whatever the method',
  async (path) => {
    const { fetch } = createEmulator()
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      expect((await fetch(`https://emulator.test${path}`, { method })).status).toBe(404)
    }
  },
)

test("every response has a Date by the emulator's clock", async () => {
  const { fetch, clock } = createEmulator({ startTime: '2030-01-01T00:00:00Z', timeScale: 0 })
  clock.advance(61_000)
  const answer = await fetch('https://emulator.test/')
  expect(answer.headers.get('Date')).toBe('Tue, 01 Jan 2030 00:01:01 GMT')
})

test('pages of other origins cannot read responses unless cors is on', async () => {
  const request = { headers: { Origin: 'https://example.com' } }
  const closed = await createEmulator().fetch('https://emulator.test/', request)
  expect(closed.headers.get('Access-Control-Allow-Origin')).toBeNull()

  const open = createEmulator({ cors: true })
  const preflight = await open.fetch(`https://emulator.test${customer}/DevicePolicyUpdates`, {
    method: 'OPTIONS',
    headers: {
      ...request.headers,
      'Access-Control-Request-Method': 'PATCH',
      'Access-Control-Request-Headers': 'authorization,ms-requestid',
    },
  })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('Access-Control-Allow-Methods')).toContain('PATCH')
  expect(preflight.headers.get('Access-Control-Allow-Headers')).toContain('authorization')
  const caller = await createCaller(open.fetch)
  const creation = { batchId: 'B', devices: [laptop('A')] }
  const accepted = await caller.post(`/v1/customers/${customerId}/deviceBatches`, creation, request.headers)
  expect(accepted.status).toBe(202)
  expect(accepted.headers.get('Access-Control-Allow-Origin')).toBe('*')
  expect(accepted.headers.get('Access-Control-Expose-Headers')).toMatch(/Location.*Retry-After/)
})

test('the same MS-RequestId sent twice at once is processed once', async () => {
  const caller = await createCaller(createEmulator().fetch)
  const path = `/v1/customers/${customerId}/deviceBatches`
  const ids = { 'MS-RequestId': 'c245d5f2-1de3-4ae0-9e42-95e38e3cb8ff' }
  const creation = { batchId: 'B', devices: [laptop('A')] }
  const answers = await Promise.all([1, 2, 3].map(() => caller.post(path, creation, ids)))
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202])
  expect(new Set(answers.map(({ headers }) => headers.get('Location'))).size).toBe(1)
})

test('an error response is not repeated', async () => {
  const caller = await createCaller(createEmulator().fetch)
  const path = `/v1/customers/${customerId}/deviceBatches`
  const ids = { 'MS-RequestId': 'c245d5f2-1de3-4ae0-9e42-95e38e3cb8ff' }
  expect((await caller.post(path, {}, ids)).status).toBe(400)
  expect((await caller.post(path, { batchId: 'B', devices: [laptop('A')] }, ids)).status).toBe(202)
})
