/** Mistakes of the caller and calls that are too late: no request is sent. */
import type { Doors, FaultCase } from '../fault-case.ts'
import { batchTrackingId, customerId, finished, timeoutError, token } from '../fault-case.ts'
import { answer } from '../replies.ts'

/** The caller's own mistake: nothing is sent, nothing is retried, nothing is ambiguous. */
const mistaken = (
  name: string,
  call: (doors: Doors) => Promise<unknown>,
  says: RegExp,
  credential?: FaultCase['credential'],
): FaultCase => ({
  name: `${name} is rejected before anything is sent`,
  script: [answer(200, finished)],
  call,
  ...(credential && { credential }),
  requests: 0,
  fails: { name: 'InvalidArgumentError', code: 'invalid-argument', isRetryable: false, isAmbiguous: false },
  says,
})
const readBody = (): ReadableStream => {
  const body = new Blob(['{}']).stream()
  body.getReader()
  return body
}
const controller = new AbortController() as unknown as AbortSignal

export const mistakeCases: FaultCase[] = [
  mistaken('a GET with a body', ({ partnerFetch }) => partnerFetch('/customers', { body: '{}' }), /`body`/),
  mistaken(
    'a method that no runtime sends',
    ({ partnerFetch }) => partnerFetch('/customers', { method: 'TRACE' }),
    /`method`/,
  ),
  mistaken(
    'a header outside Latin-1',
    ({ partnerFetch }) => partnerFetch('/customers', { method: 'POST', headers: { 'X-Name': 'Łódź' } }),
    /`headers`.* check "X-Name"/,
  ),
  mistaken(
    'a stream with another reader',
    ({ partnerFetch }) => partnerFetch('/customers', { method: 'POST', body: readBody() }),
    /`body` could not be read/,
  ),
  mistaken(
    'a controller instead of its signal, with edge,',
    ({ partnerFetch }) => partnerFetch('/customers', { signal: controller }),
    /`signal`.*not the controller/,
  ),
  mistaken(
    'a controller instead of its signal, with client,',
    ({ partner }) =>
      partner.customers.byId(customerId).batchUploadStatus.byId(batchTrackingId).get({ signal: controller }),
    /`signal`.*not the controller/,
  ),
  {
    name: 'a credential that blocks until the timeout: nothing was sent, and nothing is ambiguous',
    script: [answer(202)],
    call: 'create',
    options: { timeoutMs: 100 },
    credential: () => () => {
      const until = performance.now() + 150
      while (performance.now() < until);
      return token(1)
    },
    requests: 0,
    fails: timeoutError(0),
  },
]
