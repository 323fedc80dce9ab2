/** Which devices need attention, and what is to be done? */
import type {
  BatchOutcome,
  BatchUploadReport,
  DeviceDelivery,
  DeviceErrorExplanation,
  RowResult,
} from '@devicebatch/client'
import { deviceOutcome, explainDeviceError } from '@devicebatch/client'
import type { DeviceUploadDetails } from '@devicebatch/contract'
import type { ReportDevice, ReportRow } from '@devicebatch/csv'

/** A device that failed, or whose result is unknown. Plain JSON. */
export interface DeviceInNeed extends Pick<DeviceErrorExplanation, 'meaning' | 'remedy' | 'isRetryable'> {
  outcome: 'failed' | 'unresolved'
  /** The line of its row; absent if the file is unknown, and for a result that matches no row. */
  line?: number
  serialNumber?: string
  productKey?: string
  manufacturer?: string
  model?: string
  /** The device's `errorCode`, such as `"808"`. */
  errorCode?: string
  /** The symbolic name, such as `ZtdDeviceAssignedToOtherTenant`. */
  errorName?: string
  /** Whether the device certainly reached the service once; only for what `upload` sent. */
  delivery?: DeviceDelivery
}

/** The devices of one upload that need attention, in the service's order: for an upload whose rows are unknown. */
export function devicesInNeed(report: BatchUploadReport): DeviceInNeed[] {
  return resultsInNeed(report.devices, report.outcome !== 'pending')
}

/** The results of the rows that were sent, in one upload or in several requests. */
export interface JudgedRows {
  outcome: BatchOutcome
  rows: readonly (RowResult & { delivery?: DeviceDelivery })[]
  /** The results that match no row. */
  unmatched: readonly DeviceUploadDetails[]
}

/**
 * The rows that need attention, in file order; then the results that match no row.
 *
 * @param rows The rows of the file; those that have a device are the ones that were sent.
 */
export function rowsInNeed(judged: JudgedRows, rows: readonly (ReportRow | SentRow)[]): DeviceInNeed[] {
  const sent = rows.filter((row) => hasDevice(row))
  const inNeed = judged.rows.flatMap((row, at) => {
    const { outcome, match, delivery } = row
    if (outcome !== 'failed' && outcome !== 'unresolved') return []
    const result = match.kind === 'result' ? match.result : undefined
    const reason = result ? explainResult(result, outcome) : explainMissing(row, outcome)
    return [{ ...describeDevice(result ?? {}, sent[at], reason), ...(delivery && { delivery }) }]
  })
  return [...inNeed, ...resultsInNeed(judged.unmatched, judged.outcome !== 'pending')]
}

function resultsInNeed(results: readonly DeviceUploadDetails[], hasEnded: boolean): DeviceInNeed[] {
  return results.flatMap((result) => {
    const outcome = deviceOutcome(result, hasEnded)
    if (outcome !== 'failed' && outcome !== 'unresolved') return []
    return [describeDevice(result, undefined, explainResult(result, outcome))]
  })
}

/** What a report counts in addition to the rows: missing, repeated and foreign results. */
export interface Beside {
  /** Rows of a finished batch without a result. */
  unlisted: number
  /** Results that match no row. */
  foreign: number
  /** Repeated results. */
  repeated: number
}

/** Counts them. */
export function countBeside({
  rows,
  unmatched,
  repeated,
}: JudgedRows & { repeated: readonly DeviceUploadDetails[] }): Beside {
  // The result of a row with only a hardware hash cannot be distinguished from a foreign one.
  const nameless = rows.filter(({ match }) => match.kind === 'unmatchable').length
  return {
    unlisted: rows.filter((row) => row.outcome === 'unresolved' && row.match.kind === 'none').length,
    foreign: Math.max(0, unmatched.length - nameless),
    repeated: repeated.length,
  }
}

/** A device that was sent. */
export interface SentRow {
  line?: number
  device: ReportDevice
}

function hasDevice<Row extends ReportRow | SentRow>(row: Row): row is Row & SentRow {
  return row.device !== undefined
}

type Reason = Pick<DeviceInNeed, 'outcome' | 'errorCode' | 'errorName' | 'meaning' | 'remedy' | 'isRetryable'>

function explainResult(result: DeviceUploadDetails, outcome: 'failed' | 'unresolved'): Reason {
  const errorCode = (result.errorCode ?? '').trim()
  const code = errorCode ? { errorCode } : {}
  if (outcome === 'unresolved') {
    const word = result.status ? `the status "${result.status}"` : 'no status'
    return {
      outcome,
      ...code,
      ...unclear(`The batch has finished, but the service reports ${word} for the device.`),
    }
  }
  const { name, meaning, remedy, isRetryable } = explainDeviceError(
    errorCode,
    result.errorDescription ?? undefined,
  )
  return { outcome, ...code, ...(name && { errorName: name }), meaning, remedy, isRetryable }
}

function explainMissing(
  { delivery, match }: JudgedRows['rows'][number],
  outcome: 'failed' | 'unresolved',
): Reason {
  if (delivery === 'did-not-land') {
    return {
      outcome,
      meaning: 'The device is not in the batch, although the service had enough time to list it.',
      remedy: 'Upload it again.',
      isRetryable: true,
    }
  }
  const texts = {
    none: 'The batch has finished, and the service lists no result for the device.',
    unmatchable:
      'The row has only a hardware hash, and the service returns none: its result cannot be found.',
    ambiguous: 'Several different results could belong to the device, and nothing identifies the right one.',
    result: '',
  }
  return { outcome, ...unclear(texts[match.kind]) }
}

function unclear(meaning: string): Pick<Reason, 'meaning' | 'remedy' | 'isRetryable'> {
  return {
    meaning,
    remedy: 'Look up the device in Partner Center before you send it again.',
    isRetryable: false,
  }
}

function describeDevice(
  result: DeviceUploadDetails | Partial<DeviceUploadDetails>,
  row: SentRow | undefined,
  reason: Reason,
): DeviceInNeed {
  const serialNumber = result.serialNumber ?? row?.device.serialNumber
  const productKey = result.productKey ?? row?.device.productKey
  const { oemManufacturerName, modelName } = row?.device ?? {}
  const { outcome, ...rest } = reason
  return {
    outcome,
    ...(row?.line !== undefined && { line: row.line }),
    ...(serialNumber && { serialNumber }),
    ...(productKey && { productKey }),
    ...(oemManufacturerName && { manufacturer: oemManufacturerName }),
    ...(modelName && { model: modelName }),
    ...rest,
  }
}
