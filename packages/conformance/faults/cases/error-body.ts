/** Error bodies: every documented shape, every observed one, and some that no service should send. */
import { gzipSync } from 'node:zlib'

import type { ExpectedError, FaultCase } from '../fault-case.ts'
import { apiError, finished, token } from '../fault-case.ts'
import type { Reply } from '../fault-server.ts'
import { answer, chunked, cut, flood, untilClose } from '../replies.ts'

const json = { 'Content-Type': 'application/json' }
const html = { 'Content-Type': 'text/html' }
const fault = { code: 1000, description: 'The customer was not found.', data: [], source: 'PartnerFD' }
const told = { serviceCode: '1000', description: 'The customer was not found.', source: 'PartnerFD' }
const escapedBy = (prefix: string): string =>
  token(1).replace(/./g, (char) => prefix + char.charCodeAt(0).toString(16))
/** The token in the forms in which services echo what they received, as it appears in JSON. */
const repeated = {
  'as it is': token(1),
  'in JSON escapes': escapedBy('\\u00'),
  'in JSON within JSON': escapedBy('\\\\u00'),
  'percent-encoded': escapedBy('%'),
}
const page = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>'

const says = (name: string, status: number, reply: Reply, details: Partial<ExpectedError>): FaultCase => ({
  name,
  script: [reply],
  options: { retry: false },
  requests: 1,
  fails: apiError(status, { isRetryable: [408, 429, 500, 502, 503, 504].includes(status), ...details }),
})

export const errorBodyCases: FaultCase[] = [
  says("the API's fault", 404, answer(404, fault), told),
  says('a fault with its code as text', 404, answer(404, { ...fault, code: '1000' }), told),
  says('a fault with code 0', 501, answer(501, { ...fault, code: 0 }), { ...told, serviceCode: '0' }),
  says('a fault with data', 400, answer(400, { ...fault, data: ['Field1', 'Field2'] }), {
    ...told,
    data: ['Field1', 'Field2'],
  }),
  says(
    'a fault with capitalized property names',
    404,
    answer(404, { Code: 1000, Description: told.description, Source: 'PartnerFD' }),
    told,
  ),
  says('a fault without its other members', 404, answer(404, { code: 1000 }), { serviceCode: '1000' }),
  says('a fault whose members are null', 404, answer(404, { code: null, description: null, data: null }), {}),
  says(
    "the gateway's fault",
    401,
    answer(401, { statusCode: 401, message: 'Access denied due to missing key.' }),
    {
      description: 'Access denied due to missing key.',
    },
  ),
  says(
    'an extended fault that says it is retryable',
    400,
    answer(400, {
      code: 600061,
      message: 'Busy.',
      description: 'Busy with this customer.',
      errorName: 'Busy',
      isRetryable: true,
      parameters: {},
    }),
    { serviceCode: '600061', description: 'Busy with this customer.', isRetryable: true },
  ),
  says(
    'an extended fault that says it is not retryable',
    500,
    answer(500, { code: 600061, isRetryable: false }),
    {
      serviceCode: '600061',
      isRetryable: false,
    },
  ),
  says('plain text: MFA is missing', 401, answer(401, 'Authentication failed. MFA required. (10001)'), {
    description: 'Authentication failed. MFA required. (10001)',
  }),
  says(
    "the token endpoint's fault",
    400,
    answer(400, { error: 'invalid_grant', error_description: 'AADSTS50076: MFA.', error_codes: [50076] }),
    { serviceCode: 'invalid_grant', description: 'AADSTS50076: MFA.' },
  ),
  says('a fault in an envelope', 400, answer(400, { error: { code: 'BadArgument', message: 'No.' } }), {
    serviceCode: 'BadArgument',
    description: 'No.',
  }),
  says('a page', 502, answer(502, page, html), { isPage: true }),
  says('a page called JSON', 502, answer(502, page, json), { isPage: true }),
  says('a page after blank lines and a byte order mark', 502, answer(502, `\uFEFF\n\n${page}`, html), {
    isPage: true,
  }),
  says('nothing', 500, answer(500), {}),
  says('blanks', 500, answer(500, ' \r\n '), {}),
  says('a fault called HTML', 404, answer(404, JSON.stringify(fault), html), told),
  says('a fault without Content-Type', 404, answer(404, JSON.stringify(fault)), told),
  says('a fault behind a byte order mark', 404, answer(404, '\uFEFF' + JSON.stringify(fault), json), told),
  says(
    'a gzipped fault',
    404,
    answer(404, gzipSync(JSON.stringify(fault)), { 'Content-Encoding': 'gzip' }),
    told,
  ),
  says('a fault in chunks of one byte', 404, chunked(404, fault, 1), told),
  says('a fault of HTTP/1.0', 404, untilClose(404, fault), told),
  says('a JSON text', 400, answer(400, '"No."', json), { description: 'No.' }),
  says('a JSON list', 400, answer(400, '[1,2]', json), {}),
  says('a JSON number', 400, answer(400, '42', json), {}),
  says('JSON null', 400, answer(400, 'null', json), {}),
  says(
    'the IDs of the server',
    404,
    answer(404, fault, { 'MS-ServerId': '030020525', 'MS-CV': 'YrLe3w6BbUSMt1fi.0' }),
    {
      ...told,
      serverId: '030020525',
      cv: 'YrLe3w6BbUSMt1fi.0',
    },
  ),
  says(
    'ids other than those sent',
    404,
    answer(404, fault, { 'MS-RequestId': 'cb82f7d6-f0b5-4b1c-9d6c-2d4ae1a3bb3c' }),
    told,
  ),
  {
    name: 'a chunked fault of 100 MB that is not read to its end',
    script: [flood(404, { total: 100 * 1024 * 1024, part: 1024 * 1024, pauseMs: 0 })],
    call: ({ partnerFetch }) =>
      partnerFetch('/customers').then(async (response) => (await response.text()).length),
    requests: 1,
    gives: 64 * 1024,
  },
  {
    name: 'a hundred megabytes of gzipped zeros',
    script: [answer(500, gzipSync(Buffer.alloc(100 * 1024 * 1024)), { 'Content-Encoding': 'gzip' })],
    call: ({ partnerFetch }) =>
      partnerFetch('/customers').then(async (response) => (await response.text()).length),
    options: { retry: false },
    requests: 1,
    gives: 64 * 1024,
  },
  says(
    'a fault that echoes the token',
    400,
    answer(400, `The header Authorization: Bearer ${token(1)} was not understood.`),
    { description: 'The header Authorization: Bearer [redacted] was not understood.' },
  ),
  ...[200, 202, 400, 404, 500, 503].flatMap((status) =>
    Object.entries(repeated).map(([form, text]) =>
      says(
        `a fault with ${status} that echoes the token ${form}`,
        status,
        answer(status, `{"code":5,"description":"No: ${text}","data":["${text}",{"a":"${text}"}]}`),
        { serviceCode: '5', description: 'No: [redacted]', data: ['[redacted]', { a: '[redacted]' }] },
      ),
    ),
  ),
  says(
    'a fault with the token in its headers',
    404,
    answer(404, fault, { 'MS-ServerId': token(1), 'MS-CV': `cv.${repeated['percent-encoded']}` }),
    { ...told, serverId: '[redacted]', cv: 'cv.[redacted]' },
  ),
  says(
    'a fault with data of 30,000 levels',
    400,
    answer(400, `{"code":5,"data":[${'['.repeat(30_000)}${']'.repeat(30_000)}]}`),
    { serviceCode: '5', data: [[[[[[[[[['…']]]]]]]]]] },
  ),
  {
    name: 'a fault that is cut off, then the response',
    script: [cut(404, fault, { after: 20, ending: 'reset' }), answer(200, finished)],
    requests: 2,
    waits: ['no-answer'],
    gives: finished,
  },
  {
    name: 'a fault that stalls, then the response',
    script: [cut(503, fault, { after: 20, ending: 'stall' }), answer(200, finished)],
    options: { attemptTimeoutMs: 20_000 },
    requests: 2,
    waits: ['no-answer'],
    gives: finished,
  },
]
