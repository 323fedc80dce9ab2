/**
 * One Partner Center call done right, on any runtime with `fetch`.
 *
 * @module @devicebatch/edge
 */
export { createPartnerFetch } from './call/partner-fetch.ts'
export type { PartnerFetch } from './call/partner-fetch.ts'
export type { PartnerRequestInit } from './call/request.ts'
export { createRateLimit } from './call/rate-limit.ts'
export type { RateLimit } from './call/rate-limit.ts'
export { getBatchUploadStatus, isFinished } from './batch-upload-status.ts'
export { parseBatchLocation } from './batch-location.ts'
export type { BatchUploadId } from './batch-location.ts'
export type { CallOptions, Cloud, PartnerFetchOptions } from './options.ts'
export type { RetryOptions, RetryReason } from './call/retry.ts'
export type {
  AccessToken,
  GetTokenOptions,
  TokenCredential,
  TokenFunction,
  TokenReason,
} from './auth/token.ts'
export { logEvents } from './log-events.ts'
export { recordTo } from './record/record-to.ts'
export type { RecordedCall, RecordedMessage } from './record/record-to.ts'
export type { AttemptEvent, CallEvent, PartnerCenterEvent, TokenEvent, WaitEvent } from './events.ts'
export {
  ApiError,
  AuthenticationError,
  ConnectionError,
  InvalidArgumentError,
  isPartnerCenterError,
  PartnerCenterError,
  ResponseError,
  TimeoutError,
} from './errors.ts'
export type { AnyPartnerCenterError, DatabaseFailure, PartnerCenterErrorCode } from './errors.ts'
