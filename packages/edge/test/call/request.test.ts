import type { PartnerRequestInit } from '@devicebatch/edge'
import { getBatchUploadStatus } from '@devicebatch/edge'
import { buildPath } from '@devicebatch/edge/internal'
import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'

import type { Answer } from '../helpers.ts'
import {
  batchTrackingId,
  countListeners,
  customerId,
  finished,
  guid,
  json,
  origin,
  partial,
  partner,
  rejection,
  statusPath,
  text,
  thrown,
  upload,
} from '../helpers.ts'

describe('the headers of a request', () => {
  test('are exactly these', async () => {
    const { call, sent } = partner(finished)
    await call(statusPath)
    expect(sent[0]).toMatchObject({ method: 'GET', body: undefined, redirect: 'manual' })
    expect(sent[0]!.headers).toEqual({
      accept: 'application/json',
      authorization: 'Bearer secret-token',
      'ms-requestid': expect.stringMatching(guid),
      'ms-correlationid': expect.stringMatching(guid),
    })
  })

  test('include those that options request', async () => {
    const { call, sent } = partner(finished, {
      applicationName: 'Front desk 2',
      locale: 'de-CH',
      validateMfa: true,
    })
    await call(statusPath)
    expect(sent[0]!.headers).toEqual({
      accept: 'application/json',
      authorization: 'Bearer secret-token',
      'ms-requestid': expect.stringMatching(guid),
      'ms-correlationid': expect.stringMatching(guid),
      'ms-partnercenter-application': 'Front desk 2',
      'x-locale': 'de-CH',
      validatemfa: 'true',
    })
  })

  test('keep those the caller adds, and never repeat a name', async () => {
    const { call, sent } = partner(finished, { applicationName: 'A', locale: 'de-CH', validateMfa: true })
    await call(statusPath, {
      method: 'PUT',
      body: '{}',
      headers: {
        'content-type': 'application/json',
        'If-Match': '"1"',
        authorization: 'Bearer of another',
        accept: 'application/xml',
        'X-LOCALE': 'fr-FR',
        VALIDATEMFA: 'true',
      },
    })
    expect(sent[0]!.headers).toMatchObject({
      'content-type': 'application/json',
      'if-match': '"1"',
      authorization: 'Bearer secret-token',
      accept: 'application/json',
      'x-locale': 'fr-FR',
      validatemfa: 'true',
    })
  })

  test('are not added to the object that the caller passed', async () => {
    const headers = { 'If-Match': '"1"' }
    const { call } = partner(finished)
    await call(statusPath, { headers })
    expect(headers).toEqual({ 'If-Match': '"1"' })
  })
})

describe('the body of a request', () => {
  test.each<[string, () => BodyInit]>([
    ['text', () => '{"a":1}'],
    ['bytes', () => new TextEncoder().encode('{"a":1}')],
    ['a buffer', () => new TextEncoder().encode('{"a":1}').buffer],
    ['a blob', () => new Blob(['{"a":1}'])],
    ['a stream', () => new Blob(['{"a":1}']).stream()],
  ])('may be %s, and is the same on every attempt', async (_, body) => {
    const { call, sent } = partner([text(429, null, { 'Retry-After': '0' }), text(202, null)])
    await call('/customers', { method: 'POST', body: body() })
    expect(sent.map((one) => one.body)).toEqual(['{"a":1}', '{"a":1}'])
  })

  test('may be that of a Request', async () => {
    const { call, sent } = partner([text(429, null, { 'Retry-After': '0' }), text(202, null)])
    await call(
      new Request(`${origin}/v1/customers`, {
        method: 'PATCH',
        body: '[]',
        headers: { 'Content-Type': 'application/json' },
      }),
    )
    expect(sent.map(({ body, method, headers }) => [body, method, headers['content-type']])).toEqual(
      [1, 2].map(() => ['[]', 'PATCH', 'application/json']),
    )
  })

  test('of a Request is found where the runtime has no `Request.body`', async () => {
    const request = new Request(`${origin}/v1/customers`, { method: 'POST', body: '[]' })
    Object.defineProperty(request, 'body', { value: undefined })
    const { call, sent } = partner(text(202, null))
    await call(request)
    expect(sent[0]!.body).toBe('[]')
  })

  test.each<[string, () => { method?: string; body?: BodyInit } | Request]>([
    [
      'a stream that somebody reads',
      () => {
        const body = new Blob(['{}']).stream()
        body.getReader()
        return { body }
      },
    ],
    [
      'a stream that fails',
      () => ({
        body: new ReadableStream({ pull: (controller) => controller.error(new Error('disk full')) }),
      }),
    ],
    [
      'that of a Request which was read',
      () => {
        const request = new Request(`${origin}/v1/customers`, { method: 'POST', body: '[]' })
        void request.text()
        return request
      },
    ],
  ])('that cannot be read is rejected before anything is sent: %s', async (_, make) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { signal } = new AbortController()
    const listeners = countListeners(signal)
    try {
      const { call, sent, events } = partner(finished)
      const given = make()
      const called =
        given instanceof Request
          ? call(given, { signal })
          : call('/customers', { method: 'POST', signal, ...given })
      const error = await rejection(called)
      expect(error).toMatchObject({ code: 'invalid-argument', cause: expect.anything() })
      expect(error.message).toBe(
        '`body` could not be read; see `cause`. Pass text, bytes, or a stream that nothing else reads.',
      )
      expect(sent).toHaveLength(0)
      expect(events).toEqual([])
      expect(listeners()).toBe(0)
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  test('is absent when none was given', async () => {
    const { call, sent } = partner(text(204, null))
    await call(new Request(`${origin}/v1/customers`, { method: 'DELETE' }))
    await call('/customers', { method: 'DELETE', body: null })
    expect(sent.map(({ body }) => body || undefined)).toEqual([undefined, undefined])
  })
})

describe('a request that no runtime sends', () => {
  const refused = async (init: PartnerRequestInit): Promise<string> => {
    const { call, sent, events } = partner(finished)
    const error = await rejection(call('/customers', init))
    expect(error).toMatchObject({ code: 'invalid-argument', isAmbiguous: false, isRetryable: false })
    expect(sent).toHaveLength(0)
    expect(events).toEqual([])
    return error.message
  }

  test.each(['TRACE', 'trace', 'CONNECT', 'TRACK', 'GET IT', '', 'GÉT'])(
    'with the method "%s" is rejected',
    async (method) => {
      expect(await refused({ method })).toMatch(/^`method` must be an HTTP method that fetch allows; got "/)
    },
  )

  test.each(['GET', 'head', undefined])('with %s and a body is rejected', async (method) => {
    for (const body of ['{}', '', new Uint8Array(2), new Blob(['x']).stream()])
      expect(await refused({ ...(method && { method }), body })).toBe(
        `\`body\` must be absent from a ${(method ?? 'GET').toUpperCase()}; set \`method\`, or leave it out.`,
      )
  })

  test.each<[string, Record<string, string>]>([
    ['X-Name', { 'X-Name': 'Łódź' }],
    ['X-Name', { 'X-Name': 'hush\nhush' }],
    ['X-Name', { 'X-Name': 'hush\u0000' }],
    ['X Name', { 'X Name': 'hush' }],
    ['', { '': 'hush' }],
  ])(
    'with an invalid value for the header "%s" is rejected without revealing the value',
    async (name, headers) => {
      const message = await refused({ headers })
      expect(message).toBe(
        `\`headers\` must have valid HTTP names and values (Latin-1, on one line); check ${JSON.stringify(name)}.`,
      )
      expect(await refused({ headers: Object.entries(headers) })).toBe(message)
    },
  )

  test('does not include one with a Latin-1 header or with any other method that HTTP allows', async () => {
    const { call, sent } = partner(finished)
    await call('/customers', { method: 'propfind', headers: { 'X-Name': 'Zürich' } })
    expect(sent[0]).toMatchObject({ method: 'PROPFIND', headers: { 'x-name': 'Zürich' } })
  })
})

describe('a URL', () => {
  test.each<[string | URL | Request, string]>([
    ['/customers', `${origin}/v1/customers`],
    ['/customers?size=5&x=%2F', `${origin}/v1/customers?size=5&x=%2F`],
    [`${origin}/v1/customers`, `${origin}/v1/customers`],
    [new URL(`${origin}/v1/customers`), `${origin}/v1/customers`],
    [new Request(`${origin}/v1/customers`), `${origin}/v1/customers`],
    ['//evil.example/x', `${origin}/v1//evil.example/x`],
    ['/\\evil.example/x', `${origin}/v1//evil.example/x`],
    ['/@evil.example/x', `${origin}/v1/@evil.example/x`],
  ])('%s stays on the origin of the base URL', async (address, url) => {
    const { call, sent } = partner(finished)
    await call(address)
    expect(sent[0]!.url).toBe(url)
  })

  test.each<unknown>([
    'https://evil.example/v1/customers',
    'http://api.partnercenter.microsoft.com/v1/customers',
    'https://api.partnercenter.microsoft.com:8443/v1/customers',
    'https://api.partnercenter.microsoft.com.evil.example/v1/customers',
    'https://api.partnercenter.microsoft.com@evil.example/v1/customers',
    'https://user@api.partnercenter.microsoft.com/v1/customers',
    'https://:hush@api.partnercenter.microsoft.com/v1/customers',
    'blob:https://api.partnercenter.microsoft.com/0127ed8e-ff72-4983-a3d8-e8d8bd378932',
    'data:application/json,{}',
    'javascript:alert(1)',
    '\\\\evil.example/x',
    'customers',
    '',
    '.',
    '/..',
    '/../admin',
    '/customers/../../admin',
    '/customers/%2e%2e/%2E%2E/admin',
    '/customers/.\t./.\n./admin',
    '/customers\\..\\..\\admin',
    null,
    undefined,
    5,
    {},
  ])('%j is rejected before anything is sent', async (address) => {
    const { call, sent } = partner(finished)
    const error = await rejection(call(address as string))
    expect(error).toMatchObject({ code: 'invalid-argument' })
    expect(error.message).toMatch(
      /^The address must be a path such as \/customers\/… below https:\/\/api\.partnercenter\.microsoft\.com\/v1, or a URL on its origin; got /,
    )
    expect(error.message).not.toContain('hush')
    expect(sent).toHaveLength(0)
  })

  test('that is rejected is shown as its origin and template, at most 60 characters long', async () => {
    const { call } = partner(finished)
    const shown = async (address: string): Promise<string> =>
      (await rejection(call(address))).message.split('; got ')[1]!
    expect(await shown(`https://evil.example/v1/customers/${customerId}?sig=hush`)).toBe(
      '"https://evil.example/customers/{customerId}".',
    )
    expect(await shown(`https://evil.example/${'a/'.repeat(100)}`)).toMatch(
      /^"https:\/\/evil\.example\/\*.{30,36}…\.$/,
    )
    expect(await shown('https://evil.example/v1')).toBe('"https://evil.example".')
    expect(await shown('customers')).toBe('something that is not a URL.')
  })

  test('of any kind never sends the token elsewhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.webUrl({ withQueryParameters: true }),
          fc.string({
            unit: fc.constantFrom(
              '/',
              '\\',
              '.',
              '%2e',
              '@',
              ':',
              '?',
              '#',
              'a',
              ' ',
              '\t',
              'https:',
              'evil.example',
              '[',
              '\u3002',
            ),
          }),
        ),
        async (address) => {
          const { call, sent } = partner(finished)
          const error = await call(address).then(
            () => undefined,
            (cause: Error) => cause,
          )
          if (error) expect(error).toMatchObject({ code: 'invalid-argument' })
          else expect(sent[0]!.url.startsWith(`${origin}/v1/`) || address.startsWith(`${origin}/`)).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('a redirect', () => {
  test.each([300, 301, 302, 303, 307, 308])(
    'with %i is an error that is neither followed nor retried',
    async (status) => {
      const { call, sent, events } = partner(text(status, null, { Location: 'https://evil.example/' }))
      const error = await rejection(call(statusPath))
      expect(error).toMatchObject({ code: 'response', status, attempts: 1, isRetryable: false })
      expect(error.message).toBe(
        `GET /customers/{customerId}/batchJobStatus/{batchTrackingId} returned ${status}: a redirect, which is not followed. Check the base URL.`,
      )
      expect(sent).toHaveLength(1)
      expect(events.at(-1)).toMatchObject({ type: 'attempt', error: 'response' })
    },
  )

  test('that a browser hides is an error too', async () => {
    const hidden = (): Response => {
      const response = new Response(null)
      Object.defineProperties(response, {
        type: { value: 'opaqueredirect' },
        status: { value: 0 },
        ok: { value: false },
      })
      return response
    }
    const { call } = partner(hidden)
    expect(await rejection(call(statusPath))).toMatchObject({
      code: 'response',
      status: 0,
      message: expect.stringContaining('returned a redirect: a redirect, which is not followed'),
    })
  })

  test('with a body that cannot be canceled is an error too', async () => {
    const { call, sent } = partner(
      () =>
        new Response(
          new ReadableStream({
            cancel() {
              throw new Error('no')
            },
          }),
          { status: 302 },
        ),
    )
    expect(await rejection(call(statusPath))).toMatchObject({ code: 'response', status: 302 })
    expect(sent).toHaveLength(1)
  })
})

test('a status that does not exist in HTTP is an error and is not retried', async () => {
  const { call, sent } = partner(() =>
    Object.defineProperties(new Response('hush'), { status: { value: 999 }, ok: { value: false } }),
  )
  const error = await rejection(call(statusPath))
  expect(error).toMatchObject({ code: 'response', status: 999, isRetryable: false })
  expect(error.message).toContain('returned 999: not an HTTP status.')
  expect(sent).toHaveLength(1)
})

describe('an accepted upload', () => {
  const accepted =
    (status: number, headers: Record<string, string>, end: 'cut' | 'stall'): Answer =>
    (sent) => {
      const { body } = partial(status, '{', end)(sent) as Response
      return new Response(body, { status, headers })
    }
  const send = (answer: Answer | Answer[], init: PartnerRequestInit = {}) => {
    const { call, sent } = partner(answer, { attemptTimeoutMs: 50, retry: { limit: 3, baseDelayMs: 1 } })
    return { answered: call('/customers', { method: 'POST', body: '{}', ...init }), sent }
  }

  test.each(
    [200, 201, 202].flatMap((status) => (['cut', 'stall'] as const).map((end) => [status, end] as const)),
  )('with %i returns its response although its body was %s, if it has a Location', async (status, end) => {
    const { answered, sent } = send(accepted(status, { Location: '/x' }, end))
    const response = await answered
    expect([response.status, response.headers.get('location'), await response.text()]).toEqual([
      status,
      '/x',
      '',
    ])
    expect(sent).toHaveLength(1)
  })

  test('is ambiguous if it has no Location', async () => {
    expect(await rejection(send(accepted(202, {}, 'cut')).answered)).toMatchObject({
      code: 'connection',
      isAmbiguous: true,
      attempts: 2,
    })
  })

  test('does not include a GET with a Location and a broken body', async () => {
    const { answered, sent } = send([accepted(200, { Location: '/x' }, 'cut'), finished], {
      method: 'GET',
      body: null,
    })
    expect(await (await answered).json()).toMatchObject({ status: 'finished' })
    expect(sent).toHaveLength(2)
  })

  test('reports its Location before its body ends, and a later abort keeps its reason', async () => {
    const controller = new AbortController()
    const onAccepted = vi.fn()
    const { answered, sent } = send(accepted(202, { Location: '/x' }, 'stall'), {
      signal: controller.signal,
      onAccepted,
    })
    const ended = rejection(answered)
    await vi.waitFor(() => expect(onAccepted).toHaveBeenCalledExactlyOnceWith('/x'))
    controller.abort('bye')
    expect(await ended).toBe('bye')
    expect(sent).toHaveLength(1)
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('disk full')
      },
    ],
    ['rejects with', () => Promise.reject(new Error('disk full'))],
  ])('reports its Location once, even with a complete body, whatever `onAccepted` %s', async (_, fail) => {
    const onAccepted = vi.fn<(location: string) => unknown>(fail)
    const { answered } = send([text(503, null), text(202, null, { Location: '/x' })], { onAccepted })
    expect((await answered).status).toBe(202)
    expect(onAccepted).toHaveBeenCalledExactlyOnceWith('/x')
  })

  test.each<[string, Answer, PartnerRequestInit]>([
    ['a refusal', text(409, null, { Location: '/x' }), {}],
    ['a read', text(200, '{}', { Location: '/x' }), { method: 'GET', body: null }],
    ['a response without Location', text(202, null), {}],
  ])('does not include %s', async (_, answer, init) => {
    const onAccepted = vi.fn()
    await send(answer, { ...init, onAccepted }).answered
    expect(onAccepted).not.toHaveBeenCalled()
  })

  test('requires `onAccepted` to be a function', async () => {
    const { answered, sent } = send(finished, { onAccepted: {} as never })
    expect((await rejection(answered)).message).toBe('`onAccepted` must be a function; got object.')
    expect(sent).toHaveLength(0)
  })
})

describe('the path of an operation', () => {
  test('is built from the two IDs of an upload', async () => {
    const { call, sent } = partner(finished)
    await getBatchUploadStatus(call, upload)
    expect(sent[0]!.url).toBe(`${origin}/v1/customers/${customerId}/batchJobStatus/${batchTrackingId}`)
  })

  const notGuids = [
    '',
    '..',
    'a/b',
    `${customerId}/..`,
    `${customerId}?`,
    `{${customerId}}`,
    customerId.replaceAll('-', ''),
    ` ${customerId}`,
    `${customerId}\n`,
    undefined,
    null,
    5,
    {},
    [customerId],
    Object.create(null) as object,
  ]
  test.each(['customerId', 'batchTrackingId'] as const)(
    '%s must be a GUID, or nothing is sent',
    async (name) => {
      const { call, sent } = partner(finished)
      for (const value of notGuids) {
        const error = await rejection(getBatchUploadStatus(call, { ...upload, [name]: value as string }))
        expect(error).toMatchObject({ code: 'invalid-argument' })
        expect(error.message).toMatch(
          new RegExp(`^\`${name}\` must be a GUID such as 0127ed8e-ff72-4983-a3d8-e8d8bd378932; got `),
        )
      }
      await expect(getBatchUploadStatus(call, undefined as never)).rejects.toThrow(
        '`customerId` must be a GUID',
      )
      expect(sent).toHaveLength(0)
    },
  )

  test('accepts uppercase GUIDs unchanged', async () => {
    const { call, sent } = partner(finished)
    await getBatchUploadStatus(call, { customerId: customerId.toUpperCase(), batchTrackingId })
    expect(sent[0]!.url).toContain(customerId.toUpperCase())
  })

  test.each(['customerId', 'batchTrackingId', 'policyId'])(
    'accepts only a GUID for {%s}, anywhere in the path',
    (name) => {
      expect(buildPath(`/x/{${name}}/y`, { [name]: customerId })).toBe(`/x/${customerId}/y`)
      for (const value of notGuids) {
        expect(thrown(() => buildPath(`/x/{${name}}/y`, { [name]: value })).message).toMatch(
          new RegExp(`^\`${name}\` must be a GUID such as `),
        )
      }
    },
  )

  const template = '/customers/{customerId}/deviceBatches/{batchId}/devices/{deviceId}'
  const build = (batchId: unknown): string => buildPath(template, { customerId, batchId, deviceId: 'x' })

  test.each<[string, string]>([
    ['Test batch', 'Test%20batch'],
    ['a?b#c', 'a%3Fb%23c'],
    ['100%', '100%25'],
    ['%2e%2e', '%252e%252e'],
    ['...', '...'],
    ['.a', '.a'],
    ['größe 漢字 😀', 'gr%C3%B6%C3%9Fe%20%E6%BC%A2%E5%AD%97%20%F0%9F%98%80'],
    ['$&', '%24%26'],
    ["a;b=c,d'e(f)", "a%3Bb%3Dc%2Cd'e(f)"],
  ])('has the batch ID "%s" as %s', (batchId, encoded) => {
    expect(build(batchId)).toBe(`/customers/${customerId}/deviceBatches/${encoded}/devices/x`)
  })

  test.each<unknown>([
    '',
    '.',
    '..',
    'a/b',
    '/',
    'a\\b',
    'a\u0000',
    'a\nb',
    'a\u007f',
    '\ud800',
    'a\udc00b',
    undefined,
    null,
    5,
    {},
    ['a'],
  ])('rejects the batch ID %j', (batchId) => {
    const error = thrown(() => build(batchId))
    expect(error).toMatchObject({ code: 'invalid-argument' })
    expect(error.message).toMatch(
      /^`batchId` must be a non-empty string other than "\." and "\.\.", without "\/", "\\" or control characters; got /,
    )
  })

  test('is rejected with the received value, at most 60 characters of it', () => {
    const shown = (batchId: unknown): string => thrown(() => build(batchId)).message.split('; got ')[1]!
    expect(shown(`/${'x'.repeat(57)}`)).toBe(`"/${'x'.repeat(57)}".`)
    expect(shown(`/${'x'.repeat(58)}`)).toBe(`"/${'x'.repeat(57)}….`)
    expect(shown(() => 'hush')).toBe('function.')
    expect(shown({ hush: true })).toBe('object.')
    expect(shown(null)).toBe('null.')
  })

  test('is never altered by the content of an ID', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string({ unit: fc.constantFrom('.', '/', '%', '2', 'e', '\\', '?', '#', 'a', '\t') }),
        ),
        (batchId) => {
          let path: string
          try {
            path = build(batchId)
          } catch (error) {
            expect(error).toMatchObject({ code: 'invalid-argument' })
            return
          }
          const parts = new URL(origin + path).pathname.split('/')
          expect(new URL(origin + path).search + new URL(origin + path).hash).toBe('')
          expect(parts).toHaveLength(7)
          expect(decodeURIComponent(parts[4]!)).toBe(batchId)
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

describe('the path template in events and messages', () => {
  const secret = 'hash-or-serial'
  test.each<[string, string]>([
    [statusPath, '/customers/{customerId}/batchJobStatus/{batchTrackingId}'],
    [
      `/customers/${customerId}/BATCHJOBSTATUS/${secret}?q=${secret}`,
      '/customers/{customerId}/BATCHJOBSTATUS/{batchTrackingId}',
    ],
    [`/customers/${customerId}/deviceBatches`, '/customers/{customerId}/deviceBatches'],
    [`/customers/${customerId}/deviceBatches?${secret}=/${secret}`, '/customers/{customerId}/deviceBatches'],
    [
      `//customers//${customerId}//deviceBatches//${secret}//devices`,
      '/customers/{customerId}/deviceBatches/{batchId}/devices',
    ],
    [
      `/customers/${customerId}/deviceBatches/v1/devices/v1`,
      '/customers/{customerId}/deviceBatches/{batchId}/devices/{deviceId}',
    ],
    [
      `/customers/${customerId}/deviceBatches/devices/devices/policies`,
      '/customers/{customerId}/deviceBatches/{batchId}/devices/{deviceId}',
    ],
    [`/customers/${customerId}/DevicePolicyUpdates`, '/customers/{customerId}/DevicePolicyUpdates'],
    [`/customers/${customerId}/policies/${secret}`, '/customers/{customerId}/policies/{policyId}'],
    [`/${secret}/customers/${secret}`, '/*/*/*'],
    [`/constructor/${secret}`, '/*/*'],
    [
      `/customers/${customerId}/deviceBatches/urn://${secret}`,
      '/customers/{customerId}/deviceBatches/{batchId}/*',
    ],
    ['/', '/*'],
  ])('of %s is %s', async (path, template) => {
    const { call, events } = partner(finished)
    await call(path)
    expect(events.find(({ type }) => type === 'attempt')).toMatchObject({ path: template })
    expect(JSON.stringify(events)).not.toContain(secret)
  })

  test('leaves out the path of the base URL', async () => {
    const { call, events } = partner(finished, { baseUrl: 'https://example.com/gateway/v1' })
    await call(statusPath)
    expect(events.at(-1)).toMatchObject({ path: '/customers/{customerId}/batchJobStatus/{batchTrackingId}' })
  })
})

describe('the Response of a partner fetch', () => {
  test('is the response of the service, already read', async () => {
    const { call } = partner(json(200, { status: 'finished' }, { 'MS-CV': 'cv', Location: '/x' }))
    const response = await call(statusPath)
    expect(response.status).toBe(200)
    expect(response.headers.get('ms-cv')).toBe('cv')
    expect(response.headers.get('location')).toBe('/x')
    expect(await response.json()).toEqual({ status: 'finished' })
  })

  test.each([204, 205, 304])('has no body under %i', async (status) => {
    const { call } = partner(text(status, null))
    const response = await call(statusPath)
    expect(response.status).toBe(status)
    expect(response.body).toBeNull()
  })

  test('contains a service error as received, and is not an exception', async () => {
    const { call } = partner(json(404, { code: 1000 }))
    const response = await call(statusPath)
    expect([response.status, await response.json()]).toEqual([404, { code: 1000 }])
  })
})
