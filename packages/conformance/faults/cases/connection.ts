/** The connection, and everything received before the body. */
import type { FaultCase } from '../fault-case.ts'
import { connectionError, finished, responseError, retry, timeoutError } from '../fault-case.ts'
import { andHangUp, answer, bytes, hangUp, reset, silence, slowly } from '../replies.ts'

const good = answer(200, finished)
const wire = (text: string): string => text.replaceAll('\n', '\r\n')
const body = JSON.stringify(finished)
const length = Buffer.byteLength(body)
const noAnswer = ['no-answer', 'no-answer', 'no-answer'] as const

/** Bytes that are never a response, no matter how often the request is sent. */
const never = (name: string, text: string | Uint8Array): FaultCase => ({
  name: `${name} is not a response: tried four times`,
  script: [bytes(text)],
  requests: 4,
  waits: noAnswer,
  fails: connectionError(4),
})

export const connectionCases: FaultCase[] = [
  {
    name: 'a refused connection, and no retries',
    script: [good],
    refusedAtFirst: true,
    // The server would start listening at the first wait, but there is none.
    options: { retry: false },
    requests: 0,
    fails: connectionError(1),
    says: /ECONNREFUSED/,
  },
  {
    name: 'a refused connection, then an accepted one',
    script: [good],
    refusedAtFirst: true,
    options: { retry: { baseDelayMs: 60, maxDelayMs: 60 } },
    requests: 1,
    waits: ['no-answer'],
    gives: finished,
  },
  {
    name: 'a reset before the response, then the response',
    script: [reset(), good],
    requests: 2,
    waits: ['no-answer'],
    gives: finished,
  },
  {
    name: 'three resets, then the response',
    script: [reset(), reset(), reset(), good],
    requests: 4,
    waits: noAnswer,
    gives: finished,
  },
  {
    name: 'a reset before every response',
    script: [reset()],
    requests: 4,
    waits: noAnswer,
    fails: connectionError(4),
  },
  {
    name: 'a connection closed before the response, then the response',
    script: [hangUp(), good],
    requests: 2,
    waits: ['no-answer'],
    gives: finished,
  },
  {
    name: 'a reset within the status line',
    script: [bytes('HTTP/1.1 20', 'reset'), good],
    requests: 2,
    waits: ['no-answer'],
    gives: finished,
  },
  {
    name: 'a reset within the headers',
    script: [bytes(wire('HTTP/1.1 200 OK\nContent-Ty'), 'reset'), good],
    requests: 2,
    waits: ['no-answer'],
    gives: finished,
  },
  {
    name: 'a connection closed within the headers',
    script: [bytes(wire('HTTP/1.1 200 OK\nContent-Type: application/json\n')), good],
    requests: 2,
    waits: ['no-answer'],
    gives: finished,
  },
  {
    name: 'a connection that ends after the response without announcing it',
    script: [andHangUp(answer(503)), andHangUp(good)],
    requests: 2,
    waits: ['server-error'],
    gives: finished,
  },
  {
    name: 'no response within the attempt timeout, then the response',
    script: [silence(), good],
    options: { attemptTimeoutMs: 20_000 },
    requests: 2,
    waits: ['no-answer'],
    gives: finished,
  },
  {
    name: 'never a response: the attempt timeout ends each of four',
    script: [silence()],
    options: { attemptTimeoutMs: 20_000 },
    requests: 4,
    waits: noAnswer,
    fails: timeoutError(4),
    says: /attemptTimeoutMs/,
  },
  {
    name: 'never a response: the call timeout ends it',
    script: [silence()],
    options: { timeoutMs: 50_000 },
    requests: 1,
    fails: timeoutError(1),
    says: /exceeded `timeoutMs` \(50000 ms/,
  },
  {
    name: 'never a response: the timeout of this one call ends it',
    script: [silence()],
    callOptions: { timeoutMs: 50_000 },
    requests: 1,
    fails: timeoutError(1),
    says: /exceeded `timeoutMs` \(50000 ms/,
  },
  {
    name: 'never a response, and no retries',
    script: [silence()],
    options: { attemptTimeoutMs: 20_000, retry: false },
    requests: 1,
    fails: timeoutError(1),
  },
  {
    name: 'headers that stop midway are not a response',
    script: [bytes(wire('HTTP/1.1 200 OK\nContent-Type'), 'stall'), good],
    options: { attemptTimeoutMs: 20_000 },
    requests: 2,
    waits: ['no-answer'],
    gives: finished,
  },
  {
    name: 'a response in forty slow pieces, within the timeout',
    script: [slowly(200, finished, 40, 3)],
    requests: 1,
    gives: finished,
  },
  {
    name: 'a response in slow pieces, beyond the timeout: a piece does not restart the timeout',
    script: [slowly(200, finished, 40, 3, true)],
    options: { attemptTimeoutMs: 20_000, retry: { ...retry, limit: 1 } },
    requests: 2,
    waits: ['no-answer'],
    fails: timeoutError(2),
  },
  {
    name: 'garbage, then the response',
    script: [bytes('220 mail.example ESMTP ready\r\n'), good],
    requests: 2,
    waits: ['no-answer'],
    gives: finished,
  },
  never('the greeting of a mail server', '220 mail.example ESMTP ready\r\n'),
  never('a TLS alert', new Uint8Array([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28])),
  never('a hundred thousand zero bytes', new Uint8Array(100_000)),
  never('a status line of another protocol', wire(`HTTP/2 200 \nContent-Length: ${length}\n\n${body}`)),
  never('a status that is a word', wire(`HTTP/1.1 fine\nContent-Length: ${length}\n\n${body}`)),
  never('a header without a colon', wire(`HTTP/1.1 200 OK\nthis is not a header\n\n${body}`)),
  never('headers of a megabyte', wire(`HTTP/1.1 200 OK\nX-Much: ${'x'.repeat(1_000_000)}\n\n`)),
  never(
    'two lengths that differ',
    wire(`HTTP/1.1 200 OK\nContent-Length: 3\nContent-Length: ${length}\n\n${body}`),
  ),
  never('a length that is a word', wire(`HTTP/1.1 200 OK\nContent-Length: long\n\n${body}`)),
  never('a protocol switch', wire('HTTP/1.1 101 Switching Protocols\nUpgrade: h2c\nConnection: Upgrade\n\n')),
  {
    name: 'ten kilobytes of headers are accepted',
    script: [answer(200, finished, { 'X-Much': 'x'.repeat(10_000) })],
    requests: 1,
    gives: finished,
  },
  {
    name: 'early hints before the response are ignored',
    script: [
      bytes(
        wire(
          `HTTP/1.1 103 Early Hints\nLink: </x>; rel=preload\n\nHTTP/1.1 200 OK\nContent-Length: ${length}\n\n${body}`,
        ),
      ),
    ],
    requests: 1,
    gives: finished,
  },
  {
    name: 'a response without a reason phrase',
    script: [bytes(wire(`HTTP/1.1 200\nContent-Length: ${length}\n\n${body}`))],
    requests: 1,
    gives: finished,
  },
  {
    name: 'junk after the response does not affect it',
    script: [bytes(wire(`HTTP/1.1 200 OK\nContent-Length: ${length}\n\n${body}\nHTTP/1.1 200 OK\nContent-`))],
    requests: 1,
    gives: finished,
  },
  {
    name: 'a status that does not exist in HTTP is returned, but has no meaning',
    script: [answer(999, 'Request denied')],
    requests: 1,
    fails: responseError(999),
  },
  {
    name: 'a status that does not exist in HTTP, with the bare fetch',
    script: [answer(999, 'Request denied')],
    call: ({ partnerFetch }) => partnerFetch('/customers'),
    requests: 1,
    fails: responseError(999),
  },
]
