/** What does the report of an upload look like? Lines from data: nothing is read or written here. */
import type {
  BatchOutcome,
  BatchUploadGroupReport,
  BatchUploadId,
  BatchUploadReport,
  DeviceCounts,
} from '@devicebatch/client'

import { exitCodeOf, exitCodes } from '../cli/exit-code.ts'
import type { DeviceFile } from '../files/device-file.ts'
import { warningsOf } from '../files/device-file.ts'
import type { CustomerLabel } from './format.ts'
import { count, formatCustomer, formatDuration, formatTime, largest, plainText } from './format.ts'
import type { Beside, DeviceInNeed } from './needs-attention.ts'
import type { Format, Page } from './output.ts'
import { renderNotes } from './render-device-file.ts'
import { renderNeeds } from './render-needs.ts'
import { renderParagraph, renderTable } from './render-text.ts'

/** Starts every output that comes from the emulator. */
export const emulatorHeading = 'EMULATOR: nothing was sent to Microsoft'

/** With more devices of one kind than this, the results file lists the rest. */
export const listedWithResultsFile = 25

/** What a report is rendered from. */
export interface ReportView {
  report: { outcome: BatchOutcome; counts: DeviceCounts }
  /** The heading of the report: a label and its text in each row. */
  facts: string[][]
  /** The devices that need attention. */
  needs: readonly DeviceInNeed[]
  isEmulator: boolean
  /** The file that was sent, if it is known. */
  file?: Pick<DeviceFile, 'deviceCount' | 'skipped' | 'notes'> | undefined
  /** What was counted in addition to the rows that were sent; absent if they are unknown. */
  beside?: Beside | undefined
  /** How many devices may have been accepted twice, or not at all. */
  uncertain?: number | undefined
  /** The file's devices that were not sent again, because an earlier upload registered them or they failed in it. */
  earlier?: EarlierDevices | undefined
  /** What was done to the devices, if anything other than registering them. */
  words?: ReportWords | undefined
  /** How many devices of a kind are listed; the rest is in the results file. Default: all. */
  listed?: number | undefined
}

/** How many devices of a file only an earlier upload sent. */
export interface EarlierDevices {
  registered: number
  failed: number
}

/** The wording of a report. */
export interface ReportWords {
  /** For a device: `registered`. */
  done: string
  /** For all devices: `Every device is registered`. */
  all: string
  /** For some devices: `Not every device is registered`. */
  some: string
}

const registering: ReportWords = {
  done: 'registered',
  all: 'Every device is registered',
  some: 'Not every device is registered',
}

/** The report, from its heading to its verdict. */
export function renderReport(view: ReportView, page: Page): string[] {
  const { facts, isEmulator, needs, listed = Infinity } = view
  return [
    page.style('bold', 'Report') + (isEmulator ? `  ${page.style('yellow', emulatorHeading)}` : ''),
    '',
    ...renderTable(facts, page.width),
    '',
    ...renderCounts(view, page),
    ...renderUncertain(view, page),
    ...renderNeeds(needs, page, listed),
    '',
    ...renderVerdict(view, page),
  ]
}

/** The heading of the report of one upload, with its IDs. */
export function uploadFacts(
  report: BatchUploadReport,
  { batchTrackingId, ...customer }: BatchUploadId & CustomerLabel,
): string[][] {
  const { status, outcome } = report
  return [
    ['Customer', formatCustomer(customer)],
    ['Tracking ID', batchTrackingId],
    ...statusFacts([status], outcome !== 'pending', report),
  ]
}

/** The heading of the report of an upload in one or more requests; `journal` is where their tracking IDs are. */
export function groupFacts(
  report: BatchUploadGroupReport,
  { journal, customerName }: { journal?: string | undefined; customerName?: string | undefined } = {},
): string[][] {
  const { customerId, batchId, chunks, outcome } = report
  const ids = chunks.flatMap(({ batchTrackingId }) => batchTrackingId ?? [])
  const [trackingId = 'none: the service returned none'] = ids
  const times = (name: 'startedAt' | 'completedAt'): string[] =>
    chunks.flatMap((chunk) => chunk[name] ?? []).toSorted()
  return [
    ['Customer', formatCustomer({ customerId, customerName })],
    ['Batch', plainText(batchId)],
    ids.length > 1
      ? ['Tracking IDs', `${count(ids.length)}${journal === undefined ? '' : `, in ${journal}`}`]
      : ['Tracking ID', trackingId],
    ...statusFacts(
      chunks.flatMap(({ status }) => status ?? []),
      outcome !== 'pending',
      { startedAt: times('startedAt')[0], completedAt: times('completedAt').at(-1) },
    ),
  ]
}

function statusFacts(
  words: readonly string[],
  hasEnded: boolean,
  { startedAt, completedAt }: { startedAt?: string | undefined; completedAt?: string | undefined },
): string[][] {
  const took =
    startedAt && completedAt
      ? `, after ${formatDuration(Date.parse(completedAt) - Date.parse(startedAt))}`
      : ''
  const status = plainText([...new Set(words)].join(', ')) || 'not known'
  return [
    ['Status', hasEnded ? `${status} (the batch has finished; its devices are counted below)` : status],
    ['Started', startedAt ? formatTime(startedAt) : 'not yet'],
    ['Completed', hasEnded ? (completedAt ? formatTime(completedAt) + took : 'not stated') : 'not yet'],
  ]
}

const countRows: readonly [keyof DeviceCounts, Format, string][] = [
  ['alreadyRegistered', 'green', 'already registered to this customer: nothing to do'],
  ['pending', 'cyan', 'pending'],
  ['failed', 'red', 'failed'],
  ['unresolved', 'yellow', 'unresolved: the service does not report their results'],
]

function renderCounts(
  { report, file, beside, earlier, words = registering }: ReportView,
  page: Page,
): string[] {
  const { unlisted = 0, foreign = 0, repeated = 0 } = beside ?? {}
  const counts = { ...report.counts, unresolved: report.counts.unresolved - unlisted }
  const rows: [number, Format, string][] = [
    [counts.succeeded, 'green', words.done],
    ...countRows.map(([key, format, words]): [number, Format, string] => [counts[key], format, words]),
    [unlisted, 'yellow', 'sent, but the service lists no result for them'],
    [earlier?.registered ?? 0, 'green', `${words.done} before`],
    [earlier?.failed ?? 0, 'red', 'failed before, and not sent again'],
    [file?.skipped.length ?? 0, 'yellow', file?.skipped.length === 1 ? 'row not sent' : 'rows not sent'],
    [foreign, 'yellow', 'listed, but not sent: not counted'],
    [repeated, 'yellow', 'listed again: not counted'],
  ]
  const shown = rows.filter(([number], index) => number > 0 || index === 0)
  const digits = largest(shown.map(([number]) => count(number).length))
  return shown.flatMap(([number, format, words]) => {
    const figure = count(number).padStart(digits)
    const lead = `  ${number > 0 ? page.style([format, 'bold'], figure) : figure}  `
    return renderParagraph(words, page.width, lead)
  })
}

function renderUncertain({ uncertain = 0, report }: ReportView, page: Page): string[] {
  if (uncertain === 0) return []
  const { pending, unresolved } = report.counts
  const orNone = pending + unresolved > 0 ? ', or not at all' : ''
  const text =
    `${count(uncertain, 'device')} may have been accepted twice${orNone}: the response to their request was lost. Registering ` +
    'a registered device again changes nothing. The results file marks them "cannot-tell".'
  return ['', ...renderParagraph(text, page.width).map((line) => page.style('yellow', line))]
}

function renderVerdict(view: ReportView, page: Page): string[] {
  const { report, file, earlier, words = registering } = view
  const skipped = file?.skipped.length ?? 0
  const { total, pending, failed, unresolved } = report.counts
  const exitCode = exitCodeOf(report, { sent: file?.deviceCount, skipped: 0 })
  const failedBefore = earlier?.failed ?? 0
  if (exitCode === exitCodes.registered && failedBefore === 0) return renderSuccess(view, page)
  if (exitCode === exitCodes.pending) {
    const what =
      total === 0 ? 'the service lists no devices yet' : `${count(pending)} of ${count(total, 'device')}`
    return [page.style(['cyan', 'bold'], `Still pending: ${what}.`)]
  }
  const parts = [
    failed > 0 && `${count(failed, 'device')} failed`,
    unresolved > 0 && `${count(unresolved, 'device')} without a clear result`,
    failedBefore > 0 &&
      `${count(failedBefore, 'device')} failed before and ${failedBefore === 1 ? 'was' : 'were'} not sent again`,
    skipped > 0 && `${count(skipped, 'row')} not sent`,
    total === 0 && 'the service lists no devices',
  ]
  const verdict = `${words.some}: ${parts.filter(Boolean).join(', ')}.`
  return renderParagraph(verdict, page.width).map((line) => page.style(['red', 'bold'], line))
}

/** Every device that was sent is registered; the file may contain more. */
function renderSuccess({ report, file, earlier, words = registering }: ReportView, page: Page): string[] {
  const skipped = file?.skipped.length ?? 0
  const warnings = file ? warningsOf(file) : []
  const done = report.counts.total + (earlier?.registered ?? 0)
  const devices = `${count(done, 'device')} ${done === 1 ? 'is' : 'are'} ${words.done}`
  const isWhole = skipped === 0 && warnings.length === 0
  if (isWhole) return [page.style(['green', 'bold'], `${words.all}: ${count(done)} of ${count(done)}.`)]
  const rest =
    skipped > 0
      ? `${count(skipped, 'row')} of the file ${skipped === 1 ? 'was' : 'were'} not sent.`
      : 'not everything in the file was sent:'
  return [
    ...renderParagraph(`${devices}, but ${rest}`, page.width).map((line) =>
      page.style(['yellow', 'bold'], line),
    ),
    ...renderNotes(warnings, page),
  ]
}
