/** Leaving a watch while it waits: over real sockets, because what matters is what still reaches the service. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'

import type { CustomerResource } from '@devicebatch/client'
import { createPartnerCenter, uploadDevices } from '@devicebatch/client'
import { describe, expect, onTestFinished, test } from 'vitest'

import { keepsConnections } from '../../../conformance/shared/patience.ts'
import { batchTrackingId, customerId, location } from '../helpers.ts'

/** A service whose batch never ends; with `hangs`, the second poll gets no response either. */
async function startService({ hangs = false } = {}) {
  const polls: number[] = []
  let cutOff = 0
  const server = createServer(keepsConnections, (request, response) => {
    if (request.method === 'POST') {
      response.writeHead(202, { Location: location }).end()
      return
    }
    if (!request.url!.includes('batchJobStatus')) {
      response.end('[]')
      return
    }
    polls.push(performance.now())
    if (hangs && polls.length === 2) {
      response.on('close', () => cutOff++)
      return
    }
    response.end(JSON.stringify({ batchTrackingId, status: 'processing' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const partner = createPartnerCenter({
    credential: () => 'secret-token',
    baseUrl: `http://127.0.0.1:${port}/v1`,
  })
  return { customer: partner.customers.byId(customerId), polls, cutOff: () => cutOff }
}

const soon = { initialIntervalMs: 20, maxIntervalMs: 20 }

const watches: [string, (customer: CustomerResource) => Promise<AsyncIterable<object>>][] = [
  ['upload.watch()', async (customer) => customer.batchUploadStatus.byId(batchTrackingId).watch(soon)],
  [
    'group.watch()',
    async (customer) =>
      (await uploadDevices(customer, { batchId: 'B', devices: [{ productKey: 'K' }] })).watch(soon),
  ],
]

const ways: [
  string,
  (watching: AsyncIterable<object>, untilItWaits: () => Promise<void>) => Promise<void>,
][] = [
  [
    'return()',
    async (watching, untilItWaits) => {
      const iterator = watching[Symbol.asyncIterator]()
      await iterator.next()
      const pending = iterator.next()
      await untilItWaits()
      expect(await iterator.return!()).toEqual({ done: true, value: undefined })
      expect(await pending).toEqual({ done: true, value: undefined })
      expect(await iterator.next()).toEqual({ done: true, value: undefined })
    },
  ],
  [
    'throw()',
    async (watching, untilItWaits) => {
      const iterator = watching[Symbol.asyncIterator]()
      await iterator.next()
      const pending = iterator.next()
      await untilItWaits()
      const reason = { mine: true }
      await expect(iterator.throw!(reason)).rejects.toBe(reason)
      expect(await pending).toEqual({ done: true, value: undefined })
    },
  ],
  [
    'destroy() of a Readable',
    async (watching, untilItWaits) => {
      const readable = Readable.from(watching)
      readable.resume()
      await untilItWaits()
      readable.destroy()
      await new Promise((resolve) => readable.once('close', resolve))
    },
  ],
  [
    'cancel() of a ReadableStream',
    async (watching, untilItWaits) => {
      const stream = (ReadableStream as unknown as { from(of: object): ReadableStream }).from(watching)
      const reader = stream.getReader()
      await reader.read()
      const pending = reader.read()
      await untilItWaits()
      await reader.cancel()
      expect((await pending).done).toBe(true)
    },
  ],
]

describe.each(watches)('leaving %s', (_, watch) => {
  test.each(ways)('by %s ends the polling at once', async (_way, leave) => {
    const { customer, polls } = await startService()
    await leave(await watch(customer), async () => {
      while (polls.length < 3) await pause(5)
    })
    const { length } = polls
    await pause(300)
    expect(polls).toHaveLength(length)
  })

  test.each(ways)('by %s ends a request in progress', async (_way, leave) => {
    const { customer, polls, cutOff } = await startService({ hangs: true })
    await leave(await watch(customer), async () => {
      while (polls.length < 2) await pause(5)
    })
    await pause(100)
    expect([polls.length, cutOff()]).toEqual([2, 1])
  })
})

test('each reader of a watch polls on its own', async () => {
  const { customer, polls } = await startService()
  const watching = customer.batchUploadStatus.byId(batchTrackingId).watch(soon)
  for (let reader = 1; reader <= 2; reader++) {
    for await (const report of watching) {
      expect(report.status).toBe('processing')
      break
    }
    expect(polls).toHaveLength(reader)
  }
})
