/** What is the outcome of every device of an upload? Determined by the devices, never by the status of the batch alone. */
import type { BatchUploadDetails, DeviceUploadDetails } from '@devicebatch/contract'
import { InvalidArgumentError } from '@devicebatch/edge'
import { isTerminal, plainStatus, wireText } from '@devicebatch/edge/internal'

import type { Shape } from '../transport/as-documented.ts'
import { asDocumented } from '../transport/as-documented.ts'
import { parsePartnerDate } from './partner-date.ts'

/**
 * The outcome of one device.
 *
 * - `'pending'`: the batch is in progress and has no result for the device yet.
 * - `'succeeded'`: its status is `finished` and it has no error.
 * - `'already-registered'`: it was already registered to this customer (806).
 * - `'failed'`: it has any other error, or its status is `finished_with_errors`.
 * - `'unresolved'`: the batch has finished without a result for the device.
 */
export type DeviceOutcome = 'pending' | 'succeeded' | 'already-registered' | 'failed' | 'unresolved'

/**
 * The outcome of the batch.
 *
 * - `'pending'`: it has not ended.
 * - `'succeeded'`: there are devices, and none failed or is unresolved.
 * - `'failed'`: something failed, and nothing succeeded or was already registered.
 * - `'partially-failed'`: some devices failed, others did not.
 * - `'unknown'`: it finished without a result for some device, or for any.
 */
export type BatchOutcome = 'pending' | 'succeeded' | 'failed' | 'partially-failed' | 'unknown'

/** Device counts by outcome; the five add up to `total`. */
export interface DeviceCounts {
  /** All devices; more than a report lists if an earlier response listed more. */
  total: number
  /** The batch is in progress and has no result for these yet. */
  pending: number
  /** Registered by this upload. */
  succeeded: number
  /** Already registered to this customer (806). */
  alreadyRegistered: number
  /** Not registered; each has its error. */
  failed: number
  /** The batch has finished without a result for these. */
  unresolved: number
}

/** The result of an upload. Plain JSON. */
export interface BatchUploadReport {
  /** The tracking ID of the upload, a GUID. */
  batchTrackingId: string
  /** The service's status value. A `finished` batch can still contain failed devices. */
  status: string
  /** The outcome of the batch, determined by its devices. */
  outcome: BatchOutcome
  /** When the batch started, ISO 8601 in UTC; absent until then. */
  startedAt?: string
  /** When the batch finished, ISO 8601 in UTC; absent until then. */
  completedAt?: string
  /** Device counts by outcome. */
  counts: DeviceCounts
  /** Every device, as the service sent it, with text where text is documented: a code sent as a number becomes a string. */
  devices: DeviceUploadDetails[]
  /** The devices of `devices` that failed. */
  failures: DeviceUploadDetails[]
  /** The devices that changed since the report before; only in the reports of `watch`, from the second on. */
  changed?: DeviceUploadDetails[]
  /** Status values that the contract does not know, each once per place. */
  unrecognized: { path: string; value: string }[]
  /** True when the response came from the emulator: nothing was sent to Microsoft. */
  emulated?: true
}

// Registered, so that every copy of this package finds it.
const emulatedKey: unique symbol = Symbol.for('devicebatch.emulated')

/** Marks a response of the emulator, for {@link summarize}. Code that reads its members does not see the mark. */
export function markEmulated(details: BatchUploadDetails): void {
  Object.defineProperty(details, emulatedKey, { value: true })
}

/**
 * Summarizes the result of every device of an upload.
 *
 * @param details The service's response, as `getBatchUploadStatus` and `BatchUpload.get` return it. Unknown values, missing
 * members and nulls are accepted. Whether it came from the emulator is known only for the object that `BatchUpload.get`
 * returned, not for a copy.
 * @throws {@link InvalidArgumentError} when `details` is not an object.
 * @example
 * ```ts
 * import { summarize } from '@devicebatch/client'
 *
 * const report = summarize({
 *   batchTrackingId: '0127ed8e-ff72-4983-a3d8-e8d8bd378932',
 *   status: 'finished',
 *   devicesStatus: [{ serialNumber: '1234567890', status: 'finished_with_errors', errorCode: '808' }],
 * })
 * console.log(report.outcome, report.counts.failed) // failed 1
 * ```
 */
export function summarize(details: BatchUploadDetails): BatchUploadReport {
  if (typeof details !== 'object' || details === null) {
    throw new InvalidArgumentError(
      `\`details\` must be what BatchUpload.get() or getBatchUploadStatus() returned; got ${details === null ? 'null' : typeof details}.`,
    )
  }
  const unrecognized = new Map<string, { path: string; value: string }>()
  const note = (path: string, value: unknown): void => {
    const text = wireText(value).slice(0, 60)
    unrecognized.set(`${path} ${text}`, { path, value: text })
  }

  const status = typeof details.status === 'string' ? details.status : 'unknown'
  if (!batchStatuses.has(plainStatus(status))) note('status', status)

  const rows: unknown = details.devicesStatus ?? []
  if (!Array.isArray(rows)) note('devicesStatus', typeof rows)
  const devices = (Array.isArray(rows) ? rows : []).map((row): DeviceUploadDetails =>
    asDocumented(row, deviceShape),
  )

  for (const value of new Set(devices.map((device) => device.status))) {
    if (value != null && !deviceStatuses.has(plainStatus(value))) note('devicesStatus[].status', value)
  }

  const startedAt = parsePartnerDate(details.startedTime)?.toISOString()
  const completedAt = parsePartnerDate(details.completedTime)?.toISOString()
  return {
    batchTrackingId: wireText(details.batchTrackingId),
    status,
    ...(startedAt && { startedAt }),
    ...(completedAt && { completedAt }),
    ...judgeDevices(devices, isTerminal(status)),
    unrecognized: [...unrecognized.values()],
    ...(emulatedKey in details && { emulated: true }),
  }
}

/** What a report says about its devices. */
export function judgeDevices(
  devices: DeviceUploadDetails[],
  ended: boolean,
): Pick<BatchUploadReport, 'outcome' | 'counts' | 'devices' | 'failures'> {
  const outcomes = devices.map((device) => deviceOutcome(device, ended))
  const counts = countOutcomes(outcomes)
  const failures = devices.filter((_, at) => outcomes[at] === 'failed')
  return { outcome: batchOutcome(ended, counts), counts, devices, failures }
}

/** Counts devices by outcome. */
export function countOutcomes(outcomes: Iterable<DeviceOutcome>): DeviceCounts {
  const counts = { total: 0, pending: 0, succeeded: 0, alreadyRegistered: 0, failed: 0, unresolved: 0 }
  for (const outcome of outcomes) {
    counts.total++
    counts[outcome === 'already-registered' ? 'alreadyRegistered' : outcome]++
  }
  return counts
}

/**
 * Returns the outcome of one device.
 *
 * @param device The device as the service sent it.
 * @param batchEnded Whether its batch has ended; see `isFinished`.
 * @example
 * ```ts
 * import { deviceOutcome } from '@devicebatch/client'
 *
 * console.log(deviceOutcome({ serialNumber: '1R9-ZNP67', status: 'finished', errorCode: '806' }, true)) // already-registered
 * ```
 */
export function deviceOutcome(device: DeviceUploadDetails, batchEnded: boolean): DeviceOutcome {
  const code = wireText(device.errorCode)
  // A name without a code is an error too: nothing that mentions a failure may count as a success.
  const name = wireText(device.errorDescription)
  if (code === '806' || (!code && name === 'ZtdDeviceAlreadyAssigned')) return 'already-registered'
  const status = plainStatus(device.status)
  if (code || name || status === 'finishedwitherrors') return 'failed'
  if (status === 'finished') return 'succeeded'
  return batchEnded ? 'unresolved' : 'pending'
}

// As `plainStatus` returns them.
const batchStatuses = new Set(['unknown', 'queued', 'processing', 'finished', 'finishedwitherrors'])
// The documentation has `in-progress` where every other source has the values of the batch.
const deviceStatuses = new Set([...batchStatuses, 'inprogress'])

/** The text members of a device. Other services on the host send numbers where this one sends strings. */
const deviceShape: Shape = {
  serialNumber: 'text',
  productKey: 'text',
  deviceId: 'text',
  status: 'text',
  errorCode: 'text',
  errorDescription: 'text',
}

/** The report on an upload whose ID may be missing from the response. `highestTotal` is the most devices that any response listed. */
export function reportOn(
  batchTrackingId: string,
  details: BatchUploadDetails,
  highestTotal?: number,
): BatchUploadReport {
  return countAbsent({ ...summarize(details), batchTrackingId }, highestTotal)
}

/**
 * The report, with the devices that an earlier response listed and this one does not: they are not known to be registered.
 *
 * @param highestTotal The most devices that any response listed.
 */
function countAbsent(report: BatchUploadReport, highestTotal = 0): BatchUploadReport {
  const absent = highestTotal - report.counts.total
  if (absent <= 0) return report
  const counts = { ...report.counts, total: highestTotal }
  const ended = isTerminal(report.status)
  counts[ended ? 'unresolved' : 'pending'] += absent
  return { ...report, counts, outcome: batchOutcome(ended, counts) }
}

/** The outcome of a batch, from the counts of its devices. */
export function batchOutcome(ended: boolean, counts: DeviceCounts): BatchOutcome {
  if (!ended) return 'pending'
  if (counts.failed > 0)
    return counts.succeeded + counts.alreadyRegistered > 0 ? 'partially-failed' : 'failed'
  return counts.total > 0 && counts.unresolved === 0 ? 'succeeded' : 'unknown'
}
