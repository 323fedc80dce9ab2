/** Error bodies as they come over the connection: compressed, in parts, without an end, or broken off. */
import { gzipSync } from 'node:zlib'

import type { ExpectedError, FaultCase } from '../fault-case.ts'
import { apiError, finished, token } from '../fault-case.ts'
import type { Reply } from '../fault-server.ts'
import { answer, chunked, cut, flood, untilClose } from '../replies.ts'

const fault = { code: 1000, description: 'The customer was not found.', data: [], source: 'PartnerFD' }
const told = { serviceCode: '1000', description: 'The customer was not found.', source: 'PartnerFD' }

const says = (name: string, status: number, reply: Reply, details: Partial<ExpectedError>): FaultCase => ({
  name,
  script: [reply],
  options: { retry: false },
  requests: 1,
  fails: apiError(status, details),
})

export const errorBodyCases: FaultCase[] = [
  says("the API's fault", 404, answer(404, fault), told),
  says(
    'a gzipped fault',
    404,
    answer(404, gzipSync(JSON.stringify(fault)), { 'Content-Encoding': 'gzip' }),
    told,
  ),
  says('a fault in chunks of one byte', 404, chunked(404, fault, 1), told),
  says('a fault of HTTP/1.0', 404, untilClose(404, fault), told),
  {
    name: 'a chunked fault of 100 MB that is not read to its end',
    script: [flood(404, { total: 100 * 1024 * 1024, part: 1024 * 1024, pauseMs: 0 })],
    call: ({ partnerFetch }) =>
      partnerFetch('/customers').then(async (response) => (await response.text()).length),
    requests: 1,
    gives: 64 * 1024,
  },
  {
    name: 'a hundred megabytes of gzipped zeros',
    script: [answer(500, gzipSync(Buffer.alloc(100 * 1024 * 1024)), { 'Content-Encoding': 'gzip' })],
    call: ({ partnerFetch }) =>
      partnerFetch('/customers').then(async (response) => (await response.text()).length),
    options: { retry: false },
    requests: 1,
    gives: 64 * 1024,
  },
  says(
    'a fault with the token in its body and headers',
    404,
    answer(404, { ...fault, data: [token(1)] }, { 'MS-ServerId': token(1), 'MS-CV': `cv.${token(1)}` }),
    { ...told, data: ['[redacted]'], serverId: '[redacted]', cv: 'cv.[redacted]' },
  ),
  {
    name: 'a fault that is cut off, then the response',
    script: [cut(404, fault, { after: 20, ending: 'reset' }), answer(200, finished)],
    requests: 2,
    waits: ['no-answer'],
    gives: finished,
  },
  {
    name: 'a fault that stalls, then the response',
    script: [cut(503, fault, { after: 20, ending: 'stall' }), answer(200, finished)],
    options: { attemptTimeoutMs: 20_000 },
    requests: 2,
    waits: ['no-answer'],
    gives: finished,
  },
]
