/** What fails, why, since when, and what is tried next? */
import { sql } from 'kysely'

import { isPaused } from '../control/pauses.ts'
import type { Database } from '../database/open-database.ts'
import type { RecordedError } from '../database/schema.ts'
import type { Jobs } from '../queue/jobs.ts'
import type { StuckFilter } from './failures.ts'
import { isStuck } from './failures.ts'
import { pages } from './pages.ts'

/** A submission or an upload that fails. Plain JSON; times are ISO 8601 in UTC. */
export interface StuckWork {
  /** Which of the two it is. */
  kind: 'submission' | 'upload'
  /** The submission, or the one that the upload came from. */
  submissionId?: string
  /** The upload. */
  batchTrackingId?: string
  /** The customer's Microsoft Entra tenant ID. */
  customerId: string
  /** The name of the batch, if known. */
  batchId?: string
  /** The last error; its message says how to fix it. */
  error: RecordedError
  /** Since when it has failed, whatever the errors were. */
  since: string
  /**
   * What is tried next: automatically at `nextAt` (`'upload'`, `'poll'`), after the pause (`'unpause'`), or nothing until someone
   * calls `resumeSubmission()` (`'resume'`) or `track()` (`'track'`).
   */
  next: 'upload' | 'poll' | 'unpause' | 'resume' | 'track'
  /** When; in the past while it is being tried. Absent when nothing is tried automatically. */
  nextAt?: string
}

/** See `Tracker.listStuck`. */
export async function* listStuck(
  open: () => Promise<{ database: Database; jobs: Jobs }>,
  filter: StuckFilter = {},
): AsyncGenerator<StuckWork, void, undefined> {
  const condition = isStuck(filter)
  const { database, jobs } = await open()
  const { kysely } = database
  const order = sql<string>`failing_since::text`.as('cursor')
  const submissions = kysely
    .selectFrom('submissions')
    .select(['id', 'customer_id', 'batch_id', 'state', 'error', 'failing_since', order])
    .select(isPaused('customer_id').as('is_paused'))
    .where(condition)
    .orderBy('failing_since')
    .orderBy('id')
  let waiting: { customerId: string; jobs: ReadonlyMap<string, Date> } | undefined
  for await (const row of pages(submissions, behind('id'))) {
    const { customer_id: customerId } = row
    // The jobs of a customer are read once for its submissions that follow one another.
    if (waiting?.customerId !== customerId) waiting = { customerId, jobs: await jobs.findUploads(customerId) }
    const next = row.state === 'failed' ? 'resume' : row.is_paused ? 'unpause' : 'upload'
    const at = next === 'upload' ? waiting.jobs.get(row.id) : undefined
    yield {
      kind: 'submission',
      submissionId: row.id,
      customerId,
      batchId: row.batch_id,
      error: row.error!,
      since: row.failing_since!.toISOString(),
      next,
      ...(at && { nextAt: at.toISOString() }),
    }
  }
  const uploads = kysely
    .selectFrom('uploads')
    .select(['batch_tracking_id as id', 'submission_id', 'customer_id', 'batch_id', 'state', 'error'])
    .select(['failing_since', 'due_at', order])
    .select(isPaused('customer_id').as('is_paused'))
    .where(condition)
    .orderBy('failing_since')
    .orderBy('batch_tracking_id')
  for await (const row of pages(uploads, behind('batch_tracking_id'))) {
    const next = row.state === 'stopped' ? 'track' : row.is_paused ? 'unpause' : 'poll'
    yield {
      kind: 'upload',
      ...(row.submission_id && { submissionId: row.submission_id }),
      batchTrackingId: row.id,
      customerId: row.customer_id,
      ...(row.batch_id !== null && { batchId: row.batch_id }),
      error: row.error!,
      since: row.failing_since!.toISOString(),
      next,
      ...(next === 'poll' && { nextAt: row.due_at.toISOString() }),
    }
  }
}

const behind = (column: string) => (last: { cursor: string; id: string }) =>
  sql<boolean>`(failing_since, ${sql.ref(column)}) > (${last.cursor}::timestamptz, ${last.id}::uuid)`
