/** The body of a success. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'

import type { FaultCase } from '../fault-case.ts'
import { apiError, connectionError, finished, responseError, timeoutError, token } from '../fault-case.ts'
import { answer, bytes, chunked, cut, slowly, untilClose } from '../replies.ts'

const good = answer(200, finished)
const text = JSON.stringify(finished)
const gzipped = gzipSync(text)
const broken = Buffer.from(gzipped).fill(0xff, 20, 60)
const noAnswer = ['no-answer', 'no-answer', 'no-answer'] as const
const html = '<!DOCTYPE html><html><body>Sign in to the guest network</body></html>'
const json = { 'Content-Type': 'application/json' }

const cutThenGood = (name: string, script: FaultCase['script'][number]): FaultCase => ({
  name: `${name}, then the response`,
  script: [script, good],
  requests: 2,
  waits: ['no-answer'],
  gives: finished,
})

const taken = (name: string, script: FaultCase['script'][number], gives: unknown = finished): FaultCase => ({
  name: `${name} is accepted`,
  script: [script],
  requests: 1,
  gives,
})

/** A success whose body violates the contract: the cause may be a proxy, so another call may succeed. */
const refused = (name: string, script: FaultCase['script'][number], status = 200): FaultCase => ({
  name: `${name} is not a status`,
  script: [script],
  requests: 1,
  fails: responseError(status, { isRetryable: true }),
  says: /expected BatchUploadDetails as JSON, got/,
})

const faultUnderSuccess = (name: string, body: object, details: object): FaultCase => ({
  name: `${name} with 200 is an error`,
  script: [answer(200, body)],
  requests: 1,
  fails: apiError(200, { ...details }),
})

const large = {
  ...finished,
  devicesStatus: Array.from({ length: 20_000 }, (_, index) => ({
    serialNumber: `S${index}`,
    status: 'finished',
  })),
}

export const bodyCases: FaultCase[] = [
  {
    name: 'a non-JSON body that echoes the token is not a status, and its cause contains none of it',
    script: [answer(200, `Bearer ${token(1)}`, { 'Content-Type': `text/${token(1)}` })],
    requests: 1,
    fails: responseError(200, { isRetryable: true }),
    says: /got \d+ bytes of text\/\[redacted\]\./,
  },
  cutThenGood('a body closed before its first byte', cut(200, finished, { after: 0, ending: 'close' })),
  cutThenGood('a body closed after 100 bytes', cut(200, finished, { after: 100, ending: 'close' })),
  cutThenGood('a body reset after 100 bytes', cut(200, finished, { after: 100, ending: 'reset' })),
  cutThenGood(
    'a chunked body reset midway',
    cut(200, finished, { after: 100, ending: 'reset', chunked: true }),
  ),
  cutThenGood(
    'a chunked body without the last chunk',
    cut(200, finished, { after: text.length, ending: 'close', chunked: true }),
  ),
  cutThenGood(
    'a chunk shorter than its declared size',
    bytes('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{"status":'),
  ),
  cutThenGood(
    'a chunk without a size',
    bytes('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{"status":\r\n0\r\n\r\n'),
  ),
  cutThenGood('a broken gzip body', answer(200, broken, { 'Content-Encoding': 'gzip' })),
  {
    name: 'a body that always lacks its last byte',
    script: [cut(200, finished, { after: text.length - 1, ending: 'close' })],
    requests: 4,
    waits: noAnswer,
    fails: connectionError(4),
  },
  {
    name: 'a body that is always declared as gzip but is not',
    script: [answer(200, text, { 'Content-Encoding': 'gzip' })],
    requests: 4,
    waits: noAnswer,
    fails: connectionError(4),
  },
  {
    name: 'a body that stalls midway, then the response',
    script: [cut(200, finished, { after: 100, ending: 'stall' }), good],
    options: { attemptTimeoutMs: 20_000 },
    requests: 2,
    waits: ['no-answer'],
    gives: finished,
  },
  {
    name: 'a chunked body that always stalls',
    script: [cut(200, finished, { after: 100, ending: 'stall', chunked: true })],
    options: { attemptTimeoutMs: 20_000 },
    requests: 4,
    waits: noAnswer,
    fails: timeoutError(4),
  },
  {
    name: 'a body that stalls until the call timeout',
    script: [cut(200, finished, { after: 100, ending: 'stall' })],
    options: { timeoutMs: 50_000 },
    requests: 1,
    fails: timeoutError(1),
  },
  taken('a body in chunks of one byte', chunked(200, finished, 1)),
  taken('a slow body', slowly(200, finished, 20, 5)),
  taken('an HTTP/1.0 body that ends with the connection', untilClose(200, finished)),
  taken('a gzip body', answer(200, gzipped, { 'Content-Encoding': 'gzip' })),
  taken('a gzip body in chunks', chunked(200, gzipped, 7, { 'Content-Encoding': 'gzip' })),
  taken('a deflate body', answer(200, deflateSync(text), { 'Content-Encoding': 'deflate' })),
  taken('a brotli body', answer(200, brotliCompressSync(text), { 'Content-Encoding': 'br' })),
  taken('a byte order mark', answer(200, '\uFEFF' + text, json)),
  taken(
    'a byte order mark within gzip',
    answer(200, gzipSync('\uFEFF' + text), { 'Content-Encoding': 'gzip' }),
  ),
  taken('a body without Content-Type', answer(200, text)),
  taken('a body declared as HTML', answer(200, text, { 'Content-Type': 'text/html' })),
  taken('a body with blank lines around it', answer(200, `\r\n\r\n${text}\n`)),
  taken('a status with 202', answer(202, finished)),
  taken('a response with 20,000 devices', answer(200, large), large),
  taken(
    'text that is not UTF-8',
    answer(200, Buffer.from('{"status":"finished","startedTime":"\xff"}', 'latin1')),
    { status: 'finished', startedTime: '\uFFFD' },
  ),
  taken('a response with only an unknown status value', answer(200, { status: 'paused' }), {
    status: 'paused',
  }),
  refused('an empty body', answer(200)),
  refused('204', answer(204), 204),
  refused('205', answer(205), 205),
  refused('an HTML page with 200', answer(200, html, { 'Content-Type': 'text/html' })),
  refused('an HTML page declared as JSON', answer(200, html, json)),
  refused('truncated JSON', answer(200, text.slice(0, 100), json)),
  refused('a truncated HTTP/1.0 body', bytes(`HTTP/1.0 200 OK\r\n\r\n${text.slice(0, 100)}`)),
  refused('JSON sent twice', answer(200, text + text, json)),
  refused('a gzip body without its header', answer(200, gzipped, json)),
  refused('half a gzip body', answer(200, gzipped.subarray(0, 100), { 'Content-Encoding': 'gzip' })),
  refused('null', answer(200, 'null', json)),
  refused('a number', answer(200, '42', json)),
  refused('a string', answer(200, '"finished"', json)),
  refused('a list', answer(200, [finished])),
  refused('an empty object', answer(200, {})),
  refused('a status that is not a string', answer(200, { status: 3 })),
  faultUnderSuccess(
    "the API's fault",
    {
      code: 2000,
      description: 'Tenant Id must be a GUID.',
      data: [],
      source: 'PartnerApiServiceControllers',
    },
    { serviceCode: '2000', description: 'Tenant Id must be a GUID.', source: 'PartnerApiServiceControllers' },
  ),
  faultUnderSuccess(
    "the gateway's fault",
    { statusCode: 500, message: 'Internal server error' },
    { description: 'Internal server error' },
  ),
  faultUnderSuccess(
    'a fault in an envelope',
    { error: { code: 'ServerBusy', message: 'Come back later.', isRetryable: true } },
    { serviceCode: 'ServerBusy', description: 'Come back later.', isRetryable: true },
  ),
  {
    name: 'a fault nested 20,000 levels deep with 200 is an error',
    script: [answer(200, '{"error":'.repeat(20_000) + '{}' + '}'.repeat(20_000), json)],
    requests: 1,
    fails: apiError(200, { serviceCode: 'an object' }),
  },
]
