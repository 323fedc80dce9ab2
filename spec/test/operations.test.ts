/** The operations are all there, each with its headers, its ways to authenticate and its errors; everything cites its source. */
import { describe, expect, test } from 'vitest'

import { document, resolve, walk } from './document.ts'
import type { Node } from './document.ts'

const status = '/customers/{customerId}/batchJobStatus/{batchTrackingId}'
const batches = '/customers/{customerId}/deviceBatches'
const devices = '/customers/{customerId}/deviceBatches/{batchId}/devices'
const device = '/customers/{customerId}/deviceBatches/{batchId}/devices/{deviceId}'
const policies = '/customers/{customerId}/policies'
const policy = '/customers/{customerId}/policies/{policyId}'

const expected = [
  { id: 'getBatchUploadStatus', call: `get ${status}`, success: '200' },
  { id: 'createDeviceBatch', call: `post ${batches}`, success: '202' },
  { id: 'listDeviceBatches', call: `get ${batches}`, success: '200' },
  { id: 'addDevicesToBatch', call: `post ${devices}`, success: '202' },
  { id: 'listDevices', call: `get ${devices}`, success: '200' },
  { id: 'updateDevice', call: `put ${device}`, success: '200' },
  { id: 'deleteDevice', call: `delete ${device}`, success: '204' },
  {
    id: 'updateDevicesWithPolicy',
    call: 'patch /customers/{customerId}/DevicePolicyUpdates',
    success: '202',
  },
  { id: 'listPolicies', call: `get ${policies}`, success: '200' },
  { id: 'createPolicy', call: `post ${policies}`, success: '200' },
  { id: 'getPolicy', call: `get ${policy}`, success: '200' },
  { id: 'updatePolicy', call: `put ${policy}`, success: '200' },
  { id: 'deletePolicy', call: `delete ${policy}`, success: '204' },
  { id: 'listCustomers', call: 'get /customers', success: '200' },
  { id: 'getCustomer', call: 'get /customers/{customerId}', success: '200' },
  { id: 'getRelationshipRequest', call: 'get /customers/relationshiprequests', success: '200' },
]

/** The lists that are documented to come in pages. */
const paged = ['listDevices', 'listCustomers']

/** The operations that an app-only token cannot call. */
const appUserOnly = ['createDeviceBatch', 'getRelationshipRequest']

const operations = Object.entries(document.paths).flatMap(([path, { parameters: shared, ...item }]) =>
  Object.entries(item).map(([method, operation]) => ({
    ...operation,
    call: `${method} ${path}`,
    parameters: [...shared, ...(operation.parameters ?? [])].map(resolve),
  })),
)

test('the operations are these, the status of an upload first', () => {
  expect(
    operations.map(({ operationId, call, responses }) => ({
      id: operationId,
      call,
      success: Object.keys(responses).find((code) => code.startsWith('2')),
    })),
  ).toEqual(expected)
})

test('both servers end in /v1', () => {
  expect(document.servers.map(({ url }) => url)).toEqual([
    'https://api.partnercenter.microsoft.com/v1',
    'https://partner.partnercenterapi.microsoftonline.cn/v1',
  ])
})

test('each URL of an OAuth flow is a URL as it stands, without a placeholder', () => {
  const urls = [...walk()].flatMap(({ node, pointer }) =>
    /\/flows\/\w+$/.test(pointer)
      ? Object.entries(node).flatMap(([key, value]) => (key.endsWith('Url') ? [String(value)] : []))
      : [],
  )
  expect(urls).toHaveLength(4)
  for (const url of urls) expect(url).toMatch(/^https:\/\/[\w./-]+$/)
})

test('the customers are listed by size, filter and seek operation', () => {
  const list = operations.find(({ operationId }) => operationId === 'listCustomers')
  const query = list?.parameters.filter((parameter) => parameter.in === 'query')
  expect(query?.map(({ name, required }) => [name, required])).toEqual([
    ['size', undefined],
    ['filter', undefined],
    ['seekOperation', undefined],
  ])
})

describe.each(operations)('$operationId', ({ operationId, call, parameters, security, responses }) => {
  const answer = (code: string): Node => resolve(responses[code] ?? {})
  const headersOf = (code: string): string[] => Object.keys(answer(code).headers ?? {})
  const success = Object.keys(responses).find((code) => code.startsWith('2'))!

  test('describes each part of its path', () => {
    const named = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)
    expect(named).toEqual([...call.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))
  })

  test('describes the headers of documented and captured requests', () => {
    const headers = parameters.filter((parameter) => parameter.in === 'header')
    expect(headers.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'MS-RequestId',
        'MS-CorrelationId',
        'MS-CV',
        'MS-Contract-Version',
        'X-Locale',
        'MS-PartnerCenter-Application',
        'MS-PartnerCenter-Client',
        'MS-SdkVersion',
        'ocp-apim-subscription-key',
        'ValidateMfa',
      ]),
    )
    expect(headers.filter(({ required }) => required)).toEqual([])
  })

  test('describes the headers of documented responses', () => {
    const every = [
      'MS-RequestId',
      'MS-CorrelationId',
      'MS-CV',
      'MS-ServerId',
      'isMfaCompliant',
      'Date',
      'Content-Length',
    ]
    for (const code of [success, '400', '401', '403', '404', 'default']) {
      expect(headersOf(code), code).toEqual(expect.arrayContaining(every))
    }
    expect(headersOf('401')).toContain('WWW-Authenticate')
    expect(headersOf('429')).toContain('Retry-After')
    expect(headersOf('429')).not.toContain('MS-RequestId')
    expect(headersOf(success).includes('Location')).toBe(success === '202')
  })

  test('gives the length 0 as the example where there is no body', () => {
    const { content, headers } = answer(success)
    const { example } = resolve(headers?.['Content-Length'] ?? {})
    expect(example === 0).toBe(content === undefined)
  })

  test('pages by header only where the list is paged', () => {
    const names = parameters.map(({ name }) => name)
    expect(names.includes('MS-ContinuationToken')).toBe(paged.includes(operationId))
    expect(headersOf(success).includes('MS-ContinuationToken')).toBe(paged.includes(operationId))
  })

  test(`is called as ${appUserOnly.includes(operationId) ? 'App+User only' : 'App or App+User'}`, () => {
    const schemes = security.flatMap((requirement) => Object.keys(requirement))
    expect(schemes).toEqual(appUserOnly.includes(operationId) ? ['appUser'] : ['app', 'appUser'])
  })

  test('sends no header that is not text', () => {
    const headers = parameters.filter((parameter) => parameter.in === 'header')
    expect(headers.filter(({ schema }) => schema?.type !== 'string').map(({ name }) => name)).toEqual([])
  })

  test('describes an error as JSON, text or HTML', () => {
    for (const code of ['400', '401', '403', '404', '429', 'default']) {
      expect(Object.keys(answer(code).content ?? {}), code).toEqual([
        'application/json',
        'text/plain',
        'text/html',
      ])
    }
  })
})

describe('everything cites its source', () => {
  const described = [...walk()].flatMap(({ node, pointer }) => {
    if (/\/anyOf\/\d+$/.test(pointer)) return []
    if (pointer.startsWith('/components/parameters/') && 'in' in node) return [{ node, pointer }]
    if (/^\/components\/headers\/\w+$/.test(pointer)) return [{ node, pointer }]
    return Object.entries((node.type && node.properties) ?? {}).map(([name, property]) => ({
      node: property,
      pointer: `${pointer}/properties/${name}`,
    }))
  })

  test.each(described)('$pointer', ({ node }) => {
    expect(node.description).toMatch(/^[A-Z`].*\n(.*\n)*Source.*: \S/)
  })

  test('and there are enough of them for the check to mean something', () => {
    expect(described.length).toBeGreaterThan(100)
  })
})
