/** What stands before the rows of a file: the delimiter, and the lines that some programs put before the header. */
import { countDeviceColumns } from './device-columns.ts'
import { createRecordReader } from './records.ts'

const delimiters = [',', ';', '\t'] as const

// Excel's own line for the delimiter (`sep=;`), and the line that Export-Csv of Windows PowerShell writes (`#TYPE …`).
const separatorLine = /^"?sep=(.)"?$/i
const typeLine = /^"?#TYPE\s/

/** Whether the record is one of the lines that come before a header and say nothing of devices. */
export function isPreamble(cells: readonly string[]): boolean {
  return typeLine.test(cells[0]!) || /^"?sep=.?"?$/i.test(cells[0]!)
}

/** The delimiter of a file from the text it begins with: the one that Excel's line names, or the one that finds most columns. */
export function sniffDelimiter(text: string): string {
  for (const line of text.split('\n', 100)) {
    if (line.trim() === '' || typeLine.test(line)) continue
    const named = separatorLine.exec(line.trimEnd())
    if (named) return named[1]!
    return delimiters.reduce((best, delimiter) =>
      countIn(line, delimiter) > countIn(line, best) ? delimiter : best,
    )
  }
  return delimiters[0]
}

function countIn(line: string, delimiter: string): number {
  const [header] = createRecordReader(delimiter)(line, true)
  return countDeviceColumns(header?.cells ?? [])
}
