/**
 * What `@devicebatch/client` and `@devicebatch/tracker` need of this package beyond its public names. Unstable: it may change in any release.
 *
 * @module
 */
export { checkBody, checkStatus, readJson, unreadable } from './answer.ts'
export { parseFault, toApiError } from './errors.ts'
export { isTerminal, readBatchUploadStatus } from './batch-upload-status.ts'
export { resolveMs } from './options.ts'
export type { Settings } from './options.ts'
export { bodyText, toResponse } from './exchange.ts'
export type { Exchange } from './exchange.ts'
export { transportOf } from './partner-fetch.ts'
export type { PartnerTransport } from './partner-fetch.ts'
export { buildPath, checkGuid, show } from './path.ts'
export { withinLimit } from './deadline.ts'
export { retryAfterMs } from './retry-after.ts'
export { wait } from './wait.ts'
export { wireText } from './wire-text.ts'
