/** Everything that happened, in the order in which it became true, from any position on. */
import { InvalidArgumentError } from '@devicebatch/client'
import { show, wait } from '@devicebatch/edge/internal'
import { sql } from 'kysely'

import type { Database } from '../database/open-database.ts'

/**
 * What happened.
 *
 * - `'submission.queued'`: an upload is to be made; `data.retryOf` is the submission whose devices it tries again.
 * - `'submission.accepted'`: all its devices were dealt with.
 * - `'submission.failed'`: it was refused.
 * - `'upload.tracked'`: a tracking id has come, from a submission or from elsewhere.
 * - `'upload.changed'`: the status of the batch or of a device differs; `data.devices` are those that do.
 * - `'upload.failing'`: the service does not answer for it, or refuses to; it is asked again.
 * - `'upload.ended'`: the batch has ended.
 * - `'upload.stopped'`: it is not asked for any more, although it has not ended.
 */
export type EventType =
  | 'submission.queued'
  | 'submission.accepted'
  | 'submission.failed'
  | 'upload.tracked'
  | 'upload.changed'
  | 'upload.failing'
  | 'upload.ended'
  | 'upload.stopped'

/** One thing that happened. Plain JSON. */
export interface TrackerEvent {
  /** Where it stands among all events of this database; hand the last one in as `after` to go on behind it. */
  position: string
  /** What happened. */
  type: EventType
  /** When it happened, ISO 8601 in UTC. */
  at: string
  /** The customer, by the Microsoft Entra tenant id. */
  customerId: string
  /** The submission that it is about, or that the upload came from. */
  submissionId?: string
  /** The upload that it is about. */
  batchTrackingId?: string
  /** More of it, by its type. */
  data: Readonly<Record<string, unknown>>
}

/** Where events begin and end. */
export interface EventsOptions {
  /** The `position` of the last event that was dealt with. Default: from the oldest that is kept. */
  after?: string | undefined
  /** Ends the iteration, which then returns. */
  signal?: AbortSignal | undefined
  /** Return at the newest event, instead of waiting for the next. Default false. */
  untilNow?: boolean | undefined
}

/** How long until the database is asked again when there was nothing new, in milliseconds. */
const intervalMs = 500
const pageSize = 500

/**
 * Reads events behind a position. Positions are given before a transaction ends, and one that began earlier may end later: only
 * transactions are read before which none is still running, and they are ordered by when they began. So nothing is passed over.
 */
export async function* readEvents(
  open: () => Promise<Database>,
  { after, signal, untilNow = false }: EventsOptions = {},
): AsyncGenerator<TrackerEvent, void, undefined> {
  let position = checkPosition(after)
  const ended = (): boolean => signal?.aborted ?? false
  while (!ended()) {
    const { kysely } = await open()
    const { rows } = await sql<EventRow>`
      select transaction::text || '-' || position::text as position, type, at, customer_id, submission_id, batch_tracking_id, data
      from devicebatch.events
      where (transaction, position) > (${position[0]}::xid8, ${position[1]}::bigint)
        and transaction < pg_snapshot_xmin(pg_current_snapshot())
      order by transaction, events.position limit ${pageSize}`.execute(kysely)
    for (const row of rows) {
      if (ended()) return
      yield toEvent(row)
      position = row.position.split('-') as [string, string]
    }
    if (rows.length === pageSize) continue
    if (untilNow) return
    await wait(intervalMs, signal).catch(() => undefined)
  }
}

/** The position of the newest event; `undefined` when there is none. */
export async function lastPosition({ kysely }: Database): Promise<string | undefined> {
  const { rows } = await sql<{ position: string }>`
    select transaction::text || '-' || position::text as position from devicebatch.events
    where transaction < pg_snapshot_xmin(pg_current_snapshot())
    order by transaction desc, events.position desc limit 1`.execute(kysely)
  return rows[0]?.position
}

interface EventRow {
  position: string
  type: EventType
  at: Date
  customer_id: string
  submission_id: string | null
  batch_tracking_id: string | null
  data: Record<string, unknown>
}

function toEvent(row: EventRow): TrackerEvent {
  const { position, type, at, customer_id, submission_id, batch_tracking_id, data } = row
  return {
    position,
    type,
    at: at.toISOString(),
    customerId: customer_id,
    ...(submission_id && { submissionId: submission_id }),
    ...(batch_tracking_id && { batchTrackingId: batch_tracking_id }),
    data,
  }
}

function checkPosition(after: string | undefined): [string, string] {
  if (after === undefined) return ['0', '0']
  const parts = typeof after === 'string' ? /^(\d{1,20})-(\d{1,18})$/.exec(after) : null
  if (parts) return [parts[1]!, parts[2]!]
  throw new InvalidArgumentError(
    `\`after\` must be the \`position\` of an event, such as "741-12"; got ${show(after)}. Leave it out to begin with the oldest.`,
  )
}
