/** An upload: sent at most twice, and reported as isAmbiguous whenever the service may have processed it. */
import type { ExpectedError, FaultCase } from '../fault-case.ts'
import {
  accepted,
  apiError,
  connectionError,
  customerId,
  newBatch,
  responseError,
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

const noTrackingId = (name: string, reply: Reply): FaultCase =>
  create(name, {
    script: [reply],
    requests: 1,
    fails: responseError(202, { isAmbiguous: true }),
    says: /Do not send it again/,
  })

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
  create('503, 429, then accepted', {
    script: [answer(503), answer(429), good],
    requests: 3,
    waits: ['server-error', 'throttled'],
    gives: accepted,
  }),
  create('429, 503, 503: the second ambiguous response is the last', {
    script: [answer(429), answer(503), answer(503), good],
    requests: 3,
    waits: ['throttled', 'server-error'],
    fails: apiError(503, { isRetryable: true, isAmbiguous: true, attempts: 3 }),
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
  create('400: nothing was processed', { script: [answer(400)], requests: 1, fails: apiError(400) }),
  create('501 is not retried', { script: [answer(501)], requests: 1, fails: apiError(501) }),
  create('503 and no retries: still ambiguous', {
    script: [answer(503)],
    options: { retry: false },
    requests: 1,
    fails: apiError(503, { isRetryable: true, isAmbiguous: true }),
  }),
  create('no response within the timeout of the call', {
    script: [silence()],
    options: { timeoutMs: 50_000 },
    requests: 1,
    fails: timeoutError(1, { isAmbiguous: true }),
  }),
  acceptedFrom('a Location as the service sends it', good),
  acceptedFrom('a Location with /v1', answer(202, '', { Location: `/v1${statusPath}` })),
  acceptedFrom('an absolute Location', answer(202, '', { Location: `{self}/v1${statusPath}` })),
  acceptedFrom(
    'a Location on another origin identifies the upload',
    answer(202, '', { Location: `{elsewhere}/v1${statusPath}` }),
  ),
  acceptedFrom('a Location with two slashes', answer(202, '', { Location: `//v1/${statusPath}` })),
  acceptedFrom('a Location in lowercase', answer(202, '', { location: statusPath.toLowerCase() })),
  acceptedFrom('a Location only in the body', answer(202, { location: statusPath })),
  acceptedFrom('a Location and an HTML page', answer(202, '<html>Accepted</html>', location)),
  acceptedFrom('a Location with 200', answer(200, '', location)),
  acceptedFrom('a Location with 201', answer(201, '{}', location)),
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
  noTrackingId('no Location', answer(202)),
  noTrackingId('a Location of something else', answer(202, '', { Location: '/customers' })),
  noTrackingId(
    'a Location without a GUID',
    answer(202, '', { Location: `/customers/${customerId}/batchJobStatus/7` }),
  ),
  noTrackingId(
    "another customer's Location",
    answer(202, '', { Location: statusPath.replace(customerId, '11111111-2222-4333-8444-555555555555') }),
  ),
  create('a fault with 200', {
    script: [answer(200, { code: 2000, description: 'Tenant Id must be a GUID.' })],
    requests: 1,
    fails: apiError(200, { serviceCode: '2000', description: 'Tenant Id must be a GUID.' }),
  }),
  create('the ID chosen by the caller', {
    script: [answer(503), good],
    callOptions: { requestId: '0cf6d6c0-0d0a-4f4c-8b1b-6f5c9f0a7d11' },
    requests: 2,
    waits: ['server-error'],
    gives: accepted,
  }),
  {
    name: 'an upload with openapi-fetch: retried once with the same ID',
    script: [answer(503), good],
    call: async ({ partner }) => {
      const params = { path: { customerId } }
      const { response } = await partner.api.POST('/customers/{customerId}/deviceBatches', {
        params,
        body: newBatch,
      })
      return response.status
    },
    requests: 2,
    waits: ['server-error'],
    gives: 202,
  },
]
