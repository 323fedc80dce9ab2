import { createEmulator, documentedUpload } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import documentedDetails from '../../../../spec/examples/get-batch-upload-status.response.json' with { type: 'json' }
import { createCaller, laptop, otherCustomerId } from '../caller.ts'

const documentedPath = `/v1/customers/${documentedUpload.customerId}/batchJobStatus/${documentedUpload.batchTrackingId}`

test('the documented upload exists, without the attributes that the documentation shows for the batch', async () => {
  const caller = await createCaller(createEmulator().fetch)
  const { attributes: _, ...withoutAttributes } = documentedDetails
  expect(await caller.status(documentedPath)).toEqual(withoutAttributes)
})

test('the documented upload is exactly the documented body when batchAttributes is on', async () => {
  const caller = await createCaller(createEmulator({ quirks: { batchAttributes: true } }).fetch)
  const answer = await caller.get(documentedPath)
  expect((await answer.text()).replace('\uFEFF', '')).toBe(JSON.stringify(documentedDetails))
})

test('the body has the length that the documentation declares: 397 bytes and a byte order mark', async () => {
  const caller = await createCaller(createEmulator().fetch)
  const answer = await caller.get(documentedPath)
  const bytes = new Uint8Array(await answer.arrayBuffer())
  expect(bytes.slice(0, 3)).toEqual(Uint8Array.of(0xef, 0xbb, 0xbf))
  expect(bytes.length).toBe(400)
})

test('no byte order mark is sent when bom is off, and never with an error', async () => {
  const plain = await createCaller(createEmulator({ quirks: { bom: false } }).fetch)
  const answer = await plain.get(documentedPath)
  expect(new Uint8Array(await answer.arrayBuffer())[0]).toBe('{'.charCodeAt(0))

  const marked = await createCaller(createEmulator().fetch)
  const error = await marked.get(documentedPath.replace(/.$/, 'f'))
  expect(error.status).toBe(404)
  expect(new Uint8Array(await error.arrayBuffer())[0]).toBe('{'.charCodeAt(0))
})

test('paths are matched in any case, with double slashes and with a trailing slash', async () => {
  const caller = await createCaller(createEmulator().fetch)
  for (const path of [
    documentedPath.replace('batchJobStatus', 'batchjobstatus'),
    documentedPath.toUpperCase(),
    `/${documentedPath}`,
    documentedPath.replace('/customers', '//Customers'),
    `${documentedPath}/`,
  ]) {
    expect((await caller.get(path)).status, path).toBe(200)
  }
})

test('an ID that is not a GUID gets a 400 with code 2000', async () => {
  const caller = await createCaller(createEmulator().fetch)
  const customer = await caller.get(
    `/v1/customers/contoso/batchJobStatus/${documentedUpload.batchTrackingId}`,
  )
  expect(customer.status).toBe(400)
  expect(await customer.json()).toMatchObject({
    code: 2000,
    description: 'Tenant Id must be a GUID.',
    data: [],
  })

  const upload = await caller.get(`/v1/customers/${documentedUpload.customerId}/batchJobStatus/1234`)
  expect(upload.status).toBe(400)
  expect(await upload.json()).toMatchObject({ code: 2000 })
})

test("an unknown tracking ID and another customer's get a 404 with code 1000", async () => {
  const caller = await createCaller(createEmulator().fetch)
  for (const path of [
    documentedPath.replace(/.$/, 'f'),
    documentedPath.replace(documentedUpload.customerId, otherCustomerId),
  ]) {
    const answer = await caller.get(path)
    expect(answer.status, path).toBe(404)
    expect(await answer.json()).toMatchObject({ code: 1000, source: 'PartnerFD' })
  }
})

test('a path outside /v1, such as a Location resolved without it, gets a 404', async () => {
  const caller = await createCaller(createEmulator().fetch)
  expect((await caller.get(documentedPath.replace('/v1', ''))).status).toBe(404)
})

test("a response has the caller's IDs, the server's own two, and the emulator header", async () => {
  const caller = await createCaller(createEmulator().fetch)
  const ids = {
    'MS-RequestId': 'e88d014d-ab70-41de-90a0-f7fd1797267d',
    'MS-CorrelationId': 'de894e18-f027-4ac0-8b5a-34f0c222af0c',
  }
  const { headers } = await caller.get(documentedPath, ids)
  expect(headers.get('MS-RequestId')).toBe(ids['MS-RequestId'])
  expect(headers.get('MS-CorrelationId')).toBe(ids['MS-CorrelationId'])
  expect(headers.get('MS-CV')).toMatch(/^\w{16}\.0$/)
  expect(headers.get('MS-ServerId')).toMatch(/^\d+$/)
  expect(headers.get('X-Devicebatch-Emulator')).toBe('true')
  expect(headers.get('isMfaCompliant')).toBeNull()
})

test('IDs are generated when the caller sends none, and MFA is reported on request', async () => {
  const caller = await createCaller(createEmulator().fetch)
  const { headers } = await caller.get(documentedPath, { ValidateMfa: 'true' })
  expect(headers.get('MS-RequestId')).toMatch(/^[\da-f-]{36}$/)
  expect(headers.get('MS-CorrelationId')).toMatch(/^[\da-f-]{36}$/)
  expect(headers.get('isMfaCompliant')).toBe('true')
})

test('a batch of 20,000 devices shows each of them at every moment', async () => {
  const emulator = createEmulator({ timeScale: 0, queuedMs: 0, processingMs: 20_000 })
  const caller = await createCaller(emulator.fetch)
  const path = await caller.upload(Array.from({ length: 20_000 }, (_, index) => laptop(`SN${index}`)))
  emulator.clock.advance(5_000)
  const { devicesStatus } = await caller.status(path)
  expect(devicesStatus).toHaveLength(20_000)
  expect(devicesStatus.filter(({ status }) => status === 'finished')).toHaveLength(5_000)
  expect(devicesStatus.filter(({ status }) => status === 'processing')).toHaveLength(1)
})
