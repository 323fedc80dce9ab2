/** Every error status, and which of them are retried. */
import type { FaultCase } from '../fault-case.ts'
import { apiError, connectionError, finished, responseError } from '../fault-case.ts'
import { answer } from '../replies.ts'

const good = answer(200, finished)

/** "Not now": 408, 429, 500, 502, 503 and 504. */
const retried = [408, 429, 500, 502, 503, 504]
const final = [
  400, 402, 403, 404, 405, 406, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 422, 423, 424, 425, 426,
  428, 431, 451, 501, 505, 506, 507, 508, 510, 511, 599,
]
const reasonOf = (status: number) => (status === 429 ? 'throttled' : 'server-error')

export const statusCases: FaultCase[] = [
  ...retried.flatMap((status): FaultCase[] => [
    {
      name: `${status} once, then the response`,
      script: [answer(status), good],
      requests: 2,
      waits: [reasonOf(status)],
      gives: finished,
    },
    {
      name: `${status} every time: tried four times`,
      script: [answer(status)],
      requests: 4,
      waits: [reasonOf(status), reasonOf(status), reasonOf(status)],
      fails: apiError(status, { isRetryable: true, attempts: 4 }),
    },
  ]),
  ...final.map((status): FaultCase => ({
    name: `${status} is final: tried once`,
    script: [answer(status), good],
    requests: 1,
    fails: apiError(status),
  })),
  {
    name: '401 for a token that cannot be renewed is final: tried once',
    script: [answer(401), good],
    requests: 1,
    fails: apiError(401),
  },
  {
    name: '407 is a network error in every fetch (Fetch Standard, "HTTP-network-or-cache fetch"): tried four times',
    script: [answer(407)],
    requests: 4,
    waits: ['no-answer', 'no-answer', 'no-answer'],
    fails: connectionError(4),
  },
  {
    name: '421 is retried by every fetch itself (ibid.), once and invisibly: one attempt, two requests',
    script: [answer(421)],
    requests: 2,
    attempts: 1,
    fails: apiError(421),
  },
  {
    name: 'an unsolicited 304 is not a response of this API',
    script: [answer(304), good],
    requests: 1,
    fails: responseError(304),
  },
]
