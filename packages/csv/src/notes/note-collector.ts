/** How are the notes on a file collected? */
import type { DeviceColumns } from '../columns/device-columns.ts'
import { columnNames, guessField, isGroupTag } from '../columns/header-names.ts'
import type { DeviceField } from '../columns/header-names.ts'
import { count } from '../rows/device-problem.ts'
import { hasValue } from '../rows/device-row.ts'
import { looksLikeHash } from '../rows/hardware-hash.ts'
import { looksLikeProductId } from '../rows/product-id.ts'
import type { DeviceNote, ProductIdNote, ReadingNote } from './device-note.ts'

/** Collects the notes on one file. */
export interface NoteCollector {
  /** Records the cells of a row that no field is read from. */
  row(cells: readonly string[], columns: DeviceColumns, line: number): void
  /** A row has these fields. */
  fields(fields: Partial<Record<DeviceField, string>>): void
  reading(code: ReadingNote['code'], line: number, severity?: DeviceNote['severity']): void
  placeholder(column: string, line: number): void
  leftOutProductId(reason: ProductIdNote['reason'], line: number): void
  /** Records that the device on this line was read before its product ID turned out to be shared. */
  earlierProductId(line: number): void
  /** The notes, in the order of their first lines. */
  list(): DeviceNote[]
}

interface Tally {
  line: number
  rows: number
}

interface ColumnTally extends Tally {
  column: string
  /** The column in a sentence. */
  label: string
  /** The field that the values look like, regardless of the column's name. */
  looksLike?: DeviceField | undefined
}

/** Creates a collector for one file. */
export function createNoteCollector(): NoteCollector {
  const columnTallies = new Map<string, ColumnTally>()
  const placeholders = new Map<string, Tally>()
  const readings = new Map<ReadingNote['code'], Tally & { severity: DeviceNote['severity'] }>()
  const productIds = new Map<ProductIdNote['reason'], Tally>()
  const earlierLines = new Set<number>()
  const seenFields = new Set<DeviceField>()

  /** Whether several columns look like hardware hashes, read or not. */
  const hasHashParts = (): boolean => {
    const unread = [...columnTallies.values()].filter(({ looksLike }) => looksLike === 'hardwareHash')
    return unread.length + (seenFields.has('hardwareHash') ? 1 : 0) > 1
  }
  const add = <Key, T extends Tally>(tallies: Map<Key, T>, key: Key, first: T): T => {
    const found = tallies.get(key)
    if (!found) tallies.set(key, first)
    else found.rows += 1
    return found ?? first
  }
  return {
    row(cells, { unread, header }, line) {
      for (const index of unread) {
        const cell = cells[index]
        if (cell === undefined || !hasValue(cell)) continue
        const isNamed = header[index] !== ''
        const column = isNamed ? header[index]! : `number ${index + 1}`
        const label = isNamed ? `The column "${column}"` : `Column ${index + 1}, which has no name,`
        const tally = add(columnTallies, column, { column, label, line, rows: 1 })
        tally.looksLike ??= guessByValue(cell.trim())
      }
    },
    fields(fields) {
      for (const field in fields) seenFields.add(field as DeviceField)
    },
    reading(code, line, severity = 'info') {
      const tally = add(readings, code, { line, rows: 1, severity })
      if (severity === 'warning') tally.severity = severity
    },
    placeholder: (column, line) => void add(placeholders, column, { line, rows: 1 }),
    leftOutProductId: (reason, line) => void add(productIds, reason, { line, rows: 1 }),
    earlierProductId: (line) => void earlierLines.add(line),
    list() {
      const notes: DeviceNote[] = [
        ...[...readings].map(([code, { severity, ...tally }]): DeviceNote => ({
          code,
          severity,
          ...tally,
          message: describeReading(code, tally),
        })),
        ...[...columnTallies.values()].map((tally) => noteOfColumn(tally, seenFields, hasHashParts())),
        ...[...placeholders].map(([column, tally]): DeviceNote => ({
          code: 'placeholder-left-out',
          severity: 'info',
          column,
          ...tally,
          message: `${rowsHave(tally)} a placeholder in "${column}"; it was omitted because the other values identify the device.`,
        })),
        ...[...productIds].map(([reason, tally]) => noteOfProductId(reason, tally, [...earlierLines])),
      ]
      return notes.toSorted((one, other) => one.line - other.line)
    },
  }
}

function guessByValue(value: string): DeviceField | undefined {
  if (looksLikeHash(value)) return 'hardwareHash'
  return looksLikeProductId(value) ? 'productKey' : undefined
}

function noteOfColumn(
  { looksLike, label, ...tally }: ColumnTally,
  seen: ReadonlySet<DeviceField>,
  hasHashParts: boolean,
): DeviceNote {
  const { column } = tally
  if (isGroupTag(column)) {
    return {
      code: 'group-tag-not-sent',
      severity: 'warning',
      ...tally,
      message: `${rowsHave(tally)} a group tag in the column "${column}", which is not sent: in Partner Center, the batch name becomes the group tag. Upload the devices of each group tag as a batch with that name.`,
    }
  }
  const wasNotRead = `${label} was not read; ${rowsHave(tally).toLowerCase()} a value in it.`
  if (looksLike === 'hardwareHash' && hasHashParts) {
    return {
      code: 'column-not-read',
      severity: 'warning',
      ...tally,
      message: `${wasNotRead} Its values look like parts of hardware hashes: put all parts of a hash into the column "${columnNames.hardwareHash}".`,
    }
  }
  const isMisread = column.includes('\uFFFD')
  const guessed = looksLike ?? guessField(column)
  const isNeeded = guessed !== undefined && (looksLike === 'hardwareHash' || !seen.has(guessed))
  const expected = isNeeded && !isMisread ? columnNames[guessed] : undefined
  const advice = isMisread
    ? ' Its name has bytes that are not valid in the encoding used to read the file: save the file as "CSV UTF-8".'
    : expected === undefined
      ? ''
      : ` If that is what its ${looksLike ? 'values are' : 'name means'}, rename it to "${expected}".`
  const isIdentity = isNeeded && guessed !== 'oemManufacturerName' && guessed !== 'modelName'
  return {
    code: 'column-not-read',
    severity: isIdentity ? 'warning' : 'info',
    ...tally,
    ...(expected !== undefined && { expected }),
    message: wasNotRead + advice,
  }
}

function noteOfProductId(
  reason: ProductIdNote['reason'],
  tally: Tally,
  earlier: readonly number[],
): DeviceNote {
  const earlierLines = reason === 'shared' ? earlier : []
  const why =
    reason === 'generic'
      ? 'the product ID of an edition of Windows (…-AAOEM), which does not identify a device'
      : 'a product ID that rows of other devices have too, so it does not identify a device'
  const kept = earlierLines.length > 10 ? [...earlierLines.slice(0, 10), '…'] : earlierLines
  return {
    code: 'product-id-left-out',
    severity: 'info',
    reason,
    earlierLines,
    ...tally,
    message:
      `${rowsHave(tally)} ${why}; it was omitted because the other values identify the device.` +
      (kept.length > 0
        ? ` The device in line ${kept.join(', ')} still has it, because that row was read first.`
        : ''),
  }
}

function describeReading(code: ReadingNote['code'], { line, rows }: Tally): string {
  switch (code) {
    case 'repeated-header':
      return `The header is repeated in ${count(rows, 'line')}, first in line ${line}; the repetitions were skipped.`
    case 'lines-before-header':
      return `${count(rows, 'line')} before the header, from line ${line} on, ${rows === 1 ? 'was' : 'were'} not read.`
    case 'quoted-lines':
      return `The whole line is quoted in ${count(rows, 'line')}, from line ${line} on; the text in the quotes was read.`
    case 'line-breaks':
      return `${rowsHave({ rows })} line breaks inside a value, first in line ${line}. A spreadsheet shows each of them as one row: below them, its row numbers are lower than the line numbers given here, by one for each line break.`
    case 'encoding-changed':
      return `The encoding changes in line ${line}; both parts of the file were read.`
    default:
      return code satisfies never
  }
}

function rowsHave({ rows }: Pick<Tally, 'rows'>): string {
  return rows === 1 ? '1 row has' : `${rows.toLocaleString('en-US')} rows have`
}
