/** The tables, as Kysely sees them. What each column means is in the README. */
import type { DeviceOutcome, ErrorReason, PollState, SavedBatchUploadGroup } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import type { ColumnType, Generated } from 'kysely'

/** How far a submission is: it waits, is uploaded, was dealt with in full, or was refused. */
export type SubmissionState = 'queued' | 'uploading' | 'accepted' | 'failed'
/** Whether an upload is asked for, has ended, or is not asked for any more although it has not. */
export type UploadState = 'tracking' | 'ended' | 'stopped'

/** JSON: written as text, read as a value. */
type Json<T> = ColumnType<T, string, string>
type Timestamp = ColumnType<Date, string | Date | undefined, string | Date>
type NullableTimestamp = ColumnType<Date | null, string | Date | null | undefined, string | Date | null>

export interface SubmissionsTable {
  id: string
  customer_id: string
  batch_id: string
  state: SubmissionState
  device_count: number
  settings: Json<SubmissionSettings>
  upload_group: ColumnType<SavedBatchUploadGroup | null, string | null | undefined, string | null>
  attempt: Generated<number>
  turn: Generated<number>
  error: ColumnType<RecordedError | null, string | null | undefined, string | null>
  created_at: Timestamp
  ended_at: NullableTimestamp
  /** `null` until every upload has ended; from then on `submission_devices` holds only these. */
  devices_to_retry: Generated<number | null>
  retried_as: Generated<string | null>
}

/** How the devices are cut; see `uploadDevices` of the client. */
export interface SubmissionSettings {
  /** How many devices go in one request, from 1. Default 500. */
  chunkSize?: number | undefined
  /** How many bytes of JSON go in one request. Default 4,000,000. */
  maxChunkBytes?: number | undefined
  /** How long to look for the devices of a request whose answer was lost, in milliseconds. Default 600,000. */
  settleTimeoutMs?: number | undefined
}

/** What is kept of an error. */
export interface RecordedError {
  /** The name of its class, such as `'ApiError'`. */
  name: string
  /** What failed, and what to do. */
  message: string
  /** The `code` of an error of the client. */
  code?: string
  /** The HTTP status, when the service answered. */
  status?: number
  /** The `MS-RequestId` of the call, for a question to support. */
  requestId?: string
  /** Why it failed, as `explain` of the client tells causes apart. */
  reason?: ErrorReason
}

export interface SubmissionDevicesTable {
  submission_id: string
  from_index: number
  devices: Json<NewDevice[]>
}

export interface UploadsTable {
  batch_tracking_id: string
  customer_id: string
  batch_id: string | null
  submission_id: string | null
  state: Generated<UploadState>
  status: string | null
  outcome: Generated<string>
  total: Generated<number>
  pending: Generated<number>
  succeeded: Generated<number>
  already_registered: Generated<number>
  failed: Generated<number>
  unresolved: Generated<number>
  emulated: Generated<boolean>
  poll_state: ColumnType<PollState | null, string | null | undefined, string | null>
  revision: Generated<number>
  error: ColumnType<RecordedError | null, string | null | undefined, string | null>
  tracked_at: Timestamp
  changed_at: NullableTimestamp
  started_at: NullableTimestamp
  completed_at: NullableTimestamp
  ended_at: NullableTimestamp
  due_at: Timestamp
}

export interface DeviceResultsTable {
  batch_tracking_id: string
  position: number
  customer_id: string
  serial_number: string | null
  product_key: string | null
  device_id: string | null
  status: string | null
  outcome: DeviceOutcome
  error_code: string | null
  error_description: string | null
  changed_at: Timestamp
}

export interface EventsTable {
  position: Generated<string>
  transaction: Generated<string>
  at: Timestamp
  type: string
  customer_id: string
  submission_id: string | null
  batch_tracking_id: string | null
  data: Json<unknown>
}

export interface Tables {
  submissions: SubmissionsTable
  submission_devices: SubmissionDevicesTable
  uploads: UploadsTable
  device_results: DeviceResultsTable
  events: EventsTable
}
