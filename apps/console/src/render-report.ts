/** What does the report of an upload look like? Lines from data: nothing is asked or written here. */
import type { BatchUploadReport, DeviceCounts } from '@devicebatch/client'
import type { DeviceRow } from '@devicebatch/csv'

import type { DeviceInNeed } from './attention.ts'
import { devicesInNeed } from './attention.ts'
import type { SkippedRow } from './device-file.ts'
import { exitCodeOf, exitCodes } from './exit-code.ts'
import { count, formatDuration, formatTime, plainText } from './format.ts'
import type { Format, Page } from './output.ts'
import { renderParagraph, renderTable } from './render-text.ts'

/** The first words of all that comes from the emulator. */
export const emulatorHeading = 'EMULATOR: nothing was sent to Microsoft'

/** What a report is rendered from. */
export interface ReportView {
  report: BatchUploadReport
  customerId: string
  /** The name of the batch, where it is known. */
  batchId?: string | undefined
  isEmulator: boolean
  /** The file that was sent, where it is at hand. */
  file?: { rows: DeviceRow[]; devices: unknown[]; skipped: SkippedRow[] } | undefined
  /** How many devices of a kind are listed; the rest is in the results file. Default: all. */
  listed?: number | undefined
}

/** The report, from its heading to its verdict. */
export function renderReport(view: ReportView, page: Page): string[] {
  const { report, isEmulator, file } = view
  const needs = devicesInNeed(report, file?.rows)
  return [
    page.style('bold', 'Report') + (isEmulator ? `  ${page.style('yellow', emulatorHeading)}` : ''),
    '',
    ...renderFacts(view, page),
    '',
    ...renderCounts(view, page),
    ...renderNeeds(needs, page, view.listed ?? Infinity),
    '',
    ...renderVerdict(view, page),
  ]
}

function renderFacts({ report, customerId, batchId }: ReportView, page: Page): string[] {
  const { batchTrackingId, status, outcome, startedAt, completedAt } = report
  const hasEnded = outcome !== 'pending'
  const took =
    startedAt && completedAt
      ? `, after ${formatDuration(Date.parse(completedAt) - Date.parse(startedAt))}`
      : ''
  const rows = [
    ['Customer', customerId],
    ...(batchId === undefined ? [] : [['Batch', plainText(batchId)]]),
    ['Tracking id', batchTrackingId],
    [
      'Status',
      plainText(status) +
        (hasEnded ? page.style('dim', ' (the batch has ended; its devices are counted below)') : ''),
    ],
    ['Started', startedAt ? formatTime(startedAt) : 'not yet'],
    ['Completed', completedAt ? formatTime(completedAt) + took : hasEnded ? 'not stated' : 'not yet'],
  ]
  return renderTable(rows, page.width)
}

const countRows: readonly [keyof DeviceCounts, Format, string][] = [
  ['succeeded', 'green', 'registered'],
  ['alreadyRegistered', 'green', 'already registered to this customer: nothing to do'],
  ['pending', 'cyan', 'pending'],
  ['failed', 'red', 'failed'],
  ['unresolved', 'yellow', 'unresolved: the service does not say what became of them'],
]

function renderCounts({ report, file }: ReportView, page: Page): string[] {
  const missing = missingResults(report, file?.devices.length)
  const rows: [number, Format, string][] = [
    ...countRows.map(([key, format, words]): [number, Format, string] => [report.counts[key], format, words]),
    [missing, 'yellow', 'sent, but the service lists no result for them'],
    [file?.skipped.length ?? 0, 'yellow', file?.skipped.length === 1 ? 'row not sent' : 'rows not sent'],
  ]
  const shown = rows.filter(([number], index) => number > 0 || index === 0)
  const digits = Math.max(...shown.map(([number]) => String(number).length))
  return shown.flatMap(([number, format, words]) => {
    const figure = String(number).padStart(digits)
    const lead = `  ${number > 0 ? page.style([format, 'bold'], figure) : figure}  `
    return renderParagraph(words, page.width, lead)
  })
}

function renderNeeds(needs: readonly DeviceInNeed[], page: Page, listed: number): string[] {
  const groups = Map.groupBy(needs, ({ outcome, errorCode, errorName, meaning }) =>
    JSON.stringify([outcome, errorCode, errorName, meaning]),
  )
  return [...groups.values()].flatMap((group) => ['', ...renderGroup(group, page, listed)])
}

function renderGroup(group: readonly DeviceInNeed[], page: Page, listed: number): string[] {
  const { outcome, errorCode, errorName, meaning, remedy } = group[0]!
  const error = plainText([errorCode, errorName].filter(Boolean).join(' ')) || outcome
  const [format, word] =
    outcome === 'failed' ? (['red', 'failed'] as const) : (['yellow', 'unresolved'] as const)
  const head = ['Line', 'Serial number', 'Manufacturer', 'Model']
  const rows = group
    .slice(0, listed)
    .map((device) => [
      device.line === undefined ? '?' : String(device.line),
      plainText(device.serialNumber ?? (device.productKey ? `product id ${device.productKey}` : 'not named')),
      plainText(device.manufacturer ?? ''),
      plainText(device.model ?? ''),
    ])
  const columns = usedColumns(rows)
  const pick = (cells: readonly string[]): string[] => columns.map((column) => cells[column]!)
  return [
    page.style([format, 'bold'], error) + `  ${count(group.length, 'device')} ${word}`,
    ...renderParagraph(plainText(meaning), page.width, '  Meaning     '),
    ...renderParagraph(plainText(remedy), page.width, '  What to do  '),
    ...renderTable(
      [pick(head).map((cell) => page.style('dim', cell)), ...rows.map(pick)],
      page.width,
      '    ',
    ),
    ...(group.length > listed ? [`    … and ${group.length - listed} more, all in the results file`] : []),
  ]
}

/** Without the file nothing but the serial number is known; a column that says nothing is left out. */
function usedColumns(rows: readonly (readonly string[])[]): number[] {
  return [0, 1, 2, 3].filter(
    (column) => column === 1 || rows.some((row) => !['', '?'].includes(row[column]!)),
  )
}

function renderVerdict({ report, file }: ReportView, page: Page): string[] {
  const skipped = file?.skipped.length ?? 0
  const { total, pending, failed, unresolved } = report.counts
  const missing = missingResults(report, file?.devices.length)
  const exitCode = exitCodeOf(report, { sent: file?.devices.length, skipped })
  if (exitCode === exitCodes.registered) {
    return [page.style(['green', 'bold'], `Every device is registered: ${total} of ${total}.`)]
  }
  if (exitCode === exitCodes.pending) {
    return [page.style(['cyan', 'bold'], `Still pending: ${pending} of ${count(total, 'device')}.`)]
  }
  const parts = [
    failed > 0 && `${count(failed, 'device')} failed`,
    unresolved + missing > 0 && `${count(unresolved + missing, 'device')} without a clear result`,
    skipped > 0 && `${count(skipped, 'row')} not sent`,
    total === 0 && 'the service lists no device at all',
  ]
  const verdict = `Not every device is registered: ${parts.filter(Boolean).join(', ')}.`
  return renderParagraph(verdict, page.width).map((line) => page.style(['red', 'bold'], line))
}

/** How many devices were sent that an ended batch does not list. */
function missingResults({ outcome, counts }: BatchUploadReport, sent = 0): number {
  return outcome === 'pending' ? 0 : Math.max(0, sent - counts.total)
}
