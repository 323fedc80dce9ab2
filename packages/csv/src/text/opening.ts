/** What comes before the rows of a file? Lines that some programs write, then the header, which determines the delimiter. */
import { InvalidArgumentError } from '@devicebatch/edge'

import { findDeviceColumns, findHeaderFault, isIdentifying } from '../columns/device-columns.ts'
import type { DeviceColumns } from '../columns/device-columns.ts'
import { exampleHeader, guessField } from '../columns/header-names.ts'
import { createRecordReader } from './records.ts'
import type { CsvRecord, RecordReader } from './records.ts'

/** The recognized beginning of a file. */
export interface Opening {
  delimiter: string
  columns: DeviceColumns
  /** The line of the header. */
  line: number
  /** A cell of the header has a line break. */
  hasLineBreak: boolean
  /** The nonblank records before the header. */
  before: readonly CsvRecord[]
  /** The records after the header that were read along with it. */
  records: CsvRecord[]
  /** The reader that read them; it continues with the rest of the file. */
  read: RecordReader
}

/** A delimiter, and the records that it yields. */
interface Attempt {
  delimiter: string
  read: RecordReader
  /** The nonblank records. */
  records: CsvRecord[]
}

const delimiters = [',', ';', '\t', '|']
/** How many nonblank lines may precede the header. */
const mostBefore = 30

// Excel's delimiter line (`sep=;`), and the type line that Export-Csv of Windows PowerShell writes (`#TYPE …`).
const separatorLine = /^\s*"?sep=(.)"?\s*$/im
const typeLine = /^#TYPE\s/

/**
 * Reads the beginning of a file with each possible delimiter: the one that yields the most device columns is right, and reading
 * continues with it.
 */
export function createOpener(): (piece: string, isLast: boolean) => Opening | undefined {
  let attempts: Attempt[] = []
  return (piece, isLast) => {
    if (attempts.length === 0) attempts = startWith(piece)
    for (const { read, records } of attempts) {
      for (const record of read(piece, isLast)) if (!isNothing(record)) records.push(record)
    }
    const openings = attempts.flatMap((attempt) => findHeader(attempt) ?? [])
    const most = Math.max(...openings.map(({ columns }) => columns.indexes.size))
    const found = openings.find(({ columns }) => columns.indexes.size === most)
    if (found) {
      const fault = findHeaderFault(found.columns, found.line)
      if (fault) throw fault
      return found
    }
    if (isLast || attempts.some(({ records }) => records.length > mostBefore)) throw noHeader(attempts)
    return undefined
  }
}

/** Whether the record carries no device data: a blank line, a line of bare delimiters, or a line for another program. */
export function isNothing({ cells, fault }: CsvRecord): boolean {
  if (fault) return false
  const [first = ''] = cells
  return isBlank(cells) || typeLine.test(first) || (/^sep=.?$/i.test(first) && isBlank(cells.slice(1)))
}

/** Whether a row is blank: empty lines, and the rows of bare delimiters that spreadsheets leave at the end. */
export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '')
}

/** The delimiters to try; one that the file names comes first. */
function startWith(piece: string): Attempt[] {
  const named = separatorLine.exec(piece.slice(0, 1_000))?.[1]
  const candidates = new Set(named === undefined ? delimiters : [named, ...delimiters])
  return Array.from(candidates, (delimiter) => ({
    delimiter,
    read: createRecordReader(delimiter),
    records: [],
  }))
}

function findHeader({ delimiter, read, records }: Attempt): Opening | undefined {
  for (const [index, { line, cells, fault, hasLineBreak = false }] of records
    .slice(0, mostBefore + 1)
    .entries()) {
    const columns = fault ? undefined : findDeviceColumns(cells)
    if (!columns || !isIdentifying(columns)) continue
    const [before, after] = [records.slice(0, index), records.slice(index + 1)]
    return { delimiter, columns, before, records: after, read, line, hasLineBreak }
  }
  return undefined
}

/** Names the line that most resembles a header with any delimiter; the first line of the file when none does. */
function noHeader(attempts: readonly Attempt[]): InvalidArgumentError {
  const all = attempts.flatMap(({ records }) => records.slice(0, mostBefore + 1))
  const [first] = all
  if (!first) {
    return new InvalidArgumentError('The device file is empty: it needs a header and one row per device.')
  }
  const close = all
    .filter(({ fault }) => !fault)
    .map(({ line, cells }) => ({ line, columns: findDeviceColumns(cells), rank: rankOf(cells) }))
    .reduce<{ line: number; columns: DeviceColumns; rank: number } | undefined>(
      (best, one) => (one.rank > (best?.rank ?? 0) ? one : best),
      undefined,
    )
  if (first.fault && !close) return unreadableHeader(first)
  const { line, columns } = close ?? { line: first.line, columns: findDeviceColumns(first.cells) }
  return findHeaderFault(columns, line) ?? unreadableHeader(first)
}

/** How much the cells resemble a header. */
function rankOf(cells: readonly string[]): number {
  const guesses = new Set(cells.filter((cell) => cell.length <= 60).map(guessField))
  return 10 * findDeviceColumns(cells).indexes.size + guesses.size - (guesses.has(undefined) ? 1 : 0)
}

function unreadableHeader({ line, fault }: CsvRecord): InvalidArgumentError {
  const reason =
    fault === 'quotes'
      ? 'it has a quoted value that is never closed or is followed by text'
      : 'it is too long'
  return new InvalidArgumentError(
    `Line ${line} of the device file is not a header: ${reason}. Give the columns these names, in a line above the first device: ${exampleHeader}`,
  )
}
