/** Reports the result of every row of an uploaded file. */
import type { BatchUploadGroupReport, DeviceDelivery } from '@devicebatch/client'

import { exitCodeOf } from '../cli/exit-code.ts'
import type { DeviceFile } from '../files/device-file.ts'
import { defaultResultsPath, writeResultsFile } from '../files/results-file.ts'
import { countBeside, rowsInNeed } from '../output/needs-attention.ts'
import type { Output } from '../output/output.ts'
import type { EarlierDevices } from '../output/render-report.ts'
import { groupFacts, listedWithResultsFile, renderReport } from '../output/render-report.ts'

/** Where the results of an upload go, and where they came from. */
export interface ReportOptions {
  journalPath: string
  customerName?: string | undefined
  /** The results file: undefined for one next to the device file, false for none. */
  results: string | false | undefined
  emulated: boolean
  /** What earlier uploads did with the rest of the file. */
  earlier?: EarlierDevices
}

/** Prints the report, writes the results unless no file is wanted, and returns the exit code. */
export async function reportUpload(
  report: BatchUploadGroupReport,
  file: DeviceFile,
  { journalPath, customerName, results, emulated, earlier }: ReportOptions,
  output: Output,
): Promise<number> {
  const { outcome, rows, unmatched, repeated } = report
  const judged = { outcome, rows, unmatched, repeated }
  const needs = rowsInNeed(judged, file.rows)
  const beside = countBeside(judged)
  const deliveries = countDeliveries(report)
  const { rows: _, devices: __, failures: ___, ...summary } = report
  output.record({ emulated, report: summary, deliveries, needsAttention: needs })
  const facts = groupFacts(report, { journal: journalPath, customerName })
  const listed = listedWithResultsFile
  const uncertain = deliveries['cannot-tell']
  output.print(
    '',
    renderReport(
      { report, facts, needs, isEmulator: emulated, file, beside, uncertain, earlier, listed },
      output,
    ),
  )

  const exitCode = exitCodeOf(report, { sent: file.deviceCount, skipped: file.skipped.length })
  if (results === false) return exitCode
  const [first] = report.chunks
  const resultsPath = results ?? defaultResultsPath(file.path, first!.batchTrackingId ?? first!.requestId)
  await writeResultsFile(resultsPath, report, file)
  output.record({ results: resultsPath })
  output.print('Results:', `  ${resultsPath}`)
  return exitCode
}

function countDeliveries({ rows }: BatchUploadGroupReport): Record<DeviceDelivery, number> {
  const deliveries = { landed: 0, 'did-not-land': 0, 'cannot-tell': 0 }
  for (const { delivery } of rows) deliveries[delivery]++
  return deliveries
}
