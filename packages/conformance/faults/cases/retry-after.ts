/** How long the service asks the caller to wait, in headers as they come over the connection. */
import type { ExpectedWait, FaultCase } from '../fault-case.ts'
import { apiError, finished } from '../fault-case.ts'
import type { Reply } from '../fault-server.ts'
import { answer } from '../replies.ts'

const good = answer(200, finished)

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
    after('Tue, 21 Jul 2020 04:11:28 GMT', { Date: 'Tue, 21 Jul 2020 04:10:58 GMT' }),
    forMs(30_000),
  ),
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
  asked('blanks around it', after('  57  '), forMs(57_000)),
  asked('the same value twice', after(['30', '30']), forMs(30_000)),
  asked('two headers, the first larger', after(['30', '1']), forMs(30_000)),
  {
    name: 'an hour: beyond the call timeout, so the call fails immediately and reports the wait',
    script: [after('3600'), good],
    requests: 1,
    fails: apiError(503, { isRetryable: true, retryAfterMs: 3_600_000 }),
  },
  {
    name: 'the last of four attempts: the error reports how long to wait',
    script: [answer(503), answer(503), answer(503), after('57')],
    requests: 4,
    waits: ['server-error', 'server-error', 'server-error'],
    fails: apiError(503, { isRetryable: true, retryAfterMs: 57_000, attempts: 4 }),
  },
  {
    name: 'an empty value: our own backoff',
    script: [after(''), good],
    requests: 2,
    waits: ['server-error'],
    gives: finished,
  },
]
