/** Every case, in one table. */
import type { FaultCase } from '../fault-case.ts'
import { apiCases } from './api.ts'
import { bodyCases } from './body.ts'
import { connectionCases } from './connection.ts'
import { errorBodyCases } from './error-body.ts'
import { pollCases } from './poll.ts'
import { redirectCases } from './redirect.ts'
import { retryAfterCases } from './retry-after.ts'
import { statusCases } from './status.ts'
import { submitCases } from './submit.ts'
import { tokenCases } from './token.ts'

export const faultCases: Readonly<Record<string, readonly FaultCase[]>> = {
  connection: connectionCases,
  body: bodyCases,
  status: statusCases,
  'Retry-After': retryAfterCases,
  'error body': errorBodyCases,
  redirect: redirectCases,
  submit: submitCases,
  token: tokenCases,
  poll: pollCases,
  api: apiCases,
}
