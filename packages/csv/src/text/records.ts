/** How is CSV text split into records, each with the line it begins on? */
/** One record, or why a line is not one. */
export interface CsvRecord {
  /** The line on which the record begins, as an editor numbers it; the first is 1. */
  line: number
  cells: string[]
  /** A quote that is never closed or is followed by text, or a line longer than {@link maxRecordLength}. `cells` is empty then. */
  fault?: 'quotes' | 'length'
  /** The whole line was quoted as one cell, and was split again. */
  isWrapped?: true
  /** A cell has a line break. */
  hasLineBreak?: true
}

/**
 * In UTF-16 code units, including the line ending: many times the length of a row with a hardware hash, and the limit of what
 * an unclosed quote can swallow.
 */
export const maxRecordLength = 65_536

/** Takes one piece of text and returns the records that it completes. */
export type RecordReader = (piece: string, isLast: boolean) => CsvRecord[]

/**
 * Reads text piece by piece. White space around a quoted cell is ignored. A malformed record ends with its first line, and
 * reading continues with the next line: a stray quote costs one row, not the rest of the file.
 */
export function createRecordReader(delimiter: string): RecordReader {
  let line = 1
  let rest = ''
  let isSkippingLine = false

  const read = (piece: string, isLast: boolean, records: CsvRecord[]): void => {
    const scan = createScan(rest + piece, delimiter, isLast)
    let at = 0
    if (isSkippingLine) {
      const end = scan.lineEnd(0)
      if (!end) {
        rest = isLast ? '' : scan.tail(0)
        return
      }
      isSkippingLine = false
      line += 1
      at = end.next
    }
    while (at < scan.length) {
      const found = scan.record(at)
      if (!found) break
      if (found.fault === undefined) {
        const { cells, isWrapped, lines } = found
        const record: CsvRecord = { line, cells }
        if (isWrapped) record.isWrapped = true
        if (lines > 1) record.hasLineBreak = true
        records.push(record)
        line += found.lines
        at = found.next
        continue
      }
      records.push({ line, cells: [], fault: found.fault })
      const end = scan.restart(at)
      if (!end) {
        isSkippingLine = true
        rest = isLast ? '' : scan.tail(at)
        return
      }
      line += 1
      at = end.next
    }
    rest = scan.from(at)
  }
  return (piece, isLast) => {
    const records: CsvRecord[] = []
    // The rest of the current line is read separately, to avoid copying a long text just to complete its first line.
    const end = rest === '' ? 0 : piece.indexOf('\n') + 1
    if (end > 0) read(piece.slice(0, end), false, records)
    read(end > 0 ? piece.slice(end) : piece, isLast, records)
    return records
  }
}

/** Splits a line that is contained in a cell; `undefined` when it is not exactly one record. */
function cutLine(text: string, delimiter: string): string[] | undefined {
  const [record, ...more] = createRecordReader(delimiter)(text, true)
  return record && !record.fault && more.length === 0 ? record.cells : undefined
}

type Found =
  | { cells: string[]; next: number; lines: number; isWrapped?: true; fault?: undefined }
  | { fault: 'quotes' | 'length' }

interface LineEnd {
  end: number
  next: number
}

interface Scan {
  length: number
  /** The record that begins here; `undefined` while it is not complete. */
  record(at: number): Found | undefined
  /** The end of the line that contains this position; `undefined` while it is unknown. */
  lineEnd(at: number): LineEnd | undefined
  /** Like {@link lineEnd}, after the scan was further ahead. */
  restart(at: number): LineEnd | undefined
  from(at: number): string
  /** The part of a skipped line that must be kept: a carriage return that may be half of a line ending. */
  tail(at: number): string
}

/** Scans one text, and remembers the positions of the next quote and the next line ending so that each is searched once. */
function createScan(text: string, delimiter: string, isLast: boolean): Scan {
  const { length } = text
  const positions = { quote: -1, lf: -1, cr: -1 }
  const nextOf = (kind: keyof typeof positions, character: string, at: number): number => {
    if (positions[kind] < at) {
      const found = text.indexOf(character, at)
      positions[kind] = found === -1 ? Infinity : found
    }
    return positions[kind]
  }

  const lineEnd = (at: number): LineEnd | undefined => {
    const lf = nextOf('lf', '\n', at)
    const cr = nextOf('cr', '\r', at)
    if (lf < cr) return { end: lf, next: lf + 1 }
    if (cr === Infinity) return isLast ? { end: length, next: length + 1 } : undefined
    // Several carriage returns before a line feed are a single line ending that was converted more than once.
    let after = cr + 1
    while (text[after] === '\r') after += 1
    if (text[after] === '\n') return { end: cr, next: after + 1 }
    return after < length || isLast ? { end: cr, next: cr + 1 } : undefined
  }

  const record = (at: number): Found | undefined => {
    const start = text.charCodeAt(at) === 0xfeff ? at + 1 : at
    const end = lineEnd(start)
    const isPlain = nextOf('quote', '"', start) >= (end?.end ?? length)
    const found = !isPlain
      ? quoted(start)
      : end && { cells: text.slice(start, end.end).split(delimiter), next: end.next, lines: 1 }
    if (!found) return length - at >= maxRecordLength ? { fault: faultOfLongRecord(at) } : undefined
    const reached = 'at' in found ? found.at : found.next
    if (reached - at > maxRecordLength) return { fault: faultOfLongRecord(at) }
    return found
  }

  /** Reads a record that has quotes. */
  const quoted = (
    start: number,
  ): (Found & { fault?: undefined }) | { fault: 'quotes'; at: number } | undefined => {
    const cells: string[] = []
    let lines = 1
    for (let at = start; ;) {
      const cell = skipBlanks(at)
      if (text[cell] !== '"') {
        const end = lineEnd(cell)
        const until = text.indexOf(delimiter, cell)
        if (until !== -1 && until < (end?.end ?? length)) {
          cells.push(text.slice(at, until))
          at = until + delimiter.length
          continue
        }
        if (!end) return undefined
        cells.push(text.slice(at, end.end))
        return { cells, next: end.next, lines }
      }
      const close = closingQuote(cell)
      if (close === undefined) return undefined
      if (close === -1) return { fault: 'quotes', at: length }
      const value = text.slice(cell + 1, close)
      cells.push(value.includes('"') ? value.replaceAll('""', '"') : value)
      if (value.includes('\n') || value.includes('\r')) lines += countLineEnds(value)
      const after = skipBlanks(close + 1)
      if (after >= length && !isLast) return undefined
      if (text.startsWith(delimiter, after)) {
        at = after + delimiter.length
        continue
      }
      const end = lineEnd(after)
      if (!end) return text[after] === '\r' ? undefined : { fault: 'quotes', at: after }
      if (end.end !== after) return { fault: 'quotes', at: after }
      return finish(cells, end.next, lines)
    }
  }

  const finish = (cells: string[], next: number, lines: number): Found & { fault?: undefined } => {
    const [only] = cells
    const inner = cells.length === 1 && only!.includes(delimiter) ? cutLine(only!, delimiter) : undefined
    return inner ? { cells: inner, next, lines, isWrapped: true } : { cells, next, lines }
  }

  const skipBlanks = (at: number): number => {
    let position = at
    for (;;) {
      const character = text[position]
      const isBlank = character === ' ' || character === '\u00A0' || character === '\t'
      if (!isBlank || character === delimiter) return position
      position += 1
    }
  }

  /** The quote that closes the one at `open`; -1 when there is none, `undefined` while it is unknown. */
  const closingQuote = (open: number): number | undefined => {
    for (let at = open + 1; ;) {
      const close = text.indexOf('"', at)
      if (close === -1) return isLast ? -1 : undefined
      if (text[close + 1] !== '"') return close + 1 < length || isLast ? close : undefined
      at = close + 2
    }
  }

  /** A quote in the record most likely means that an unclosed quote swallowed the following lines. */
  const faultOfLongRecord = (at: number): 'quotes' | 'length' =>
    text.slice(at, at + maxRecordLength).includes('"') ? 'quotes' : 'length'

  return {
    length,
    record,
    lineEnd,
    restart(at) {
      for (const kind of ['quote', 'lf', 'cr'] as const) {
        if (positions[kind] !== Infinity) positions[kind] = -1
      }
      return lineEnd(at)
    },
    from: (at) => (at === 0 ? text : text.slice(at)),
    tail: (at) => /\r+$/.exec(text.slice(at))?.[0] ?? '',
  }
}

function countLineEnds(text: string): number {
  return text.match(/\r+\n|[\r\n]/g)?.length ?? 0
}
