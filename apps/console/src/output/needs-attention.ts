/** Which devices need somebody, and what is to be done? */
import type {
  BatchUploadGroupReport,
  BatchUploadReport,
  DeviceDelivery,
  DeviceErrorExplanation,
  UploadedRow,
} from '@devicebatch/client'
import { deviceOutcome, explainDeviceError, matchResults } from '@devicebatch/client'
import type { DeviceUploadDetails } from '@devicebatch/contract'
import type { ReportDevice, ReportRow } from '@devicebatch/csv'

/** A device that failed, or of which nobody can say what became of it. Plain JSON. */
export interface DeviceInNeed extends Pick<DeviceErrorExplanation, 'meaning' | 'remedy' | 'retryable'> {
  outcome: 'failed' | 'unresolved'
  /** The line of its row; absent when no file is at hand, or when more than one row could be meant. */
  line?: number
  serialNumber?: string
  productKey?: string
  manufacturer?: string
  model?: string
  /** The wire's `errorCode`, such as `"808"`. */
  errorCode?: string
  /** The symbolic name, such as `ZtdDeviceAssignedToOtherTenant`. */
  errorName?: string
  /** How sure it is that the device reached the service once; only for what `upload` sent. */
  delivery?: DeviceDelivery
}

/**
 * The devices of one upload that need somebody, in the order of the service.
 *
 * @param rows What was sent, to know the devices by; without lines when they come from no file.
 */
export function devicesInNeed(
  report: BatchUploadReport,
  rows: readonly (ReportRow | SentRow)[] = [],
): DeviceInNeed[] {
  const hasEnded = report.outcome !== 'pending'
  const rowOf = findRows(report.devices, rows)
  return report.devices.flatMap((result) => {
    const outcome = deviceOutcome(result, hasEnded)
    if (outcome !== 'failed' && outcome !== 'unresolved') return []
    return [describeDevice(result, rowOf.get(result), explainResult(result, outcome))]
  })
}

/**
 * The devices of an upload in several requests that need somebody, in the order of the file; then the results that belong to
 * no row of it.
 *
 * @param rows The rows of the file; those that have a device are the ones that were sent.
 */
export function rowsInNeed(report: BatchUploadGroupReport, rows: readonly ReportRow[]): DeviceInNeed[] {
  const sent = rows.filter((row) => hasDevice(row))
  const inNeed = report.rows.flatMap((uploaded) => {
    const { index, outcome, match, delivery } = uploaded
    if (outcome !== 'failed' && outcome !== 'unresolved') return []
    const result = match.kind === 'result' ? match.result : undefined
    const reason = result ? explainResult(result, outcome) : explainMissing(uploaded, outcome)
    return [{ ...describeDevice(result ?? {}, sent[index], reason), delivery }]
  })
  const withoutRow = report.withoutRow.flatMap((result) => {
    const outcome = deviceOutcome(result, report.outcome !== 'pending')
    if (outcome !== 'failed' && outcome !== 'unresolved') return []
    return [describeDevice(result, undefined, explainResult(result, outcome))]
  })
  return [...inNeed, ...withoutRow]
}

/** A device that was sent. */
export interface SentRow {
  line?: number
  device: ReportDevice
}

function hasDevice<Row extends ReportRow | SentRow>(row: Row): row is Row & SentRow {
  return row.device !== undefined
}

/** The row of each result that belongs to one row alone. */
function findRows(
  results: readonly DeviceUploadDetails[],
  rows: readonly (ReportRow | SentRow)[],
): Map<DeviceUploadDetails, SentRow | undefined> {
  const sent = rows.filter(hasDevice)
  const positions = new Map(results.map((result, at) => [result, String(at)]))
  // Each result stands for itself, so that none is taken for another that looks the same.
  const matches = matchResults(
    sent.map(({ device }) => device),
    results,
    (result) => positions.get(result)!,
  )
  const found = new Map<DeviceUploadDetails, SentRow | undefined>()
  matches.rows.forEach((match, at) => {
    if (match.kind === 'result') found.set(match.result, found.has(match.result) ? undefined : sent[at])
  })
  return found
}

type Reason = Pick<DeviceInNeed, 'outcome' | 'errorCode' | 'errorName' | 'meaning' | 'remedy' | 'retryable'>

function explainResult(result: DeviceUploadDetails, outcome: 'failed' | 'unresolved'): Reason {
  const errorCode = (result.errorCode ?? '').trim()
  const code = errorCode ? { errorCode } : {}
  if (outcome === 'unresolved') {
    const word = result.status ? `the status "${result.status}"` : 'no status'
    return {
      outcome,
      ...code,
      ...unclear(`The batch has ended, but the service gives ${word} for the device.`),
    }
  }
  const { name, meaning, remedy, retryable } = explainDeviceError(
    errorCode,
    result.errorDescription ?? undefined,
  )
  return { outcome, ...code, ...(name && { errorName: name }), meaning, remedy, retryable }
}

function explainMissing({ delivery, match }: UploadedRow, outcome: 'failed' | 'unresolved'): Reason {
  if (delivery === 'did-not-land') {
    return {
      outcome,
      meaning: 'The device is not in the batch, although the service had time enough to list it.',
      remedy: 'Upload it again.',
      retryable: true,
    }
  }
  const texts = {
    none: 'The batch has ended, and the service lists no result for the device.',
    unmatchable:
      'The row has only a hardware hash, and the service returns none: its result cannot be found.',
    ambiguous: 'Results that differ could be that of the device, and nothing tells which.',
    result: '',
  }
  return { outcome, ...unclear(texts[match.kind]) }
}

function unclear(meaning: string): Pick<Reason, 'meaning' | 'remedy' | 'retryable'> {
  return {
    meaning,
    remedy: 'Look the device up in Partner Center before you send it again.',
    retryable: false,
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
