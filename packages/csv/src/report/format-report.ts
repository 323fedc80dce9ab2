/** How is the report of an upload written as a CSV file? */
import type {
  BatchUploadGroupReport,
  BatchUploadReport,
  ChunkReport,
  DeviceOutcome,
} from '@devicebatch/client'
import { InvalidArgumentError, reportRows } from '@devicebatch/client'
import type { DeviceUploadDetails } from '@devicebatch/contract'
import { checkNames } from '@devicebatch/edge/internal'

import type { DeviceRow } from '../read-devices.ts'
import { toCsvLine } from './csv-line.ts'
import { header, cellsOfRefused, cellsOf } from './report-row.ts'
import type { ReportDevice, ReportRow } from './report-row.ts'
import {
  describeOutcome,
  describeUnmatched,
  describeResult,
  describeRow,
  describeUploadedRow,
} from './report-text.ts'
import type { ResultSource } from './report-text.ts'

/** How to write a report. */
export interface FormatReportOptions {
  /**
   * The delimiter of the device file, as `readDevices` reports it. With `';'`, the report has semicolons too, which Excel expects
   * where the comma is the decimal sign; with any other, it has commas. Default: `','`.
   */
  delimiter?: string | undefined
}

/** Columns that only the report of a group has. */
const groupHeader = [...header, 'Delivery', 'Tracking ID']
const nothingMore = ['', '']

/**
 * Formats the result of each row of a device file as CSV: all rows in file order with their lines, including those that were
 * not sent, then the results that match no row. Without `rows`, the results appear in the service's order.
 *
 * Results are matched by serial number and product key, the only identifiers that the service returns. Rows with neither (only
 * a hardware hash), unmatched rows and results, and uncertain matches are each reported as such.
 *
 * The text is UTF-8 with a byte order mark, so that Excel detects the encoding, and has CRLF line endings. It is safe to open:
 * a cell that a spreadsheet could run as a formula (`=`, `+`, `-`, `@`, tab, CR) is prefixed with an apostrophe, which
 * `readDevices` removes again. Hardware hashes are not written. A report can be edited and read with `readDevices`.
 *
 * The report of a group also states for each row whether it was delivered (`landed`, `did-not-land` or `cannot-tell`), and the
 * tracking ID of its request.
 *
 * @param report The report of the upload, or of the group of uploads.
 * @param rows The rows read from the file; for a group, all submitted devices. They are collected, without their hashes, before
 * the first line is written.
 * @param options How to write it.
 * @returns The file, line by line. Rejects with `InvalidArgumentError` when the number of devices differs from the number that
 * the group has.
 *
 * @example
 * ```ts
 * import { summarize } from '@devicebatch/client'
 * import { readDevices, formatReport } from '@devicebatch/csv'
 *
 * const file = 'Device Serial Number,Manufacturer name,Device model\n1234567890,Contoso,Laptop 3\n'
 * const report = summarize({
 *   batchTrackingId: '0127ed8e-ff72-4983-a3d8-e8d8bd378932',
 *   status: 'finished',
 *   devicesStatus: [{ serialNumber: '1234567890', status: 'finished_with_errors', errorCode: '808' }],
 * })
 *
 * for await (const line of formatReport(report, readDevices(file))) console.log(line.trimEnd())
 * ```
 */
export async function* formatReport(
  report: BatchUploadReport | BatchUploadGroupReport,
  rows?: Iterable<ReportRow | DeviceRow> | AsyncIterable<ReportRow | DeviceRow>,
  options: FormatReportOptions = {},
): AsyncGenerator<string, void, undefined> {
  const delimiter = delimiterOf(options)
  const gathered: ReportRow[] = []
  for await (const row of rows ?? []) {
    if (row.note) continue
    gathered.push(row.device?.hardwareHash ? { line: row.line, device: withoutHash(row.device) } : row)
  }
  const isGroup = 'rows' in report
  const { lines, unmatched, source } = isGroup
    ? judgeGroup(report, rows ? gathered : undefined)
    : judgeUpload(report, gathered)

  yield firstLine(isGroup ? groupHeader : header, delimiter)
  for (const cells of lines) yield toCsvLine(cells, delimiter)
  for (const result of unmatched) {
    const belongsToNone = rows !== undefined || isGroup
    const verdict = belongsToNone ? describeUnmatched(result, source) : describeResult(result, source)
    yield toCsvLine(cellsOf('', result, verdict, isGroup ? nothingMore : undefined), delimiter)
  }
}

/** A device whose outcome is known, such as one that `listDevices` of `@devicebatch/tracker` returns. */
export interface DeviceResult extends Partial<DeviceUploadDetails> {
  /** Its outcome. */
  outcome: DeviceOutcome
}

/**
 * Formats devices whose outcomes are known in the same way as {@link formatReport}, in their order.
 *
 * @param devices The devices of one upload.
 * @param batchTrackingId The tracking ID of that upload.
 * @param options How to write it.
 * @returns The file, line by line.
 */
export async function* formatResults(
  devices: Iterable<DeviceResult> | AsyncIterable<DeviceResult>,
  batchTrackingId: string,
  options: FormatReportOptions = {},
): AsyncGenerator<string, void, undefined> {
  const delimiter = delimiterOf(options)
  yield firstLine(header, delimiter)
  for await (const device of devices) {
    const verdict = describeOutcome(device.outcome, device, { batchTrackingId })
    yield toCsvLine(cellsOf('', device, verdict), delimiter)
  }
}

/**
 * Formats the rows of a device file that cannot be sent in the same way as {@link formatReport}: why, what to do, and serial
 * number, manufacturer and model as far as they could be read.
 *
 * @param rows The rows read from the file; those that can be sent are left out.
 * @param options How to write it.
 * @returns The file, line by line.
 */
export async function* formatProblems(
  rows: Iterable<ReportRow | DeviceRow> | AsyncIterable<ReportRow | DeviceRow>,
  options: FormatReportOptions = {},
): AsyncGenerator<string, void, undefined> {
  const delimiter = delimiterOf(options)
  yield firstLine(header, delimiter)
  for await (const row of rows) if (row.problem) yield toCsvLine(cellsOfRefused(row), delimiter)
}

function delimiterOf(options: FormatReportOptions): ',' | ';' {
  checkNames(options, { delimiter: true })
  return options.delimiter === ';' ? ';' : ','
}

/** The column names, after a byte order mark. */
function firstLine(columns: readonly string[], delimiter: ',' | ';'): string {
  return `\uFEFF${toCsvLine(columns, delimiter)}`
}

/** The lines of a report, and the results that follow them. */
interface Judged {
  lines: Iterable<string[]>
  unmatched: readonly DeviceUploadDetails[]
  source: ResultSource
}

function judgeUpload(report: BatchUploadReport, rows: readonly ReportRow[]): Judged {
  const source = { batchTrackingId: report.batchTrackingId, hasEnded: report.outcome !== 'pending' }
  const devices = rows.flatMap((row) => row.device ?? [])
  const judged = reportRows(report, devices)
  const lines = function* (): Generator<string[]> {
    let next = 0
    for (const row of rows) {
      yield row.problem
        ? cellsOfRefused(row)
        : cellsOf(row.line, row.device, describeRow(judged.rows[next++]!, source))
    }
  }
  return { lines: lines(), unmatched: judged.unmatched, source }
}

function judgeGroup(report: BatchUploadGroupReport, rows: readonly ReportRow[] | undefined): Judged {
  const uploaded = report.rows
  const all = rows ?? uploaded.map((device) => ({ line: '' as const, device, problem: undefined }))
  const count = all.filter(({ device }) => device).length
  if (count !== uploaded.length) {
    throw new InvalidArgumentError(
      `\`rows\` must be what readDevices() yields, with all submitted devices in their order: the report has ${uploaded.length}, \`rows\` has ${count}.`,
    )
  }
  const lines = function* (): Generator<string[]> {
    let next = 0
    for (const row of all) {
      if (row.problem) {
        yield cellsOfRefused(row, nothingMore)
        continue
      }
      const sent = uploaded[next++]!
      const chunk = chunkOf(report.chunks, sent.duplicateOf ?? sent.index)
      const { batchTrackingId } = chunk ?? {}
      const source = { batchTrackingId, hasEnded: chunk?.outcome !== 'pending' }
      const verdict = describeUploadedRow(sent, source)
      yield cellsOf(row.line, row.device, verdict, [sent.delivery, batchTrackingId ?? ''])
    }
  }
  const source = { hasEnded: report.outcome !== 'pending' }
  return { lines: lines(), unmatched: report.unmatched, source }
}

/** The request that contained the device at this position; the requests are in the order of the devices. */
function chunkOf(chunks: readonly ChunkReport[], index: number): ChunkReport | undefined {
  let [from, to] = [0, chunks.length - 1]
  while (from < to) {
    const middle = (from + to) >> 1
    if (index < chunks[middle]!.toIndex) to = middle
    else from = middle + 1
  }
  return chunks[from]
}

function withoutHash({
  serialNumber,
  productKey,
  oemManufacturerName,
  modelName,
}: ReportDevice): ReportDevice {
  return { serialNumber, productKey, oemManufacturerName, modelName }
}
