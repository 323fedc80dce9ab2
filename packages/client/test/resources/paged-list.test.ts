import { Readable } from 'node:stream'

import type { PagedList } from '@devicebatch/client'
import { describe, expect, test, vi } from 'vitest'

import { fixed } from '../../../emulator/test/profile.ts'
import type { Answer } from '../helpers.ts'
import {
  customerId,
  elapse,
  emulated,
  hangs,
  json,
  moveTime,
  origin,
  partnerOn,
  rejection,
  text,
} from '../helpers.ts'

const token = 'devices-1,2/3=a+b?c&d "e"'
const page = (ids: string[], more: object = {}, headers: Record<string, string> = {}): Answer =>
  json(
    200,
    {
      totalCount: ids.length,
      items: ids.map((id) => ({ id })),
      ...more,
      attributes: { objectType: 'Collection' },
    },
    headers,
  )
const linked = (headers: unknown): object => ({
  links: { next: { uri: '/x?size=2?seekOperation=Next', method: 'GET', headers } },
})

function listOn(answers: Answer | Answer[]) {
  const { partner, sent } = partnerOn(answers, { retry: false })
  const customer = partner.customers.byId(customerId)
  return { list: customer.deviceBatches.byId('Test batch').devices.list(), customer, sent }
}
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))
const idsOf = async (list: PagedList<{ id: string }>): Promise<string[]> =>
  (await list.toArray()).map(({ id }) => id)

describe.each<[string, string, (customer: ReturnType<typeof listOn>['customer']) => PagedList<object>]>([
  [
    'devices',
    '/deviceBatches/Test%20batch/devices',
    (one) => one.deviceBatches.byId('Test batch').devices.list(),
  ],
  ['device batches', '/deviceBatches', (one) => one.deviceBatches.list()],
  ['configuration policies', '/policies', (one) => one.configurationPolicies.list()],
])('the list of %s', (_, path, listOf) => {
  test('is one GET without a body for each page, the token of the page before in its header', async () => {
    const { customer, sent } = listOn([page(['a', 'b'], { continuationToken: token }), page(['c'])])
    expect(await listOf(customer).toArray()).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'c' }])
    expect(sent.map(({ method, url, body }) => [method, url, body])).toEqual(
      [1, 2].map(() => ['GET', `${origin}/v1/customers/${customerId}${path}`, undefined]),
    )
    expect(sent.map(({ headers }) => headers['ms-continuationtoken'])).toEqual([undefined, token])
    expect(sent[0]!.headers).toMatchObject({
      authorization: 'Bearer secret-token',
      accept: 'application/json',
    })
    expect(sent[0]!.headers).not.toHaveProperty('content-type')
    expect(sent[0]!.headers['ms-requestid']).not.toBe(sent[1]!.headers['ms-requestid'])
  })

  test('rejects with the error of the call', async () => {
    const { customer } = listOn(json(403, { code: 900150, description: 'No.' }))
    expect(await rejection(listOf(customer).toArray())).toMatchObject({ code: 'api', status: 403 })
  })

  test.each<[string, Answer]>([
    ['a page', text(200, '<html>')],
    ['something else', json(200, { value: [] })],
    ['one item', json(200, { id: 'a' })],
    ['items that are none', json(200, { totalCount: 1, items: 'a' })],
    ['a count without items', json(200, { totalCount: 3 })],
  ])('rejects with ResponseError when the response is %s', async (_, answer) => {
    const { customer } = listOn(answer)
    expect(await rejection(listOf(customer).toArray())).toMatchObject({ code: 'response', status: 200 })
  })

  test('is ended at once by an abort, with its own reason', async () => {
    const { customer, sent } = listOn(page([]))
    const reason = { mine: true }
    const { deviceBatches, configurationPolicies } = customer
    const signal = AbortSignal.abort(reason)
    for (const list of [
      deviceBatches.byId('B').devices.list({ signal }),
      deviceBatches.list({ signal }),
      configurationPolicies.list({ signal }),
    ]) {
      expect(await rejection(list.toArray())).toBe(reason)
    }
    expect(sent).toEqual([])
  })
})

test('an abort ends the loop before the next item, also in the last page', async () => {
  const { customer } = listOn(page(['a', 'b', 'c']))
  const controller = new AbortController()
  const reason = { mine: true }
  const read: string[] = []
  const loop = async (): Promise<void> => {
    const { devices } = customer.deviceBatches.byId('B')
    for await (const { id } of devices.list({ signal: controller.signal })) {
      read.push(id)
      if (id === 'b') controller.abort(reason)
    }
  }
  expect(await rejection(loop())).toBe(reason)
  expect(read).toEqual(['a', 'b'])
})

describe('the token of the next page', () => {
  const other = page(['z'])

  test.each<[string, Answer, string]>([
    ['the body', page(['a'], { continuationToken: token }), token],
    [
      'the headers of the next link',
      page(['a'], linked([{ key: 'X' }, { key: 'MS-ContinuationToken', value: token }])),
      token,
    ],
    ['those in any case', page(['a'], linked([null, { key: 'ms-continuationtoken', value: token }])), token],
    ['a response header', page(['a'], {}, { 'MS-ContinuationToken': token }), token],
    ['a response header beside an array', json(200, [{ id: 'a' }], { 'MS-ContinuationToken': token }), token],
    [
      'the body first',
      page(
        ['a'],
        { continuationToken: 'body', ...linked([{ key: 'MS-ContinuationToken', value: 'link' }]) },
        { 'MS-ContinuationToken': 'header' },
      ),
      'body',
    ],
    [
      'the link before the header',
      page(
        ['a'],
        { continuationToken: '', ...linked([{ key: 'MS-ContinuationToken', value: 'link' }]) },
        { 'MS-ContinuationToken': 'header' },
      ),
      'link',
    ],
    [
      'the header when body and link have none',
      page(['a'], { continuationToken: null, ...linked([]) }, { 'MS-ContinuationToken': 'header' }),
      'header',
    ],
  ])('is taken from %s and sent back as it is', async (_, first, expected) => {
    const { list, sent } = listOn([first, other])
    expect(await idsOf(list)).toEqual(['a', 'z'])
    expect(sent[1]!.headers['ms-continuationtoken']).toBe(expected)
  })

  test.each<[string, object]>([
    ['none', {}],
    ['an empty one', { continuationToken: '' }],
    ['null', { continuationToken: null }],
    ['links that are empty, as they were captured', { links: {} }],
    ['links that are null', { links: null }],
    ['a next link without headers', { links: { next: { uri: '/x' } } }],
    ['headers that are none', linked({ key: 'MS-ContinuationToken', value: 'x' })],
    ['headers that are null', linked(null)],
    ['other headers', linked([{ key: 'Other', value: 'x' }, {}])],
  ])('may be missing (%s), and then the list is at its end', async (_, more) => {
    const { list, sent } = listOn(page(['a'], more))
    expect(await idsOf(list)).toEqual(['a'])
    expect(sent).toHaveLength(1)
  })

  test('ends the list with an error when it comes twice, after what was read', async () => {
    const { list, sent } = listOn([
      page(['a'], { continuationToken: 'one' }),
      page(['b'], { continuationToken: 'two' }),
      page(['c'], { continuationToken: 'one' }),
    ])
    const read: string[] = []
    const error = await rejection(
      (async () => {
        for await (const { id } of list) read.push(id)
      })(),
    )
    expect(read).toEqual(['a', 'b', 'c'])
    expect(sent).toHaveLength(3)
    expect(error).toMatchObject({
      name: 'ResponseError',
      code: 'response',
      status: 200,
      method: 'GET',
      requestId: sent[2]!.headers['ms-requestid'],
    })
    expect(error.message).toBe(
      'GET /customers/{customerId}/deviceBatches/{batchId}/devices returned the same next-page token twice, so the list cannot be read to its end. What was read so far is correct; try again later.',
    )
  })

  test.each(['snö\u2603', 'a\nb'])(
    'ends the list with an error of ours when no header can hold it',
    async (unfit) => {
      const { list, sent } = listOn(page(['a'], { continuationToken: unfit }))
      expect(await rejection(list.toArray())).toMatchObject({
        code: 'response',
        message: expect.stringContaining('returned a next-page token that does not fit into a header'),
      })
      expect(sent).toHaveLength(1)
    },
  )
})

describe('a next page', () => {
  test.each([
    [{}, 'an object'],
    [['a'], 'an object'],
    [true, 'true'],
  ])(
    'that is named by %j ends the list with an error, after what was read',
    async (continuationToken, named) => {
      const { list, sent } = listOn(page(['a'], { continuationToken }))
      const read: string[] = []
      const error = await rejection(
        (async () => {
          for await (const { id } of list) if (read.push(id) > 5) break
        })(),
      )
      expect(error).toMatchObject({ code: 'response', status: 200 })
      expect(error.message).toContain(`returned a next-page token that is not text: ${named}`)
      expect(read).toEqual(['a'])
      expect(sent).toHaveLength(1)
    },
  )

  test('may be named by a number', async () => {
    const { list, sent } = listOn([page(['a'], { continuationToken: 2 }), page(['b'])])
    expect(await idsOf(list)).toEqual(['a', 'b'])
    expect(sent[1]!.headers['ms-continuationtoken']).toBe('2')
  })

  test('is not requested after 100 empty ones in a row', async () => {
    let pages = 0
    const { list, sent } = listOn((one) =>
      page(pages === 50 ? ['a'] : [], { continuationToken: `${pages++}` })(one),
    )
    const error = await rejection(list.toArray())
    expect(error).toMatchObject({ code: 'response', status: 200 })
    expect(error.message).toContain(
      'returned 100 empty pages in a row, so the list cannot be read to its end',
    )
    expect(sent).toHaveLength(151)
  })

  test('after empty ones has no more time than one page alone', async () => {
    moveTime()
    try {
      let pages = 0
      const { partner, sent } = partnerOn(async (one) => {
        await new Promise((resolve) => setTimeout(resolve, 1_000))
        return page(pages === 2 ? ['a'] : [], { continuationToken: `${pages++}` })(one)
      })
      const { deviceBatches } = partner.customers.byId(customerId)
      const started = performance.now()
      const error = await rejection(elapse(deviceBatches.list({ timeoutMs: 5_500 }).toArray()))
      expect(error).toMatchObject({ name: 'TimeoutError', code: 'timeout', isRetryable: true, method: 'GET' })
      expect(error.message).toBe(
        'GET /customers/{customerId}/deviceBatches returned only empty pages (5) within `timeoutMs` (5500 ms). Try again later or raise it.',
      )
      expect(performance.now() - started).toBe(3_000 + 5_500)
      expect(sent).toHaveLength(9)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('leaving a list while a page is requested', () => {
  test.each<[string, (list: AsyncIterable<unknown>) => Promise<unknown>]>([
    [
      'by return()',
      async (list) => {
        const iterator = list[Symbol.asyncIterator]()
        const pending = iterator.next()
        await settled()
        expect(await iterator.return!()).toEqual({ done: true, value: undefined })
        return await pending
      },
    ],
    [
      'by destroy() of a Readable',
      async (list) => {
        const readable = Readable.from(list)
        readable.resume()
        await settled()
        readable.destroy()
        await new Promise((resolve) => readable.once('close', resolve))
        return { done: true, value: undefined }
      },
    ],
  ])('%s ends the request at once', async (_, leave) => {
    for (const read of [(list: PagedList<object>) => list, (list: PagedList<object>) => list.pages()]) {
      let aborted = 0
      const { partner, sent } = partnerOn(hangs, {
        fetch: (_input, init) =>
          new Promise((_resolve, reject) => {
            init!.signal!.addEventListener('abort', () => {
              aborted++
              reject(init!.signal!.reason as Error)
            })
          }),
      })
      const list = partner.customers.byId(customerId).deviceBatches.list()
      expect(await leave(read(list))).toEqual({ done: true, value: undefined })
      expect(aborted).toBe(1)
      expect(sent).toHaveLength(0)
    }
  })
})

describe('a list', () => {
  test('of 150,000 items in one page is read', async () => {
    const items = Array.from({ length: 150_000 }, (_, index) => ({ id: `${index}` }))
    expect(await listOn(json(200, items)).list.toArray()).toHaveLength(150_000)
  })

  test('makes no request until it is read, and requests again each time', async () => {
    const { list, sent } = listOn(page(['a']))
    expect(sent).toEqual([])
    await list.toArray()
    await list.toArray()
    expect(sent).toHaveLength(2)
  })

  test('fetches a page only when it is reached', async () => {
    const { list, sent } = listOn([
      page(['a', 'b'], { continuationToken: '1' }),
      page(['c'], { continuationToken: '2' }),
      page(['d']),
    ])
    const seen: [string, number][] = []
    for await (const { id } of list) {
      seen.push([id, sent.length])
      if (id === 'c') break
    }
    expect(seen).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 2],
    ])
    expect(sent).toHaveLength(2)
  })

  test('yields its pages unchanged, including empty ones, and continues after them', async () => {
    const { list } = listOn([
      page(['a'], { continuationToken: '1' }),
      page([], { continuationToken: '2' }),
      page(['b']),
    ])
    const pages: string[][] = []
    for await (const items of list.pages()) pages.push(items.map(({ id }) => id))
    expect(pages).toEqual([['a'], [], ['b']])
  })

  test.each<[string, Answer]>([
    ['an empty collection', page([])],
    ['an empty array', json(200, [])],
    ['null items beside a count of 0', json(200, { totalCount: 0, items: null })],
    ['no items beside a count of 0', json(200, { totalCount: 0, attributes: { objectType: 'Collection' } })],
  ])('of nothing is %s', async (_, answer) => {
    expect(await listOn(answer).list.toArray()).toEqual([])
  })

  test('may be the bare array of the REST reference', async () => {
    expect(await idsOf(listOn(json(200, [{ id: 'a' }, { id: 'b' }])).list)).toEqual(['a', 'b'])
  })

  test('accepts timeouts for each of its calls', async () => {
    const { partner, sent } = partnerOn([text(503, null), page(['a'])])
    const { devices } = partner.customers.byId(customerId).deviceBatches.byId('B')
    const correlationId = '66666666-2222-4333-8444-555555555555'
    expect(await rejection(devices.list({ retry: false, correlationId }).toArray())).toMatchObject({
      status: 503,
    })
    expect(sent[0]!.headers['ms-correlationid']).toBe(correlationId)
  })

  test.each(['body', 'links', 'header'] as const)(
    'reads all 1,234 devices of a batch, 100 at a time, with the token in the %s',
    async (continuationTokenIn) => {
      const { emulator, customer, requestsOf } = emulated({
        timeScale: 0,
        quirks: { continuationTokenIn, ...fixed.pages },
      })
      const serials = Array.from({ length: 1_234 }, (_, index) => `S-${index}`)
      emulator.seed({
        uploads: [
          {
            customerId,
            batchId: 'Large',
            batchTrackingId: '99999999-2222-4333-8444-555555555555',
            devices: serials.map((serialNumber) => ({
              serialNumber,
              oemManufacturerName: 'M',
              modelName: 'L',
            })),
          },
        ],
      })
      emulator.clock.advance(60_000)
      const { devices } = customer.deviceBatches.byId('Large')
      const read = await devices.list().toArray()
      expect(read.map(({ serialNumber }) => serialNumber)).toEqual(serials)
      const lists = requestsOf('listDevices')
      expect(lists).toHaveLength(13)
      expect(lists[1]!.headers['ms-continuationtoken']).toMatch(/,.*\/.*=/)
    },
  )
})
