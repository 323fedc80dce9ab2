/** The token: rejected by the service, or impossible to obtain. */
import type { GetTokenOptions, TokenCredential } from '@devicebatch/edge'
import { appOnly, appUser } from '@devicebatch/edge/credentials'

import type { ExpectedError, FaultCase } from '../fault-case.ts'
import {
  accepted,
  apiError,
  authenticationError,
  finished,
  secret,
  statusPath,
  token,
} from '../fault-case.ts'
import type { Reply } from '../fault-server.ts'
import { answer, bytes, cut, hangUp, reset } from '../replies.ts'

const good = answer(200, finished)
const tokens = [token(1), token(2)]
const claims = '{"access_token":{"nbf":{"essential":true,"value":"1726077595"}}}'
const challenge = (text: string): Reply =>
  answer(401, '', {
    'WWW-Authenticate': `Bearer realm="", error="insufficient_claims", claims="${Buffer.from(text).toString('base64')}"`,
  })

/** Returns `token(1)`, `token(2)`, …, each valid for an hour, and fails when the requested claims are not `expected`. */
function counting(expected: (string | undefined)[] = []): TokenCredential {
  let given = 0
  return {
    async getToken(_scopes: string | string[], options?: GetTokenOptions) {
      if (expected.length > 0 && options?.claims !== expected[given])
        throw new Error('The requested claims differ.')
      return { token: token(++given), expiresOnTimestamp: Date.now() + 3_600_000 }
    },
  }
}

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

const retried: FaultCase['waits'] = ['no-answer', 'no-answer', 'no-answer']

const noToken = (
  name: string,
  reply: Reply,
  says: RegExp,
  rest: Partial<ExpectedError> & { credential?: typeof entra } = {},
): FaultCase => {
  const { credential = entra, ...details } = rest
  return {
    name: `a token endpoint: ${name}`,
    script: [good],
    tokenScript: [reply],
    credential,
    requests: 0,
    // A refusal is final; anything else is retried like an API call.
    ...(details.isRetryable ? { tokenRequests: 4, waits: retried } : { tokenRequests: 1 }),
    fails: authenticationError(details),
    says,
  }
}

const refusal = (error: string, aadsts: number): Reply =>
  answer(400, { error, error_description: `AADSTS${aadsts}: No.`, error_codes: [aadsts] })

const unusable = (
  name: string,
  credential: FaultCase['credential'] & {},
  details: Partial<ExpectedError> = {},
): FaultCase => ({
  name: `a credential that ${name}: nothing is sent`,
  script: [good],
  credential,
  requests: 0,
  ...(details.isRetryable && { waits: retried }),
  fails: authenticationError(details),
})

export const tokenCases: FaultCase[] = [
  {
    name: '401, then the response to a renewed token, without a wait',
    script: [answer(401), good],
    credential: () => counting(),
    requests: 2,
    tokens,
    gives: finished,
  },
  {
    name: 'another 401 for a renewed token is final',
    script: [answer(401, 'Authentication failed. MFA required. (10001)')],
    credential: () => counting(),
    requests: 2,
    tokens,
    fails: apiError(401, { attempts: 2, description: 'Authentication failed. MFA required. (10001)' }),
  },
  {
    name: '401, and the renewed token is the same: not sent again',
    script: [answer(401), good],
    credential: () => ({
      getToken: async () => ({ token: token(1), expiresOnTimestamp: Date.now() + 3_600_000 }),
    }),
    requests: 1,
    fails: apiError(401),
  },
  {
    name: '401 renews the token even with retries off',
    script: [answer(401), good],
    credential: () => counting(),
    options: { retry: false },
    requests: 2,
    tokens,
    gives: finished,
  },
  {
    name: '401 with a claims challenge: the claims are forwarded',
    script: [challenge(claims), good],
    credential: () => counting([undefined, claims]),
    requests: 2,
    tokens,
    gives: finished,
  },
  {
    name: '401 with claims that are not base64: renewed without them',
    script: [answer(401, '', { 'WWW-Authenticate': 'Bearer claims="%%%"' }), good],
    credential: () => counting([undefined, undefined]),
    requests: 2,
    tokens,
    gives: finished,
  },
  {
    name: '503, 401, 503, then the response: the renewal uses no retry',
    script: [answer(503), answer(401), answer(503), answer(503), good],
    credential: () => counting(),
    requests: 5,
    tokens: [token(1), token(1), token(2), token(2), token(2)],
    waits: ['server-error', 'server-error', 'server-error'],
    gives: finished,
  },
  {
    name: '401 on an upload: sent again with a renewed token, and not ambiguous',
    script: [answer(401), answer(202, '', { Location: statusPath })],
    call: 'create',
    credential: () => counting(),
    requests: 2,
    tokens,
    gives: accepted,
  },
  {
    name: '403 renews nothing',
    script: [answer(403), good],
    credential: () => counting(),
    requests: 1,
    fails: apiError(403),
  },
  {
    name: '401, and no other token can be obtained',
    script: [answer(401)],
    credential: () => {
      let given = 0
      return {
        getToken: async () => {
          if (given++ > 0) throw new Error('The vault is closed.')
          return { token: token(1), expiresOnTimestamp: Date.now() + 3_600_000 }
        },
      }
    },
    requests: 1,
    fails: authenticationError({ attempts: 1, isRetryable: true }),
  },
  {
    name: 'an upload that the service may have processed, then no token can be obtained: ambiguous',
    script: [answer(503)],
    call: 'create',
    credential: () => {
      let given = 0
      return () => (given++ > 0 ? Promise.reject(new Error('The vault is closed.')) : token(1))
    },
    requests: 1,
    waits: ['server-error', 'no-answer', 'no-answer'],
    fails: authenticationError({ attempts: 1, isRetryable: true, isAmbiguous: true }),
    says: /check before resending\.$/,
  },
  unusable('rejects', () => () => Promise.reject(new Error('The vault is closed.')), { isRetryable: true }),
  unusable('returns nothing', () => ({ getToken: async () => null })),
  unusable('returns an empty token', () => () => ''),
  unusable('returns a token with a line break', () => () => `${secret}\r\nX-Evil: 1`),
  unusable('returns a token that is not a string', () => () => 42 as never),
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
    tokens,
    gives: finished,
  },
  noToken(
    'the secret is wrong',
    refusal('invalid_client', 7000215),
    /AADSTS7000215.*value of the client secret/,
    {
      serviceCode: 'AADSTS7000215',
    },
  ),
  noToken('the user signed in without MFA', refusal('invalid_grant', 50076), /AADSTS50076.*MFA/, {
    credential: user,
    serviceCode: 'AADSTS50076',
  }),
  noToken('the refresh token expired', refusal('invalid_grant', 700082), /[Ss]ign in again/, {
    credential: user,
    serviceCode: 'AADSTS700082',
  }),
  noToken('an HTML page', answer(502, '<html>Bad Gateway</html>'), /returned 502/, { isRetryable: true }),
  noToken('an HTML page with 200', answer(200, '<html>Hi</html>'), /not a token response/, {
    isRetryable: true,
  }),
  noToken(
    'a token response that breaks off',
    answer(200, `{"access_token":"${token(1)}`, { 'Content-Type': 'application/json' }),
    /not a token response/,
    { isRetryable: true },
  ),
  noToken('no response', reset(), /could not be reached/, { isRetryable: true }),
  noToken('a connection closed', hangUp(), /could not be reached/, { isRetryable: true }),
  noToken('garbage', bytes('no HTTP at all\r\n\r\n'), /could not be reached/, { isRetryable: true }),
  noToken(
    'a cut token response',
    cut(200, { access_token: token(1) }, { after: 20, ending: 'reset' }),
    /token/,
    {
      isRetryable: true,
    },
  ),
  noToken('a redirect', answer(302, '', { Location: '{elsewhere}/token' }), /returned 302/),
  noToken('throttled', answer(429, { error: 'temporarily_unavailable' }), /temporarily_unavailable/, {
    isRetryable: true,
    serviceCode: 'temporarily_unavailable',
  }),
]
