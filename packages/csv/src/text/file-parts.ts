/** How is a device file split into parts: its opening, then the records of each piece of text? */
import { createOpener } from './opening.ts'
import type { Opening } from './opening.ts'
import type { CsvRecord } from './records.ts'
import { readText } from './source-text.ts'
import type { DeviceFileContent } from './source-text.ts'

/** Some records of a file. */
export interface FilePart {
  /** The beginning of the file, with its first records. */
  opening?: Opening
  records: readonly CsvRecord[]
  /** These are the first records after the encoding changed. */
  isOtherEncoding: boolean
}

/** Reads a file part by part. Rejects with an `InvalidArgumentError` when it is not a device file. */
export async function* readParts(
  content: DeviceFileContent,
  encoding: string | undefined,
): AsyncGenerator<FilePart> {
  const open = createOpener()
  let opening: Opening | undefined
  const read = (text: string, isLast: boolean, isOtherEncoding: boolean): FilePart => {
    if (opening) return { records: opening.read(text, isLast), isOtherEncoding }
    opening = open(text, isLast)
    return { ...(opening && { opening }), records: opening?.records ?? [], isOtherEncoding }
  }
  let before: { encoding: string | undefined; endsLine: boolean } | undefined
  for await (const piece of readText(content, encoding)) {
    const isOtherEncoding = before !== undefined && before.encoding !== piece.encoding
    // Appended content starts on a new line, so that no row combines the end of one part with the beginning of the next.
    if (isOtherEncoding && !before!.endsLine) yield read('\n', false, false)
    before = { encoding: piece.encoding, endsLine: '\r\n'.includes(piece.text.at(-1)!) }
    yield read(piece.text, false, isOtherEncoding)
  }
  yield read('', true, false)
}
