import { createPartnerCenter } from '@devicebatch/client'
import { describe, expect, test, vi } from 'vitest'

import type { Answer } from '../helpers.ts'
import {
  batchTrackingId,
  customerId,
  json,
  location,
  origin,
  otherCustomerId,
  partnerOn,
  rejection,
  status,
  text,
  thrown,
} from '../helpers.ts'

const statusOf = '/customers/{customerId}/batchJobStatus/{batchTrackingId}'
const path = { customerId, batchTrackingId }

test('creating a client makes no request', () => {
  const [fetch, credential] = [vi.fn(), vi.fn(() => 'token')]
  const partner = createPartnerCenter({ credential, fetch })
  const customer = partner.customers.byId(customerId)
  customer.batchUploadStatus.byId(batchTrackingId).watch()
  expect(partner.api).toBe(partner.api)
  expect(fetch).not.toHaveBeenCalled()
  expect(credential).not.toHaveBeenCalled()
})

test("creating a client and reading a status do not load the runtime's `Request`", async () => {
  const real = Object.getOwnPropertyDescriptor(globalThis, 'Request')!
  const load = vi.fn(() => Request)
  Object.defineProperty(globalThis, 'Request', { configurable: true, get: load })
  try {
    const { partner } = partnerOn(status('finished'))
    await partner.customers.byId(customerId).batchUploadStatus.byId(batchTrackingId).get()
    expect(load).not.toHaveBeenCalled()
  } finally {
    Object.defineProperty(globalThis, 'Request', real)
  }
})

test('options are refused as edge refuses them', () => {
  expect(thrown(() => createPartnerCenter({} as never))).toMatchObject({ code: 'invalid-argument' })
  expect(
    thrown(() => createPartnerCenter({ credential: () => '', baseUrl: 'https://example.com' })).message,
  ).toMatch(/^`baseUrl` must be/)
})

describe('reading an upload', () => {
  const get = (answer: Answer) =>
    partnerOn(answer, { retry: false })
      .partner.customers.byId(customerId)
      .batchUploadStatus.byId(batchTrackingId)
      .get()

  test('returns what the service sent', async () => {
    const body = { batchTrackingId, status: 'finished', devicesStatus: [{ status: 'x' }], more: null }
    expect(await get(json(200, body))).toEqual(body)
    expect(await get(text(200, `\ufeff${JSON.stringify(body)}`, { 'Content-Length': '3' }))).toEqual(body)
    expect(
      await get(text(200, JSON.stringify(body), { 'Content-Type': 'text/html', 'Content-Length': '0' })),
    ).toEqual(body)
  })

  test('sends one GET to the canonical path', async () => {
    const { partner, sent } = partnerOn(status('queued'))
    const { signal } = new AbortController()
    await partner.customers
      .byId(customerId)
      .batchUploadStatus.byId(batchTrackingId)
      .get({ signal, requestId: otherCustomerId })
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ method: 'GET', url: origin + '/v1' + location, body: undefined })
    expect(sent[0]!.headers).toMatchObject({
      authorization: 'Bearer secret-token',
      'ms-requestid': otherCustomerId,
    })
    expect(sent[0]!.headers).not.toHaveProperty('content-type')
  })

  test.each<[string, Answer, object]>([
    ['a fault', json(404, { code: 1000 }), { code: 'api', status: 404, serviceCode: '1000' }],
    ['an error without a body', text(500, null), { code: 'api', status: 500 }],
    [
      'an error without a body but a length',
      text(403, null, { 'Content-Length': '0' }),
      { code: 'api', status: 403 },
    ],
    ['an HTML error', text(502, '<html>'), { code: 'api', status: 502 }],
    [
      'a fault under 200',
      json(200, { code: 5, description: 'x' }),
      { code: 'api', status: 200, serviceCode: '5' },
    ],
    ['HTML under 200', text(200, '<html>'), { code: 'response', status: 200 }],
    ['nothing under 200', text(200, null), { code: 'response', status: 200 }],
    [
      'an empty 200 with a length',
      text(200, null, { 'Content-Length': '5' }),
      { code: 'response', status: 200 },
    ],
    ['204', text(204, null), { code: 'response', status: 204 }],
    ['JSON of something else', json(200, [1]), { code: 'response', status: 200 }],
    ['null', json(200, null), { code: 'response', status: 200 }],
    ['JSON that is cut off', text(200, '{"status":"fin'), { code: 'response', status: 200 }],
    ['a redirect', text(302, null), { code: 'response', status: 302 }],
    ['304', text(304, null), { code: 'response', status: 304 }],
  ])('%s is an error of ours', async (_, answer, expected) => {
    expect(await rejection(get(answer))).toMatchObject({ attempts: 1, ...expected })
  })
})

describe('partner.api', () => {
  test('accepts middleware, which does not reach the calls of our methods', async () => {
    const { partner, sent } = partnerOn(json(200, { id: customerId, items: [], totalCount: 0 }))
    const urls: string[] = []
    partner.api.use({
      onRequest({ request }) {
        urls.push(request.url)
        return new Request(request, { headers: { 'X-Locale': 'de-DE' } })
      },
      onResponse: () => Response.json({ id: 'from the middleware' }),
    })
    const { data } = await partner.api.GET('/customers/{customerId}', { params: { path: { customerId } } })
    expect([data?.id, urls, sent[0]!.headers['x-locale']]).toEqual([
      'from the middleware',
      [`${origin}/v1/customers/${customerId}`],
      'de-DE',
    ])
    const customer = partner.customers.byId(customerId)
    expect(await customer.get()).toMatchObject({ id: customerId })
    expect(await customer.deviceBatches.list().toArray()).toEqual([])
    expect(urls).toHaveLength(1)
  })

  test('returns data, typed by the contract', async () => {
    const { partner } = partnerOn(status('finished'))
    const { data, error, response } = await partner.api.GET(statusOf, { params: { path } })
    expect(data?.status).toBe('finished')
    expect(error).toBeUndefined()
    expect(response.status).toBe(200)
  })

  test('returns the error that the service sent', async () => {
    const { partner } = partnerOn(json(404, { code: 1000, description: 'x' }))
    const { data, error, response } = await partner.api.GET(statusOf, { params: { path } })
    expect([data, error, response.status]).toEqual([undefined, { code: 1000, description: 'x' }, 404])
  })

  test.each<[string, Answer]>([
    ['no body', text(400, null)],
    ['a length of 0', text(403, null, { 'Content-Length': '0' })],
    ['an empty text', text(403, '')],
  ])('gives an error that is truthy for %s', async (_, answer) => {
    const { partner } = partnerOn(answer)
    const { data, error, response } = await partner.api.GET(statusOf, { params: { path } })
    expect([data, response.ok]).toEqual([undefined, false])
    expect(error).toEqual({ statusCode: response.status, message: 'The response had no body.' })
  })

  test.each<[string, Answer]>([
    ['HTML', text(200, '<html>hush</html>', { 'Content-Type': 'text/html' })],
    ['JSON that is cut off', text(200, '{"status":"f', { 'Content-Length': '12' })],
  ])('rejects with a ResponseError for %s under 200', async (_, answer) => {
    const { partner } = partnerOn(answer)
    const error = await rejection(partner.api.GET(statusOf, { params: { path } }))
    expect(error).toMatchObject({ code: 'response', status: 200 })
    expect(error.message).toContain('expected the documented body as JSON')
    expect(error.message).not.toContain('hush')
  })

  test('returns no data for a response without a body', async () => {
    for (const answer of [
      text(202, null, { Location: location }),
      text(204, null),
      text(202, '', { 'Content-Length': '0' }),
      text(202, null, { 'Content-Length': '7' }),
    ]) {
      const { partner } = partnerOn(answer)
      const { data, error, response } = await partner.api.POST('/customers/{customerId}/deviceBatches', {
        params: { path: { customerId } },
        body: { batchId: 'B', devices: [{ productKey: 'K' }] },
      })
      expect([data, error, response.ok]).toEqual([undefined, undefined, true])
    }
  })

  test('can return text or bytes instead', async () => {
    const { partner } = partnerOn(text(200, '{"status":"x"}'))
    expect((await partner.api.GET(statusOf, { params: { path }, parseAs: 'text' })).data).toBe(
      '{"status":"x"}',
    )
    expect(
      (
        (await partner.api.GET(statusOf, { params: { path }, parseAs: 'arrayBuffer' }))
          .data as unknown as ArrayBuffer
      ).byteLength,
    ).toBe(14)
  })

  test('encodes free text, and refuses what would change the path, before anything is sent', async () => {
    const { partner, sent } = partnerOn(json(200, { items: [] }))
    const list = (batchId: string) =>
      partner.api.GET('/customers/{customerId}/deviceBatches/{batchId}/devices', {
        params: { path: { customerId, batchId } },
      })
    await list('Test batch?#%')
    expect(sent[0]!.url).toBe(
      `${origin}/v1/customers/${customerId}/deviceBatches/Test%20batch%3F%23%25/devices`,
    )
    for (const batchId of ['..', '.', '', 'a/b', 'a\\b', 'a\u0000']) {
      expect(await rejection(list(batchId))).toMatchObject({
        code: 'invalid-argument',
        message: expect.stringMatching(/^`batchId` must be a non-empty string/),
      })
    }
    expect(
      await rejection(partner.api.GET(statusOf, { params: { path: { customerId: '..', batchTrackingId } } })),
    ).toMatchObject({ code: 'invalid-argument' })
    expect(
      await rejection(
        partner.api.GET(statusOf, {
          params: { path: { customerId, batchTrackingId: `${batchTrackingId}/..` } },
        }),
      ),
    ).toMatchObject({ code: 'invalid-argument' })
    expect(sent).toHaveLength(1)
  })

  test('cannot be sent to another origin', async () => {
    const { partner, sent } = partnerOn(status('queued'))
    expect(
      await rejection(partner.api.GET(statusOf, { params: { path }, baseUrl: 'https://evil.example/v1' })),
    ).toMatchObject({ code: 'invalid-argument' })
    expect(sent).toEqual([])
  })

  test('works like every call: token, ids, retries, signal', async () => {
    const { partner, sent } = partnerOn([text(503, null, { 'Retry-After': '0' }), status('queued')])
    await partner.api.GET(statusOf, { params: { path, header: { 'MS-RequestId': otherCustomerId } } })
    expect(sent.map(({ headers }) => headers['ms-requestid'])).toEqual([otherCustomerId, otherCustomerId])
    expect(sent[0]!.headers.authorization).toBe('Bearer secret-token')
    const reason = { mine: true }
    expect(
      await rejection(partner.api.GET(statusOf, { params: { path }, signal: AbortSignal.abort(reason) })),
    ).toBe(reason)
  })

  test('does not let a caller send another token', async () => {
    const { partner, sent } = partnerOn(status('queued'))
    await partner.api.GET(statusOf, { params: { path }, headers: { Authorization: 'Bearer other' } })
    expect(sent[0]!.headers.authorization).toBe('Bearer secret-token')
  })
})
