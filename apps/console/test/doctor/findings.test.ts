/** What the doctor finds in a token and in the error of a connection that no emulator can produce. */
import { expect, test } from 'vitest'

import { explainNetwork } from '../../src/doctor/reach.ts'
import { checkNode } from '../../src/doctor/system.ts'
import { checkMfa, checkToken, readClaims } from '../../src/doctor/token.ts'

const host = 'api.partnercenter.microsoft.com'
const now = Date.parse('2030-01-01T00:00:00Z')
const tenantId = '11111111-1111-4111-8111-111111111111'
const expected = { scope: `https://${host}/.default`, tenantId, now }
const good = { aud: `https://${host}`, tid: tenantId, scp: 'user_impersonation', exp: now / 1_000 + 3_600 }

const problems = (claims: object): string[] =>
  checkToken(claims, expected).flatMap(({ name, result }) => (result === 'ok' ? [] : [`${name}: ${result}`]))

test.for([
  ['nothing is wrong', {}, []],
  [
    'the audience is the application ID of Partner Center',
    { aud: 'fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd' },
    [],
  ],
  ['the audience is another service', { aud: 'https://graph.microsoft.com' }, ['audience: failure']],
  ['the tenant is another one', { tid: '22222222-2222-4222-8222-222222222222' }, ['tenant: failure']],
  ['the tenant is absent', { tid: undefined }, ['tenant: skipped']],
  ['there is no scope', { scp: undefined }, ['user: warning']],
  ['the scope is another one', { scp: 'User.Read' }, ['roles: warning']],
  ['it expired a second ago', { exp: now / 1_000 - 1 }, ['expiry: failure']],
  ['it has no expiry', { exp: undefined }, ['expiry: skipped']],
] as const)('a token in which %s', ([, change, found]) => {
  expect(problems({ ...good, ...change })).toEqual(found)
})

test.for([
  [{ scp: 'x', amr: ['pwd', 'mfa'] }, undefined, 'ok'],
  [{ scp: 'x', amr: ['pwd'] }, undefined, 'failure'],
  [{ scp: 'x' }, undefined, 'warning'],
  [{ scp: 'x', amr: ['pwd', 'mfa'] }, false, 'failure'],
  [{ scp: 'x', amr: ['pwd'] }, true, 'ok'],
  [{ idtyp: 'app' }, undefined, 'ok'],
] as const)('of MFA, the claims %j and the service that says %s are %s', ([claims, accepted, result]) => {
  expect(checkMfa(claims, accepted).result).toBe(result)
})

test.for(['', 'opaque', 'a.b.c', `a.${Buffer.from('null').toString('base64url')}.c`])(
  'the token %j has no claims',
  (token) => {
    expect(readClaims(token)).toBeUndefined()
  },
)

test.for([
  ['ENOTFOUND', '', 'DNS cannot resolve the host (ENOTFOUND)', 'set HTTPS_PROXY'],
  ['ECONNREFUSED', '', 'cannot be reached (ECONNREFUSED)', 'firewall'],
  [undefined, 'TimeoutError: The operation was aborted', 'did not respond within 15 s', 'Allow'],
  ['UND_ERR_CONNECT_TIMEOUT', '', 'did not respond within 15 s', 'Allow'],
  ['CERT_HAS_EXPIRED', '', 'not valid at this time', 'clock'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', '', 'not trusted', 'NODE_EXTRA_CA_CERTS'],
  ['EPROTO', '', 'does not respond with TLS', 'port'],
  [undefined, '', 'cannot be reached.', 'network connection'],
] as const)('without a proxy, %s %s is explained', ([code, words, finding, nextStep]) => {
  const explained = explainNetwork(code, { host, proxies: [], words })
  expect(explained.finding).toContain(finding)
  expect(explained.finding).toContain(host)
  expect(explained.nextStep).toContain(nextStep)
})

test.for(['ENOTFOUND', 'ECONNREFUSED', 'ETIMEDOUT'])('with a proxy, %s may be about the proxy', (code) => {
  const { nextStep } = explainNetwork(code, { host, proxies: ['HTTPS_PROXY'], words: '' })
  expect(nextStep).toContain('HTTPS_PROXY')
})

test('a Node before 22.12 is a failure', () => {
  expect(['22.11.0', '20.19.1', '22.12.0', '26.0.0'].map((version) => checkNode(version).result)).toEqual([
    'failure',
    'failure',
    'ok',
    'ok',
  ])
})
