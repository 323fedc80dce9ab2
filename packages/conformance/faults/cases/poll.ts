/** Waiting for an upload: what a later poll can fix, and what it cannot. */
import type { FaultCase } from '../fault-case.ts'
import { apiError, customerId, finished, processing, responseError, waited } from '../fault-case.ts'
import type { Reply } from '../fault-server.ts'
import { answer, bytes, cut, hangUp, reset, silence } from '../replies.ts'

const good = answer(200, finished)
const running = answer(200, processing)

/** A poll that fails makes one request, and the next poll is its retry. */
const survived = (name: string, reply: Reply, rest: Partial<FaultCase> = {}): FaultCase => ({
  name: `a wait continues after ${name}`,
  script: [running, reply, good],
  call: 'wait',
  requests: 3,
  waits: ['poll', 'poll'],
  gives: waited,
  ...rest,
})

const ended = (name: string, reply: Reply, fails: FaultCase['fails'] & {}): FaultCase => ({
  name: `a wait ends immediately with ${name}`,
  script: [running, reply, good],
  call: 'wait',
  requests: 2,
  waits: ['poll'],
  fails,
})

export const pollCases: FaultCase[] = [
  {
    name: 'a wait ends when the batch finishes',
    script: [answer(200, { ...processing, status: 'queued' }), running, running, running, good],
    call: 'wait',
    requests: 5,
    waits: ['poll', 'poll', 'poll', 'poll'],
    gives: waited,
  },
  ...[408, 429, 500, 502, 503, 504].map((status) => survived(`${status}`, answer(status))),
  survived('a reset', reset()),
  survived('a connection closed', hangUp()),
  survived('garbage', bytes('no HTTP at all\r\n\r\n')),
  survived('a body cut off', cut(200, finished, { after: 100, ending: 'close' })),
  survived('a body that stalls', cut(200, finished, { after: 100, ending: 'stall' }), {
    options: { attemptTimeoutMs: 20_000 },
  }),
  survived('no answer in time', silence(), { options: { attemptTimeoutMs: 20_000 } }),
  survived('a page under 200', answer(200, '<html>Sign in</html>')),
  survived('an empty answer', answer(200)),
  survived('a fault that says it may be repeated', answer(400, { code: 1, isRetryable: true })),
  survived('an unknown word', answer(200, { status: 'paused' })),
  survived('a Retry-After, which affects only the next poll', answer(429, '', { 'Retry-After': '1' }), {
    waits: ['poll', { reason: 'poll', delayMs: 1_000 }],
    gapMs: 0,
  }),
  {
    name: 'a Retry-After affects only the next poll',
    script: [running, answer(503, '', { 'Retry-After': '0.05' }), running, good],
    call: 'wait',
    requests: 4,
    waits: ['poll', { reason: 'poll', delayMs: 50 }, 'poll'],
    gives: waited,
  },
  {
    name: 'a Retry-After shorter than the interval does not shorten it',
    script: [answer(503, '', { 'Retry-After': '0' }), good],
    call: 'wait',
    waitOptions: { initialIntervalMs: 40, maxIntervalMs: 40 },
    requests: 2,
    waits: ['poll'],
    gapMs: 36,
    gives: waited,
  },
  ...[400, 401, 403, 404, 410, 501].map((status) => ended(`${status}`, answer(status), apiError(status))),
  ended('a redirect', answer(302, '', { Location: '{elsewhere}' }), responseError(302)),
  ended(
    'a fault with 200',
    answer(200, { code: 2000, description: 'No.' }),
    apiError(200, { serviceCode: '2000', description: 'No.' }),
  ),
  ended(
    'a fault that says it is not retryable',
    answer(503, { code: 1, isRetryable: false }),
    apiError(503, { serviceCode: '1' }),
  ),
  {
    name: 'a wait continues after the status of another upload, and uses nothing from it',
    script: [running, answer(200, { ...finished, batchTrackingId: customerId }), good],
    call: 'wait',
    requests: 3,
    waits: ['poll', 'poll'],
    gives: waited,
  },
  {
    name: 'a wait that only gets the status of another upload fails with that',
    script: [answer(200, { ...finished, batchTrackingId: customerId })],
    call: 'wait',
    waitOptions: { maxFailures: 2 },
    requests: 2,
    waits: ['poll'],
    fails: responseError(200, { isRetryable: true }),
    says: /expected the status of upload 0127ed8e-ff72-4983-a3d8-e8d8bd378932, got that of/,
  },
]
