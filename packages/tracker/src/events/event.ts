/** What is an event? One type for each thing that can happen; switch on `type`. */
import type { BatchOutcome, DeviceCounts, DeviceOutcome } from '@devicebatch/client'

import type { RecordedError } from '../database/schema.ts'

/** What every event has. Plain JSON. */
export interface EventBase {
  /** Its position among all events of this database; pass the last one as `after` to continue from there. */
  position: string
  /** When it happened, ISO 8601 in UTC. */
  at: string
  /** The customer's Microsoft Entra tenant ID. */
  customerId: string
}

/** The common part of all submission events. */
export interface SubmissionEvent extends EventBase {
  /** The submission it concerns. */
  submissionId: string
  /** A submission event does not concern a single upload. */
  batchTrackingId?: undefined
}

/** The common part of all upload events. */
export interface UploadEvent extends EventBase {
  /** The upload it concerns. */
  batchTrackingId: string
  /** The submission that the upload came from; absent when it was made elsewhere. */
  submissionId?: string
}

/** A submission waits for its upload. */
export interface SubmissionQueuedEvent extends SubmissionEvent {
  /** Distinguishes it from the other events. */
  type: 'submission.queued'
  /** The batch, how many devices there are, the submission whose devices it retries, and who submitted, retried or resumed it, if known. */
  data: { batchId: string; deviceCount: number; retryOf?: string; by?: string }
}

/** All devices of a submission were uploaded. */
export interface SubmissionAcceptedEvent extends SubmissionEvent {
  /** Distinguishes it from the other events. */
  type: 'submission.accepted'
  /**
   * How many duplicates were not sent, and the positions of the devices whose response was lost: those that were then found in the
   * batch, those that are not in it, and those for which that is unknown.
   */
  data: {
    batchId: string
    duplicates: number
    landed: number[]
    didNotLand: number[]
    cannotTell: number[]
  }
}

/** A submission was refused. */
export interface SubmissionFailedEvent extends SubmissionEvent {
  /** Distinguishes it from the other events. */
  type: 'submission.failed'
  /** The batch, and why it was refused. */
  data: { batchId: string; error: RecordedError }
}

/** A submission was cancelled before all of it was sent. */
export interface SubmissionCancelledEvent extends SubmissionEvent {
  /** Distinguishes it from the other events. */
  type: 'submission.cancelled'
  /**
   * The batch, how many devices will not be sent, how many were sent, or were being sent, and cannot be recalled, and who cancelled
   * it, if known.
   */
  data: { batchId: string; devicesCancelled: number; devicesSent: number; by?: string }
}

/** A tracking ID is polled from now on, from a submission or from elsewhere. */
export interface UploadTrackedEvent extends UploadEvent {
  /** Distinguishes it from the other events. */
  type: 'upload.tracked'
  /** The batch, when it is known. */
  data: { batchId?: string }
}

/** What is known about an upload when it changes or ends. */
export interface UploadProgress {
  /** The status value of the batch; `null` before the first response. */
  status: string | null
  /** The outcome of the batch, determined by its devices. */
  outcome: BatchOutcome
  /** Device counts by outcome. */
  counts: DeviceCounts
  /** How many results match no device that was sent; absent if it is unknown what was sent. */
  unmatched?: number
  /** How many results are surplus, beyond the number of matching devices; absent likewise. */
  repeated?: number
}

/** The status of the batch or of a device changed. */
export interface UploadChangedEvent extends UploadEvent {
  /** Distinguishes it from the other events. */
  type: 'upload.changed'
  /** What is known now, and the devices that changed. */
  data: UploadProgress & { devices: ChangedDevice[] }
}

/** A device whose result changed. */
export interface ChangedDevice {
  /** Its position in the upload. */
  position: number
  /** Its serial number; `null` when it has none. */
  serialNumber: string | null
  /** Its product key; `null` when it has none. */
  productKey: string | null
  /** Its outcome now. */
  outcome: DeviceOutcome
  /** The service's error code; `null` when there is none. */
  errorCode: string | null
}

/** Polling fails; it is retried. */
export interface UploadFailingEvent extends UploadEvent {
  /** Distinguishes it from the other events. */
  type: 'upload.failing'
  /** Why the last poll failed. */
  data: { error: RecordedError }
}

/** The batch has ended. */
export interface UploadEndedEvent extends UploadEvent {
  /** Distinguishes it from the other events. */
  type: 'upload.ended'
  /** The result. */
  data: UploadProgress
}

/** Polling stopped although the batch has not ended. */
export interface UploadStoppedEvent extends UploadEvent {
  /** Distinguishes it from the other events. */
  type: 'upload.stopped'
  /** Why. */
  data: { error: RecordedError }
}

/** One event; switch on `type`. Plain JSON. */
export type TrackerEvent =
  | SubmissionQueuedEvent
  | SubmissionAcceptedEvent
  | SubmissionFailedEvent
  | SubmissionCancelledEvent
  | UploadTrackedEvent
  | UploadChangedEvent
  | UploadFailingEvent
  | UploadEndedEvent
  | UploadStoppedEvent

/** What happened. */
export type EventType = TrackerEvent['type']
