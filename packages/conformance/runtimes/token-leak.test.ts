/**
 * Whatever the service responds and whoever calls: no other origin receives anything. A foreign server accepts every request
 * from anywhere; at the end of each test nothing must have reached it, least of all a token or a request ID.
 */
import { createPartnerFetch, getBatchUploadStatus } from '@devicebatch/edge'
import { appUser } from '@devicebatch/edge/credentials'
import type { EmulatorOperation } from '@devicebatch/emulator'
import { beforeEach, describe, expect, inject, test } from 'vitest'

import { customerId, device, statusPath, soon, trackingId } from '../shared/samples.ts'
import { differs } from './differences.ts'
import type { Emulator } from './lab.ts'
import { optionsFor, partnerOf, rejection, startEmulator, startForeignServer } from './lab.ts'

const newBatch = { batchId: 'Front desk', devices: [device('A-1')] }
const requestId = '99999999-9999-4999-8999-999999999999'

let emulator: Emulator
let foreign: Awaited<ReturnType<typeof startForeignServer>>
beforeEach(async () => {
  emulator = await startEmulator()
  foreign = await startForeignServer()
})

const customerOf = () => partnerOf(emulator).customers.byId(customerId)
const uploadOf = () => customerOf().batchUploadStatus.byId(trackingId)

async function answerOf(operation: EmulatorOperation, status: number, location: string): Promise<void> {
  await emulator.fail({
    operation,
    times: 'always',
    effect: { kind: 'answer', status, headers: { Location: location } },
  })
}

test('a bare fetch follows the redirect, and the foreign server sees what it sent', async () => {
  await answerOf('getToken', 307, `${foreign.origin}/v1`)
  const headers = { Authorization: 'Bearer the-token', 'MS-RequestId': requestId }
  await fetch(`${emulator.url}/contoso/oauth2/v2.0/token`, { method: 'POST', headers, body: '{}' })
  const seen = (await foreign.requests()).at(-1)!
  expect(seen).toMatchObject({ method: 'POST', path: '/v1', headers: { 'ms-requestid': requestId } })
  expect('authorization' in seen.headers).toBe(differs('leaksOverRedirects', inject('runtime')))
})

const calls: Record<string, [EmulatorOperation, () => Promise<unknown>]> = {
  'edge reading a status': [
    'getBatchUploadStatus',
    () =>
      getBatchUploadStatus(createPartnerFetch(optionsFor(emulator)), {
        customerId,
        batchTrackingId: trackingId,
      }),
  ],
  'the client reading a status': ['getBatchUploadStatus', () => uploadOf().get()],
  waiting: ['getBatchUploadStatus', () => uploadOf().wait(soon)],
  'creating a batch': ['createDeviceBatch', () => customerOf().deviceBatches.create(newBatch)],
  'adding devices': [
    'addDevicesToBatch',
    () => customerOf().deviceBatches.byId('Test batch').devices.add(newBatch.devices),
  ],
  'listing devices': [
    'listDevices',
    () => customerOf().deviceBatches.byId('Test batch').devices.list().toArray(),
  ],
  'applying a policy': [
    'updateDevicesWithPolicy',
    () =>
      customerOf().devicePolicy.update([{ id: 'D-1', policies: [{ key: 'o_o_b_e', value: customerId }] }]),
  ],
}

describe.each([301, 302, 303, 307, 308])('a %i to another origin', (status) => {
  test.each(Object.entries(calls))('sends nothing of %s there', async (_, [operation, call]) => {
    await answerOf(operation, status, `${foreign.origin}/v1${statusPath}`)
    expect(await rejection(call())).toMatchObject({ code: 'response' })
    expect(await emulator.requests(operation)).toHaveLength(1)
    expect(await foreign.requests()).toEqual([])
  })

  test('sends no secret of a sign-in there', async () => {
    await answerOf('getToken', status, `${foreign.origin}/contoso/oauth2/v2.0/token`)
    expect(await rejection(uploadOf().get())).toMatchObject({ code: 'authentication' })
    expect(await emulator.requests()).toEqual([])
    expect(await foreign.requests()).toEqual([])
  })
})

test('a redirect to an address without a scheme sends nothing there', async () => {
  await answerOf('getBatchUploadStatus', 302, foreign.origin.replace('http:', ''))
  expect(await rejection(uploadOf().get())).toMatchObject({ code: 'response' })
  expect(await foreign.requests()).toEqual([])
})

test.each([
  ['absolute', (origin: string) => `${origin}/v1${statusPath}`],
  ['without a scheme', (origin: string) => `${origin.replace('http:', '')}/v1${statusPath}`],
  [
    'with our host as its user name',
    (origin: string) => `${origin.replace('//', '//api.partnercenter.microsoft.com@')}${statusPath}`,
  ],
])('an upload whose Location is foreign, %s, is polled on our own origin or not at all', async (_, at) => {
  await answerOf('createDeviceBatch', 202, at(foreign.origin))
  try {
    const upload = await customerOf().deviceBatches.create(newBatch)
    expect(await upload.wait(soon)).toMatchObject({ status: 'finished' })
    expect(await emulator.requests('getBatchUploadStatus')).toHaveLength(1)
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^(response|invalid-argument)$/) })
  }
  expect(await foreign.requests()).toEqual([])
})

test('an upload saved with a foreign address is polled on our own origin', async () => {
  const { batchUploadStatus } = customerOf()
  await batchUploadStatus.fromLocation(`${foreign.origin}/v1${statusPath}`).get()
  expect(await emulator.requests('getBatchUploadStatus')).toHaveLength(1)
  expect(await foreign.requests()).toEqual([])
})

test('a next link to another origin is never followed: its token goes to our own', async () => {
  const headers = [{ key: 'MS-ContinuationToken', value: 'next,page/2=' }]
  const next = { uri: `${foreign.origin}/v1/customers`, method: 'GET', headers }
  const body = { totalCount: 2, items: [{ id: 'x' }], links: { next } }
  await emulator.fail({ operation: 'listDevices', effect: { kind: 'answer', status: 200, body } })
  const list = customerOf().deviceBatches.byId('Test batch').devices.list()
  // The emulator does not know the token of that page, so the second request is the last.
  await rejection(list.toArray())
  expect(
    (await emulator.requests('listDevices')).map(({ headers }) => headers['ms-continuationtoken']),
  ).toEqual([undefined, 'next,page/2='])
  expect(await foreign.requests()).toEqual([])
})

test.each([
  ['an address', (origin: string) => `${origin}/v1${statusPath}`],
  ['a URL', (origin: string) => new URL(`${origin}/v1${statusPath}`)],
  ['a Request', (origin: string) => new Request(`${origin}/v1${statusPath}`)],
  [
    'our own address as its user name',
    (origin: string) => origin.replace('//', `//${new URL(emulator.url).host}@`),
  ],
])('a caller that asks for %s of another origin is refused', async (_, inputFor) => {
  const partnerFetch = createPartnerFetch(optionsFor(emulator))
  expect(await rejection(partnerFetch(inputFor(foreign.origin)))).toMatchObject({ code: 'invalid-argument' })
  expect(await emulator.requests()).toEqual([])
  expect(await foreign.requests()).toEqual([])
})

test('a caller that names another origin without its scheme gets a path on our own', async () => {
  const path = `${foreign.origin.replace('http:', '')}/v1${statusPath}`
  const { status } = await createPartnerFetch(optionsFor(emulator))(path)
  expect(status).toBe(404)
  expect(await emulator.requests()).toMatchObject([{ path: `/v1${path}` }])
  expect(await foreign.requests()).toEqual([])
})

test('a base URL for a single openapi-fetch call does not lead there', async () => {
  const { api } = partnerOf(emulator)
  const call = api.GET('/customers/{customerId}/policies', {
    params: { path: { customerId } },
    baseUrl: `${foreign.origin}/v1`,
  })
  expect(await rejection(call)).toMatchObject({ code: 'invalid-argument' })
  expect(await foreign.requests()).toEqual([])
})

test('a challenge that names a foreign authority leads to no request there', async () => {
  const challenge = `Bearer authorization_uri="${foreign.origin}/authorize", error="insufficient_claims", claims="e30="`
  await emulator.fail({
    operation: 'getBatchUploadStatus',
    times: 'always',
    effect: { kind: 'answer', status: 401, headers: { 'WWW-Authenticate': challenge } },
  })
  expect(await rejection(uploadOf().get())).toMatchObject({ code: 'api', status: 401 })
  expect(await foreign.requests()).toEqual([])
})

test('a credential calls only its own authority', async () => {
  const credential = appUser({
    ...emulator.credentials,
    onRefreshToken: () => {},
    authorityHost: emulator.url,
  })
  await partnerOf(emulator, { credential })
    .customers.byId(customerId)
    .batchUploadStatus.byId(trackingId)
    .get()
  expect(await emulator.requests('getToken')).toHaveLength(1)
  expect(await foreign.requests()).toEqual([])
})
