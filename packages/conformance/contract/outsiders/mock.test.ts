/** Prism mocks the service from our document: the client reads every example response of the document. */
import { createPartnerCenter, parseBatchLocation } from '@devicebatch/client'
import { documentedUpload } from '@devicebatch/emulator'
import { afterAll, expect, test } from 'vitest'

import type { Arguments } from './calls.ts'
import { calls } from './calls.ts'
import type { Operation } from './document.ts'
import { documentBelowV1, documentedArguments, operationsOf } from './document.ts'
import { startPrism } from './prism.ts'

const document = documentBelowV1()
const operations = operationsOf(document)
const mock = await startPrism(document)
afterAll(() => mock[Symbol.asyncDispose]())

const location = String(document.components.headers['Location']!.example)

/** Responses of Prism that are not in any example. */
const madeUp = [
  {
    header: 'MS-ContinuationToken',
    reason:
      'Prism sends every header that a response may have, and this one would mean that there is always another page.',
  },
]

test.each(operations)('the client reads each documented success of $operationId', async (operation) => {
  const statuses = Object.keys(operation.responses).filter((status) => status.startsWith('2'))
  expect(statuses).toHaveLength(1)
  for (const status of statuses) {
    const examples = examplesOf(operation, status)
    // Only the update of a device has a body without an example; Prism generates one.
    for (const [name, expected] of examples.length > 0 ? examples : [[undefined, undefined]]) {
      const result = await call(operation, status, name)
      if (status === '204') expect(result).toBeUndefined()
      else if (status === '202') expect(result).toEqual(expect.objectContaining(parseBatchLocation(location)))
      else if (expected === undefined) expect(result).toHaveProperty('id')
      else expect(result).toEqual(Array.isArray(result) ? (expected as { items: unknown }).items : expected)
    }
  }
})

test.each(operations)('the client reads each documented error of $operationId', async (operation) => {
  const statuses = Object.keys(operation.responses).filter((status) => /^[45]\d\d$/.test(status))
  const examples = statuses.flatMap((status) =>
    examplesOf(operation, status).map(([name, fault]) => ({ status, name, fault: fault as Fault })),
  )
  expect(examples.length).toBeGreaterThan(0)
  for (const { status, name, fault } of examples) {
    const error: unknown = await call(operation, status, name).catch((reason: unknown) => reason)
    expect(error, name).toMatchObject({
      code: 'api',
      status: Number(status),
      description: fault.description ?? fault.message,
      ...(fault.code !== undefined && { serviceCode: String(fault.code) }),
      ...(fault.data && fault.data.length > 0 && { data: fault.data }),
      ...(fault.source && { source: fault.source }),
      ...(status === '429' && { retryAfterMs: 57_000 }),
    })
  }
})

test('the mock refuses a request that violates the document', async () => {
  const create = operations.find(({ operationId }) => operationId === 'createPolicy')!
  const withoutSettings = JSON.stringify({ name: 'Kiosk', category: 'o_o_b_e' })
  await expect(call(create, '200', undefined, withoutSettings)).rejects.toMatchObject({ status: 400 })
})

interface Fault {
  code?: number | string
  description?: string
  message?: string
  data?: unknown[]
  source?: string
}

function examplesOf({ responses }: Operation, status: string): [name: string, value: unknown][] {
  const examples = responses[status]?.content?.['application/json']?.examples ?? {}
  return Object.entries(examples).map(([name, { value }]) => [name, value])
}

/** Makes the call with the document's own request, or `sent`, and requests this example of this status from the mock. */
async function call(
  operation: Operation,
  status: string,
  example: string | undefined,
  sent?: string,
): Promise<unknown> {
  const given = documentedArguments(operation) as unknown as Arguments & { customerId?: string }
  // Requests about the partner itself contain no customer ID.
  const { customerId = documentedUpload.customerId } = status === '202' ? parseBatchLocation(location) : given
  const partner = createPartnerCenter({
    baseUrl: mock.baseUrl,
    credential: () => 'any-token',
    retry: false,
    async fetch(input, init) {
      const request = new Request(input, sent === undefined ? init : { ...init, body: sent })
      request.headers.set('Prefer', `code=${status}${example === undefined ? '' : `, example=${example}`}`)
      const answer = await fetch(request)
      const headers = new Headers(answer.headers)
      for (const { header } of madeUp) headers.delete(header)
      return new Response(answer.body, { status: answer.status, headers })
    },
  })
  return await calls[operation.operationId](partner.customers.byId(customerId), given, partner)
}
