/** The report of an upload as a CSV file that opens in a spreadsheet. */
import type { BatchUploadReport, Identifiers } from '@devicebatch/client'
import { matchResults } from '@devicebatch/client'
import Papa from 'papaparse'

import { columnNames } from './device-columns.ts'
import type { DeviceProblem } from './device-row.ts'
import { describeLeftOver, describeMatch, describeResult, toText, type Verdict } from './report-text.ts'
import { guardFormula } from './spreadsheet-cells.ts'

/** A row as {@link writeReport} needs it: what `readDevices` yields, or the same without the hardware hash. */
export type ReportRow =
  | { line: number; device: ReportDevice; problem?: undefined }
  | { line: number; device?: undefined; problem: DeviceProblem }

/** What a report shows of a device. */
export interface ReportDevice extends Identifiers {
  oemManufacturerName?: string | null | undefined
  modelName?: string | null | undefined
  /** Never written; only here so that any device of `readDevices` fits. */
  hardwareHash?: string | null | undefined
}

const header = [
  'Line',
  columnNames.serialNumber,
  columnNames.productKey,
  columnNames.oemManufacturerName,
  columnNames.modelName,
  'Outcome',
  'Error code',
  'Error name',
  'Meaning',
  'What to do',
]

/**
 * Writes what became of each row of a device file as CSV: the rows in their order with their lines, those that were not sent
 * among them, then the results that belong to none of them. Without `rows`, the results in the service's order.
 *
 * Results are matched by serial number and product key, the only identifiers that the service returns. A row that has neither
 * (only a hardware hash), a row without a result, a result without a row and a match that is not certain are each said to be so.
 *
 * The text is UTF-8 with a byte order mark, so that Excel reads it as such, and has CRLF line endings. Safe to open: a cell that
 * a spreadsheet could run as a formula (`=`, `+`, `-`, `@`, tab, CR) gets an apostrophe in front, which `readDevices` takes
 * away again. Hardware hashes are not written. A report can be corrected and read with `readDevices`.
 *
 * @param report What became of the upload.
 * @param rows The rows that were read from the file. They are gathered, without their hashes, before the first line is written.
 * @returns The file in pieces, one line each.
 *
 * @example
 * ```ts
 * import { summarize } from '@devicebatch/client'
 * import { readDevices, writeReport } from '@devicebatch/csv'
 *
 * const file = 'Device Serial Number,Manufacturer name,Device model\n1234567890,Contoso,Laptop 3\n'
 * const report = summarize({
 *   batchTrackingId: '0127ed8e-ff72-4983-a3d8-e8d8bd378932',
 *   status: 'finished',
 *   devicesStatus: [{ serialNumber: '1234567890', status: 'finished_with_errors', errorCode: '808' }],
 * })
 *
 * for await (const line of writeReport(report, readDevices(file))) console.log(line.trimEnd())
 * ```
 */
export async function* writeReport(
  report: BatchUploadReport,
  rows?: Iterable<ReportRow> | AsyncIterable<ReportRow>,
): AsyncGenerator<string, void, undefined> {
  const gathered: ReportRow[] = []
  for await (const row of rows ?? [])
    gathered.push(row.problem ? row : { line: row.line, device: withoutHash(row.device) })
  const devices = gathered.flatMap((row) => row.device ?? [])
  const matches = matchResults(devices, report.devices, (result) =>
    JSON.stringify(describeResult(result, report)),
  )

  yield `\uFEFF${toLine(header)}`
  let next = 0
  for (const row of gathered) {
    yield row.problem
      ? writeRow(row.line, {}, describeProblem(row.problem))
      : writeRow(row.line, row.device, describeMatch(matches.rows[next++]!, report))
  }
  for (const result of matches.leftOver) {
    yield writeRow('', result, rows ? describeLeftOver(result, report) : describeResult(result, report))
  }
}

function withoutHash({
  serialNumber,
  productKey,
  oemManufacturerName,
  modelName,
}: ReportDevice): ReportDevice {
  return { serialNumber, productKey, oemManufacturerName, modelName }
}

function describeProblem({ code, column, message, fix }: DeviceProblem): Verdict {
  const meaning = column === undefined ? message : `Column "${column}": ${message}`
  return { outcome: 'not sent', errorCode: '', errorName: code, meaning, remedy: fix }
}

function writeRow(line: number | '', device: ReportDevice, verdict: Verdict): string {
  const { serialNumber, productKey, oemManufacturerName, modelName } = device
  const { outcome, errorCode, errorName, meaning, remedy } = verdict
  const identity = [serialNumber, productKey, oemManufacturerName, modelName].map(toText)
  return toLine([String(line), ...identity, outcome, errorCode, errorName, meaning, remedy])
}

function toLine(cells: readonly string[]): string {
  return `${Papa.unparse([cells.map(guardFormula)], { newline: '\r\n' })}\r\n`
}
