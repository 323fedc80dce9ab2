/** Records the result of a poll and the next step, atomically. */
import type {
  AnyPartnerCenterError,
  BatchOutcome,
  BatchUploadReport,
  DeviceCounts,
  PollResult,
} from '@devicebatch/client'
import type { Transaction } from 'kysely'

import type { Database } from '../database/open-database.ts'
import type { RecordedError, Tables } from '../database/schema.ts'
import { storableText } from '../database/text.ts'
import { repeatConflicts, transact } from '../database/transact.ts'
import type { DatabaseError } from '../errors.ts'
import { recordError } from '../errors.ts'
import { addEvent } from '../events/write.ts'
import { reportStop, reportStuckUpload, reportUploadEnd } from '../notifications/report-upload.ts'
import type { Settings } from '../options.ts'
import { dayMs } from '../options.ts'
import { countsOf } from '../queries/rows.ts'
import type { Jobs } from '../queue/jobs.ts'
import { endLocked, transactEnd } from '../submissions/end-submission.ts'
import type { Retryable } from '../submissions/keep-devices.ts'
import type { AfterPoll } from './after-poll.ts'
import { slowIntervalMs } from './after-poll.ts'
import type { DueUpload } from './due-uploads.ts'
import type { JudgedDevices } from './record-devices.ts'
import { judgeDevices, toChangedDevices } from './record-devices.ts'
import type { NextStep, UploadNews } from './save-step.ts'
import { saveNextStep } from './save-step.ts'

/** Records a poll. If two runs polled at the same time, the second records nothing. */
export async function recordPoll(
  { database: { kysely }, jobs }: { database: Database; jobs: Jobs },
  upload: DueUpload,
  polled: PollResult,
  after: AfterPoll,
): Promise<void> {
  const { report, changed } = polled
  const error = errorOf(polled, after, upload)
  // As long as the revision of the upload is the same, so are its devices.
  const devices =
    report && changed ? await repeatConflicts(() => judgeDevices(kysely, upload, report)) : undefined
  const step: NextStep = {
    after,
    error,
    columns: {
      poll_state: JSON.stringify(polled.state),
      ...(report && devices && columnsOf(report, devices)),
    },
    devices: devices?.changed ?? [],
    events: eventsOf(upload, report?.status ?? upload.status, devices, after),
  }
  if (after.kind === 'wait' && error === upload.error) {
    await repeatConflicts(() => saveNextStep(kysely, upload, step))
    return
  }
  const record = async (trx: Transaction<Tables>, read: Retryable = new Map()): Promise<void> => {
    const saved = await saveNextStep(trx, upload, step)
    if (!saved) return
    await tellFailure(trx, jobs, upload, after, error)
    if (after.kind !== 'end') return
    if (!upload.submission_id) await reportUploadEnd(trx, jobs, upload)
    else if (saved.open_id) await endLocked(trx, jobs, upload.submission_id, withOwn(read, upload, devices))
  }
  await (upload.submission_id ? transactEnd(kysely, upload.submission_id, record) : transact(kysely, record))
}

/** What is known of the uploads of a submission, with what this poll found. */
function withOwn(read: Retryable, upload: DueUpload, devices: JudgedDevices | undefined): Retryable {
  const positions = devices?.retryable
  return positions ? new Map([...read, [upload.batch_tracking_id, { positions }]]) : read
}

/** Records that the result of a poll could not be recorded, and the next step. */
export async function recordFailure(
  { database, jobs, settings }: { database: Database; jobs: Jobs; settings: Settings },
  upload: DueUpload,
  failure: DatabaseError,
): Promise<void> {
  const error = recordError(failure)
  const after: AfterPoll =
    upload.age_ms >= settings.stopAfterMs ? { kind: 'stop' } : { kind: 'wait', delayMs: slowIntervalMs }
  await transact(database.kysely, async (trx) => {
    if (await saveNextStep(trx, upload, { after, error })) await tellFailure(trx, jobs, upload, after, error)
  })
}

/** The events about what changed, and the end. */
function eventsOf(
  upload: DueUpload,
  status: string | null,
  devices: JudgedDevices | undefined,
  after: AfterPoll,
): UploadNews[] {
  const common = subjectOf(upload)
  const stored = { outcome: upload.outcome as BatchOutcome, counts: countsOf(upload) }
  const { changed, retryable: _, ...known }: JudgedDevices = devices ?? { ...stored, changed: [] }
  const events: UploadNews[] = []
  if (devices) {
    const data = { status, ...known, devices: toChangedDevices(changed) }
    events.push({ ...common, type: 'upload.changed', data })
  }
  if (after.kind === 'end') events.push({ ...common, type: 'upload.ended', data: { status, ...known } })
  return events
}

/** Reports why polling stopped, and each new reason why it fails. */
async function tellFailure(
  trx: Transaction<Tables>,
  jobs: Jobs,
  upload: DueUpload,
  after: AfterPoll,
  error: RecordedError | null,
): Promise<void> {
  // The error of an earlier poll has been reported.
  if (!error || error === upload.error || after.kind === 'end') return
  const common = subjectOf(upload)
  if (after.kind === 'stop') {
    await addEvent(trx, { ...common, type: 'upload.stopped', data: { error } })
    await reportStop(trx, jobs, upload, error)
    return
  }
  if (error.message !== upload.error?.message)
    await addEvent(trx, { ...common, type: 'upload.failing', data: { error } })
  await reportStuckUpload(trx, jobs, upload, error)
}

function subjectOf(upload: DueUpload) {
  return {
    customerId: upload.customer_id,
    ...(upload.submission_id && { submissionId: upload.submission_id }),
    batchTrackingId: upload.batch_tracking_id,
  }
}

function errorOf(polled: PollResult, after: AfterPoll, upload: DueUpload): RecordedError | null {
  const error: AnyPartnerCenterError | undefined = after.kind === 'end' ? undefined : after.error
  if (error) return recordError(error)
  if (after.kind === 'stop') {
    const days = Math.round(upload.age_ms / dayMs)
    return {
      name: 'Error',
      message: `The batch had not ended after \`stopAfterDays\` (${days}). Track it again to continue.`,
    }
  }
  // An occasional failed poll is not reported; the previous error stays until a poll succeeds.
  return polled.report ? null : upload.error
}

function columnsOf(report: BatchUploadReport, { outcome, counts }: JudgedDevices): object {
  const { status, startedAt = null, completedAt = null, emulated = false } = report
  return {
    status: storableText(status),
    outcome,
    ...countColumns(counts),
    emulated,
    started_at: startedAt,
    completed_at: completedAt,
  }
}

function countColumns(counts: DeviceCounts) {
  const { alreadyRegistered: already_registered, ...others } = counts
  return { ...others, already_registered }
}
