/** What is the outcome of each row that was sent? Counted over our own rows, never over the rows of a response. */
import type { DeviceUploadDetails } from '@devicebatch/contract'
import { isTerminal, wireText } from '@devicebatch/edge/internal'

import type { Identifiers, Match } from './match-results.ts'
import { keysOf, matchResults } from './match-results.ts'
import type { BatchOutcome, BatchUploadReport, DeviceCounts, DeviceOutcome } from './report.ts'
import { batchOutcome, countOutcomes, deviceOutcome } from './report.ts'

/** The outcome of one row. */
export interface RowResult {
  /** Its result, or why there is none. */
  match: Match
  /** Its outcome. */
  outcome: DeviceOutcome
}

/** The outcome of the rows of an upload. */
export interface RowsReport {
  /** Determined by the rows. */
  outcome: BatchOutcome
  /** Row counts by outcome. `total` counts the rows that were sent, whatever the response lists. */
  counts: DeviceCounts
  /** Each row, in the order they were sent. */
  rows: RowResult[]
  /** The results that match no row, including those of rows that have only a hardware hash. */
  unmatched: DeviceUploadDetails[]
  /** Surplus results: there are more of them than matching rows. */
  repeated: DeviceUploadDetails[]
}

/**
 * Determines the outcome of each row that was sent, from the report of its upload.
 *
 * Rows are matched by serial number and product key (or by device ID, when existing devices were updated). A row without a
 * result is pending, and unresolved once the batch has ended. Rows with only a hardware hash cannot be matched. They share the
 * outcome of the remaining results if every other row has its result, and if the remaining results are as many as these rows,
 * have distinct device IDs and the same outcome, and have neither serial number nor product key.
 *
 * @param report A report from `wait()`, `watch()` or `summarize`.
 * @param sent All rows, as they were sent.
 * @example
 * ```ts
 * import { reportRows, summarize } from '@devicebatch/client'
 *
 * const batchTrackingId = '0127ed8e-ff72-4983-a3d8-e8d8bd378932'
 * const devicesStatus = [{ serialNumber: 'A-1', status: 'finished' }]
 * const report = summarize({ batchTrackingId, status: 'finished', devicesStatus })
 * const { outcome, counts } = reportRows(report, [{ serialNumber: 'A-1' }, { serialNumber: 'A-2' }])
 * console.log(outcome, counts.succeeded, counts.unresolved) // unknown 1 1
 * ```
 */
export function reportRows(report: BatchUploadReport, sent: readonly Identifiers[]): RowsReport {
  return judgeRows(report.devices, sent, isTerminal(report.status))
}

/** The same for results from any source. */
export function judgeRows(
  results: readonly DeviceUploadDetails[],
  sent: readonly Identifiers[],
  ended: boolean,
): RowsReport {
  const { rows: matches, unmatched, repeated } = matchResults(sent, results, summaryOf)
  const outcomeOf = (result: DeviceUploadDetails): DeviceOutcome => deviceOutcome(result, ended)
  // It can be certain that a row failed even if it is not clear which of the errors is its own.
  const isUnclear = matches.some(({ kind }) => kind === 'ambiguous')
  const byOutcome = isUnclear ? matchResults(sent, results, outcomeOf).rows : matches
  const common = commonOutcome(matches, unmatched, outcomeOf)

  const rows = matches.map((match, at): RowResult => {
    const certain = byOutcome[at]!
    const known = certain.kind === 'result' ? outcomeOf(certain.result) : undefined
    const shared = match.kind === 'unmatchable' ? common : undefined
    return { match, outcome: known ?? shared ?? (ended ? 'unresolved' : 'pending') }
  })
  const counts = countOutcomes(rows.map(({ outcome }) => outcome))
  return { outcome: batchOutcome(ended, counts), counts, rows, unmatched, repeated }
}

/** What distinguishes one result from another in a report: everything except its ID. */
export function summaryOf({ status, errorCode, errorDescription }: DeviceUploadDetails): string {
  return JSON.stringify([status, errorCode, errorDescription])
}

/** The outcome of the rows that cannot be matched. */
function commonOutcome(
  matches: readonly Match[],
  unmatched: readonly DeviceUploadDetails[],
  outcomeOf: (result: DeviceUploadDetails) => DeviceOutcome,
): DeviceOutcome | undefined {
  const count = matches.filter(({ kind }) => kind === 'unmatchable').length
  if (unmatched.length !== count || matches.some(({ kind }) => kind === 'none')) return undefined
  // A name that no row has belongs to someone else's device, and there may be more of those, without names.
  if (unmatched.some((result) => keysOf(result).length > 0)) return undefined
  const distinct = new Set(unmatched.map(({ deviceId }) => wireText(deviceId).toUpperCase()))
  const [outcome, ...others] = new Set(unmatched.map(outcomeOf))
  return distinct.size === count && others.length === 0 ? outcome : undefined
}
