/** One status request for one upload. */
import { createPartnerFetch, getBatchUploadStatus, isFinished, parseBatchLocation } from '@devicebatch/edge'
import { expect, test } from 'vitest'

import { customerId, documented, statusPath, trackingId } from '../shared/samples.ts'
import { optionsFor, partnerOf, startEmulator } from './lab.ts'

const ids = { customerId, batchTrackingId: trackingId }

test('edge reads the documented upload, whose body begins with a byte order mark', async () => {
  const details = await getBatchUploadStatus(createPartnerFetch(optionsFor(await startEmulator())), ids)
  expect(details).toEqual(documented)
  expect(isFinished(details)).toBe(true)
})

test('the client reads the same', async () => {
  const upload = partnerOf(await startEmulator())
    .customers.byId(customerId)
    .batchUploadStatus.byId(trackingId)
  expect(await upload.get()).toEqual(documented)
})

test.each([
  ['with', true],
  ['without', false],
])('a body %s a byte order mark reads the same in every way', async (_, bom) => {
  const emulator = await startEmulator({ quirks: { bom } })
  const partnerFetch = createPartnerFetch(optionsFor(emulator))
  const ask = () => partnerFetch(emulator.baseUrl + statusPath)
  expect(await getBatchUploadStatus(partnerFetch, ids)).toEqual(documented)
  expect(await (await ask()).json()).toEqual(documented)
  expect(JSON.parse(await (await ask()).text())).toEqual(documented)
  const path = '/customers/{customerId}/batchJobStatus/{batchTrackingId}'
  const { data } = await partnerOf(emulator).api.GET(path, { params: { path: ids } })
  expect(data).toEqual(documented)
})

test('a request has the token, the IDs, the media type and the headers from the options', async () => {
  const emulator = await startEmulator()
  const partnerFetch = createPartnerFetch({
    ...optionsFor(emulator),
    applicationName: 'Suite',
    locale: 'de-DE',
  })
  await getBatchUploadStatus(partnerFetch, ids)
  const [request] = await emulator.requests()
  expect(request).toMatchObject({ method: 'GET', path: `/v1${statusPath}` })
  expect(request!.headers).toMatchObject({
    accept: 'application/json',
    authorization: expect.stringMatching(/^Bearer \S+$/),
    'ms-requestid': expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
    'ms-correlationid': expect.stringMatching(/^[\da-f-]{36}$/),
    'ms-partnercenter-application': 'Suite',
    'x-locale': 'de-DE',
  })
})

test('each call has its own request ID, unless the caller gives one', async () => {
  const emulator = await startEmulator()
  const upload = partnerOf(emulator).customers.byId(customerId).batchUploadStatus.byId(trackingId)
  const requestId = '99999999-9999-4999-8999-999999999999'
  await upload.get()
  await upload.get()
  await upload.get({ requestId })
  const [first, second, third] = (await emulator.requests()).map(({ headers }) => headers['ms-requestid'])
  expect(first).not.toBe(second)
  expect(third).toBe(requestId)
})

test('calls made at the same time share one token', async () => {
  const emulator = await startEmulator()
  const partnerFetch = createPartnerFetch(optionsFor(emulator))
  await Promise.all(Array.from({ length: 20 }, () => getBatchUploadStatus(partnerFetch, ids)))
  expect(await emulator.requests()).toHaveLength(20)
  expect(await emulator.requests('getToken')).toHaveLength(1)
})

test('an upload of 2,000 devices is read completely', async () => {
  const emulator = await startEmulator()
  const devices = Array.from({ length: 2000 }, (_, number) => ({ serialNumber: `SN-${number}-日本` }))
  await emulator.seed({
    uploads: [{ customerId, batchId: 'Big', batchTrackingId: customerId, queuedMs: 0, devices }],
  })
  const upload = partnerOf(emulator).customers.byId(customerId).batchUploadStatus.byId(customerId)
  const { devicesStatus } = await upload.get()
  expect(devicesStatus?.map(({ serialNumber }) => serialNumber)).toEqual(
    devices.map(({ serialNumber }) => serialNumber),
  )
})

test.each([
  statusPath,
  `/v1${statusPath}`,
  `https://api.partnercenter.microsoft.com/v1${statusPath}`,
  `https://api.partnercenter.microsoft.com//v1/${statusPath}`,
  statusPath.toLowerCase(),
])('the IDs are read from the Location %s', (location) => {
  expect(parseBatchLocation(location)).toEqual(ids)
})
