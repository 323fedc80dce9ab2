/**
 * Submit device batches to Partner Center, wait for them, and know what failed.
 *
 * @module @devicebatch/client
 */
export { createPartnerCenter } from './partner-center.ts'
export type { Customer, PartnerCenter } from './partner-center.ts'
export type { BatchUpload } from './batch-upload.ts'
export type { DeviceBatches, DeviceBatchResource } from './device-batches.ts'
export type { DeviceResource, Devices } from './devices.ts'
export type { DevicePolicy } from './device-policy.ts'
export type { ConfigurationPolicies, ConfigurationPolicyResource } from './configuration-policies.ts'
export type { ListOptions, PagedList } from './paged-list.ts'
export { deviceOutcome, summarize } from './report.ts'
export type { BatchOutcome, BatchUploadReport, DeviceCounts, DeviceOutcome } from './report.ts'
export { uploadDevices } from './upload-devices.ts'
export type { UploadDevicesOptions, UploadDevicesRequest, UploadPlan } from './upload-request.ts'
export type { BatchUploadGroup, SavedBatchUploadGroup, UploadChunk } from './upload-group.ts'
export type { BatchUploadGroupReport, ChunkReport, DeviceDelivery, UploadedRow } from './group-report.ts'
export type { DuplicateDevice } from './chunks.ts'
export type { Settlement } from './settle.ts'
export { GroupWaitTimeoutError, UploadInterruptedError } from './group-errors.ts'
export type { UnsentDevices } from './group-errors.ts'
export { devicesToRetry } from './devices-to-retry.ts'
export { verifyDevices } from './verify-devices.ts'
export type { DeviceVerification } from './verify-devices.ts'
export { matchResults } from './match-results.ts'
export type { Identifiers, Match, Matches } from './match-results.ts'
export { explainDeviceError } from './device-errors.ts'
export type { DeviceErrorExplanation } from './device-errors.ts'
export { explain } from './explain.ts'
export type { ErrorExplanation, ErrorReason } from './explain.ts'
export { pollOnce } from './poll.ts'
export type { PollNext, PollOptions, PollResult, PollSchedule, PollState, WaitOptions } from './poll.ts'
export { pollWithin } from './poll-within.ts'
export type { PollLimits } from './poll-within.ts'
export { parsePartnerDate } from './partner-date.ts'
export { WaitTimeoutError } from './errors.ts'
export {
  ApiError,
  AuthenticationError,
  ConnectionError,
  InvalidArgumentError,
  isFinished,
  isPartnerCenterError,
  parseBatchLocation,
  PartnerCenterError,
  ResponseError,
  TimeoutError,
} from '@devicebatch/edge'
export type {
  AccessToken,
  AnyPartnerCenterError,
  AttemptEvent,
  BatchUploadId,
  CallOptions,
  Cloud,
  PartnerCenterErrorCode,
  PartnerCenterEvent,
  PartnerFetchOptions,
  RetryOptions,
  TokenCredential,
  TokenEvent,
  TokenFunction,
  WaitEvent,
} from '@devicebatch/edge'
