/** The same through `partner.api` and the bare fetch, which resolve with the response of the service. */
import type { FaultCase } from '../fault-case.ts'
import {
  connectionError,
  customerId,
  finished,
  responseError,
  statusPath,
  batchTrackingId,
} from '../fault-case.ts'
import { answer, cut, reset } from '../replies.ts'

type Call = Extract<FaultCase['call'], (...doors: never[]) => unknown>

const get: Call = async ({ partner }) => {
  const { data, error, response } = await partner.api.GET(
    '/customers/{customerId}/batchJobStatus/{batchTrackingId}',
    { params: { path: { customerId, batchTrackingId } } },
  )
  return { data, error, status: response.status }
}

const remove: Call = async ({ partner }) => {
  const { data, error, response } = await partner.api.DELETE(
    '/customers/{customerId}/deviceBatches/{batchId}/devices/{deviceId}',
    { params: { path: { customerId, batchId: 'Front desk', deviceId: 'device 1?' } } },
  )
  return { data, error, status: response.status }
}

const update: Call = async ({ partner }) => {
  const { error, response } = await partner.api.PATCH('/customers/{customerId}/DevicePolicyUpdates', {
    params: { path: { customerId } },
    body: { attributes: { objectType: 'DevicePolicyUpdateRequest' }, devices: [] },
  })
  return { error, status: response.status }
}

const bare: Call = async ({ partnerFetch }) => {
  const response = await partnerFetch(statusPath)
  return { status: response.status, hasBody: response.body !== null, text: await response.text() }
}

const fault = { code: 1000, description: 'Not found.' }

export const apiCases: FaultCase[] = [
  {
    name: 'partner.api: 503, then the response',
    script: [answer(503), answer(200, finished)],
    call: get,
    requests: 2,
    waits: ['server-error'],
    gives: { data: finished, error: undefined, status: 200 },
  },
  {
    name: 'partner.api: a fault becomes the error',
    script: [answer(404, fault)],
    call: get,
    requests: 1,
    gives: { data: undefined, error: fault, status: 404 },
  },
  ...[400, 500].map((status): FaultCase => ({
    name: `partner.api: ${status} without a body still has an error`,
    script: [answer(status)],
    call: get,
    options: { retry: false },
    requests: 1,
    gives: { data: undefined, error: { statusCode: status, message: 'The response had no body.' }, status },
  })),
  {
    name: 'partner.api: an HTML page with 502 becomes the error, as text',
    script: [answer(502, '<html></html>')],
    call: get,
    options: { retry: false },
    requests: 1,
    gives: { data: undefined, error: '<html></html>', status: 502 },
  },
  {
    name: 'partner.api: an HTML page with 200 is a ResponseError',
    script: [answer(200, '<html></html>')],
    call: get,
    requests: 1,
    fails: responseError(200, { isRetryable: true }),
  },
  {
    name: 'partner.api: a byte order mark is accepted',
    script: [answer(200, '\uFEFF' + JSON.stringify(finished))],
    call: get,
    requests: 1,
    gives: { data: finished, error: undefined, status: 200 },
  },
  {
    name: 'partner.api: no response is a ConnectionError',
    script: [reset()],
    call: get,
    requests: 4,
    waits: ['no-answer', 'no-answer', 'no-answer'],
    fails: connectionError(4),
  },
  {
    name: 'DELETE is retried like GET, because it is idempotent',
    script: [answer(503), reset(), answer(500), answer(204)],
    call: remove,
    requests: 4,
    waits: ['server-error', 'no-answer', 'server-error'],
    gives: { data: undefined, error: undefined, status: 204 },
  },
  {
    name: 'DELETE without a response is ambiguous',
    script: [reset()],
    call: remove,
    requests: 4,
    waits: ['no-answer', 'no-answer', 'no-answer'],
    fails: connectionError(4, { isAmbiguous: true }),
  },
  {
    name: 'PATCH is retried once, like POST',
    script: [answer(503), answer(503), answer(200)],
    call: update,
    requests: 2,
    waits: ['server-error'],
    gives: { error: { statusCode: 503, message: 'The response had no body.' }, status: 503 },
  },
  {
    name: 'the bare fetch resolves with an error status',
    script: [answer(404, 'Not found.')],
    call: bare,
    requests: 1,
    gives: { status: 404, hasBody: true, text: 'Not found.' },
  },
  ...[204, 205, 304].map((status): FaultCase => ({
    name: `the bare fetch resolves with ${status} and no body`,
    script: [answer(status)],
    call: bare,
    requests: 1,
    gives: { status, hasBody: false, text: '' },
  })),
  {
    name: 'the bare fetch resolves with the complete body or not at all',
    script: [cut(200, 'whole body', { after: 4, ending: 'reset' }), answer(200, 'whole body')],
    call: bare,
    requests: 2,
    waits: ['no-answer'],
    gives: { status: 200, hasBody: true, text: 'whole body' },
  },
]
