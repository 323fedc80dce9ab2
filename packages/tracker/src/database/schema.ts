/** The tables as Kysely types. The README explains each column. */
import type { DeviceOutcome, ErrorReason, PollState, SavedBatchUploadGroup } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import type { ColumnType, Generated } from 'kysely'

/** The state of a submission: queued, uploading, accepted by the service, failed, or cancelled before all of it was sent. */
export type SubmissionState = 'queued' | 'uploading' | 'accepted' | 'failed' | 'cancelled'
/** The state of an upload: polled, ended, or no longer polled although it has not ended. */
export type UploadState = 'tracking' | 'ended' | 'stopped'

/** The queue for a rate limit in which a reservation was made. */
export type RequestQueue = 'customer' | 'partner'

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
  digest: Generated<string | null>
  upload_group: ColumnType<SavedBatchUploadGroup | null, string | null | undefined, string | null>
  attempt: Generated<number>
  turn: Generated<number>
  error: ColumnType<RecordedError | null, string | null | undefined, string | null>
  created_at: Timestamp
  ended_at: NullableTimestamp
  /** `null` until its other devices are deleted; from then on, `submission_devices` contains only these. */
  devices_to_retry: Generated<number | null>
  /** When the last of its uploads had ended, which was then reported; `null` before that. */
  uploads_ended_at: NullableTimestamp
  retried_as: Generated<string | null>
  retry_of: Generated<string | null>
  priority: Generated<number>
  submitted_by: Generated<string | null>
  resumed_by: Generated<string | null>
  cancelled_by: Generated<string | null>
  /** It has no job, because it is paused. */
  is_parked: Generated<boolean>
  /** Kept by a trigger. */
  failing_since: ColumnType<Date | null, never, never>
  /** Generated from `error`: its reason, or `'other'`. */
  failure_reason: ColumnType<string | null, never, never>
  /** Generated from `error`: whether the sign-in failed. */
  is_sign_in: ColumnType<boolean, never, never>
}

/** How the devices are split into requests; see `uploadDevices` of the client. */
export interface SubmissionSettings {
  /** The maximum number of devices in one request, from 1. Default 500. */
  chunkSize?: number | undefined
  /** The maximum size of one request, in bytes of JSON. Default 4,000,000. */
  maxChunkBytes?: number | undefined
  /** How long to search for the devices of a request whose response was lost, in milliseconds. Default 600,000. */
  settleTimeoutMs?: number | undefined
}

/** The stored form of an error. */
export interface RecordedError {
  /** The name of its class, such as `'ApiError'`. */
  name: string
  /** What failed, and how to fix it. */
  message: string
  /** The `code` of an error of the client. */
  code?: string
  /** The HTTP status, when the service responded. */
  status?: number
  /** The `MS-RequestId` of the call, for support requests. */
  requestId?: string
  /** Why it failed, as classified by the client. */
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
  /** Until when the worker that polls it has claimed it. */
  claimed_until: NullableTimestamp
  /** Where it has a reservation for its next request. */
  reservation: RequestQueue | null
  /** It is not due, because it is paused. */
  is_parked: Generated<boolean>
  /** Kept by a trigger. */
  failing_since: ColumnType<Date | null, never, never>
  /** Generated from `error`: its reason, or `'other'`. */
  failure_reason: ColumnType<string | null, never, never>
  /** Generated from `error`: whether the sign-in failed. */
  is_sign_in: ColumnType<boolean, never, never>
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

export interface CustomersTable {
  id: string
  /** The company name, as last given by the user or the service. */
  name: string
}

export interface RateLimitsTable {
  id: Generated<boolean>
  partner_per_minute: number
  customer_per_minute: number
}

export interface RetentionTable {
  id: Generated<boolean>
  ended_after_days: number | null
  events_after_days: number | null
}

export interface WorkersTable {
  id: string
  name: string
  started_at: Timestamp
  seen_at: Timestamp
  /** When it was reported to be gone; `null` as long as it is not. */
  reported_at: NullableTimestamp
}

export interface PausesTable {
  /** `'everything'`, or the ID of a customer in lower case. */
  scope: string
  paused_at: Timestamp
  paused_by: Generated<string | null>
}

export interface PartnerTable {
  id: Generated<boolean>
  tenant_id: string
}

export interface WebhooksTable {
  id: Generated<string>
  name: string
  format: 'standard' | 'teams'
  url: string
  /** As text, the first one first. */
  secrets: Json<string[]>
  /** The types it wants; `null` for all. */
  types: string[] | null
  created_at: Timestamp
  disabled_at: NullableTimestamp
}

/** The state of a notification: still to be delivered, delivered, or given up. */
export type NotificationState = 'pending' | 'delivered' | 'dead'

export interface NotificationsTable {
  id: Generated<string>
  webhook_id: string
  sequence: Generated<string>
  /** Notifications of a webhook with the same subject are delivered in order. */
  subject: string
  type: string
  at: Timestamp
  /** JSON, exactly as it is sent each time. */
  payload: string
  state: Generated<NotificationState>
  attempts: Generated<number>
  /** The next attempt; while one is being made, when another worker may take over. */
  due_at: Timestamp
  attempted_at: NullableTimestamp
  /** The HTTP status of the last attempt, if there was a response. */
  status: number | null
  error: string | null
}

export interface TroublesTable {
  kind: string
  since: Timestamp
}

export interface Tables {
  webhooks: WebhooksTable
  notifications: NotificationsTable
  troubles: TroublesTable
  partner: PartnerTable
  rate_limits: RateLimitsTable
  retention: RetentionTable
  workers: WorkersTable
  pauses: PausesTable
  customers: CustomersTable
  submissions: SubmissionsTable
  submission_devices: SubmissionDevicesTable
  uploads: UploadsTable
  device_results: DeviceResultsTable
  events: EventsTable
}
