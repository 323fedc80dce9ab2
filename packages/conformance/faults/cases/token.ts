/** A token endpoint that fails below HTTP, or points elsewhere. */
import type { TokenCredential } from '@devicebatch/edge'
import { appOnly, appUser } from '@devicebatch/edge/credentials'

import type { FaultCase } from '../fault-case.ts'
import { authenticationError, finished, secret, token } from '../fault-case.ts'
import type { Reply } from '../fault-server.ts'
import { answer, bytes, cut, hangUp, reset } from '../replies.ts'

const good = answer(200, finished)

const entra = (origin: string): TokenCredential =>
  appOnly({ tenantId: 'contoso.example', clientId: 'app', clientSecret: secret, authorityHost: origin })
const user = (origin: string): TokenCredential =>
  appUser({
    tenantId: 'contoso.example',
    clientId: 'app',
    clientSecret: secret,
    refreshToken: `refresh-${secret}`,
    onRefreshToken: () => {},
    authorityHost: origin,
  })
const grant = (number: number): Reply =>
  answer(200, { token_type: 'Bearer', access_token: token(number), expires_in: '3600' })

const noToken = (name: string, reply: Reply, says: RegExp, isRetryable = true): FaultCase => ({
  name: `a token endpoint: ${name}`,
  script: [good],
  tokenScript: [reply],
  credential: entra,
  requests: 0,
  // A refusal is final; anything else is retried like an API call.
  ...(isRetryable
    ? { tokenRequests: 4, waits: ['no-answer', 'no-answer', 'no-answer'] }
    : { tokenRequests: 1 }),
  fails: authenticationError({ isRetryable }),
  says,
})

export const tokenCases: FaultCase[] = [
  {
    name: 'a token from the token endpoint, with its lifetime as a string',
    script: [good],
    tokenScript: [grant(1)],
    credential: entra,
    requests: 1,
    tokenRequests: 1,
    gives: finished,
  },
  {
    name: '401, then a second token from the token endpoint',
    script: [answer(401), good],
    tokenScript: [grant(1), grant(2)],
    credential: user,
    requests: 2,
    tokenRequests: 2,
    tokens: [token(1), token(2)],
    gives: finished,
  },
  noToken(
    'a token response that breaks off',
    answer(200, `{"access_token":"${token(1)}`, { 'Content-Type': 'application/json' }),
    /not a token response/,
  ),
  noToken('no response', reset(), /could not be reached/),
  noToken('a connection closed', hangUp(), /could not be reached/),
  noToken('garbage', bytes('no HTTP at all\r\n\r\n'), /could not be reached/),
  noToken(
    'a cut token response',
    cut(200, { access_token: token(1) }, { after: 20, ending: 'reset' }),
    /token/,
  ),
  noToken('a redirect', answer(302, '', { Location: '{elsewhere}/token' }), /returned 302/, false),
]
