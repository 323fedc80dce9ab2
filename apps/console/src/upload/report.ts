/** Says what became of every row of a file that was uploaded. */
import type { BatchUploadGroup, BatchUploadGroupReport, DeviceDelivery } from '@devicebatch/client'

import { exitCodeOf, exitCodes } from '../cli/exit-code.ts'
import { defaultResultsPath, writeResultsFile } from '../files/results-file.ts'
import { writeJournal } from '../journal/journal.ts'
import { countBeside, rowsInNeed } from '../output/needs-attention.ts'
import { groupFacts, listedWithResultsFile, renderReport } from '../output/render-report.ts'
import type { UploadRun } from './upload-context.ts'
import { journalOf, printResume } from './upload-context.ts'

/** Prints the report, writes the results, and notes in the journal that the upload has ended. */
export async function reportUpload(
  run: UploadRun,
  group: BatchUploadGroup,
  report: BatchUploadGroupReport,
): Promise<number> {
  const { connection, context, file, journalPath, decision } = run
  const { output } = context
  const isEmulator = connection.isEmulator()
  const { outcome, rows, unmatched, repeated } = report
  const judged = { outcome, rows, unmatched, repeated }
  const needs = rowsInNeed(judged, file.rows)
  const beside = countBeside(judged)
  const deliveries = countDeliveries(report)
  const { rows: _, devices: __, failures: ___, ...summary } = report
  output.record({ emulated: isEmulator, report: summary, deliveries, needsAttention: needs })
  const facts = groupFacts(report, journalPath)
  const listed = listedWithResultsFile
  const uncertain = deliveries['cannot-tell']
  output.print(
    '',
    renderReport({ report, facts, needs, isEmulator, file, beside, uncertain, listed }, output),
  )

  const [first] = report.chunks
  const resultsPath = run.results ?? defaultResultsPath(file.path, first!.batchTrackingId ?? first!.requestId)
  await writeResultsFile(resultsPath, report, file.rows)
  output.record({ results: resultsPath })
  output.print('What became of each row:', `  ${resultsPath}`)
  const exitCode = exitCodeOf(report, { sent: file.deviceCount, skipped: file.skipped.length })
  if (exitCode === exitCodes.pending) {
    printResume(run)
  } else if (decision.kind !== 'ended') {
    await writeJournal(journalPath, { ...journalOf(run, group), endedAt: new Date().toISOString() })
  }
  return exitCode
}

function countDeliveries({ rows }: BatchUploadGroupReport): Record<DeviceDelivery, number> {
  const deliveries = { landed: 0, 'did-not-land': 0, 'cannot-tell': 0 }
  for (const { delivery } of rows) deliveries[delivery]++
  return deliveries
}
