import type { RecordedCall } from '@devicebatch/edge'
import { createPartnerFetch, getBatchUploadStatus, recordTo } from '@devicebatch/edge'
import { appOnly } from '@devicebatch/edge/credentials'
import { createEmulator, emulatorCredentials } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import type { Answer } from '../helpers.ts'
import {
  batchTrackingId,
  customerId,
  finished,
  json,
  network,
  origin,
  rejection,
  statusPath,
  text,
  upload,
} from '../helpers.ts'

/** A partner fetch that is recorded, and the lines of the recording. */
function recorded(...answers: Answer[]) {
  const lines: string[] = []
  const { fetch, sent } = network(...answers)
  const call = createPartnerFetch({
    credential: () => 'secret-token',
    retry: false,
    fetch: recordTo((line) => lines.push(line), fetch),
  })
  const calls = async (): Promise<RecordedCall[]> => {
    await new Promise((resolve) => setTimeout(resolve))
    return lines.map((line) => JSON.parse(line) as RecordedCall)
  }
  return { call, sent, lines, calls }
}

test('a request and its response are recorded with IDs, times, status and structure', async () => {
  const device = {
    serialNumber: '1R9-ZNP67',
    status: 'finished',
    errorCode: '808',
    errorDescription: 'ZtdDeviceAssignedToOtherTenant',
  }
  const headers = { 'MS-CV': 'cv.1', 'MS-ServerId': 'server', 'X-Other': 'hidden' }
  const { call, calls } = recorded(
    json(200, { batchTrackingId, status: 'finished', devicesStatus: [device] }, headers),
  )
  await getBatchUploadStatus(call, upload)
  const [line] = await calls()
  expect(line).toEqual({
    startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    durationMs: expect.any(Number),
    method: 'GET',
    url: `${origin}/v1${statusPath}`,
    request: {
      headers: { 'ms-requestid': expect.any(String), 'ms-correlationid': expect.any(String) },
    },
    response: {
      status: 200,
      headers: { 'content-type': 'application/json', 'ms-cv': 'cv.1', 'ms-serverid': 'server' },
      body: {
        batchTrackingId,
        status: 'finished',
        devicesStatus: [{ ...device, serialNumber: '[9 characters]' }],
      },
    },
  })
})

test('no secret, serial number, hash or name is recorded, even when the service echoes them', async () => {
  const echo = { code: 1, description: 'Refused: secret-token', data: ['1R9-ZNP67'], name: 'Front desk' }
  const { call, calls, lines } = recorded(json(400, echo, { 'MS-CV': 'secret-token' }))
  const devices = [
    {
      serialNumber: '1R9-ZNP67',
      hardwareHash: 'T0Ehash',
      productKey: 'AAAAA',
      policies: [{ key: 'OOBE', value: 'p' }],
    },
  ]
  await call(`/customers/${customerId}/deviceBatches?filter=1R9-ZNP67`, {
    method: 'POST',
    body: JSON.stringify({ batchId: 'Front desk', devices }),
  })
  const [line] = await calls()
  expect(lines.join()).not.toMatch(/secret-token|1R9-ZNP67|T0Ehash|AAAAA|Front desk|authorization/i)
  expect(line!.url).toMatch(/deviceBatches\?filter=…$/)
  expect(line!.request.body).toEqual({
    batchId: '[10 characters]',
    devices: [
      {
        serialNumber: '[9 characters]',
        hardwareHash: '[7 characters]',
        productKey: '[5 characters]',
        policies: [{ key: 'OOBE', value: '[1 characters]' }],
      },
    ],
  })
  expect(line!.response).toMatchObject({
    status: 400,
    headers: { 'ms-cv': '[redacted]' },
    body: { code: 1, description: 'Refused: [redacted]', data: ['[9 characters]'] },
  })
})

test('a sign-in is recorded without its secrets', async () => {
  const lines: string[] = []
  const emulator = createEmulator()
  const fetch = recordTo((line) => lines.push(line), emulator.fetch)
  const { refreshToken: _, ...app } = emulatorCredentials
  const credential = appOnly({ ...app, authorityHost: 'https://emulator.test', fetch })
  const { token } = (await credential.getToken('https://api.partnercenter.microsoft.com/.default'))!
  await new Promise((resolve) => setTimeout(resolve))
  expect(JSON.parse(lines[0]!)).toMatchObject({
    method: 'POST',
    request: { body: { client_id: app.clientId, client_secret: `[${app.clientSecret.length} characters]` } },
    response: { status: 200, body: { access_token: `[${token.length} characters]`, expires_in: 3600 } },
  })
  expect(lines.join()).not.toContain(app.clientSecret)
})

test('only the first items of a long list and only the length of text are recorded', async () => {
  const { call, calls } = recorded(json(200, Array(25).fill('a')), text(502, '<p>hush</p>'), finished)
  await call('/customers')
  await call('/customers')
  const [list, page] = await calls()
  expect(list!.response!.body).toEqual([...Array(20).fill('[1 characters]'), '[5 more]'])
  expect(page!.response!.body).toBe('[11 characters]')
})

test('a stream is sent but not recorded', async () => {
  const lines: string[] = []
  const { fetch, sent } = network(finished)
  const body = new Response('hush').body
  await recordTo((line) => lines.push(line), fetch)(origin, {
    method: 'POST',
    body,
    duplex: 'half',
  } as RequestInit)
  await new Promise((resolve) => setTimeout(resolve))
  expect(sent[0]!.body).toBe('hush')
  expect(JSON.parse(lines[0]!)).toMatchObject({ request: { body: '[a stream]' }, response: { status: 200 } })
})

test('a request without a response is recorded with the reason, which reaches the caller unchanged', async () => {
  const cause = Object.assign(new TypeError('no secret-token'), { code: 'ECONNRESET' })
  const { call, calls } = recorded(() => {
    throw cause
  })
  expect((await rejection(call(statusPath))).cause).toBe(cause)
  expect(await calls()).toMatchObject([{ error: 'TypeError: no [redacted] (ECONNRESET)' }])
})

test('a body that breaks off is recorded as far as it arrived', async () => {
  const broken = new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) })
  const { call, calls } = recorded(() => new Response(broken, { status: 200 }))
  await rejection(call(statusPath))
  expect(await calls()).toMatchObject([{ response: { status: 200 }, error: 'TypeError: terminated' }])
})

test.each([
  [
    'throws',
    () => {
      throw new Error('disk full')
    },
  ],
  ['rejects', () => Promise.reject(new Error('disk full'))],
])('a write that %s does not fail the call', async (_, write) => {
  const fetch = recordTo(write, network(finished).fetch)
  const call = createPartnerFetch({ credential: () => 'token', fetch })
  expect((await call(statusPath)).status).toBe(200)
  await new Promise((resolve) => setTimeout(resolve))
})

/** The only line of a recording of one plain fetch. */
async function recordOne(answer: Response, ...request: Parameters<typeof fetch>): Promise<RecordedCall> {
  const lines: string[] = []
  await recordTo(
    (line) => lines.push(line),
    () => Promise.resolve(answer),
  )(...request)
  await new Promise((resolve) => setTimeout(resolve))
  expect(lines).toHaveLength(1)
  return JSON.parse(lines[0]!) as RecordedCall
}

test('a bare URL is recorded as a GET without a body, and an empty response without one', async () => {
  for (const input of [`${origin}/v1/customers`, new URL(`${origin}/v1/customers`)]) {
    expect(await recordOne(new Response(null, { status: 204 }), input)).toEqual({
      startedAt: expect.any(String),
      durationMs: expect.any(Number),
      method: 'GET',
      url: `${origin}/v1/customers`,
      request: { headers: {} },
      response: { status: 204, headers: {} },
    })
  }
})

test('a `Request` is recorded with its own method, headers and body, and `init` takes precedence over it', async () => {
  const request = (): Request =>
    new Request(`${origin}/v1/x`, { method: 'PUT', headers: { 'MS-CV': 'cv.1' }, body: '{"code":1}' })
  expect(await recordOne(Response.json({}), request())).toMatchObject({
    method: 'PUT',
    url: `${origin}/v1/x`,
    request: { headers: { 'ms-cv': 'cv.1' }, body: { code: 1 } },
  })
  const init = { method: 'POST', headers: { 'MS-CV': 'cv.2' }, body: '{"code":2}' }
  expect(await recordOne(Response.json({}), request(), init)).toMatchObject({
    method: 'POST',
    request: { headers: { 'ms-cv': 'cv.2' }, body: { code: 2 } },
  })
})

test.each(['Bearer hush', 'Bearer   hush'])(
  'the token of `%s` is found wherever it is echoed',
  async (authorization) => {
    const { response } = await recordOne(Response.json({ message: 'Refused hush.' }), origin, {
      headers: { authorization },
    })
    expect(response!.body).toEqual({ message: 'Refused [redacted].' })
  },
)

test('of a credential with more than two parts, only the scheme does not count as the token', async () => {
  const { response } = await recordOne(Response.json({ message: 'Refused a b, not b.' }), origin, {
    headers: { authorization: 'Scheme a b' },
  })
  expect(response!.body).toEqual({ message: 'Refused [redacted], not b.' })
})

test('the duration runs from the request to the end of the response', async () => {
  const { durationMs } = await recordOne(Response.json({}), origin)
  expect(durationMs).toBeGreaterThanOrEqual(0)
  expect(durationMs).toBeLessThan(performance.now() / 2)
})

test.each([
  ['a byte order mark before JSON is skipped', '\uFEFF{"code":1}', { code: 1 }],
  [
    'a byte order mark inside a text counts as a character of it',
    '{"name":"\uFEFF"}',
    { name: '[1 characters]' },
  ],
  ['text without a member is replaced by its length', '"hush"', '[4 characters]'],
  ['text that begins like a form is none', 'a=b c', '[5 characters]'],
  ['text that ends like a form is none', 'a b=c', '[5 characters]'],
  [
    'a form is recorded by its members',
    'grant_type=hush&error=e',
    { grant_type: '[4 characters]', error: 'e' },
  ],
  [
    'a GUID is shown only as an ID',
    JSON.stringify({ id: batchTrackingId, name: batchTrackingId }),
    { id: batchTrackingId, name: '[36 characters]' },
  ],
  ['`null`, numbers and booleans are recorded', '{"a":null,"b":1,"c":true}', { a: null, b: 1, c: true }],
  ['a list of 20 items is recorded whole', JSON.stringify(Array(20).fill(1)), Array(20).fill(1)],
])('%s', async (_, body, recordedBody) => {
  expect((await recordOne(new Response(body), origin)).response!.body).toEqual(recordedBody)
})

test('only the length of an address that is not a URL is recorded, and only the names of a query', async () => {
  expect((await recordOne(Response.json({}), '/v1/x?a=1')).url).toBe('[9 characters]')
  expect((await recordOne(Response.json({}), `${origin}/v1?a=1&b=2`)).url).toBe(`${origin}/v1?a=…&b=…`)
})

test('of a redirect, everything is recorded but the user, the query values and the fragment', async () => {
  const location = async (value: string): Promise<string | undefined> =>
    (await recordOne(new Response(null, { status: 302, headers: { Location: value } }), origin)).response!
      .headers['location']
  expect(await location('https://me:hush@portal.example/login?session=hush&a=hush#token=hush')).toBe(
    'https://portal.example/login?session=…&a=…',
  )
  expect(await location('/login?session=hush')).toBe('/login?…')
  expect(await location('/login#token=hush')).toBe('/login?…')
  expect(await location(statusPath)).toBe(statusPath)
})

test('any other header is recorded whole, even if it looks like an address with a query', async () => {
  const { response } = await recordOne(Response.json({}, { headers: { 'MS-CV': 'cv.0?1#2' } }), origin)
  expect(response!.headers['ms-cv']).toBe('cv.0?1#2')
})

test('anything but a function in place of `write`, which would record nothing, is refused', () => {
  for (const wrong of [undefined, 'support.jsonl']) {
    expect(() => recordTo(wrong as never)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: expect.stringMatching(/^`write` must be a function that stores a line; got /),
      }),
    )
  }
})
