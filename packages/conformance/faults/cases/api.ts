/** The same through `partner.api` and the bare fetch, which resolve with the response of the service. */
import type { FaultCase } from '../fault-case.ts'
import { batchTrackingId, customerId, finished, statusPath } from '../fault-case.ts'
import { answer, cut } from '../replies.ts'

type Call = Extract<FaultCase['call'], (...doors: never[]) => unknown>

const get: Call = async ({ partner }) => {
  const { data, error, response } = await partner.api.GET(
    '/customers/{customerId}/batchJobStatus/{batchTrackingId}',
    { params: { path: { customerId, batchTrackingId } } },
  )
  return { data, error, status: response.status }
}

const bare: Call = async ({ partnerFetch }) => {
  const response = await partnerFetch(statusPath)
  return { status: response.status, hasBody: response.body !== null, text: await response.text() }
}

export const apiCases: FaultCase[] = [
  {
    name: 'partner.api: an HTML page with 502 becomes the error, as text',
    script: [answer(502, '<html></html>')],
    call: get,
    options: { retry: false },
    requests: 1,
    gives: { data: undefined, error: '<html></html>', status: 502 },
  },
  {
    name: 'partner.api: a byte order mark is accepted',
    script: [answer(200, '\uFEFF' + JSON.stringify(finished))],
    call: get,
    requests: 1,
    gives: { data: finished, error: undefined, status: 200 },
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
