/** A response that points elsewhere: nothing is ever sent there. */
import type { FaultCase } from '../fault-case.ts'
import { apiError, finished, responseError, statusPath } from '../fault-case.ts'
import { answer, flood } from '../replies.ts'

const elsewhere = { Location: `{elsewhere}/v1${statusPath}` }

const notFollowed = (name: string, status: number, headers: Record<string, string>): FaultCase => ({
  name: `${name} is not followed`,
  script: [answer(status, '', headers), answer(200, finished)],
  requests: 1,
  fails: responseError(status),
  says: /a redirect, which is not followed/,
})

export const redirectCases: FaultCase[] = [
  ...[300, 301, 302, 303, 305, 307, 308].map((status) =>
    notFollowed(`a ${status} to another origin`, status, elsewhere),
  ),
  notFollowed('a redirect within the origin', 302, { Location: '{self}/v1/customers' }),
  notFollowed('a redirect to a path', 302, { Location: '/v1/customers' }),
  notFollowed('a redirect to a URL without a scheme', 302, { Location: '//192.0.2.1/v1' }),
  notFollowed('a redirect without a Location', 302, {}),
  notFollowed('a redirect that asks to wait', 302, { ...elsewhere, 'Retry-After': '0' }),
  {
    name: 'a redirect with the bare fetch is not followed',
    script: [answer(307, '', elsewhere)],
    call: ({ partnerFetch }) => partnerFetch(statusPath, { redirect: 'follow' }),
    requests: 1,
    fails: responseError(307),
  },
  {
    name: 'a redirect of an upload is not followed',
    script: [answer(307, '', elsewhere)],
    call: 'create',
    requests: 1,
    fails: responseError(307),
  },
  {
    name: 'a redirect of an upload whose first attempt was lost',
    script: [answer(503), answer(307, '', elsewhere)],
    call: 'create',
    requests: 2,
    waits: ['server-error'],
    fails: responseError(307, { attempts: 2, isAmbiguous: true }),
    says: /check before resending/,
  },
  {
    name: 'a redirect with a body of 100 MB',
    script: [flood(302, { total: 100 * 1024 * 1024, part: 1024 * 1024, pauseMs: 0 })],
    requests: 1,
    fails: responseError(302),
  },
  {
    name: 'a Refresh header is not followed',
    script: [answer(503, '', { Refresh: '0; url={elsewhere}' }), answer(200, finished)],
    requests: 2,
    waits: ['server-error'],
    gives: finished,
  },
  {
    name: 'a Content-Location and a Link are not followed',
    script: [answer(404, '', { 'Content-Location': '{elsewhere}', Link: '<{elsewhere}>; rel="next"' })],
    requests: 1,
    fails: apiError(404),
  },
]
