/** What is a notification? The JSON document that a webhook receives; switch on `type`. */
import type { DeviceCounts } from '@devicebatch/client'

import type { RecordedError } from '../database/schema.ts'

/** What every notification has. */
export interface NotificationBase {
  /** The version of this format. A version never loses a property; new properties may be added. */
  version: 1
  /** When it happened, ISO 8601 in UTC. */
  timestamp: string
}

/** The submission that a notification is about. */
export interface NotifiedSubmission {
  /** The submission. */
  submissionId: string
  /** The customer's Microsoft Entra tenant ID. */
  customerId: string
  /** The company name of the customer, if `setCustomerName()` stored one. */
  customerName?: string
  /** The name of the batch. */
  batchId: string
  /** Who submitted it, or retried the devices of another one, if the caller said so. */
  submittedBy?: string
}

/** The upload that a notification is about. */
export interface NotifiedUpload {
  /** The tracking ID. */
  batchTrackingId: string
  /** The submission that it came from; absent when it was made elsewhere. */
  submissionId?: string
  /** The customer's Microsoft Entra tenant ID. */
  customerId: string
  /** The company name of the customer, if `setCustomerName()` stored one. */
  customerName?: string
  /** The name of the batch, if known. */
  batchId?: string
}

/** Why devices failed. */
export interface NotifiedCause {
  /** The service's code, such as `'808'`; absent when it sent none. */
  errorCode?: string
  /** The service's name for the error. */
  errorDescription?: string
  /** How many devices failed with it. */
  devices: number
}

/** The result of a submission. */
export interface SubmissionResult extends NotifiedSubmission {
  /** How many devices were submitted. */
  deviceCount: number
  /** How many of them were not sent, because the submission was cancelled; absent when it was not. */
  devicesCancelled?: number
  /** Who cancelled it, if the caller said so. */
  cancelledBy?: string
  /** How many of them may have reached the service or not: their request got no response, and the batch does not tell. */
  devicesInDoubt?: number
  /** Device counts by outcome, over all uploads of the submission. */
  counts: DeviceCounts
  /** How many of its devices `retryDevices()` can retry. */
  devicesToRetry: number
  /** Why devices failed, the most frequent cause first; at most 10. */
  causes: NotifiedCause[]
  /** True when the responses came from the emulator: nothing was sent to Microsoft. */
  emulated?: true
}

/** The result of an upload that was made elsewhere. */
export interface UploadResult extends NotifiedUpload {
  /** Device counts by outcome. */
  counts: DeviceCounts
  /** Why devices failed, the most frequent cause first; at most 10. */
  causes: NotifiedCause[]
  /** True when the responses came from the emulator: nothing was sent to Microsoft. */
  emulated?: true
}

/** Every upload of a submission has ended, or it was cancelled and those that had been sent have ended. */
export interface SubmissionEndedNotification extends NotificationBase {
  /** Distinguishes it from the other notifications. */
  type: 'submission.ended'
  /** The result. */
  data: SubmissionResult
}

/** The service refused a submission; it waits for `resumeSubmission()`. */
export interface SubmissionFailedNotification extends NotificationBase {
  /** Distinguishes it from the other notifications. */
  type: 'submission.failed'
  /** The submission, and why it was refused. */
  data: NotifiedSubmission & { error: RecordedError }
}

/** A submission could not be uploaded; it is retried. */
export interface SubmissionStuckNotification extends NotificationBase {
  /** Distinguishes it from the other notifications. */
  type: 'submission.stuck'
  /** The submission, and why the last attempt failed. */
  data: NotifiedSubmission & { error: RecordedError }
}

/** An upload that was made elsewhere and passed to `track()` has ended; the others are part of their submission's end. */
export interface UploadEndedNotification extends NotificationBase {
  /** Distinguishes it from the other notifications. */
  type: 'upload.ended'
  /** The result. */
  data: UploadResult
}

/** Polling an upload fails; it is retried. */
export interface UploadStuckNotification extends NotificationBase {
  /** Distinguishes it from the other notifications. */
  type: 'upload.stuck'
  /** The upload, and why the last poll failed. */
  data: NotifiedUpload & { error: RecordedError }
}

/** Polling an upload stopped although the batch has not ended; it waits for `track()`. */
export interface UploadStoppedNotification extends NotificationBase {
  /** Distinguishes it from the other notifications. */
  type: 'upload.stopped'
  /** The upload, and why polling stopped. */
  data: NotifiedUpload & { error: RecordedError }
}

/** The sign-in expired or was refused. Sent once until a request succeeds again. */
export interface SignInFailedNotification extends NotificationBase {
  /** Distinguishes it from the other notifications. */
  type: 'signin.failed'
  /** Why, as the first request that noticed it reported. */
  data: { error: RecordedError }
}

/** A worker ended without closing. Sent by another worker, within two minutes. */
export interface WorkerGoneNotification extends NotificationBase {
  /** Distinguishes it from the other notifications. */
  type: 'worker.gone'
  /** The host and process ID of the worker, when it started, and when it was last seen. */
  data: { worker: string; startedAt: string; lastSeenAt: string }
}

/** What `testWebhook()` sends. */
export interface TestNotification extends NotificationBase {
  /** Distinguishes it from the other notifications. */
  type: 'webhook.test'
  /** The name of the webhook. */
  data: { webhook: string }
}

/** The JSON document that a webhook receives; switch on `type`, and ignore types that you do not know. */
export type Notification =
  | SubmissionEndedNotification
  | SubmissionFailedNotification
  | SubmissionStuckNotification
  | UploadEndedNotification
  | UploadStuckNotification
  | UploadStoppedNotification
  | SignInFailedNotification
  | WorkerGoneNotification
  | TestNotification

/** What a webhook can be limited to. */
export type NotificationType = Exclude<Notification['type'], 'webhook.test'>

const types: Record<NotificationType, true> = {
  'submission.ended': true,
  'submission.failed': true,
  'submission.stuck': true,
  'upload.ended': true,
  'upload.stuck': true,
  'upload.stopped': true,
  'signin.failed': true,
  'worker.gone': true,
}
export const notificationTypes: readonly NotificationType[] = Object.keys(types) as NotificationType[]
