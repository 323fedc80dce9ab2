/** Saves what a poll found and the next step, with one statement. */
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

import type { RecordedError, Tables, UploadState } from '../database/schema.ts'
import type { Statement } from '../database/statement.ts'
import { createStatement } from '../database/statement.ts'
import type { NewEvent } from '../events/write.ts'
import { insertEvents } from '../events/write.ts'
import { milliseconds } from '../rate-limit/request-slots.ts'
import { lockOpen } from '../submissions/end-submission.ts'
import type { AfterPoll } from './after-poll.ts'
import type { DeviceRow } from './device-rows.ts'
import type { DueUpload } from './due-uploads.ts'
import { insertDevices } from './record-devices.ts'

/** What is recorded after a poll. */
export interface NextStep {
  after: AfterPoll
  error: RecordedError | null
  /** The values of other columns of the upload. */
  columns?: Readonly<Record<string, unknown>>
  devices?: readonly DeviceRow[]
  events?: readonly UploadNews[]
}

/** An event about what a poll found. */
export type UploadNews = Extract<NewEvent, { type: 'upload.changed' | 'upload.ended' }>

/**
 * Saves the next step with what was found, which ends the claim; nothing is saved or returned when another run was faster. At the end
 * of an upload, its submission is then locked, if the end of that is not recorded yet: `open_id` is its ID.
 */
export async function saveNextStep(
  db: Kysely<Tables>,
  { batch_tracking_id: batchTrackingId, submission_id: submissionId, revision }: DueUpload,
  { after, error, columns = {}, devices = [], events = [] }: NextStep,
): Promise<{ open_id: string | null } | undefined> {
  const form: StepForm = { kind: after.kind, columns: Object.keys(columns), hasNews: events.length > 0 }
  const key = JSON.stringify(form)
  const statement = statements.get(key) ?? createSaveStatement(form)
  statements.set(key, statement)
  const [saved] = await statement(db, {
    ...columns,
    batchTrackingId,
    submissionId,
    revision,
    error: error && JSON.stringify(error),
    delay: after.kind === 'wait' ? milliseconds(after.delayMs) : null,
    devices: JSON.stringify(devices),
    types: events.map(({ type }) => type),
    data: events.map(({ data }) => JSON.stringify(data)),
  })
  return saved
}

/** What the text of the statement depends on. */
interface StepForm {
  kind: AfterPoll['kind']
  columns: readonly string[]
  hasNews: boolean
}

interface StepValues {
  batchTrackingId: string
  submissionId: string | null
  revision: number
  error: string | null
  delay: string | null
  devices: string
  types: readonly NewEvent['type'][]
  data: readonly string[]
  [column: string]: unknown
}

/** One for each form. */
const statements = new Map<string, Statement<StepValues, { open_id: string | null }>>()

function createSaveStatement({
  kind,
  columns,
  hasNews,
}: StepForm): Statement<StepValues, { open_id: string | null }> {
  return createStatement((db, value) => {
    const saved = db.with('saved', (from) =>
      from
        .updateTable('uploads')
        .set({
          ...Object.fromEntries(columns.map((name) => [name, value(name)])),
          ...(columns.includes('status') && { changed_at: sql<Date>`now()` }),
          revision: sql<number>`revision + 1`,
          claimed_until: null,
          reservation: null,
          state: states[kind],
          error: value('error'),
          ...(kind === 'wait'
            ? { due_at: sql<Date>`now() + ${value('delay')}::interval` }
            : { ended_at: sql<Date>`now()` }),
        })
        .where('batch_tracking_id', '=', value('batchTrackingId'))
        .where('revision', '=', value('revision'))
        .where('state', '=', 'tracking')
        .returning(['batch_tracking_id', 'customer_id', 'submission_id']),
    )
    const news = hasNews
      ? saved
          .with('devices', () => insertDevices(sql`saved`, value('devices')))
          .with('news', () => insertEvents(sql`saved`, value('types'), value('data')))
      : saved
    if (kind !== 'end') return news.selectFrom('saved').select(sql<null>`null`.as('open_id'))
    return news
      .with('open', () => lockOpen(value('submissionId')))
      .selectFrom('saved')
      .leftJoin('open', (join) => join.onTrue())
      .select('open.id as open_id')
  })
}

const states: Readonly<Record<AfterPoll['kind'], UploadState>> = {
  wait: 'tracking',
  end: 'ended',
  stop: 'stopped',
}
