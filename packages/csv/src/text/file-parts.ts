/** A device file in parts: its opening, and the records of each piece of its text. */
import { createOpener, type Opening } from './opening.ts'
import type { CsvRecord } from './records.ts'
import { readText, type DeviceFileContent } from './source-text.ts'

/** Some records of a file. */
export interface FilePart {
  /** The beginning of the file, with its first records. */
  opening?: Opening
  records: readonly CsvRecord[]
  /** These records are the first after the encoding changed. */
  isOtherEncoding: boolean
}

/** Reads a file part by part. Rejects with an `InvalidArgumentError` when it is no device file. */
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
    // What was appended begins a line of its own, so that no row is made of the end of one part and the beginning of the other.
    if (isOtherEncoding && !before!.endsLine) yield read('\n', false, false)
    before = { encoding: piece.encoding, endsLine: '\r\n'.includes(piece.text.at(-1)!) }
    yield read(piece.text, false, isOtherEncoding)
  }
  yield read('', true, false)
}
