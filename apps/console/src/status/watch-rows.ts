/** How far are the rows that were sent? The reports of an upload, counted over the rows where these are at hand. */
import type { BatchUploadReport, Identifiers, RowsReport } from '@devicebatch/client'
import { reportRows } from '@devicebatch/client'

/** A report of an upload whose outcome and counts are those of the rows that were sent, if they are known. */
export interface SentReport extends BatchUploadReport {
  sent?: RowsReport
}

/** The same reports, each judged by the rows; `rows` is undefined where nobody knows what was sent. */
export async function* watchRows(
  reports: AsyncIterable<BatchUploadReport>,
  rows: readonly Identifiers[] | undefined,
): AsyncGenerator<SentReport, void, undefined> {
  for await (const report of reports) {
    const sent = rows && reportRows(report, rows)
    yield { ...report, ...(sent && { outcome: sent.outcome, counts: sent.counts, sent }) }
  }
}

/** What machines are told of it: the devices stand in `devices` already. */
export function recordReport(watched: SentReport): object {
  const { moved: _, sent, ...report } = watched
  return { ...report, ...(sent && { unmatched: sent.unmatched, repeated: sent.repeated }) }
}
