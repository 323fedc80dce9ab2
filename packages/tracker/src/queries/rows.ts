/** The rows that queries return, and the filters that select them. */
import type { BatchOutcome, DeviceCounts, DeviceOutcome, SavedBatchUploadGroup } from '@devicebatch/client'
import { InvalidArgumentError } from '@devicebatch/client'
import { show } from '@devicebatch/edge/internal'
import type { Selectable } from 'kysely'

import type {
  DeviceResultsTable,
  RecordedError,
  SubmissionState,
  SubmissionsTable,
  UploadState,
  UploadsTable,
} from '../database/schema.ts'
import type { SubmissionPriority } from '../submissions/priority.ts'
import { priorityName } from '../submissions/priority.ts'

/** A tracked upload. Plain JSON; times are ISO 8601 in UTC. */
export interface TrackedUpload {
  /** The tracking ID. */
  batchTrackingId: string
  /** The customer's Microsoft Entra tenant ID. */
  customerId: string
  /** The name of the batch, if known. */
  batchId?: string
  /** The submission that it came from. */
  submissionId?: string
  /** The submission whose devices it retries. */
  retryOf?: string
  /** Whether it is polled (`'tracking'`), has ended, or is no longer polled (`'stopped'`, see `error`). */
  state: UploadState
  /** The service's status value for the batch; absent until the first response. */
  status?: string
  /** The outcome of the batch, determined by its devices. */
  outcome: BatchOutcome
  /** Device counts by outcome. */
  counts: DeviceCounts
  /** The error of the last poll, as long as polling fails. */
  error?: RecordedError
  /** When tracking started. */
  trackedAt: string
  /** When the service's response last changed. */
  changedAt?: string
  /** When processing started, according to the service. */
  startedAt?: string
  /** When processing ended, according to the service. */
  completedAt?: string
  /** When the tracker saw that it had ended, or stopped polling. */
  endedAt?: string
  /** True when the responses came from the emulator: nothing was sent to Microsoft. */
  emulated?: true
}

/** A submission. Plain JSON; times are ISO 8601 in UTC. */
export interface TrackedSubmission {
  /** The submission. */
  submissionId: string
  /** The customer's Microsoft Entra tenant ID. */
  customerId: string
  /** The name of the batch, as submitted. */
  batchId: string
  /** Who submitted it, or retried the devices of another one, if the caller said so. */
  submittedBy?: string
  /** Who resumed it last, likewise. */
  resumedBy?: string
  /** Who cancelled it, likewise. */
  cancelledBy?: string
  /** Its progress. */
  state: SubmissionState
  /** How many devices were submitted. */
  deviceCount: number
  /** Its priority. */
  priority: SubmissionPriority
  /**
   * How many of its devices can be retried. 0 until all of its uploads have ended, and again once the devices are resubmitted.
   */
  devicesToRetry: number
  /** The submission that retried its devices. */
  retriedAs?: string
  /** The submission whose devices it retries. */
  retryOf?: string
  /** Its requests so far: what `uploadDevices` of the client takes as `resume`. */
  group?: SavedBatchUploadGroup
  /** The last error; while the state is `'uploading'`, the upload is retried. */
  error?: RecordedError
  /** When it was submitted. */
  createdAt: string
  /** When it was accepted or failed. */
  endedAt?: string
}

/** The result of one device of one upload. Plain JSON; times are ISO 8601 in UTC. */
export interface TrackedDevice {
  /** The upload it was part of. */
  batchTrackingId: string
  /** The customer's Microsoft Entra tenant ID. */
  customerId: string
  /** Its position in the upload, from 0: the order in which the devices were first listed. */
  position: number
  /** The serial number, if the service returned it. */
  serialNumber?: string
  /** The product key, if the service returned it. */
  productKey?: string
  /** The service's ID of the device. */
  deviceId?: string
  /** The service's status value for the device. */
  status?: string
  /** The outcome of the device. */
  outcome: DeviceOutcome
  /** The service's code, such as `'808'`; `explainDeviceError` of the client explains it. */
  errorCode?: string
  /** The service's name for the error. */
  errorDescription?: string
  /** When the result last changed. */
  changedAt: string
}

/** A filter for uploads; all conditions must match. */
export interface UploadFilter {
  /** Of this customer. */
  customerId?: string | undefined
  /** Of this submission. */
  submissionId?: string | undefined
  /** In this state, or one of these. */
  state?: UploadState | readonly UploadState[] | undefined
  /** With this outcome. */
  outcome?: BatchOutcome | undefined
  /** With at least one device of this outcome. */
  deviceOutcome?: DeviceOutcome | undefined
  /** Tracked at or after this time. */
  since?: Date | string | undefined
  /** Tracked before this time. */
  until?: Date | string | undefined
  /** Newest first. Default false. */
  newestFirst?: boolean | undefined
  /** Continue after the upload with this tracking ID. */
  after?: string | undefined
}

/** A filter for submissions; all conditions must match. */
export interface SubmissionFilter {
  /** Of this customer. */
  customerId?: string | undefined
  /** In this state, or one of these. */
  state?: SubmissionState | readonly SubmissionState[] | undefined
  /** Submitted at or after this time. */
  since?: Date | string | undefined
  /** Submitted before this time. */
  until?: Date | string | undefined
  /** Newest first. Default false. */
  newestFirst?: boolean | undefined
  /** Continue after the submission with this ID. */
  after?: string | undefined
}

/** A filter for devices; all conditions must match. */
export interface DeviceFilter {
  /** Of this customer. */
  customerId?: string | undefined
  /** Of this upload. */
  batchTrackingId?: string | undefined
  /** With this serial number, ignoring case. */
  serialNumber?: string | undefined
  /** With a serial number that starts with this, ignoring case. */
  serialNumberPrefix?: string | undefined
  /** With this outcome. */
  outcome?: DeviceOutcome | undefined
  /** The service's code, such as `'808'`. */
  errorCode?: string | undefined
  /** Changed at or after this time. */
  since?: Date | string | undefined
  /** Changed before this time. */
  until?: Date | string | undefined
  /** Continue after this position in the upload; only with `batchTrackingId`. */
  afterPosition?: number | undefined
}

/** A row of `selectUploads`. */
export type UploadRow = Selectable<UploadsTable> & { retry_of?: string | null }

/** A time of a filter; throws `InvalidArgumentError`. */
export function timeOf(name: string, value: Date | string): Date {
  const time = new Date(value)
  if (!Number.isNaN(time.getTime())) return time
  throw new InvalidArgumentError(
    `\`${name}\` must be a Date or a time such as "2026-11-21T17:00:00Z"; got ${show(value)}.`,
  )
}

export function toUpload(row: UploadRow): TrackedUpload {
  return {
    batchTrackingId: row.batch_tracking_id,
    customerId: row.customer_id,
    ...(row.batch_id !== null && { batchId: row.batch_id }),
    ...(row.submission_id && { submissionId: row.submission_id }),
    ...(row.retry_of && { retryOf: row.retry_of }),
    state: row.state,
    ...(row.status !== null && { status: row.status }),
    outcome: row.outcome as BatchOutcome,
    counts: countsOf(row),
    ...(row.error && { error: row.error }),
    trackedAt: row.tracked_at.toISOString(),
    ...(row.changed_at && { changedAt: row.changed_at.toISOString() }),
    ...(row.started_at && { startedAt: row.started_at.toISOString() }),
    ...(row.completed_at && { completedAt: row.completed_at.toISOString() }),
    ...(row.ended_at && { endedAt: row.ended_at.toISOString() }),
    ...(row.emulated && { emulated: true }),
  }
}

/** The device counts in the columns of an upload. */
export function countsOf({
  total,
  pending,
  succeeded,
  already_registered: alreadyRegistered,
  failed,
  unresolved,
}: Pick<
  UploadRow,
  'total' | 'pending' | 'succeeded' | 'already_registered' | 'failed' | 'unresolved'
>): DeviceCounts {
  return { total, pending, succeeded, alreadyRegistered, failed, unresolved }
}

export function toSubmission(row: Selectable<SubmissionsTable>): TrackedSubmission {
  return {
    submissionId: row.id,
    customerId: row.customer_id,
    batchId: row.batch_id,
    ...(row.submitted_by !== null && { submittedBy: row.submitted_by }),
    ...(row.resumed_by !== null && { resumedBy: row.resumed_by }),
    ...(row.cancelled_by !== null && { cancelledBy: row.cancelled_by }),
    state: row.state,
    deviceCount: row.device_count,
    priority: priorityName(row.priority),
    devicesToRetry: row.devices_to_retry ?? 0,
    ...(row.retried_as !== null && { retriedAs: row.retried_as }),
    ...(row.retry_of !== null && { retryOf: row.retry_of }),
    ...(row.upload_group && { group: row.upload_group }),
    ...(row.error && { error: row.error }),
    createdAt: row.created_at.toISOString(),
    ...(row.ended_at && { endedAt: row.ended_at.toISOString() }),
  }
}

export function toDevice(row: Selectable<DeviceResultsTable>): TrackedDevice {
  return {
    batchTrackingId: row.batch_tracking_id,
    customerId: row.customer_id,
    position: row.position,
    ...(row.serial_number !== null && { serialNumber: row.serial_number }),
    ...(row.product_key !== null && { productKey: row.product_key }),
    ...(row.device_id !== null && { deviceId: row.device_id }),
    ...(row.status !== null && { status: row.status }),
    outcome: row.outcome,
    ...(row.error_code !== null && { errorCode: row.error_code }),
    ...(row.error_description !== null && { errorDescription: row.error_description }),
    changedAt: row.changed_at.toISOString(),
  }
}
