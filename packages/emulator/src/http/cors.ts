/** Lets pages of any origin call the emulator and read the relevant response headers. */

import { cors } from 'hono/cors'

/** The response headers that a browser hides from pages of other origins unless they are listed. */
const exposeHeaders = [
  'Allow',
  'Date',
  'isMfaCompliant',
  'Location',
  'MS-ContinuationToken',
  'MS-CorrelationId',
  'MS-CV',
  'MS-RequestId',
  'MS-ServerId',
  'Retry-After',
  'WWW-Authenticate',
  'X-Devicebatch-Emulator',
]

/** The middleware for the option `cors`; it handles preflights and allows any header. */
export const anyOrigin: ReturnType<typeof cors> = cors({ origin: '*', exposeHeaders })
