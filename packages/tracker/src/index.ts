/**
 * Durable tracking of thousands of device uploads: submitted, polled and recorded in PostgreSQL.
 *
 * @module @devicebatch/tracker
 */
export { createTracker } from './tracker.ts'
export type { Tracker } from './tracker.ts'
export type { RateLimits, Retention, TrackerOptions } from './options.ts'
export type { TrackerDatabase } from './database/open-database.ts'
export type { StoredRateLimits } from './rate-limit/stored-limits.ts'
export type { SubmitRequest } from './submissions/submit.ts'
export type { SubmissionPriority } from './submissions/priority.ts'
export type { StoredRetention } from './control/retention.ts'
export type { RetriedNow, RetryNowFilter } from './control/retry-now.ts'
export type { StuckFilter, StuckReason } from './queries/failures.ts'
export type { DevicesInProgress, InProgressRequest } from './queries/in-progress.ts'
export type { StuckWork } from './queries/stuck.ts'
export type { ActionOptions } from './control/actor.ts'
export type { Cancellation } from './control/cancel.ts'
export type { Pauses, PauseScope } from './control/pauses.ts'
export type { EventsOptions } from './events/read.ts'
export type {
  ChangedDevice,
  EventBase,
  EventType,
  SubmissionAcceptedEvent,
  SubmissionCancelledEvent,
  SubmissionEvent,
  SubmissionFailedEvent,
  SubmissionQueuedEvent,
  TrackerEvent,
  UploadChangedEvent,
  UploadEndedEvent,
  UploadEvent,
  UploadFailingEvent,
  UploadProgress,
  UploadStoppedEvent,
  UploadTrackedEvent,
} from './events/event.ts'
export type {
  DeviceFilter,
  SubmissionFilter,
  TrackedDevice,
  TrackedSubmission,
  TrackedUpload,
  UploadFilter,
} from './queries/rows.ts'
export type {
  NotificationState,
  RecordedError,
  SubmissionSettings,
  SubmissionState,
  UploadState,
} from './database/schema.ts'
export type {
  FailureCause,
  FailureFilter,
  StatisticsInterval,
  StatisticsOptions,
  TrackedCustomer,
  TrackerStatistics,
  TrackerTotals,
} from './queries/statistics.ts'
export type {
  FailureFigures,
  LimitFigures,
  QueueFigures,
  TrackerFigures,
  WebhookFigures,
  WorkerFigures,
} from './health/figures.ts'
export type { TrackerHealth } from './health/health.ts'
export type { HealthProblem } from './health/problems.ts'
export { metricsContentType } from './health/open-metrics.ts'
export type {
  Notification,
  NotificationBase,
  NotificationType,
  NotifiedCause,
  NotifiedSubmission,
  NotifiedUpload,
  SignInFailedNotification,
  SubmissionEndedNotification,
  SubmissionFailedNotification,
  SubmissionResult,
  SubmissionStuckNotification,
  TestNotification,
  UploadEndedNotification,
  UploadResult,
  UploadStoppedNotification,
  UploadStuckNotification,
  WorkerGoneNotification,
} from './notifications/notification.ts'
export type { NotificationFilter, TrackedNotification } from './notifications/deliveries.ts'
export type { StoredWebhook, WebhookTest } from './notifications/stored-webhooks.ts'
export type { WebhookSettings } from './notifications/webhook-settings.ts'
export type { Deleted } from './queue/maintenance.ts'
export { DatabaseError } from './errors.ts'
export type { DatabaseErrorReason } from './errors.ts'
