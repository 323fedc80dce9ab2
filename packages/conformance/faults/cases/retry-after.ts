/** How long the service asks the caller to wait: every form, on every retryable status. */
import type { ExpectedWait, FaultCase } from '../fault-case.ts'
import { apiError, finished } from '../fault-case.ts'
import type { Reply } from '../fault-server.ts'
import { answer } from '../replies.ts'

const good = answer(200, finished)
const date = 'Tue, 21 Jul 2020 04:10:58 GMT'
const sentence = { statusCode: 429, message: 'Rate limit is exceeded. Try again in 57 seconds.' }

/** The test checks the chosen wait, then aborts it. */
const asked = (name: string, reply: Reply, wait: ExpectedWait): FaultCase => ({
  name: `${name}: the wait is that long`,
  script: [reply, good],
  requests: 1,
  abortAtWait: 1,
  waits: [wait],
})

const forMs = (delayMs: number, orLess = 0): ExpectedWait => ({ reason: 'retry-after', delayMs, orLess })
const after = (value: string | string[], rest = {}): Reply =>
  answer(503, '', { 'Retry-After': value, ...rest })

/** The requested wait cannot be understood, so our own backoff applies. */
const notUnderstood = (name: string, reply: Reply, wait: ExpectedWait = 'server-error'): FaultCase => ({
  name: `${name}: our own backoff`,
  script: [reply, good],
  requests: 2,
  waits: [wait],
  gives: finished,
})

const beyond = (name: string, reply: Reply, status: number, retryAfterMs: number, rest = {}): FaultCase => ({
  name: `${name}: beyond the call timeout, so the call fails immediately and reports the wait`,
  script: [reply, good],
  requests: 1,
  fails: apiError(status, { isRetryable: true, retryAfterMs, ...rest }),
})

const now = (name: string, reply: Reply): FaultCase => ({
  name: `${name}: no wait`,
  script: [reply, good],
  requests: 2,
  waits: [forMs(0)],
  gives: finished,
})

export const retryAfterCases: FaultCase[] = [
  ...[408, 429, 500, 502, 503, 504].map((status) =>
    asked(`57 seconds on ${status}`, answer(status, '', { 'Retry-After': '57' }), forMs(57_000)),
  ),
  {
    name: 'a wait of one second is honored, although our own backoff is limited to 4 ms',
    script: [answer(429, '', { 'Retry-After': '1' }), good],
    requests: 2,
    waits: [forMs(1_000)],
    gapMs: 1_000,
    gives: finished,
  },
  {
    name: 'our own backoff continues where it was after a requested wait',
    script: [answer(503), after('0'), answer(503), good],
    requests: 4,
    waits: ['server-error', forMs(0), 'server-error'],
    gives: finished,
  },
  asked(
    'an HTTP-date, measured from the Date of the response',
    after('Tue, 21 Jul 2020 04:11:28 GMT', { Date: date }),
    forMs(30_000),
  ),
  asked('an HTTP-date of RFC 850', after('Tuesday, 21-Jul-20 04:11:28 GMT', { Date: date }), forMs(30_000)),
  asked('an HTTP-date of asctime', after('Tue Jul 21 04:11:28 2020', { Date: date }), forMs(30_000)),
  asked(
    'an HTTP-date without a Date, measured from our own clock',
    ({ request, ...turn }) => after(new Date(Date.now() + 60_000).toUTCString())({ request, ...turn }),
    forMs(60_000, 5_000),
  ),
  asked(
    'an HTTP-date and a Date that cannot be read, measured from our own clock',
    (turn) => after(new Date(Date.now() + 60_000).toUTCString(), { Date: 'today' })(turn),
    forMs(60_000, 5_000),
  ),
  asked('a fraction of seconds', after('30.5'), forMs(30_500)),
  asked('blanks around it', after('  57  '), forMs(57_000)),
  asked('the same value twice', after(['30', '30']), forMs(30_000)),
  asked('two values in one header', after('2, 30'), forMs(30_000)),
  asked('two headers, the first larger', after(['30', '1']), forMs(30_000)),
  asked('a value and text', after(['soon', '30']), forMs(30_000)),
  asked(
    'a value and an HTTP-date that is later',
    after(['5', 'Tue, 21 Jul 2020 04:11:28 GMT'], { Date: date }),
    forMs(30_000),
  ),
  asked('a plus sign before the number', after('+30'), forMs(30_000)),
  now('zero seconds', after('0')),
  now('an HTTP-date in the past', after('Tue, 21 Jul 2020 04:10:00 GMT', { Date: date })),
  now('an HTTP-date in the distant past', after('Thu, 01 Jan 1970 00:00:00 GMT')),
  beyond('an hour', after('3600'), 503, 3_600_000),
  beyond('a million years', after('31556952000000'), 503, Number.MAX_SAFE_INTEGER),
  beyond('a number that is too large', after('9'.repeat(400)), 503, Number.MAX_SAFE_INTEGER),
  beyond(
    'an HTTP-date an hour ahead',
    after('Tue, 21 Jul 2020 05:10:58 GMT', { Date: date }),
    503,
    3_600_000,
  ),
  beyond(
    'an HTTP-date in the year 9999',
    after('Fri, 31 Dec 9999 23:59:59 GMT', { Date: date }),
    503,
    Date.UTC(9999, 11, 31, 23, 59, 59) - Date.parse(date),
  ),
  {
    name: 'a wait of exactly the remaining time is too long',
    script: [after('50'), good],
    options: { timeoutMs: 50_000 },
    requests: 1,
    fails: apiError(503, { isRetryable: true, retryAfterMs: 50_000 }),
  },
  {
    name: 'no retries: the error reports how long to wait',
    script: [after('57'), good],
    options: { retry: false },
    requests: 1,
    fails: apiError(503, { isRetryable: true, retryAfterMs: 57_000 }),
  },
  {
    name: 'the last of four attempts: the error reports how long to wait',
    script: [answer(503), answer(503), answer(503), after('57')],
    requests: 4,
    waits: ['server-error', 'server-error', 'server-error'],
    fails: apiError(503, { isRetryable: true, retryAfterMs: 57_000, attempts: 4 }),
  },
  {
    name: 'a 404 with Retry-After is not retried, and the error reports the wait',
    script: [answer(404, '', { 'Retry-After': '57' }), good],
    requests: 1,
    fails: apiError(404, { retryAfterMs: 57_000 }),
  },
  notUnderstood('a negative number', after('-5')),
  notUnderstood('two signs', after('--5')),
  notUnderstood('words', after('soon')),
  notUnderstood('an empty value', after('')),
  notUnderstood('two text values', after(['soon', 'later'])),
  notUnderstood('two values in one that are not a list', after('1 2')),
  notUnderstood('a hexadecimal number', after('0x10')),
  notUnderstood('an exponent', after('1e3')),
  notUnderstood('a unit', after('57s')),
  notUnderstood('Infinity', after('Infinity')),
  notUnderstood('an ISO date', after('2999-01-01T00:00:00Z')),
  notUnderstood('an HTTP-date with an offset', after('Tue, 21 Jul 2020 04:11:28 +0200', { Date: date })),
  notUnderstood('a day that does not exist', after('Tue, 41 Jul 2020 04:11:28 GMT')),
  notUnderstood('no header', answer(503)),
  notUnderstood('no header on 429', answer(429), 'throttled'),
  asked("the gateway's sentence without a header", answer(429, sentence), forMs(57_000)),
  asked(
    "the gateway's sentence for one second",
    answer(429, { message: 'Try again in 1 second.' }),
    forMs(1_000),
  ),
  asked("the gateway's sentence as plain text", answer(429, sentence.message), forMs(57_000)),
  asked('a header beside the sentence', answer(429, sentence, { 'Retry-After': '30' }), forMs(30_000)),
  notUnderstood("the gateway's sentence on a 503", answer(503, sentence)),
  beyond(
    "the gateway's sentence with an hour in it",
    answer(429, { message: 'Try again in 3600 seconds.' }),
    429,
    3_600_000,
    { description: 'Try again in 3600 seconds.' },
  ),
]
