import type { BatchUploadDetails } from '@devicebatch/contract'
import type { ResponseError } from '@devicebatch/edge'
import { createPartnerFetch, getBatchUploadStatus, isFinished } from '@devicebatch/edge'
import { appOnly } from '@devicebatch/edge/credentials'
import { createEmulator, documentedUpload, emulatorCredentials } from '@devicebatch/emulator'
import { describe, expect, test } from 'vitest'

import type { Answer } from './helpers.ts'
import { batchTrackingId, json, network, partner, rejection, text, upload } from './helpers.ts'

const documented = {
  batchTrackingId,
  status: 'finished',
  startedTime: '2017-07-25T10:00:00',
  completedTime: '2017-07-25T10:10:00',
  devicesStatus: [
    {
      serialNumber: '1234567890',
      productKey: '12345-67890-09876-54321-13579',
      status: 'finished_with_errors',
      errorCode: '808',
      errorDescription: 'ZtdDeviceAssignedToOtherTenant',
      attributes: { objectType: 'DeviceUploadDetails' },
    },
  ],
}

function read(answer: Answer): Promise<BatchUploadDetails> {
  return getBatchUploadStatus(partner(answer).call, upload)
}

describe('the status of an upload', () => {
  test('is returned as the service sent it', async () => {
    expect(await read(json(200, documented))).toEqual(documented)
  })

  test.each<[string, Answer]>([
    ['with a byte order mark', text(200, `\ufeff${JSON.stringify(documented)}`)],
    ['without a content type', () => new Response(new TextEncoder().encode(JSON.stringify(documented)))],
    ['under a wrong content type', text(200, JSON.stringify(documented), { 'Content-Type': 'text/html' })],
    ['with blanks around it', text(200, `\r\n ${JSON.stringify(documented, null, 2)} \n`)],
    ['under 202', json(202, documented)],
  ])('is read %s', async (_, answer) => {
    expect(await read(answer)).toEqual(documented)
  })

  test.each([
    { status: 'queued' },
    {
      status: 'a word of tomorrow',
      batchTrackingId: null,
      devicesStatus: null,
      startedTime: 5,
      more: { deep: [] },
    },
  ])('may omit or contain anything as long as it has a status: %j', async (body) => {
    expect(await read(json(200, body))).toEqual(body)
  })

  test('is the documented one from the emulator', async () => {
    const emulator = createEmulator()
    const { refreshToken: _, ...app } = emulatorCredentials
    const partnerFetch = createPartnerFetch({
      baseUrl: 'https://emulator.test/v1',
      fetch: emulator.fetch,
      credential: appOnly({
        ...app,
        authorityHost: 'https://emulator.test',
        fetch: emulator.fetch,
      }),
    })
    const details = await getBatchUploadStatus(partnerFetch, documentedUpload)
    expect(details).toMatchObject(documented)
    expect(isFinished(details)).toBe(true)
  })
})

describe('the tracking ID in the response', () => {
  const other = '99999999-2222-4333-8444-555555555555'

  test.each([undefined, null, '', batchTrackingId.toUpperCase()])('may be %j', async (id) => {
    const body = { ...documented, batchTrackingId: id }
    expect(await read(json(200, body))).toEqual(JSON.parse(JSON.stringify(body)))
  })

  test.each<[unknown, string]>([
    [other, `"${other}"`],
    [`${batchTrackingId}\u001b[2J`, '"0127ed8e-ff72-4983-a3d8-e8d8bd378932\\u001b[2J"'],
    [5, '5'],
    [{ id: batchTrackingId }, 'object'],
  ])('%j is a ResponseError, since the devices belong to another upload', async (id, shown) => {
    const error = await rejection<ResponseError>(read(json(200, { ...documented, batchTrackingId: id })))
    expect(error).toMatchObject({ name: 'ResponseError', code: 'response', status: 200, isRetryable: true })
    expect(error.message).toBe(
      `GET /customers/{customerId}/batchJobStatus/{batchTrackingId} returned 200: expected the status of upload ${batchTrackingId}, got that of ${shown}. Check that no cache or proxy responds in place of the service.`,
    )
  })
})

describe('a response that is not the status of an upload', () => {
  test.each<[string, Answer, string]>([
    [
      'an HTML page',
      text(200, '<html>sign in</html>', { 'Content-Type': 'text/html' }),
      '20 bytes of text/html',
    ],
    ['nothing', text(200, ''), 'an empty body'],
    ['204', text(204, null), 'an empty body'],
    ['JSON that is cut off', text(200, '{"status":"fini'), '15 bytes of text/plain;charset=UTF-8'],
    ['another object', json(200, { items: [] }), '12 bytes of application/json'],
    ['a status that is not a string', json(200, { status: 3 }), '12 bytes of application/json'],
    ['null', json(200, null), '4 bytes of application/json'],
    ['a list', json(200, []), '2 bytes of application/json'],
    ['a text', json(200, 'finished'), '10 bytes of application/json'],
    ['bytes', () => new Response(new Uint8Array([0xff, 0xfe, 0x00])), '3 bytes of unnamed content'],
  ])('%s is a ResponseError', async (_, answer, got) => {
    const { call, sent } = partner(answer)
    const error = await rejection<ResponseError>(getBatchUploadStatus(call, upload))
    expect(error).toMatchObject({ name: 'ResponseError', code: 'response', attempts: 1, isRetryable: true })
    expect(error.message).toBe(
      `GET /customers/{customerId}/batchJobStatus/{batchTrackingId} returned ${error.status}: expected BatchUploadDetails as JSON, got ${got}. Check that no proxy or sign-in page responds in place of the service.`,
    )
    expect(sent).toHaveLength(1)
  })

  test.each<[object, object]>([
    [
      { code: 1000, description: 'Not found.', source: 'PartnerFD' },
      { serviceCode: '1000', description: 'Not found.', source: 'PartnerFD' },
    ],
    [
      { Code: 5, Description: 'x' },
      { serviceCode: '5', description: 'x' },
    ],
    [{ statusCode: 500, message: 'broken' }, { description: 'broken' }],
    [{ error: { code: 'x', message: 'inner' } }, { serviceCode: 'x', description: 'inner' }],
    [{ error: 'x' }, { serviceCode: 'x' }],
  ])('%j with 200 is an ApiError', async (body, expected) => {
    expect(await rejection(read(json(200, body)))).toMatchObject({
      code: 'api',
      status: 200,
      isRetryable: false,
      ...expected,
    })
  })
})

describe('isFinished', () => {
  test.each<[unknown, boolean]>([
    ['finished', true],
    ['finished_with_errors', true],
    ['Finished', true],
    ['FinishedWithErrors', true],
    ['FINISHED_WITH_ERRORS', true],
    ['unknown', false],
    ['queued', false],
    ['processing', false],
    ['in-progress', false],
    ['unfinished', false],
    ['finishing', false],
    ['finished_with_warnings', false],
    [' finished', true],
    ['finished \n', true],
    ['Finished With Errors', true],
    ['finished-with-errors', true],
    ['Finished With Warnings', false],
    ['fin ished by hand', false],
    ['succeeded', false],
    ['failed', false],
    ['', false],
    [null, false],
    [undefined, false],
    [3, false],
  ])('of %j is %s', (status, expected) => {
    expect(isFinished({ batchTrackingId, status } as BatchUploadDetails)).toBe(expected)
  })
})

test('a global fetch that is replaced later is used', async () => {
  const { fetch, sent } = network(json(200, documented))
  const partnerFetch = createPartnerFetch({ credential: () => 'secret-token' })
  const before = globalThis.fetch
  globalThis.fetch = fetch
  try {
    await getBatchUploadStatus(partnerFetch, upload)
  } finally {
    globalThis.fetch = before
  }
  expect(sent).toHaveLength(1)
})

test('an unknown option is refused before anything is sent', async () => {
  const { call, sent } = partner(text(200, '{}'))
  expect(await rejection(getBatchUploadStatus(call, upload, { timeout: 1 } as never))).toMatchObject({
    code: 'invalid-argument',
    message:
      '`timeout` is not an option. The options are `signal`, `timeoutMs`, `retry`, `requestId`, `correlationId`, `onAccepted`.',
  })
  expect(sent).toEqual([])
})
