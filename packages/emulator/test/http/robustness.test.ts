/** Valid and broken requests at every route: the emulator always conforms to the document, and never responds with a 500. */

import { createEmulator, documentedUpload, emulatorCredentials } from '@devicebatch/emulator'
import type { Emulator, EmulatorOptions, EmulatorQuirks } from '@devicebatch/emulator'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { batches, calls, customers, deviceList, headerText, mostly } from '../arbitrary-requests.ts'
import { customerId, laptop, requestToken } from '../caller.ts'
import { operationIds, problemsOf } from '../contract.ts'

const quirks: fc.Arbitrary<EmulatorQuirks> = fc.record(
  {
    bom: fc.boolean(),
    deduplicate: fc.boolean(),
    yearOneTimes: fc.boolean(),
    batchAttributes: fc.boolean(),
    batchStatusTellsErrors: fc.boolean(),
    policyCounter: fc.constantFrom('devicesAssigned', 'devicesAssignedCount', 'both'),
    continuationTokenIn: fc.constantFrom('body', 'links', 'header'),
  },
  { requiredKeys: [] },
)

const settings: fc.Arbitrary<EmulatorOptions> = fc.record({ quirks, cors: fc.boolean() })

async function authorization(emulator: Emulator, grant_type: string): Promise<string> {
  const answer = await requestToken(emulator.fetch, { grant_type })
  const { access_token: token }: { access_token: string } = await answer.json()
  return `Bearer ${token}`
}

test('the API responds to any request according to its document, and never with a 500', async () => {
  const succeeded = new Set<string>()
  await fc.assert(
    fc.asyncProperty(
      settings,
      fc.array(calls, { minLength: 5, maxLength: 25 }),
      fc.constantFrom('client_credentials', 'refresh_token'),
      async (options, sequence, grant) => {
        const emulator = createEmulator({ ...options, timeScale: 0 })
        emulator.seed({
          batches: [
            { customerId, batchId: 'B', devices: Array.from({ length: 101 }, () => ({ modelName: 'X' })) },
          ],
        })
        const token = await authorization(emulator, grant)
        for (const { request, query, headers, advanceMs } of sequence) {
          const { method, path, body } = request
          const given = Object.entries(headers).filter(([, value]) => value !== undefined)
          const bodiless = method === 'GET' || method === 'HEAD'
          const answer = await emulator.fetch(`https://emulator.test${path}${query}`, {
            method,
            headers: { Authorization: token, ...Object.fromEntries(given) },
            ...(!bodiless && body !== undefined && { body }),
          })
          const { operation } = emulator.requests.at(-1) ?? {}
          expect(answer.status).toBeLessThan(500)
          if (method === 'HEAD' || (options.cors && method === 'OPTIONS')) continue
          if (operation === 'getToken' || operation === 'authorize' || operation === 'discoverTenant')
            continue
          expect(await problemsOf(operation, answer.clone())).toEqual([])
          if (answer.ok && operation !== undefined) succeeded.add(operation)
          emulator.clock.advance(advanceMs)
        }
        // The written data can also be saved and restored.
        emulator.restore(emulator.snapshot())
      },
    ),
    { numRuns: 300 },
  )
  // Not all requests are broken: each operation succeeded at least once.
  expect([...succeeded].toSorted()).toEqual(operationIds.toSorted())
})

test('the endpoints of Entra ID never respond with a 500', async () => {
  const field = <T extends string>(...values: T[]) => fc.option(mostly(...values), { nil: undefined })
  const fields = fc.record({
    client_id: field(emulatorCredentials.clientId),
    client_secret: field(emulatorCredentials.clientSecret),
    grant_type: field('client_credentials', 'refresh_token', 'authorization_code'),
    refresh_token: field(emulatorCredentials.refreshToken),
    scope: field('https://api.partnercenter.microsoft.com/.default', 'x offline_access'),
    resource: field('https://api.partnercenter.microsoft.com'),
    code: field('mine'),
    code_verifier: field('x'.repeat(43)),
    redirect_uri: field('http://localhost:1/', 'http://[::1]', 'http://localhost', '//localhost'),
    response_type: field('code'),
    state: field('s'),
    code_challenge: field('y'.repeat(43)),
    code_challenge_method: field('S256', 'plain'),
  })
  const endpoints = fc.constantFrom(
    'oauth2/v2.0/token',
    'oauth2/token',
    'oauth2/v2.0/authorize',
    'v2.0/.well-known/openid-configuration',
  )
  const tenants = fc.constantFrom('contoso', 'contoso.onmicrosoft.com', '%', emulatorCredentials.tenantId)
  await fc.assert(
    fc.asyncProperty(
      fields,
      tenants,
      endpoints,
      fc.option(headerText),
      async (form, tenant, endpoint, basic) => {
        const { fetch } = createEmulator()
        const given = Object.entries(form).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, value]],
        )
        const text = String(new URLSearchParams(given))
        const url = `https://emulator.test/${encodeURIComponent(tenant)}/${endpoint}`
        const answer = /authorize|configuration$/.test(endpoint)
          ? await fetch(`${url}?${text}`)
          : await fetch(url, {
              method: 'POST',
              body: text,
              headers: basic === null ? {} : { Authorization: `Basic ${basic}` },
            })
        expect([200, 302, 400, 401]).toContain(answer.status)
      },
    ),
    { numRuns: 500 },
  )
})

test('the control endpoints never respond with a 500, and the API keeps to its document', async () => {
  const endpoints = fc.constantFrom('clock', 'faults', 'seed', 'snapshot', 'reset', 'requests', '')
  const methods = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE')
  const fault = fc.record({
    operation: fc.option(fc.constantFrom('listPolicies', 'x'), { nil: undefined }),
    times: fc.constantFrom(1, 0, 'always', null),
    effect: fc.oneof(fc.record({ kind: fc.constantFrom('answer', 'stuck', 'late-rows') }), fc.jsonValue()),
  })
  const seed = fc.record(
    {
      customers: fc.array(
        fc.record({
          customerId: customers,
          companyName: mostly<unknown>('C', 5),
          domain: mostly<unknown>('c.com'),
        }),
        { maxLength: 2 },
      ),
      policies: fc.array(fc.record({ customerId: customers, name: mostly<unknown>('P', 5) }), {
        maxLength: 2,
      }),
      batches: fc.array(fc.record({ customerId: customers, batchId: batches, devices: deviceList }), {
        maxLength: 2,
      }),
      uploads: fc.array(fc.record({ customerId: customers, batchId: batches, devices: deviceList }), {
        maxLength: 2,
      }),
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(
      endpoints,
      methods,
      fc.oneof(fault, seed, fc.jsonValue()),
      async (path, method, body) => {
        const emulator = createEmulator({ timeScale: 0 })
        const token = await authorization(emulator, 'client_credentials')
        const answer = await emulator.fetch(`https://emulator.test/_emulator/${path}`, {
          method,
          ...(method !== 'GET' && { body: JSON.stringify(body) ?? '' }),
        })
        expect(answer.status).toBeLessThan(500)
        emulator.faults.clear()
        for (const [operation, read] of [
          ['listDeviceBatches', 'deviceBatches'],
          ['listDevices', 'deviceBatches/testbatch/devices'],
          ['listPolicies', 'policies'],
        ] as const) {
          const url = `https://emulator.test/v1/customers/${documentedUpload.customerId}/${read}`
          const list = await emulator.fetch(url, { headers: { Authorization: token } })
          if (list.status === 401) continue
          expect(await problemsOf(operation, list)).toEqual([])
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('the check finds a wrong field', async () => {
  const answer = Response.json({ items: [{ id: 5 }] })
  expect(await problemsOf('listDevices', answer)).toEqual(['/items/0/id must be string'])
  expect(await problemsOf('listDevices', Response.json({}, { status: 201 }))).toHaveLength(1)
  expect(await problemsOf(undefined, Response.json(laptop('A')))).toHaveLength(1)
})
