/** How are the rows of a file read under their header, which may be repeated? */
import { findDeviceColumns, isHeaderRow, isSameMapping } from '../columns/device-columns.ts'
import type { DeviceColumns } from '../columns/device-columns.ts'
import type { ProductIds } from '../identity/product-ids.ts'
import type { NoteCollector } from '../notes/note-collector.ts'
import type { FilePart } from '../text/file-parts.ts'
import { isNothing } from '../text/opening.ts'
import { maxRecordLength } from '../text/records.ts'
import type { CsvRecord } from '../text/records.ts'
import type { DeviceProblem } from './device-problem.ts'
import { createRowReader } from './device-row.ts'
import type { RowReader, RowValues } from './device-row.ts'
import { isGenericProductId } from './product-id.ts'
import { identityOfCells } from './row-identity.ts'
import type { RowIdentity } from './row-identity.ts'

/** A row before it is compared with the others. */
export interface ReadRow {
  line: number
  columns: DeviceColumns
  values?: RowValues | undefined
  refused?: RefusedRow | undefined
}

/** What is wrong with a row, and which device it is about. */
export interface RefusedRow {
  problem: DeviceProblem
  identity: RowIdentity
}

/** Reads the rows of each part of one file. */
export function createRowsReader(notes: NoteCollector): (part: FilePart) => ReadRow[] {
  let columns: DeviceColumns | undefined
  let headerLine = 0
  let readRow: RowReader | undefined

  const start = ({ opening }: FilePart): void => {
    if (!opening) return
    columns = opening.columns
    headerLine = opening.line
    readRow = createRowReader(opening.delimiter)
    for (const { line, cells, fault, hasLineBreak } of opening.before) {
      if (hasLineBreak) notes.reading('line-breaks', line)
      const mayBeDevice = fault !== undefined || cells.length >= columns.width
      notes.reading('lines-before-header', line, mayBeDevice ? 'warning' : 'info')
    }
    if (opening.hasLineBreak) notes.reading('line-breaks', opening.line)
  }
  const readRecord = (record: CsvRecord): ReadRow | undefined => {
    const { line, cells, fault, isWrapped, hasLineBreak } = record
    if (hasLineBreak) notes.reading('line-breaks', line)
    if (isNothing(record)) return undefined
    const under = columns!
    if (fault) return { line, columns: under, refused: { problem: faultyRecord(fault), identity: {} } }
    if (isWrapped) notes.reading('quoted-lines', line)
    if (isHeaderRow(cells, under)) {
      columns = findDeviceColumns(cells)
      if (!isSameMapping(columns, under))
        return { line, columns, refused: { problem: differentHeader(headerLine), identity: {} } }
      notes.reading('repeated-header', line)
      return undefined
    }
    const { values, problem } = readRow!(cells, under)
    if (values) notes.fields(values.fields)
    if (problem?.code !== 'too-few-columns') notes.row(cells, under, line)
    if (values) return { line, columns: under, values }
    return {
      line,
      columns: under,
      refused: { problem, identity: identityOfCells(cells, under, problem.code) },
    }
  }
  return (part) => {
    start(part)
    if (part.isOtherEncoding && part.records[0]) notes.reading('encoding-changed', part.records[0].line)
    const rows: ReadRow[] = []
    for (const record of part.records) {
      const row = readRecord(record)
      if (row) rows.push(row)
    }
    return rows
  }
}

/** Whether the row has a product ID that may be that of its device. */
export function hasProductId({ values }: ReadRow): boolean {
  const productKey = values?.fields.productKey
  return productKey !== undefined && !isGenericProductId(productKey)
}

/** Records which device the row's product ID belongs to. */
export function addProductId(productIds: ProductIds, row: ReadRow): void {
  if (hasProductId(row)) productIds.add(row.values!.fields.productKey!, row.values!.fields, row.line)
}

function faultyRecord(fault: 'quotes' | 'length'): DeviceProblem {
  return fault === 'quotes'
    ? {
        code: 'malformed-quotes',
        message: 'A quoted value is never closed, or text follows its closing quote.',
        fix: 'Remove the double quote, or double it ("") inside a quoted value.',
      }
    : {
        code: 'line-too-long',
        message: `The line has more than ${maxRecordLength.toLocaleString('en-US')} characters.`,
        fix: 'Remove everything that is not part of the device list.',
      }
}

function differentHeader(headerLine: number): DeviceProblem {
  return {
    code: 'different-header',
    message: `The row is a header whose columns differ from the header in line ${headerLine}; the rows below it were read with the new header.`,
    fix: 'Check the rows below it, or move them to a separate file.',
  }
}
