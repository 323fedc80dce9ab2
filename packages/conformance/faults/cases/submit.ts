/** An upload: sent at most twice, and reported as isAmbiguous whenever the service may have processed it. */
import type { ExpectedError, FaultCase } from '../fault-case.ts'
import {
  accepted,
  apiError,
  connectionError,
  customerId,
  newBatch,
  statusPath,
  timeoutError,
} from '../fault-case.ts'
import type { Reply } from '../fault-server.ts'
import { answer, cut, hangUp, reset, silence } from '../replies.ts'

const location = { Location: statusPath }
const good = answer(202, '', location)
const unsure = { isAmbiguous: true, attempts: 2 }

const create = (name: string, rest: Omit<FaultCase, 'name' | 'call'>): FaultCase => ({
  name: `an upload: ${name}`,
  call: 'create',
  ...rest,
})

/** A request that the service may have processed is retried once, with the same ID. */
const twice = (
  name: string,
  reply: Reply,
  reason: 'server-error' | 'no-answer',
  error: ExpectedError,
  rest = {},
) => [
  create(`${name}, then accepted`, {
    script: [reply, good],
    requests: 2,
    waits: [reason],
    gives: accepted,
    ...rest,
  }),
  create(`${name} twice: not sent a third time, and ambiguous`, {
    script: [reply],
    requests: 2,
    waits: [reason],
    fails: error,
    says: /check before resending\.$/,
    ...rest,
  }),
]

const acceptedFrom = (name: string, reply: Reply): FaultCase =>
  create(name, { script: [reply], requests: 1, gives: accepted })

export const submitCases: FaultCase[] = [
  ...[408, 500, 502, 503, 504].flatMap((status) =>
    twice(`${status}`, answer(status), 'server-error', apiError(status, { ...unsure, isRetryable: true })),
  ),
  ...twice('a reset', reset(), 'no-answer', connectionError(2, unsure)),
  ...twice('a connection closed', hangUp(), 'no-answer', connectionError(2, unsure)),
  ...twice('no response in time', silence(), 'no-answer', timeoutError(2, unsure), {
    options: { attemptTimeoutMs: 20_000 },
  }),
  create('429 three times, then accepted: the 429s processed nothing', {
    script: [answer(429), answer(429), answer(429), good],
    requests: 4,
    waits: ['throttled', 'throttled', 'throttled'],
    gives: accepted,
  }),
  create('429 every time: nothing was processed', {
    script: [answer(429)],
    requests: 4,
    waits: ['throttled', 'throttled', 'throttled'],
    fails: apiError(429, { isRetryable: true, attempts: 4 }),
  }),
  create('503, then 409: the first may have been processed', {
    script: [answer(503), answer(409, { code: 409, description: 'The batch exists.' })],
    requests: 2,
    waits: ['server-error'],
    fails: apiError(409, { ...unsure, serviceCode: '409', description: 'The batch exists.' }),
  }),
  create('a reset, then 400: the first may have been processed', {
    script: [reset(), answer(400)],
    requests: 2,
    waits: ['no-answer'],
    fails: apiError(400, unsure),
  }),
  create('no response within the timeout of the call', {
    script: [silence()],
    options: { timeoutMs: 50_000 },
    requests: 1,
    fails: timeoutError(1, { isAmbiguous: true }),
  }),
  acceptedFrom('a Location as the service sends it', good),
  acceptedFrom('a Location with two slashes', answer(202, '', { Location: `//v1/${statusPath}` })),
  ...[200, 201, 202].flatMap((status) => [
    acceptedFrom(
      `a Location with ${status} and a body that is cut off`,
      cut(status, 'accepted', { after: 2, ending: 'reset', headers: location }),
    ),
    create(`a Location with ${status} and a body that stalls`, {
      script: [cut(status, 'accepted', { after: 2, ending: 'stall', headers: location })],
      options: { attemptTimeoutMs: 20_000 },
      requests: 1,
      gives: accepted,
    }),
    create(`a Location with ${status} and a body that stalls until the call times out`, {
      script: [cut(status, 'accepted', { after: 2, ending: 'stall', headers: location })],
      options: { timeoutMs: 50_000 },
      requests: 1,
      gives: accepted,
    }),
  ]),
  {
    name: 'an upload whose body stalls: its Location is known before an abort ends it with its own reason',
    script: [cut(202, 'accepted', { after: 2, ending: 'stall', headers: location })],
    call: async ({ partner }) => {
      const caller = new AbortController()
      const reason = { why: 'no more time' }
      let known = ''
      const onAccepted = (at: string): void => {
        known = at
        setTimeout(() => caller.abort(reason), 20)
      }
      const { deviceBatches } = partner.customers.byId(customerId)
      const error: unknown = await deviceBatches
        .create(newBatch, { signal: caller.signal, onAccepted })
        .catch((thrown: unknown) => thrown)
      return { known, isTheReason: error === reason }
    },
    requests: 1,
    gives: { known: statusPath, isTheReason: true },
  },
]
