/** What is known: uploads, submissions and devices, by what they are looked for. */
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

/** An upload that is or was followed. Plain JSON; times are ISO 8601 in UTC. */
export interface TrackedUpload {
  /** The tracking id. */
  batchTrackingId: string
  /** The customer, by the Microsoft Entra tenant id. */
  customerId: string
  /** The name of the batch, if it is known. */
  batchId?: string
  /** The submission that it came from. */
  submissionId?: string
  /** Whether it is asked for (`'tracking'`), has ended, or is not asked for any more (`'stopped'`, see `error`). */
  state: UploadState
  /** The service's own word for the batch; absent until it answered. */
  status?: string
  /** What became of the batch, decided by its devices. */
  outcome: BatchOutcome
  /** How many devices came to what. */
  counts: DeviceCounts
  /** What went wrong when it was last asked for, as long as it does. */
  error?: RecordedError
  /** Since when it is followed. */
  trackedAt: string
  /** When the service's answer last differed. */
  changedAt?: string
  /** When the service says that it began. */
  startedAt?: string
  /** When the service says that it ended. */
  completedAt?: string
  /** When it was seen to have ended, or was stopped. */
  endedAt?: string
  /** True when the answers came from the emulator: nothing was sent to Microsoft. */
  emulated?: true
}

/** An upload to be made, or made. Plain JSON; times are ISO 8601 in UTC. */
export interface TrackedSubmission {
  /** The submission. */
  submissionId: string
  /** The customer, by the Microsoft Entra tenant id. */
  customerId: string
  /** The name of the batch, as it was handed in. */
  batchId: string
  /** How far it is. */
  state: SubmissionState
  /** How many devices were handed in. */
  deviceCount: number
  /**
   * How many of its devices are worth another try: what `retry` sends again. 0 while it is not known, which is until every upload
   * of it has ended, and once they were sent.
   */
  devicesToRetry: number
  /** The submission that its devices were sent again with. */
  retriedAs?: string
  /** Its requests so far: what `uploadDevices` of the client takes as `resume`. */
  group?: SavedBatchUploadGroup
  /** What went wrong; while the state is `'uploading'` it is tried again. */
  error?: RecordedError
  /** When it was handed in. */
  createdAt: string
  /** When it was accepted or refused. */
  endedAt?: string
}

/** What became of one device of one upload. Plain JSON; times are ISO 8601 in UTC. */
export interface TrackedDevice {
  /** The upload that it was part of. */
  batchTrackingId: string
  /** The customer, by the Microsoft Entra tenant id. */
  customerId: string
  /** Which device of its upload it is, from 0, in the order of the service's first answer. */
  position: number
  /** The serial number, if the service told it. */
  serialNumber?: string
  /** The product key, if the service told it. */
  productKey?: string
  /** The service's id for the device. */
  deviceId?: string
  /** The service's own word for the device. */
  status?: string
  /** What became of it. */
  outcome: DeviceOutcome
  /** The service's code, such as `'808'`; `explainDeviceError` of the client says what it means. */
  errorCode?: string
  /** The service's name for the error. */
  errorDescription?: string
  /** When this became so. */
  changedAt: string
}

/** What uploads are looked for by; those that match all of it are found. */
export interface UploadFilter {
  /** Of this customer. */
  customerId?: string | undefined
  /** Of this submission. */
  submissionId?: string | undefined
  /** In this state, or one of these. */
  state?: UploadState | readonly UploadState[] | undefined
  /** With this outcome. */
  outcome?: BatchOutcome | undefined
  /** Followed since then, this moment included. */
  since?: Date | string | undefined
  /** Followed before then. */
  until?: Date | string | undefined
  /** The other way round: the upload that came last is the first. Default false. */
  newestFirst?: boolean | undefined
  /** Those that come behind this upload in the list, by its tracking id. */
  after?: string | undefined
}

/** What submissions are looked for by. */
export interface SubmissionFilter {
  /** Of this customer. */
  customerId?: string | undefined
  /** In this state, or one of these. */
  state?: SubmissionState | readonly SubmissionState[] | undefined
  /** Submitted since then, this moment included. */
  since?: Date | string | undefined
  /** Submitted before then. */
  until?: Date | string | undefined
  /** The other way round: the submission that came last is the first. Default false. */
  newestFirst?: boolean | undefined
  /** Those that come behind this submission in the list. */
  after?: string | undefined
}

/** What devices are looked for by. */
export interface DeviceFilter {
  /** Of this customer. */
  customerId?: string | undefined
  /** Of this upload. */
  batchTrackingId?: string | undefined
  /** With this serial number; capitals do not matter. */
  serialNumber?: string | undefined
  /** With this outcome. */
  outcome?: DeviceOutcome | undefined
  /** The service's code, such as `'808'`. */
  errorCode?: string | undefined
  /** Changed since then, this moment included. */
  since?: Date | string | undefined
  /** Changed before then. */
  until?: Date | string | undefined
  /** Those behind this position of the upload; only with `batchTrackingId`. */
  afterPosition?: number | undefined
}

/** A time of a filter; throws `InvalidArgumentError`. */
export function timeOf(name: string, value: Date | string): Date {
  const time = new Date(value)
  if (!Number.isNaN(time.getTime())) return time
  throw new InvalidArgumentError(
    `\`${name}\` must be a Date or a time such as "2026-11-21T17:00:00Z"; got ${show(value)}.`,
  )
}

export function toUpload(row: Selectable<UploadsTable>): TrackedUpload {
  return {
    batchTrackingId: row.batch_tracking_id,
    customerId: row.customer_id,
    ...(row.batch_id !== null && { batchId: row.batch_id }),
    ...(row.submission_id && { submissionId: row.submission_id }),
    state: row.state,
    ...(row.status !== null && { status: row.status }),
    outcome: row.outcome as BatchOutcome,
    counts: {
      total: row.total,
      pending: row.pending,
      succeeded: row.succeeded,
      alreadyRegistered: row.already_registered,
      failed: row.failed,
      unresolved: row.unresolved,
    },
    ...(row.error && { error: row.error }),
    trackedAt: row.tracked_at.toISOString(),
    ...(row.changed_at && { changedAt: row.changed_at.toISOString() }),
    ...(row.started_at && { startedAt: row.started_at.toISOString() }),
    ...(row.completed_at && { completedAt: row.completed_at.toISOString() }),
    ...(row.ended_at && { endedAt: row.ended_at.toISOString() }),
    ...(row.emulated && { emulated: true }),
  }
}

export function toSubmission(row: Selectable<SubmissionsTable>): TrackedSubmission {
  return {
    submissionId: row.id,
    customerId: row.customer_id,
    batchId: row.batch_id,
    state: row.state,
    deviceCount: row.device_count,
    devicesToRetry: row.devices_to_retry ?? 0,
    ...(row.retried_as !== null && { retriedAs: row.retried_as }),
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
