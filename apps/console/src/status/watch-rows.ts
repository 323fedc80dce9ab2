/** The progress of the rows that were sent: the reports of an upload, counted by rows if they are known. */
import type { BatchUploadReport, Identifiers, RowsReport } from '@devicebatch/client'
import { reportRows } from '@devicebatch/client'

/** A report of an upload whose outcome and counts are those of the rows that were sent, if they are known. */
export interface SentReport extends BatchUploadReport {
  sent?: RowsReport
}

/** The same reports, each based on the rows; `rows` is undefined if it is unknown what was sent. */
export async function* watchRows(
  reports: AsyncIterable<BatchUploadReport>,
  rows: readonly Identifiers[] | undefined,
): AsyncGenerator<SentReport, void, undefined> {
  for await (const report of reports) {
    const sent = rows && reportRows(report, rows)
    yield { ...report, ...(sent && { outcome: sent.outcome, counts: sent.counts, sent }) }
  }
}

/** The part of the JSON document about it: the devices are in `devices` already. */
export function recordReport(watched: SentReport): object {
  const { changed: _, sent, ...report } = watched
  return { ...report, ...(sent && { unmatched: sent.unmatched, repeated: sent.repeated }) }
}
