/** What goes wrong with each attempt of each call of a storm, and the expected result: both depend only on the numbers. */
import { gzipSync } from 'node:zlib'

import { seededRandom } from '../shared/seeded-random.ts'
import { finished, statusPath } from './fault-case.ts'
import type { Reply, SeenRequest } from './fault-server.ts'
import { answer, bytes, chunked, cut, flood, hangUp, reset, silence } from './replies.ts'

/** A fault, and how a client must react to it. */
interface StormFault {
  reply: Reply
  /** The status that an `ApiError` or `ResponseError` of it carries; absent when there is no response. */
  status?: number
  /** Whether it is retryable. */
  isTransient: boolean
  code: 'api' | 'connection' | 'timeout' | 'response'
}

const noAnswer = (reply: Reply, code: StormFault['code'] = 'connection'): StormFault => ({
  reply,
  isTransient: true,
  code,
})
const notNow = (status: number, reply: Reply = answer(status)): StormFault => ({
  reply,
  status,
  isTransient: true,
  code: 'api',
})
const final = (code: 'api' | 'response', status: number, reply: Reply = answer(status)): StormFault => ({
  reply,
  status,
  isTransient: false,
  code,
})

const text = JSON.stringify(finished)
const page = '<html><body>Sign in to the guest network</body></html>'
const fault = { code: 1000, description: 'The customer was not found.', source: 'PartnerFD' }

const swift: StormFault[] = [
  noAnswer(reset()),
  noAnswer(hangUp()),
  noAnswer(bytes('HTTP/1.1 200 OK\r\nContent-Ty', 'reset')),
  noAnswer(bytes('220 mail.example ESMTP ready\r\n')),
  noAnswer(bytes(`HTTP/1.1 200 OK\r\nX-Much: ${'x'.repeat(40_000)}\r\n\r\n`)),
  noAnswer(bytes('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nfour')),
  noAnswer(cut(200, finished, { after: 100, ending: 'close' })),
  noAnswer(cut(200, finished, { after: 0, ending: 'reset' })),
  noAnswer(cut(200, finished, { after: 100, ending: 'reset', chunked: true })),
  noAnswer(answer(200, text, { 'Content-Encoding': 'gzip' })),
  notNow(408),
  notNow(429),
  notNow(429, answer(429, fault, { 'Retry-After': '0' })),
  notNow(500, chunked(500, fault, 10)),
  notNow(502, answer(502, page)),
  notNow(503, answer(503, '', { 'Retry-After': 'Thu, 01 Jan 1970 00:00:00 GMT' })),
  notNow(504, answer(504, gzipSync(page), { 'Content-Encoding': 'gzip' })),
  final('api', 503, answer(503, '', { 'Retry-After': '86400' })),
  final('api', 400, answer(400, fault)),
  final('api', 401, answer(401, 'Authentication failed. MFA required. (10001)')),
  final('api', 404, flood(404, { total: 1024 * 1024, part: 128 * 1024, pauseMs: 0 })),
  final('api', 200, answer(200, fault)),
  final('response', 302, answer(302, '', { Location: '{elsewhere}' })),
  final('response', 200, answer(200, page)),
  final('response', 200, answer(200, text.slice(0, 60))),
  final('response', 204),
]
const slow: StormFault[] = [
  noAnswer(silence(), 'timeout'),
  noAnswer(cut(200, finished, { after: 100, ending: 'stall' }), 'timeout'),
]

/** How a call of the storm is made. */
type StormCall = 'read by edge' | 'read by client' | 'create'
export const callOf = (call: number): StormCall =>
  (['read by edge', 'read by client', 'create'] as const)[call % 3]!

/** What the program is told when an attempt of a call gets no response, or no more of it. */
export interface SilentCall {
  /** The request ID of the call. */
  silent: string
  isResponding: boolean
}

/** The `MS-RequestId` of a call: its number, in the form of a GUID. */
export const requestIdOf = (call: number): string =>
  `00000000-0000-4000-8000-${call.toString(16).padStart(12, '0')}`

/** Thirty of a hundred attempts fail. */
function faultAt(call: number, attempt: number, withSlow: boolean): StormFault | undefined {
  const faults = withSlow ? [...swift, ...slow] : swift
  const random = seededRandom((call * 64 + attempt) * 0x9e3779b1)()
  return random < 0.3 ? faults[Math.floor((random / 0.3) * faults.length)] : undefined
}

/** What a server does with the requests of a storm; `withSlow` includes the responses that never arrive. */
export function stormReplies(withSlow: () => boolean): (request: SeenRequest) => Reply {
  const attempts = new Map<number, number>()
  return ({ method, headers }) => {
    const call = Number.parseInt(headers['ms-requestid']!.slice(-12), 16)
    const attempt = (attempts.get(call) ?? 0) + 1
    attempts.set(call, attempt)
    const good = method === 'POST' ? answer(202, '', { Location: statusPath }) : answer(200, finished)
    return faultAt(call, attempt, withSlow())?.reply ?? good
  }
}

/** The expected result of a call: `'ok'`, or its error. Derived from the documented behavior, not from the code. */
export function expectedOf(call: number, withSlow: boolean): string {
  const isWrite = callOf(call) === 'create'
  let unsure = 0
  for (let attempt = 1; ; attempt++) {
    const fault = faultAt(call, attempt, withSlow)
    if (!fault) return 'ok'
    const { code, status, isTransient } = fault
    const mayBeDone = isWrite && (isTransient ? status !== 429 : status === 503)
    const isLast = !isTransient || attempt === 4 || (mayBeDone && unsure > 0)
    if (mayBeDone) unsure++
    // A successful response to an upload without a tracking ID may be ambiguous.
    const isAmbiguous = unsure > 0 || (isWrite && code === 'response' && status !== 302)
    if (isLast) return outcomeOf({ code, status, attempts: attempt, isAmbiguous })
  }
}

export function outcomeOf(error: {
  code: string
  status?: unknown
  attempts?: unknown
  isAmbiguous: boolean
}): string {
  const { code, status, attempts, isAmbiguous } = error
  return `${code} ${status as number | undefined} after ${attempts as number} attempts${isAmbiguous ? ', uncertain' : ''}`
}
