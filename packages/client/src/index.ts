/**
 * Submit device batches to Partner Center, wait for them, and know what failed.
 *
 * @module @devicebatch/client
 */
export { createPartnerCenter } from './partner-center.ts'
export type { PartnerCenter, PartnerCenterOptions } from './partner-center.ts'
export type { CustomerListOptions, Customers } from './resources/customers.ts'
export type { CustomerResource } from './resources/customer.ts'
export type { BatchUpload } from './waiting/batch-upload.ts'
export { batchUpload } from './waiting/pollable-upload.ts'
export type { DeviceBatches, DeviceBatchResource } from './resources/device-batches.ts'
export type { DeviceResource, Devices } from './resources/devices.ts'
export type { DevicePolicy } from './resources/device-policy.ts'
export type {
  ConfigurationPolicies,
  ConfigurationPolicyResource,
} from './resources/configuration-policies.ts'
export type { ListOptions, PagedList } from './resources/paged-list.ts'
export { deviceOutcome, summarize } from './reports/report.ts'
export type { BatchOutcome, BatchUploadReport, DeviceCounts, DeviceOutcome } from './reports/report.ts'
export { checkSavedUpload } from './uploads/saved-upload.ts'
export { uploadDevices } from './uploads/upload-devices.ts'
export { planUpload } from './uploads/plan-upload.ts'
export type { PlanUploadRequest, UploadPlan } from './uploads/plan-upload.ts'
export { findBatch } from './uploads/find-batch.ts'
export type { UploadDevicesRequest } from './uploads/upload-request.ts'
export type { SavedBatchUploadGroup, UploadChunk } from './uploads/saved-upload.ts'
export type { BatchUploadGroup } from './uploads/upload-group.ts'
export type {
  BatchUploadGroupReport,
  ChunkReport,
  DeviceDelivery,
  UploadedRow,
} from './uploads/group-report.ts'
export type { DuplicateDevice } from './uploads/chunks.ts'
export type { Settlement } from './uploads/settle.ts'
export { GroupWaitTimeoutError, UploadInterruptedError } from './group-errors.ts'
export type { UnsentDevices } from './group-errors.ts'
export { devicesToRetry } from './reports/devices-to-retry.ts'
export { verifyDevices } from './reports/verify-devices.ts'
export type { DeviceVerification } from './reports/verify-devices.ts'
export { reportRows } from './reports/report-rows.ts'
export type { RowResult, RowsReport } from './reports/report-rows.ts'
export type { Identifiers, Match } from './reports/match-results.ts'
export { explainDeviceError } from './reports/device-errors.ts'
export type { DeviceErrorExplanation } from './reports/device-errors.ts'
export { explainError } from './reports/explain.ts'
export type { ErrorExplanation, ErrorReason } from './reports/explain.ts'
export { pollOnce } from './waiting/poll-once.ts'
export type { PollOptions, PollResult } from './waiting/poll-once.ts'
export type { PollNext } from './waiting/poll.ts'
export type { PollSchedule, WaitOptions } from './waiting/poll-schedule.ts'
export type { PollState } from './waiting/poll-state.ts'
export { pollWithin } from './waiting/poll-within.ts'
export type { PollWithinOptions } from './waiting/poll-within.ts'
export { WaitTimeoutError } from './errors.ts'
export { isPartnerCenterError } from './any-error.ts'
export type { AnyPartnerCenterError } from './any-error.ts'
export {
  ApiError,
  AuthenticationError,
  ConnectionError,
  createPartnerFetch,
  createRateLimit,
  InvalidArgumentError,
  isFinished,
  logEvents,
  parseBatchLocation,
  PartnerCenterError,
  recordTo,
  ResponseError,
  TimeoutError,
} from '@devicebatch/edge'
export type {
  AccessToken,
  AttemptEvent,
  BatchUploadId,
  CallEvent,
  CallOptions,
  Cloud,
  DatabaseFailure,
  GetTokenOptions,
  PartnerCenterErrorCode,
  PartnerCenterEvent,
  PartnerFetch,
  PartnerFetchOptions,
  PartnerRequestInit,
  RateLimit,
  RetryOptions,
  RetryReason,
  TokenCredential,
  TokenEvent,
  TokenFunction,
  TokenReason,
  WaitEvent,
} from '@devicebatch/edge'
export type {
  BatchUploadDetails,
  ConfigurationPolicy,
  ConfigurationPolicyUpdate,
  Customer,
  Device,
  DeviceBatch,
  DeviceBatchCreationRequest,
  DevicePolicyUpdate,
  DeviceUpdate,
  DeviceUploadDetails,
  NewConfigurationPolicy,
  NewDevice,
  RelationshipRequest,
} from '@devicebatch/contract'
