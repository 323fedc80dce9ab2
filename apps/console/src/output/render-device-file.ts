/** What is shown about a device file before it is sent? Lines from data: nothing is read or written here. */
import type { DeviceNote } from '@devicebatch/csv'

import type { DeviceFile, SkippedRow } from '../files/device-file.ts'
import { count, plainText } from './format.ts'
import type { Page } from './output.ts'
import { renderParagraph, renderTable } from './render-text.ts'

/** With more problems than this, the file as a whole is wrong, and listing each of them does not help. */
const listedProblems = 100
/** With more rows of one problem than this, the others are counted. */
const listedLines = 50

/** How many devices are in it, the rows that cannot be sent with problem and remedy, and the notes. */
export function renderDeviceFile(
  { path, deviceCount, skipped, notes, encoding }: DeviceFile,
  page: Page,
): string[] {
  const problems = skipped.length > 0 ? `, ${count(skipped.length, 'row')} not sent:` : ''
  const complaints = gatherComplaints(skipped)
  const listed = complaints
    .slice(0, listedProblems)
    .map(({ rows, text }) => [
      page.style('yellow', rows.length === 1 ? `line ${rows[0]!.line}` : count(rows.length, 'row')),
      plainText(`${text}${rows.length === 1 ? describeRow(rows[0]!) : ` ${describeLines(rows)}`}`),
    ])
  const unlisted = complaints.slice(listedProblems).flatMap(({ rows }) => rows).length
  const isUndecodable = skipped.some(({ problem }) => problem.code === 'undecodable-text')
  return [
    `${path}: ${count(deviceCount, 'device')}${problems}`,
    ...renderTable(listed, page.width, '  '),
    ...(unlisted > 0 ? [`  … and ${count(unlisted, 'row')} more`] : []),
    ...(isUndecodable && encoding === undefined
      ? ['', ...renderParagraph(encodingHint, page.width, '  ')]
      : []),
    ...(notes.length > 0 ? ['', ...renderNotes(notes, page)] : []),
    '',
  ]
}

const encodingHint =
  'If Excel saved the file as plain "CSV", add --encoding to read it as it is, with the encoding of that computer: windows-1252 in Western Europe and the Americas, windows-1250 in Central Europe, windows-1251 for Cyrillic, shift_jis in Japan.'

/** What is wrong with one or more rows, and the remedy if it was not given before. */
interface Complaint {
  rows: readonly SkippedRow[]
  text: string
}

/** Rows with the same problem together, in the order of their first lines. */
function gatherComplaints(skipped: readonly SkippedRow[]): Complaint[] {
  const remedies = new Set<string>()
  const alike = Map.groupBy(skipped, ({ problem: { column, message, fix } }) =>
    JSON.stringify([column, message, fix]),
  )
  return [...alike.values()].map((rows) => {
    const { column, message, fix } = rows[0]!.problem
    const problem = column === undefined ? message : `${column}: ${message}`
    const remedy = JSON.stringify([column, fix])
    const text = remedies.has(remedy) ? problem : `${problem} ${fix}`
    remedies.add(remedy)
    return { rows, text }
  })
}

/** The lines, each with what identifies its device best. */
function describeLines(rows: readonly SkippedRow[]): string {
  const listed = rows.slice(0, listedLines).map((row) => {
    const [first] = namesOf(row)
    return first === undefined ? `${row.line}` : `${row.line} (${first})`
  })
  const more = rows.length - listed.length
  return `Lines ${listed.join(', ')}${more > 0 ? ` and ${count(more)} more` : ''}.`
}

/** A sentence that names the device of the row; empty if nothing of it could be read. */
function describeRow(row: SkippedRow): string {
  const names = namesOf(row)
  // A name may end in a period of its own, as "Dell Inc." does.
  return names.length === 0 ? '' : ` Device: ${names.join(', ').replace(/\.$/, '')}.`
}

/** The serial number, unless the problem quotes it, then the manufacturer with the model. */
function namesOf({ problem, identity }: SkippedRow): string[] {
  const { serialNumber, oemManufacturerName, modelName } = identity
  const serials = serialNumber === problem.value ? [] : [serialNumber ?? '']
  return [...serials, `${oemManufacturerName ?? ''} ${modelName ?? ''}`.trim()].filter((name) => name !== '')
}

/** The notes; a warning stands out. */
export function renderNotes(notes: readonly DeviceNote[], page: Page): string[] {
  const rows = notes.map(({ severity, message }) => [
    severity === 'warning' ? page.style(['yellow', 'bold'], 'warning') : page.style('dim', 'note'),
    plainText(message),
  ])
  return renderTable(rows, page.width, '  ')
}
