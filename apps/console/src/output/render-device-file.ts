/** What is shown about a device file before it is sent? Lines from data: nothing is read or written here. */
import type { DeviceNote } from '@devicebatch/csv'

import type { DeviceFile } from '../files/device-file.ts'
import { count, plainText } from './format.ts'
import type { Page } from './output.ts'
import { renderTable } from './render-text.ts'

/** With more rows than this, the file as a whole is wrong, and listing every row does not help. */
const listed = 100

/** How many devices are in it, each row that cannot be sent with its problem and remedy, and the notes. */
export function renderDeviceFile({ path, deviceCount, skipped, notes }: DeviceFile, page: Page): string[] {
  const problems = skipped.length > 0 ? `, ${count(skipped.length, 'row')} not sent:` : ''
  const rows = skipped
    .slice(0, listed)
    .map(({ line, problem: { column, message, fix } }) => [
      page.style('yellow', `line ${line}`),
      plainText(`${column === undefined ? '' : `${column}: `}${message} ${fix}`),
    ])
  return [
    `${path}: ${count(deviceCount, 'device')}${problems}`,
    ...renderTable(rows, page.width, '  '),
    ...(skipped.length > listed ? [`  … and ${count(skipped.length - listed, 'row')} more`] : []),
    ...(notes.length > 0 ? ['', ...renderNotes(notes, page)] : []),
    '',
  ]
}

/** The notes; a warning stands out. */
export function renderNotes(notes: readonly DeviceNote[], page: Page): string[] {
  const rows = notes.map(({ severity, message }) => [
    severity === 'warning' ? page.style(['yellow', 'bold'], 'warning') : page.style('dim', 'note'),
    plainText(message),
  ])
  return renderTable(rows, page.width, '  ')
}
