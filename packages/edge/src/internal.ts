/**
 * What `./credentials`, the other packages and the apps of this workspace need from this package beyond its public API. Unstable: it may change in any release.
 *
 * @module
 */
export { resolveAuthority } from './auth/authority.ts'
export type { Authority, AuthorityOptions } from './auth/authority.ts'
export { aadstsCode, findEntraProblem } from './auth/entra-errors.ts'
export type { EntraProblem, SignInReason } from './auth/entra-errors.ts'
export { sharedForMs } from './auth/shared-for.ts'
export { checkStatus, faultOf, readAnswer, readJson } from './call/answer.ts'
export { certificateAdvice, factsOf, proxyAdvice, toApiError } from './errors.ts'
export { defaultPolling } from './defaults.ts'
export { isCertificateFault, networkCode } from './network-error.ts'
export { isTerminal, plainStatus, readBatchUploadStatus } from './batch-upload-status.ts'
export {
  callNames,
  checkNames,
  checkSignal,
  defaultScope,
  resolveBaseUrl,
  resolveCount,
  resolveMs,
} from './options.ts'
export type { Settings } from './options.ts'
export { bodyText, toResponse } from './call/exchange.ts'
export type { Exchange } from './call/exchange.ts'
export { transportOf } from './call/partner-fetch.ts'
export type { PartnerTransport } from './call/partner-fetch.ts'
export { buildPath, checkGuid, isGuid, isLoopback, isLoopbackHost, sameUpload, show } from './call/path.ts'
export type { Admit } from './call/admission.ts'
export { withAdmission } from './call/admission.ts'
export { withinLimit } from './call/deadline.ts'
export { retryAfterMs } from './call/retry-after.ts'
export { isRetryableStatus } from './call/retry.ts'
export { wait } from './call/wait.ts'
export { wireText } from './wire-text.ts'
