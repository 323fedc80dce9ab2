/** The records of a CSV text, each with the line it begins on. */
// oxlint-disable-next-line typescript/triple-slash-reference -- a package that reads these sources needs the declaration too
/// <reference path="./papaparse.d.ts" />
import Papa, { type Parser } from 'papaparse'

import { pieceLength } from './source-text.ts'

/** One record, or why the text of a line is not one. */
export interface CsvRecord {
  /** The physical line on which the record begins, as an editor counts; the first is 1. */
  line: number
  cells: string[]
  /** A quote that is never closed or is followed by text, or a line longer than {@link maxRecordLength}. `cells` is empty then. */
  fault?: 'quotes' | 'length'
}

/** In UTF-16 code units: many times a row with a hardware hash, and the end of what a quote that is never closed can swallow. */
export const maxRecordLength: number = pieceLength

/** Takes one piece of text and returns the records that are complete with it. */
export type RecordReader = (piece: string, isLast: boolean) => CsvRecord[]

// How much is looked at after a fault: with each one more the parser would look for the end of a record to the end of the text.
const spanAfterFault = 2_048

/**
 * Reads a text piece by piece. A record with a fault ends with its first line, and reading goes on with the next one: a stray
 * quote costs one row and not the rest of the file.
 */
export function createRecordReader(delimiter: string): RecordReader {
  const parse = createParser(delimiter)
  let line = 1
  let rest = ''
  let span = Infinity
  let isSkippingLine = false

  return function read(piece, isLast) {
    const records: CsvRecord[] = []
    rest += piece
    for (;;) {
      if (isSkippingLine) {
        const end = rest.indexOf('\n')
        if (end === -1) {
          rest = ''
          return records
        }
        rest = rest.slice(end + 1)
        line += 1
        isSkippingLine = false
      }
      const isWhole = rest.length <= span
      const parsed = parse(isWhole ? rest : rest.slice(0, span), isWhole && isLast)
      for (const cells of parsed.rows) {
        records.push({ line, cells })
        line += countLines(cells)
      }
      rest = rest.slice(parsed.end)
      const fault =
        parsed.fault ?? (isWhole && rest.length > maxRecordLength ? faultOfLongRecord(rest) : undefined)
      if (fault) records.push({ line, cells: [], fault })
      else if (isWhole) return records
      isSkippingLine = fault !== undefined
      span = fault ? spanAfterFault : span * 2
    }
  }
}

interface Parsed {
  /** The rows before the first fault. */
  rows: string[][]
  /** Where the text begins that they do not cover. */
  end: number
  /** What is wrong with the record that begins there. */
  fault?: 'quotes' | 'length'
}

/** One parser serves many texts: a parser for each would keep its text alive until the next full garbage collection. */
function createParser(delimiter: string): (text: string, isLast: boolean) => Parsed {
  let parsed: Parsed = { rows: [], end: 0 }
  const create = (): Parser =>
    new Papa.Parser({
      delimiter,
      newline: '\n',
      step({ data, errors, meta }) {
        if (meta.cursor - parsed.end > maxRecordLength) {
          parsed.fault = faultOfLongRecord(text.slice(parsed.end))
        } else if (errors.length > 0) {
          parsed.fault = 'quotes'
        } else {
          parsed.rows.push(data[0]!)
          parsed.end = meta.cursor
          return
        }
        parser.abort()
      },
    })
  let text = ''
  let parser = create()
  return (toParse, isLast) => {
    text = toParse
    parsed = { rows: [], end: 0 }
    const { errors } = parser.parse(text, 0, !isLast)
    // An aborted parser stays so.
    if (parsed.fault) parser = create()
    else if (isCertain(errors.length, text)) parsed.fault = faultOfRecord(text.slice(parsed.end))
    return parsed
  }
}

/** Whether the record that is not complete has a fault: a quote at the very end only seems to be one while the text goes on. */
function isCertain(errorCount: number, text: string): boolean {
  return errorCount > 1 || (errorCount === 1 && !text.trimEnd().endsWith('"'))
}

function faultOfRecord(text: string): 'quotes' | 'length' {
  return text.length > maxRecordLength ? faultOfLongRecord(text) : 'quotes'
}

/** Most likely a quote swallowed the lines that follow. */
function faultOfLongRecord(text: string): 'quotes' | 'length' {
  return text.slice(0, maxRecordLength).includes('"') ? 'quotes' : 'length'
}

function countLines(cells: readonly string[]): number {
  let lines = 1
  for (const cell of cells) {
    for (let at = cell.indexOf('\n'); at !== -1; at = cell.indexOf('\n', at + 1)) lines += 1
  }
  return lines
}
