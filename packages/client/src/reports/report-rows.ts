/** What became of each row that was sent? Counted over our own rows, never over the rows of a response. */
import type { DeviceUploadDetails } from '@devicebatch/contract'
import { isTerminal, wireText } from '@devicebatch/edge/internal'

import type { Identifiers, Match } from './match-results.ts'
import { keysOf, matchResults } from './match-results.ts'
import type { BatchOutcome, BatchUploadReport, DeviceCounts, DeviceOutcome } from './report.ts'
import { batchOutcome, countOutcomes, deviceOutcome } from './report.ts'

/** What became of one row. */
export interface RowResult {
  /** Its result, or why there is none. */
  match: Match
  /** What became of it. */
  outcome: DeviceOutcome
}

/** What became of the rows of an upload. */
export interface RowsReport {
  /** Decided by the rows. */
  outcome: BatchOutcome
  /** The rows by outcome: `total` is how many were sent, whatever the response lists. */
  counts: DeviceCounts
  /** Each row, in the order of the rows. */
  rows: RowResult[]
  /** The results that belong to no row, those of rows with only a hardware hash among them. */
  unmatched: DeviceUploadDetails[]
  /** The results that came once more than there are rows for them. */
  repeated: DeviceUploadDetails[]
}

/**
 * Judges the rows that were sent by a report of their upload.
 *
 * Each row is matched by serial number and product key (or the id of the device, for an update of devices that have one); a
 * row without a result is pending, and unresolved once the batch has ended. Rows that nothing can be matched by, those with
 * only a hardware hash, take the common outcome of the results left over, when these are as many as the rows, distinct by their
 * device ids, alike, and without serial number and product key, and when every other row has its result.
 *
 * @param report What `wait()`, `watch()` or `summarize` returned.
 * @param sent The rows as they were sent, all of them.
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

/** The same, of results from wherever they come. */
export function judgeRows(
  results: readonly DeviceUploadDetails[],
  sent: readonly Identifiers[],
  ended: boolean,
): RowsReport {
  const { rows: matches, unmatched, repeated } = matchResults(sent, results, summaryOf)
  const outcomeOf = (result: DeviceUploadDetails): DeviceOutcome => deviceOutcome(result, ended)
  // Which error is its own may be unknown, and that it failed be certain all the same.
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

/** What of a result matters to whose it is: all that a report says of it but its id. */
export function summaryOf({ status, errorCode, errorDescription }: DeviceUploadDetails): string {
  return JSON.stringify([status, errorCode, errorDescription])
}

/** The outcome of the rows that nothing can be matched by. */
function commonOutcome(
  matches: readonly Match[],
  unmatched: readonly DeviceUploadDetails[],
  outcomeOf: (result: DeviceUploadDetails) => DeviceOutcome,
): DeviceOutcome | undefined {
  const count = matches.filter(({ kind }) => kind === 'unmatchable').length
  if (unmatched.length !== count || matches.some(({ kind }) => kind === 'none')) return undefined
  // A name that no row has is that of a foreign device, and where one is, there may be others without names.
  if (unmatched.some((result) => keysOf(result).length > 0)) return undefined
  const distinct = new Set(unmatched.map(({ deviceId }) => wireText(deviceId).toUpperCase()))
  const [outcome, ...others] = new Set(unmatched.map(outcomeOf))
  return distinct.size === count && others.length === 0 ? outcome : undefined
}
