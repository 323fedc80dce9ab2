/** The body of a success. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'

import type { FaultCase } from '../fault-case.ts'
import { connectionError, finished, responseError, timeoutError } from '../fault-case.ts'
import { answer, bytes, chunked, cut, slowly, untilClose } from '../replies.ts'

const good = answer(200, finished)
const text = JSON.stringify(finished)
const gzipped = gzipSync(text)
const broken = Buffer.from(gzipped).fill(0xff, 20, 60)
const noAnswer = ['no-answer', 'no-answer', 'no-answer'] as const
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

const large = {
  ...finished,
  devicesStatus: Array.from({ length: 20_000 }, (_, index) => ({
    serialNumber: `S${index}`,
    status: 'finished',
  })),
}

export const bodyCases: FaultCase[] = [
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
  taken('a response with 20,000 devices', answer(200, large), large),
  taken(
    'text that is not UTF-8',
    answer(200, Buffer.from('{"status":"finished","startedTime":"\xff"}', 'latin1')),
    { status: 'finished', startedTime: '\uFFFD' },
  ),
  refused('an empty body', answer(200)),
  refused('204', answer(204), 204),
  refused('205', answer(205), 205),
  refused('a truncated HTTP/1.0 body', bytes(`HTTP/1.0 200 OK\r\n\r\n${text.slice(0, 100)}`)),
  refused('a gzip body without its header', answer(200, gzipped, json)),
  refused('half a gzip body', answer(200, gzipped.subarray(0, 100), { 'Content-Encoding': 'gzip' })),
]
