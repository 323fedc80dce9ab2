/** Errors say what failed, the same way everywhere, and never contain a secret. */
import { explainError } from '@devicebatch/client'
import type { PartnerRequestInit } from '@devicebatch/edge'
import {
  ApiError,
  AuthenticationError,
  ConnectionError,
  createPartnerFetch,
  getBatchUploadStatus,
  isPartnerCenterError,
  PartnerCenterError,
  ResponseError,
  TimeoutError,
} from '@devicebatch/edge'
import { appOnly } from '@devicebatch/edge/credentials'
import type { FaultEffect } from '@devicebatch/emulator'
import { expect, inject, test } from 'vitest'

import { customerId, trackingId } from '../shared/samples.ts'
import { differs } from './differences.ts'
import type { Emulator } from './lab.ts'
import { findNobody, optionsFor, partnerOf, rejection, startEmulator } from './lab.ts'

async function read(emulator: Emulator, options = {}): Promise<unknown> {
  const partnerFetch = createPartnerFetch({ ...optionsFor(emulator), retry: false, ...options })
  return await getBatchUploadStatus(partnerFetch, { customerId, batchTrackingId: trackingId })
}

async function failureOf(emulator: Emulator, effect: FaultEffect, options = {}): Promise<unknown> {
  await emulator.fail({ operation: 'getBatchUploadStatus', times: 'always', effect })
  return await rejection(read(emulator, options))
}

test('a request that the service refuses is an ApiError with its message', async () => {
  const emulator = await startEmulator()
  const { batchUploadStatus } = partnerOf(emulator).customers.byId(customerId)
  const error = await rejection(batchUploadStatus.byId(customerId).get())
  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({
    name: 'ApiError',
    code: 'api',
    status: 404,
    serviceCode: '1000',
    description: expect.any(String),
    requestId: expect.stringMatching(/^[\da-f-]{36}$/),
    serverId: expect.any(String),
    cv: expect.any(String),
    attempts: 1,
    isRetryable: false,
    isAmbiguous: false,
  })
})

test('an error page from a proxy is an ApiError without a message', async () => {
  const effect = {
    kind: 'answer',
    status: 502,
    body: '<html><body>Bad gateway, secret-of-the-proxy</body></html>',
  } as const
  const error = (await failureOf(await startEmulator(), effect)) as ApiError
  expect(error).toMatchObject({ code: 'api', status: 502, isRetryable: true })
  expect(error.description).toBeUndefined()
  expect(error.message).not.toContain('secret-of-the-proxy')
})

test('an error under 200 is an ApiError', async () => {
  const body = { code: 2000, description: 'Tenant Id must be a GUID.', source: 'PartnerFD' }
  const error = await failureOf(await startEmulator(), { kind: 'answer', status: 200, body })
  expect(error).toMatchObject({
    code: 'api',
    status: 200,
    serviceCode: '2000',
    description: body.description,
  })
})

test('a success that does not match the contract is a ResponseError', async () => {
  const error = await failureOf(await startEmulator(), { kind: 'answer', status: 200, body: 'welcome' })
  expect(error).toBeInstanceOf(ResponseError)
  expect(error).toMatchObject({ code: 'response', status: 200 })
})

test('a redirect is a ResponseError', async () => {
  const effect = { kind: 'answer', status: 307, headers: { Location: '/elsewhere' } } as const
  const error = await failureOf(await startEmulator(), effect)
  const status = differs('hidesRedirects', inject('runtime')) ? 0 : 307
  expect(error).toMatchObject({ code: 'response', status })
})

test.each<[string, FaultEffect]>([
  ['before the answer', { kind: 'cut' }],
  ['in the middle of the body', { kind: 'cut', afterBytes: 100 }],
])('a connection that ends %s is a ConnectionError with its cause', async (_, effect) => {
  const error = await failureOf(await startEmulator(), effect)
  expect(error).toBeInstanceOf(ConnectionError)
  expect(error).toMatchObject({ code: 'connection', attempts: 1, isRetryable: true, isAmbiguous: false })
  // The cause's class differs between runtimes; the error's own class does not.
  expect((error as Error).cause).toMatchObject({ message: expect.any(String) })
})

test('an address where nothing listens is a ConnectionError', async () => {
  const emulator = await startEmulator()
  const error = await rejection(read(emulator, { baseUrl: `${await findNobody()}/v1` }))
  expect(error).toMatchObject({ code: 'connection', attempts: 1 })
})

test('a lost response to an upload is ambiguous', async () => {
  const emulator = await startEmulator()
  const effect = { kind: 'cut', accepted: true } as const
  await emulator.fail({ operation: 'createDeviceBatch', times: 'always', effect })
  const { deviceBatches } = partnerOf(emulator, { retry: false }).customers.byId(customerId)
  const error = await rejection(deviceBatches.create({ batchId: 'Desk', devices: [{ productKey: 'P-1' }] }))
  expect(error).toMatchObject({ code: 'connection', isAmbiguous: true })
})

test('a TimeoutError says whether the call or the attempt timed out', async () => {
  const emulator = await startEmulator()
  const never: FaultEffect = { kind: 'delay', delayMs: 1 }
  const whole = await failureOf(emulator, never, { timeoutMs: 250 })
  expect(whole).toBeInstanceOf(TimeoutError)
  expect(whole).toMatchObject({ code: 'timeout', message: expect.stringContaining('timeoutMs') })
  const attempt = await failureOf(emulator, never, { attemptTimeoutMs: 250 })
  expect(attempt).toMatchObject({ message: expect.stringContaining('attemptTimeoutMs') })
})

test('a body that does not end in time is a TimeoutError', async () => {
  const emulator = await startEmulator()
  const error = await failureOf(emulator, { kind: 'slow', bytesPerSecond: 20 }, { timeoutMs: 400 })
  expect(error).toMatchObject({ code: 'timeout' })
})

test('a wrong secret is an AuthenticationError, and no request is sent', async () => {
  const emulator = await startEmulator()
  const { credentials, url } = emulator
  const { refreshToken: _, ...app } = credentials
  const credential = appOnly({ ...app, clientSecret: 'not-the-secret', authorityHost: url })
  const error = await rejection(read(emulator, { credential }))
  expect(error).toBeInstanceOf(AuthenticationError)
  expect(error).toMatchObject({
    code: 'authentication',
    message: expect.stringContaining('AADSTS7000215'),
    isRetryable: false,
  })
  expect(await emulator.requests()).toEqual([])
})

test.each<[string, (emulator: Emulator) => unknown]>([
  ['a customer ID', (emulator) => partnerOf(emulator).customers.byId('../../x')],
  [
    'a tracking ID',
    (emulator) => partnerOf(emulator).customers.byId(customerId).batchUploadStatus.byId('latest'),
  ],
  ['a batch ID', (emulator) => partnerOf(emulator).customers.byId(customerId).deviceBatches.byId('..')],
  ['a base URL', (emulator) => partnerOf(emulator, { baseUrl: 'http://example.com/v1' })],
])('%s that cannot be one is refused before any request', async (_, use) => {
  const emulator = await startEmulator()
  const error = await rejection(() => use(emulator))
  expect(error).toMatchObject({ name: 'InvalidArgumentError', code: 'invalid-argument' })
  expect(await emulator.requests()).toEqual([])
  expect(await emulator.requests('getToken')).toEqual([])
})

test('every error is recognized and explained, even if it comes from another copy of the package', async () => {
  const emulator = await startEmulator()
  const error = await failureOf(emulator, { kind: 'answer', status: 403 })
  expect(error).toBeInstanceOf(PartnerCenterError)
  expect(isPartnerCenterError(error)).toBe(true)
  const foreign = Object.assign(new Error('x'), { [Symbol.for('devicebatch.PartnerCenterError')]: true })
  expect(isPartnerCenterError(foreign)).toBe(true)
  expect(isPartnerCenterError(new TypeError('fetch failed'))).toBe(false)
  expect(explainError(error)).toMatchObject({ cause: expect.any(String), nextStep: expect.any(String) })
})

test.each<[string, PartnerRequestInit]>([
  ['a GET with a body', { body: '{}' }],
  ['TRACE', { method: 'TRACE' }],
  ['a method that is none', { method: 'GET IT' }],
  ['a header outside Latin-1', { headers: { 'X-Name': 'Łódź' } }],
  ['a header of two lines', { headers: { 'X-Name': 'a\nb' } }],
])('%s is refused before any request', async (_, init) => {
  const emulator = await startEmulator()
  const error = await rejection(createPartnerFetch(optionsFor(emulator))('/customers', init))
  expect(error).toMatchObject({ name: 'InvalidArgumentError', code: 'invalid-argument', isAmbiguous: false })
  expect(await emulator.requests()).toEqual([])
  expect(await emulator.requests('getToken')).toEqual([])
})

test('a body that is already being read is refused before any request', async () => {
  const emulator = await startEmulator()
  const body = new Blob(['{}']).stream()
  body.getReader()
  const partnerFetch = createPartnerFetch(optionsFor(emulator))
  const error = await rejection(partnerFetch('/customers', { method: 'POST', body }))
  expect(error).toMatchObject({ code: 'invalid-argument', message: expect.stringContaining('`body`') })
  expect(await emulator.requests()).toEqual([])
})

test('an endless body is abandoned after 64 MiB', async () => {
  const emulator = await startEmulator()
  const part = new Uint8Array(1024 * 1024)
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(part) })
  const fetch = async (): Promise<Response> => new Response(body)
  const error = await rejection(read(emulator, { fetch }))
  expect(error).toMatchObject({ code: 'response', message: expect.stringContaining('more than 64 MiB') })
})

const opaque = 'op4que+hush/token=='
test.each([200, 400, 503])(
  'a token that a %i echoes, escaped or in a header, is in no error',
  async (status) => {
    const escaped = opaque.replaceAll('+', '\\u002B').replaceAll('/', '\\/')
    const effect: FaultEffect = {
      kind: 'answer',
      status,
      headers: { 'MS-CV': opaque, 'MS-ServerId': opaque, 'Content-Type': 'application/json' },
      body: `{"code":1,"description":"No: ${escaped}","data":["${escaped}"]}`,
    }
    const events: unknown[] = []
    const error = await failureOf(await startEmulator(), effect, {
      credential: () => opaque,
      observe: (event: unknown) => events.push(event),
    })
    expect(error).toMatchObject({ description: 'No: [redacted]', data: ['[redacted]'], cv: '[redacted]' })
    expect(`${(error as Error).stack}${JSON.stringify(error)}${JSON.stringify(events)}`).not.toContain('hush')
  },
)

test.each<[string, FaultEffect]>([
  ['refused', { kind: 'answer', status: 403 }],
  ['cut', { kind: 'cut' }],
  ['redirected', { kind: 'answer', status: 302, headers: { Location: '/x' } }],
])('no form of the error of a call that was %s holds the token', async (_, effect) => {
  const emulator = await startEmulator()
  const error = (await failureOf(emulator, effect)) as Error
  const [request] = await emulator.requests()
  const token = request!.headers['authorization']!.replace('Bearer ', '')
  expect(token.length).toBeGreaterThan(10)
  const forms = [error.message, error.stack, String(error), JSON.stringify(error)]
  expect(forms.filter((form) => form?.includes(token))).toEqual([])
})
