import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'

import {
  ApiError,
  AuthenticationError,
  ConnectionError,
  createPartnerFetch,
  getBatchUploadStatus,
  InvalidArgumentError,
  isPartnerCenterError,
  PartnerCenterError,
  ResponseError,
  TimeoutError,
} from '@devicebatch/edge'
import { appOnly } from '@devicebatch/edge/credentials'
import { transform } from 'esbuild'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import type { Answer } from './helpers.ts'
import {
  customerId,
  elapse,
  guid,
  json,
  moveTime,
  network,
  partial,
  partner,
  refusesConnection,
  rejection,
  thrown,
  statusPath,
  text,
  upload,
} from './helpers.ts'

const template = 'GET /customers/{customerId}/batchJobStatus/{batchTrackingId}'

/** The error with which `getBatchUploadStatus` rejects for this response. */
function errorAfter(answer: Answer): Promise<ApiError> {
  return rejection(getBatchUploadStatus(partner(answer, { retry: false }).call, upload))
}

describe('a service error', () => {
  test('contains the details of the documented fault', async () => {
    const { call, sent } = partner(
      json(
        404,
        { code: 3000, description: 'Invalid property.', data: ['customer_id'], source: 'PartnerFD' },
        { 'MS-ServerId': '030020525', 'MS-CV': 'YrLe3w6BbUSMt1fi.0', 'MS-RequestId': 'other' },
      ),
    )
    const error = await rejection<ApiError>(getBatchUploadStatus(call, upload))
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toBeInstanceOf(PartnerCenterError)
    expect(error).toMatchObject({
      name: 'ApiError',
      code: 'api',
      status: 404,
      serviceCode: '3000',
      description: 'Invalid property.',
      data: ['customer_id'],
      source: 'PartnerFD',
      serverId: '030020525',
      cv: 'YrLe3w6BbUSMt1fi.0',
      attempts: 1,
      isRetryable: false,
      isAmbiguous: false,
      requestId: sent[0]!.headers['ms-requestid'],
      correlationId: sent[0]!.headers['ms-correlationid'],
    })
    expect(error.message).toBe(
      `${template} returned 404 (service code 3000): Invalid property. Check the IDs; the result of an upload may also have expired.`,
    )
  })

  test.each<[string, number, string, object]>([
    [
      'a fault whose code is text',
      400,
      '{"code":"2000","description":"bad"}',
      { serviceCode: '2000', description: 'bad' },
    ],
    ['a fault with code 0', 501, '{"code":0,"description":"none"}', { serviceCode: '0' }],
    [
      'a fault in PascalCase',
      403,
      '{"Code":900150,"Description":"no role","Data":["x"],"Source":"P"}',
      { serviceCode: '900150', description: 'no role', data: ['x'], source: 'P' },
    ],
    [
      'the gateway',
      429,
      '{"statusCode":429,"message":"slow"}',
      { serviceCode: undefined, description: 'slow', isRetryable: true },
    ],
    ['the gateway in PascalCase', 401, '{"StatusCode":401,"Message":"who"}', { description: 'who' }],
    [
      'an extended fault',
      409,
      '{"code":600,"message":"m","description":"d","errorName":"E","isRetryable":true,"parameters":{},"errorMessageExtended":"InternalErrorCode=1"}',
      { serviceCode: '600', description: 'd', isRetryable: true },
    ],
    [
      'an extended fault that is not retryable',
      503,
      '{"code":600,"isRetryable":false}',
      { serviceCode: '600', isRetryable: false },
    ],
    [
      'the token endpoint',
      401,
      '{"error":"invalid_grant","error_description":"AADSTS50076: MFA","error_codes":[50076]}',
      { serviceCode: 'invalid_grant', description: 'AADSTS50076: MFA' },
    ],
    [
      'an envelope',
      400,
      '{"error":{"code":"BadRequest","message":"inner"}}',
      { serviceCode: 'BadRequest', description: 'inner' },
    ],
    [
      'an OData envelope',
      404,
      '{"odata.error":{"code":"x"}}',
      { serviceCode: undefined, description: undefined },
    ],
    [
      'plain text',
      401,
      'Authentication failed. MFA required. (10001)',
      { description: 'Authentication failed. MFA required. (10001)' },
    ],
    [
      'JSON text',
      403,
      '"The supplied role does not have the rights"',
      { description: 'The supplied role does not have the rights' },
    ],
    ['a fault with a byte order mark', 404, '\ufeff{"code":1000}', { serviceCode: '1000' }],
    ['nothing', 404, '', { serviceCode: undefined, description: undefined, data: undefined }],
    ['blanks', 404, ' \r\n', { description: undefined }],
    [
      'HTML',
      502,
      '<!DOCTYPE html><html><body>hush</body></html>',
      { description: undefined, isRetryable: true },
    ],
    ['HTML with a byte order mark', 502, '\ufeff\n<html>hush', { description: undefined }],
    ['XML', 500, '<?xml version="1.0"?><Error>hush</Error>', { description: undefined }],
    [
      'JSON that is cut off',
      500,
      '{"code":1000,"description":"hush',
      { serviceCode: undefined, description: undefined },
    ],
    ['an empty object', 400, '{}', { serviceCode: undefined, description: undefined }],
    ['an empty list', 400, '[]', { serviceCode: undefined, description: undefined }],
    ['null', 400, 'null', { serviceCode: undefined, description: undefined }],
    ['a number', 400, '42', { serviceCode: undefined, description: undefined }],
    [
      'nulls',
      400,
      '{"code":null,"description":null,"data":null,"source":null,"error":null}',
      { serviceCode: undefined, description: undefined, data: undefined, source: undefined },
    ],
    ['data that is an empty list', 400, '{"code":1,"data":[]}', { serviceCode: '1', data: undefined }],
    ['data that is not a list', 400, '{"code":1,"data":"x"}', { serviceCode: '1', data: undefined }],
    [
      'members of other types',
      400,
      '{"code":{"a":1},"description":["hush"],"source":true,"isRetryable":"yes"}',
      { serviceCode: 'an object', description: 'an object', source: 'true', isRetryable: false },
    ],
    [
      'an object that cannot become text',
      400,
      '{"description":{"toString":1,"valueOf":1},"code":{"toString":null}}',
      { description: 'an object' },
    ],
  ])('is recognized in %s', async (_, status, body, expected) => {
    const error = await errorAfter(text(status, body))
    expect(error).toMatchObject({ code: 'api', status })
    const seen = JSON.parse(JSON.stringify(error)) as Record<string, unknown>
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, seen[name]]))).toEqual(expected)
    expect(error.message).not.toContain('hush')
  })

  test('is read regardless of its content type', async () => {
    for (const type of ['text/html', 'application/xml', 'image/png']) {
      expect(await errorAfter(text(404, '{"code":1000}', { 'Content-Type': type }))).toMatchObject({
        serviceCode: '1000',
      })
    }
  })

  test.each<[number, string]>([
    [400, 'Correct the request.'],
    [
      401,
      'The token was rejected: check its expiry, the app registration, its cloud, and that the user signed in with MFA.',
    ],
    [403, "Check the caller's role and the reseller relationship with this customer."],
    [404, 'Check the IDs; the result of an upload may also have expired.'],
    [429, 'Too many requests: wait before the next one.'],
    [500, 'Try again later.'],
    [503, 'Try again later.'],
    [408, 'Try again later.'],
  ])('%i without a body explains what to do', async (status, advice) => {
    const error = await errorAfter(text(status, null))
    expect(error.message).toBe(`${template} returned ${status}. ${advice}`)
    expect(error).not.toHaveProperty('isPage')
  })

  test.each([400, 401, 403, 404, 407, 418, 501])(
    '%i with an HTML page names what may have responded in place of the service',
    async (status) => {
      for (const page of ['<!DOCTYPE html><p>hush', '\ufeff\n<html>hush', '<h1>hush</h1>', '<HEAD>hush']) {
        const error = await errorAfter(text(status, page))
        expect(error.message).toBe(
          `${template} returned ${status}. The body is an HTML page. Check that no proxy or sign-in page responds in place of the service.`,
        )
        expect(error).toMatchObject({ code: 'api', isPage: true })
      }
    },
  )

  test.each([
    [429, 'Too many requests: wait before the next one.'],
    [503, 'Try again later.'],
  ])('%i with an HTML page, which the gateway sends too, keeps its advice', async (status, advice) => {
    const error = await errorAfter(text(status, '<html>hush'))
    expect(error.message).toBe(`${template} returned ${status}. ${advice}`)
    expect(error).toMatchObject({ isPage: true, isRetryable: true })
  })

  test('a text with markup further on is not a page', async () => {
    const error = await errorAfter(text(400, 'See <https://portal.example>, or <br> ask.'))
    expect(error).toMatchObject({ description: 'See <https://portal.example>, or <br> ask.' })
    expect(error).not.toHaveProperty('isPage')
  })

  test('without known advice still has a complete sentence', async () => {
    expect((await errorAfter(text(418, null))).message).toBe(`${template} returned 418.`)
    expect((await errorAfter(text(418, 'No tea... '))).message).toBe(`${template} returned 418: No tea.`)
  })

  test.each([400, 401, 403, 404, 405, 406, 409, 410, 412, 417, 501, 505])(
    '%i is not retryable',
    async (status) => {
      expect((await errorAfter(text(status, null))).isRetryable).toBe(false)
    },
  )

  test.each([408, 429, 500, 502, 503, 504])('%i is retryable', async (status) => {
    expect((await errorAfter(text(status, null))).isRetryable).toBe(true)
  })

  test('reports how long the service asked the caller to wait', async () => {
    expect(await errorAfter(text(503, null, { 'Retry-After': '7' }))).toMatchObject({ retryAfterMs: 7_000 })
    expect(await errorAfter(text(503, null))).not.toHaveProperty('retryAfterMs')
  })

  test('has a single-line message of limited length', async () => {
    const { message, description, serviceCode } = await errorAfter(
      json(400, { code: 'c'.repeat(5_000), description: `line\r\n\tline ${'x'.repeat(5_000)}` }),
    )
    expect(message).toMatch(/: line line x+\. Correct the request\.$/)
    expect(message).not.toMatch(/[\r\n\t]/)
    expect(message.length).toBeLessThan(600)
    expect(description).toHaveLength(1_024)
    expect(serviceCode!.length).toBeLessThanOrEqual(1_024)
    expect((await errorAfter(text(400, 'y'.repeat(5_000)))).description).toHaveLength(1_024)
  })

  test('can be created from any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc
            .record(
              {
                code: fc.jsonValue(),
                description: fc.jsonValue(),
                message: fc.jsonValue(),
                data: fc.jsonValue(),
                error: fc.jsonValue(),
                isRetryable: fc.jsonValue(),
              },
              { requiredKeys: [] },
            )
            .map((value) => JSON.stringify(value)),
        ),
        async (body) => {
          const error = await errorAfter(text(400, body))
          expect(error).toMatchObject({ code: 'api', status: 400, attempts: 1 })
          expect(error.message).not.toMatch(/\n/)
          expect(JSON.parse(JSON.stringify(error))).toMatchObject({ code: 'api' })
        },
      ),
      { numRuns: 300 },
    )
  })

  test('can be created from JSON of any depth', async () => {
    const depth = 6_000
    const wrapped = '{"error":'.repeat(depth) + '{"code":5}' + '}'.repeat(depth)
    expect(await errorAfter(text(400, wrapped))).toMatchObject({ code: 'api', status: 400 })
    expect(
      await errorAfter(text(200, '{"error":'.repeat(100_000) + '1' + '}'.repeat(100_000))),
    ).toMatchObject({ code: 'api', status: 200 })
    expect(
      await errorAfter(text(200, `{"description":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)),
    ).toMatchObject({ code: 'api', status: 200 })
  })
})

describe('an error body of any size', () => {
  test('is read up to 64 KiB, and the rest is canceled', async () => {
    let pulled = 0
    let cancelled = false
    const endless: Answer = () =>
      new Response(
        new ReadableStream<Uint8Array>({
          pull(controller) {
            pulled++
            controller.enqueue(new Uint8Array(10_000).fill(0x78))
          },
          cancel() {
            cancelled = true
          },
        }),
        { status: 400 },
      )
    const { call } = partner(endless)
    const response = await call(statusPath)
    expect((await response.arrayBuffer()).byteLength).toBe(64 * 1024)
    expect(cancelled).toBe(true)
    expect(pulled).toBeLessThan(10)
  })

  test('of exactly 64 KiB, or one byte more or less, is kept up to the limit', async () => {
    for (const [length, kept] of [
      [65_535, 65_535],
      [65_536, 65_536],
      [65_537, 65_536],
    ]) {
      const { call } = partner(text(400, 'x'.repeat(length!)))
      expect(await (await call(statusPath)).text()).toBe('x'.repeat(kept!))
    }
  })

  test('that breaks off after 64 KiB is still a response', async () => {
    const breaks: Answer = () =>
      new Response(
        new ReadableStream<Uint8Array>({
          start: (controller) => controller.enqueue(new TextEncoder().encode('x'.repeat(65_536))),
          cancel: () => Promise.reject(new Error('already gone')),
        }),
        { status: 404 },
      )
    expect(await errorAfter(breaks)).toMatchObject({ code: 'api', status: 404 })
  })

  test('does not apply to a success, which is never truncated', async () => {
    const { call } = partner(text(200, 'x'.repeat(200_000)))
    expect(await (await call(statusPath)).text()).toHaveLength(200_000)
  })
})

describe('a success whose body does not end', () => {
  const megabyte = 1024 * 1024
  const flood = (
    chunk: number,
    headers = {},
  ): { answer: Answer; pulled: () => number; cancelled: () => boolean } => {
    let pulled = 0
    let cancelled = false
    const filling = new Uint8Array(chunk).fill(0x78)
    const answer: Answer = () =>
      new Response(
        new ReadableStream<Uint8Array>({
          pull(controller) {
            pulled += chunk
            controller.enqueue(filling)
          },
          cancel() {
            cancelled = true
          },
        }),
        { headers },
      )
    return { answer, pulled: () => pulled, cancelled: () => cancelled }
  }

  test('is abandoned after 64 MiB without a retry, and the error says so', async () => {
    const { answer, pulled, cancelled } = flood(megabyte)
    const { call, sent } = partner(answer)
    const error = await rejection(getBatchUploadStatus(call, upload))
    expect(error).toMatchObject({
      code: 'response',
      status: 200,
      isRetryable: false,
      isAmbiguous: false,
      attempts: 1,
    })
    expect(error.message).toBe(
      `${template} returned 200: a body of more than 64 MiB; even the status of 100,000 devices takes only 15. Check that no proxy or sign-in page responds in place of the service.`,
    )
    expect(cancelled()).toBe(true)
    expect(pulled()).toBeLessThan(68 * megabyte)
    expect(sent).toHaveLength(1)
  })

  test('makes a write ambiguous unless it has a Location', async () => {
    const unknown = partner(flood(megabyte).answer)
    expect(await rejection(unknown.call('/customers', { method: 'POST', body: '{}' }))).toMatchObject({
      code: 'response',
      isAmbiguous: true,
      message: expect.stringContaining('check before resending'),
    })
    expect(unknown.sent).toHaveLength(1)
    const known = partner(flood(megabyte, { Location: '/x' }).answer)
    const response = await known.call('/customers', { method: 'POST', body: '{}' })
    expect([response.status, response.headers.get('location')]).toEqual([200, '/x'])
  })

  test('is complete at exactly 64 MiB', async () => {
    const { call } = partner(() => new Response(new Uint8Array(64 * megabyte)))
    expect((await (await call(statusPath)).arrayBuffer()).byteLength).toBe(64 * megabyte)
    const larger = partner(() => new Response(new Uint8Array(64 * megabyte + 1)))
    expect(await rejection(larger.call(statusPath))).toMatchObject({ code: 'response' })
  })

  test('is reassembled from many chunks as received', async () => {
    const parts = ['{"a":', '"ä', 'ö', '"}'].map((part) => new TextEncoder().encode(part))
    const { call } = partner(
      () =>
        new Response(
          new ReadableStream<Uint8Array>({
            start(controller) {
              for (const part of parts) controller.enqueue(part)
              controller.close()
            },
          }),
        ),
    )
    expect(await (await call(statusPath)).json()).toEqual({ a: 'äö' })
  })
})

describe('no response', () => {
  beforeEach(moveTime)
  afterEach(() => vi.useRealTimers())

  test.each<[string, Answer, string]>([
    ['a refused connection', refusesConnection, ' (ECONNREFUSED)'],
    [
      'a plain Error',
      () => {
        throw new Error('Network connection lost.')
      },
      '',
    ],
    [
      'an error with a code of its own',
      () => {
        throw Object.assign(new Error(), { code: 'ENOTFOUND' })
      },
      ' (ENOTFOUND)',
    ],
    [
      'a thrown text',
      () => {
        throw 'hush'
      },
      '',
    ],
    [
      'nothing thrown',
      () => {
        throw undefined
      },
      '',
    ],
    ['a body that is cut off', partial(200, '{"st', 'cut'), ''],
  ])('%s is a ConnectionError', async (_, answer, detail) => {
    const { call } = partner(answer)
    const error = await rejection(elapse(call(statusPath)))
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({
      code: 'connection',
      name: 'ConnectionError',
      attempts: 4,
      isRetryable: true,
      isAmbiguous: false,
    })
    expect(error.message).toBe(
      `${template} got no complete response${detail} on attempt 4. Check the network and the base URL.`,
    )
  })

  test.each([
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])(
    'an untrusted certificate (%s) takes one attempt, is not retryable, and is not ambiguous',
    async (code) => {
      const cause = new TypeError('fetch failed', { cause: Object.assign(new Error(), { code }) })
      const { call, sent } = partner(() => {
        throw cause
      })
      const error = await rejection(call(statusPath, { method: 'POST', body: '{}' }))
      expect(error).toMatchObject({ code: 'connection', attempts: 1, isRetryable: false, isAmbiguous: false })
      expect(error.message).toContain(
        `got no complete response (${code}) on attempt 1. The certificate is not trusted`,
      )
      expect(sent).toHaveLength(1)
    },
  )

  test('a DOMException does not show its numeric code', async () => {
    const { call } = partner(() => {
      throw new DOMException('gone', 'TimeoutError')
    })
    expect((await rejection(elapse(call(statusPath)))).message).not.toMatch(/\(\d+\)/)
  })

  test('keeps its cause', async () => {
    const cause = new Error('lost')
    const { call } = partner(
      () => {
        throw cause
      },
      { retry: false },
    )
    expect((await rejection(call(statusPath))).cause).toBe(cause)
  })
})

describe('an error contains no secret', () => {
  const secrets = /hush|secret-token|eyJ/
  /** An error with a request attached, as HTTP libraries throw. */
  const tattler = (): Error =>
    Object.assign(new Error('request failed'), {
      config: { headers: { Authorization: 'Bearer secret-token' }, url: 'https://x/?sig=hush' },
      request: { body: 'client_secret=hush' },
    })

  const cases: [string, () => Promise<unknown>][] = [
    [
      'a network error that carries its request',
      () =>
        rejection(
          partner(
            () => {
              throw tattler()
            },
            { retry: false },
          ).call(`${statusPath}?sig=hush`),
        ),
    ],
    [
      'a credential error that carries its request',
      () =>
        rejection(
          partner(refusesConnection, { credential: { getToken: () => Promise.reject(tattler()) } }).call(
            statusPath,
          ),
        ),
    ],
    [
      'a refusal with a query string',
      () => rejection(getBatchUploadStatus(partner(json(400, {})).call, upload)),
    ],
    ['a success that is a page', () => errorAfter(text(200, '<html>hush</html>'))],
    ['a success that is short and no JSON', () => errorAfter(text(200, 'hush'))],
    [
      'an address elsewhere',
      () => rejection(partner(json(200, {})).call('https://user:hush@evil.example/hush?sig=hush#hush')),
    ],
    [
      'a redirect',
      () =>
        rejection(
          partner(text(302, 'hush', { Location: 'https://evil.example/?hush' })).call(`${statusPath}?hush`),
        ),
    ],
    [
      'a token of a wrong form',
      () => rejection(partner(json(200, {}), { credential: () => 'hush hush' }).call(statusPath)),
    ],
    [
      'a base URL',
      async () => {
        const baseUrl = 'https://u:hush@x.example/v1?hush#hush'
        return thrown(() => createPartnerFetch({ credential: () => '', baseUrl }))
      },
    ],
  ]

  test.each(cases)('%s', async (_, make) => {
    const error = await make()
    expect(isPartnerCenterError(error)).toBe(true)
    for (const shown of [
      String(error),
      JSON.stringify(error),
      inspect(error, { depth: 9, showHidden: true }),
      (error as Error).stack!,
    ]) {
      expect(shown.replaceAll(/file:.*|\(.*\)|at .*/g, '')).not.toMatch(secrets)
    }
  })

  test('the printed error shows the class, message and code of the cause, which is kept intact', async () => {
    const error = await rejection(
      partner(
        () => {
          throw Object.assign(tattler(), { code: 'ECONNRESET' })
        },
        { retry: false },
      ).call(statusPath),
    )
    expect((error.cause as Error).message).toBe('request failed')
    for (const shown of [inspect(error), inspect({ error }), error.stack]) {
      expect(shown).toContain('[cause]: Error: request failed (ECONNRESET)')
      expect(shown).not.toMatch(/Getter|hush|secret-token/)
    }
    // An uncaught error is printed without the class's own formatting.
    expect(inspect(error, { customInspect: false })).toMatch(
      /\[cause\]: Error: request failed \(ECONNRESET\) \{/,
    )
    expect(inspect(error)).toContain("code: 'connection'")
  })

  test.each<[string, unknown, string]>([
    ['the token of the call', new Error('sent secret-token'), 'Error: sent [redacted]'],
    [
      'a Bearer token',
      new Error('header Bearer abc.hush refused'),
      'Error: header Bearer [redacted] refused',
    ],
    ['a JWT', new Error('with eyJhbGciOi.eyJzdWI.hush-1 in it'), 'Error: with [redacted] in it'],
    [
      'an address',
      new TypeError('https://me:hush@x.example/a?sig=hush failed'),
      'TypeError: https://[redacted]@x.example/a?[redacted] failed',
    ],
    ['a parser', new SyntaxError('Unexpected token, "hush" is not valid JSON'), 'SyntaxError'],
    ['another object', { request: 'hush' }, 'object: an object'],
    ['a text of several lines', 'lost\n\nin space', 'string: lost in space'],
    ['a long text', 'x'.repeat(400), `string: ${'x'.repeat(300)}`],
    [
      'a code that it names itself',
      Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
      'Error: read ECONNRESET',
    ],
  ])('the printed cause contains nothing of %s', async (_, cause, line) => {
    const { call } = partner(
      () => {
        throw cause
      },
      { retry: false },
    )
    const error = await rejection(call(statusPath))
    expect(error.stack!.split('\n').at(-1)).toBe(`[cause]: ${line}`)
  })

  test('an error prints as a stack of its own: of a cause only if there is one, and loggers may change it', async () => {
    const withoutCause = await errorAfter(json(404, { code: 1000 }))
    expect(withoutCause.stack).not.toContain('cause')
    const error = await rejection(partner(refusesConnection, { retry: false }).call(statusPath))
    const descriptor = Object.getOwnPropertyDescriptor(error, 'stack')
    expect(descriptor).toMatchObject({ configurable: true, writable: true, enumerable: false })
  })

  test('an error prints where the runtime passes no function to print its members', async () => {
    const error = await errorAfter(json(404, { code: 1000 }))
    const print = (error as unknown as Record<symbol, () => string>)[
      Symbol.for('nodejs.util.inspect.custom')
    ]!
    expect(print.call(error)).toBe(`${error.stack} `)
  })

  test('including the secret of a sign-in that failed during a call', async () => {
    let requests = 0
    const credential = appOnly({
      tenantId: 'contoso.onmicrosoft.com',
      clientId: 'id',
      clientSecret: 'hush',
      async fetch() {
        if (requests++ > 0) throw new TypeError('could not send client_secret=hush')
        return Response.json({ access_token: 'first', token_type: 'Bearer', expires_in: 3600 })
      },
    })
    const error = await rejection(partner(text(401, null), { credential, retry: false }).call(statusPath))
    expect(error).toMatchObject({ code: 'authentication', attempts: 1 })
    expect(error.stack).toContain('[cause]: TypeError: could not send client_secret=[redacted]')
  })

  test('even when a proxy echoes the request that it rejects', async () => {
    const echo: Answer = ({ headers }) =>
      new Response(`Refused: Authorization: ${headers.authorization}`, { status: 400 })
    const error = await errorAfter(echo)
    expect(error.description).toBe('Refused: Authorization: Bearer [redacted]')
    expect(inspect(error) + JSON.stringify(error)).not.toMatch(secrets)
    const response = await partner(echo).call(statusPath)
    expect(await response.text()).not.toMatch(secrets)
  })

  describe('when the service echoes the token', () => {
    const token = 'op4que+hush/token=='
    const unicode = (text: string): string =>
      text.replace(/./g, (char) => '\\u00' + char.charCodeAt(0).toString(16))
    /** The token in the forms that common JSON, URL and HTML encoders produce. */
    const forms: [string, string][] = [
      ['as it is', token],
      ['with \\u002B', token.replaceAll('+', '\\u002B')],
      ['with \\u002b and \\/', token.replaceAll('+', '\\u002b').replaceAll('/', '\\/')],
      ['with every character escaped', unicode(token)],
      ['in JSON within JSON', JSON.stringify(unicode(token)).slice(1, -1)],
      ['percent-encoded', encodeURIComponent(token)],
      ['with &#x2B;', token.replaceAll('+', '&#x2B;').replaceAll('/', '&#x2F;')],
      ['percent-encoded twice', encodeURIComponent(encodeURIComponent(token))],
      ['percent-encoded, in JSON', encodeURIComponent(token).replaceAll('%', '\\u0025')],
      ['with &amp;#43;', token.replaceAll('+', '&amp;#43;').replaceAll('=', '&amp;#61;')],
      ['with &#43;', token.replaceAll('+', '&#43;').replaceAll('=', '&#61;')],
    ]
    const all = (error: Error): string =>
      [error.stack, JSON.stringify(error), inspect(error, { depth: 9, showHidden: true }), error.cause].join(
        '\n',
      )
    const failure = async (answer: Answer): Promise<ApiError> => {
      const { call } = partner(answer, { credential: () => token, retry: false })
      return rejection(getBatchUploadStatus(call, upload))
    }

    test.each(
      [200, 202, 400, 401, 404, 429, 500, 503].flatMap((status) =>
        forms.map(([name, form]) => [status, name, form] as const),
      ),
    )('with %i, %s, no property of the error contains it', async (status, _, form) => {
      const body = `{"code":"${form}","description":"Refused: ${form}","source":"${form}","data":["${form}",{"${form}":["${form}"]}]}`
      const error = await failure(text(status, body))
      expect(error).toMatchObject({
        code: 'api',
        status,
        serviceCode: '[redacted]',
        description: 'Refused: [redacted]',
        source: '[redacted]',
        data: ['[redacted]', { '[redacted]': ['[redacted]'] }],
      })
      expect(all(error)).not.toContain('hush')
    })

    test.each(forms)('in plain text, %s, no property of the error contains it', async (_, form) => {
      const error = await failure(text(502, `Bearer ${form} is not known here`))
      expect(error.description).toBe('Bearer [redacted] is not known here')
    })

    test.each(forms)(
      'in the body of a rejection, %s, the response contains JSON without it',
      async (_, form) => {
        const { call } = partner(text(400, `{"a\\"b":"\\n ${form}","c":1}`), { credential: () => token })
        expect(await (await call(statusPath)).json()).toEqual({ 'a"b': '\n [redacted]', c: 1 })
      },
    )

    test.each([200, 202, 404])(
      'across the end of a shortened description with %i, no part of it remains',
      async (status) => {
        const error = await failure(json(status, { description: 'x'.repeat(1_018) + token }))
        expect(error.description).toBe('x'.repeat(1_018) + '[redac')
      },
    )

    test('in a 200 response that is not JSON, the cause contains none of it', async () => {
      for (const body of [token, `{"a":"${token}"`, `Bearer ${token}`]) {
        const error = await failure(text(200, body))
        expect(error).toMatchObject({ code: 'response', status: 200 })
        expect(all(error)).not.toContain('op4')
      }
    })

    test('in a header, neither the error nor an event contains it', async () => {
      const headers = { 'MS-CV': `cv ${token}`, 'MS-ServerId': token, 'Content-Type': `text/${token}` }
      for (const answer of [
        json(404, { code: 1 }, headers),
        text(200, 'page', headers),
        text(200, '{"code":5}', headers),
      ]) {
        const { call, events } = partner(answer, { credential: () => token, retry: false })
        const error = await rejection(getBatchUploadStatus(call, upload))
        expect(all(error)).not.toContain('hush')
        expect(events.at(-1)).toMatchObject({ cv: 'cv [redacted]', serverId: '[redacted]' })
        expect(JSON.stringify(events)).not.toContain('hush')
      }
    })

    test('that has since been renewed, no property of the error contains it', async () => {
      let given = 0
      const { call } = partner([text(401, null), json(403, { description: 'Not token-1, nor token-2.' })], {
        credential: () => `token-${++given}`,
      })
      expect(await rejection(getBatchUploadStatus(call, upload))).toMatchObject({
        description: 'Not [redacted], nor [redacted].',
      })
    })

    test('a token that contains escapes is found as it is', async () => {
      const { call } = partner(json(400, { description: 'No: a%2Bb\\c!' }), { credential: () => 'a%2Bb\\c' })
      expect(await rejection(getBatchUploadStatus(call, upload))).toMatchObject({
        description: 'No: [redacted]!',
      })
    })

    test('text without the token keeps its escapes as received', async () => {
      expect(
        await failure(json(400, { description: 'a%2Bb \\u0041 &#39; C:\\x', data: ['%41'] })),
      ).toMatchObject({
        description: 'a%2Bb \\u0041 &#39; C:\\x',
        data: ['%41'],
      })
    })
  })

  test('and no event contains it', async () => {
    const { call, events } = partner(json(400, { description: 'hush' }))
    await call(`/customers/${customerId}/deviceBatches/hush/devices/hush?sig=hush`, {
      method: 'POST',
      body: 'hush',
      headers: { 'If-Match': 'hush' },
    })
    expect(events).toHaveLength(2)
    expect(JSON.stringify(events)).not.toMatch(secrets)
  })
})

describe('a serialized error', () => {
  test.each([200, 400])('can be written as JSON, no matter how deep the data of a %i is', async (status) => {
    const depth = status === 200 ? 100_000 : 30_000
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ]) {
      const body = `{"code":1,"data":[${open!.repeat(depth / open!.length)}1${close!.repeat(depth / open!.length)},"end"]}`
      const error = await errorAfter(text(status, body))
      const { data } = JSON.parse(JSON.stringify(error)) as { data: unknown[] }
      expect(data).toHaveLength(2)
      expect(data[1]).toBe('end')
    }
  })

  test('keeps ten levels of data as received', async () => {
    const nest = (levels: number, inner: unknown): unknown =>
      levels === 0 ? inner : nest(levels - 1, [inner])
    const kept = async (data: unknown): Promise<unknown> =>
      (await errorAfter(json(400, { code: 1, data }))).data
    expect(await kept(nest(10, { a: 5 }))).toEqual(nest(10, '…'))
    expect(await kept(nest(9, { a: 5, b: [] }))).toEqual(nest(9, { a: 5, b: '…' }))
    expect(await kept(nest(10, null))).toEqual(nest(10, null))
  })

  test('is plain JSON with its name and message but without stack and cause', async () => {
    const { call } = partner(refusesConnection, { retry: false })
    const error = await rejection(call(statusPath, { method: 'POST', body: '{}' }))
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'ConnectionError',
      message: error.message,
      code: 'connection',
      method: 'POST',
      path: '/customers/{customerId}/batchJobStatus/{batchTrackingId}',
      requestId: expect.stringMatching(guid),
      correlationId: expect.stringMatching(guid),
      attempts: 1,
      isRetryable: true,
      isAmbiguous: true,
    })
  })

  test('omits unknown members', () => {
    expect(JSON.parse(JSON.stringify(new InvalidArgumentError('x')))).toEqual({
      name: 'InvalidArgumentError',
      message: 'x',
      code: 'invalid-argument',
      isRetryable: false,
      isAmbiguous: false,
    })
  })

  test('has a cause only if there was one', () => {
    expect(Object.hasOwn(new TimeoutError('late'), 'cause')).toBe(false)
    const error = new TimeoutError('late', {}, 'lost')
    expect(error.cause).toBe('lost')
    // As with every error, so that code that passes it on can add information.
    expect(Object.defineProperty(error, 'cause', { value: 'lost, in time' }).cause).toBe('lost, in time')
  })

  test('prints its class even after minification of names', () => {
    class Shortened extends TimeoutError {}
    expect(String(new Shortened('late'))).toBe('TimeoutError: late')
    expect(Object.keys(new TimeoutError('late'))).not.toContain('name')
  })
})

describe('isPartnerCenterError', () => {
  test('recognizes every class', () => {
    const errors = [
      new ApiError('', { status: 500, isRetryable: true }),
      new AuthenticationError(''),
      new ConnectionError(''),
      new InvalidArgumentError(''),
      new ResponseError('', { status: 200 }),
      new TimeoutError(''),
    ]
    expect(errors.map(isPartnerCenterError)).toEqual(Array(6).fill(true))
    expect(errors.map(({ code }) => code)).toEqual([
      'api',
      'authentication',
      'connection',
      'invalid-argument',
      'response',
      'timeout',
    ])
    expect(errors.map(({ name }) => name)).toEqual([
      'ApiError',
      'AuthenticationError',
      'ConnectionError',
      'InvalidArgumentError',
      'ResponseError',
      'TimeoutError',
    ])
  })

  test.each<unknown>([
    undefined,
    null,
    'api',
    5,
    {},
    new Error('x'),
    { code: 'api', name: 'ApiError' },
    Object.create(null),
    () => 0,
  ])('rejects %s', (value) => {
    expect(isPartnerCenterError(value)).toBe(false)
  })

  test('recognizes an error of another copy of this package in another realm', async () => {
    const foreign = await foreignErrors()
    const error = new foreign.ConnectionError('lost')
    expect(error).not.toBeInstanceOf(PartnerCenterError)
    expect(error).not.toBeInstanceOf(Error)
    expect(isPartnerCenterError(error)).toBe(true)
    expect(foreign.isPartnerCenterError(new ConnectionError('lost'))).toBe(true)
    expect(isPartnerCenterError(new foreign.Error('plain'))).toBe(false)
  })
})

test('`transport` is found in a fetch that another copy created, and in no other function', async () => {
  const error = await rejection(getBatchUploadStatus(() => fetch(''), upload))
  expect(error).toMatchObject({
    code: 'invalid-argument',
    message:
      '`partnerFetch` must be the function that createPartnerFetch() returned, not a wrapper around it.',
  })
  expect(await rejection(getBatchUploadStatus(undefined as never, upload))).toMatchObject({
    code: 'invalid-argument',
  })
  expect(network(text(200, '')).sent).toEqual([])
})

/** The errors of a second copy of this package, loaded into its own realm. */
async function foreignErrors(): Promise<{
  ConnectionError: typeof ConnectionError
  isPartnerCenterError: typeof isPartnerCenterError
  Error: typeof Error
}> {
  const { readFile } = await import('node:fs/promises')
  const source = async (name: string): Promise<string> => {
    const text = await readFile(new URL(`../src/${name}`, import.meta.url), 'utf8')
    return (await transform(text, { loader: 'ts', format: 'cjs' })).code
  }
  const files = new Map<string, string>()
  for (const name of ['errors.ts', 'call/retry.ts', 'wire-text.ts'])
    files.set(`./${name}`, await source(name))
  return runInNewContext(
    `const load = (name) => { const module = { exports: {} }; new Function('module', 'require', files.get(name))(module, load); return module.exports }
     ;({ ...load('./errors.ts'), Error })`,
    { files },
  ) as never
}
