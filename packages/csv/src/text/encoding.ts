/** Which encoding does a file have, and is it text at all? */
import { InvalidArgumentError } from '@devicebatch/edge'

interface Signature {
  bytes: readonly number[]
  encoding?: string
  refusal?: string
}

const saveAsCsv = 'Open it in the spreadsheet program and save it as "CSV UTF-8".'

const signatures: readonly Signature[] = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    refusal: `is an Excel workbook (.xlsx) or another ZIP archive. ${saveAsCsv}`,
  },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], refusal: `is an old Excel workbook (.xls). ${saveAsCsv}` },
  { bytes: [0x25, 0x50, 0x44, 0x46], refusal: 'is a PDF document. Request the list as CSV.' },
  { bytes: [0x1f, 0x8b], refusal: 'is compressed with gzip. Decompress it first.' },
]

/** How many bytes of a file {@link findEncoding} needs, if the file is that long. */
export const longestSignature: number = Math.max(...signatures.map((signature) => signature.bytes.length))

/** The encoding of a file that begins with `head`: the one of its byte order mark, else `encoding`, else UTF-8. */
export function findEncoding(head: Uint8Array, encoding: string | undefined): string {
  const signature = signatures.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte))
  if (signature?.refusal) throw new InvalidArgumentError(`The device file ${signature.refusal}`)
  return createDecoder(signature?.encoding ?? encoding ?? 'utf-8').encoding
}

/** A decoder that drops a byte order mark at the beginning. */
export function createDecoder(label: string): TextDecoder {
  try {
    // Not fatal: a row with invalid bytes is reported with its line, and the other rows are still sent.
    return new TextDecoder(label)
  } catch {
    throw new InvalidArgumentError(
      `\`encoding\` is "${label}", which this runtime cannot decode. Pass a label of the Encoding Standard such as "windows-1252", or save the file as UTF-8.`,
    )
  }
}

/** Refuses content that is not text. NUL is every second character of UTF-16 read as UTF-8, and never occurs in text. */
export function refuseBinaryText(text: string): void {
  const first = text.indexOf('\0')
  if (first === -1) return
  const nuls = text.split('\0').length - 1
  throw new InvalidArgumentError(
    nuls * 4 > text.length && nuls * 4 < text.length * 3
      ? `The device file looks like UTF-16 without a byte order mark. Save it as "CSV UTF-8", or set \`encoding\` to "${first === 0 ? 'utf-16be' : 'utf-16le'}".`
      : 'The device file is binary: it has NUL characters, which text never contains. Export the list as "CSV UTF-8".',
  )
}
