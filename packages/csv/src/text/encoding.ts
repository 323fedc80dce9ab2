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
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], refusal: `is an old Excel workbook (.xls). ${saveAsCsv}` },
  { bytes: [0x25, 0x50, 0x44, 0x46], refusal: 'is a PDF document. Request the list as CSV.' },
  { bytes: [0x1f, 0x8b], refusal: 'is compressed with gzip. Decompress it first.' },
]

const zipSignature = [0x50, 0x4b, 0x03, 0x04]
/** Where the name of the first file in a ZIP archive begins, and the longest name that tells what the archive is. */
const zipName = { start: 30, longest: '[Content_Types].xml'.length }

/** How many bytes of a file {@link findEncoding} needs, if the file is that long. */
export const longestSignature: number = zipName.start + zipName.longest

/** The encoding of a file that begins with `head`: the one of its byte order mark, else `encoding`, else UTF-8. */
export function findEncoding(head: Uint8Array, encoding: string | undefined): string {
  if (startsWith(head, zipSignature)) throw new InvalidArgumentError(`The device file ${describeZip(head)}`)
  const signature = signatures.find(({ bytes }) => startsWith(head, bytes))
  if (signature?.refusal) throw new InvalidArgumentError(`The device file ${signature.refusal}`)
  return createDecoder(signature?.encoding ?? encoding ?? 'utf-8').encoding
}

function startsWith(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte)
}

/** Workbooks are ZIP archives with a first file of a known name. */
function describeZip(head: Uint8Array): string {
  const { start, longest } = zipName
  const name = String.fromCodePoint(...head.subarray(start, start + longest))
  if (/^(\[Content_Types\]\.xml|_rels\/|docProps\/|xl\/)/.test(name))
    return `is an Excel workbook (.xlsx). ${saveAsCsv}`
  if (name.startsWith('mimetype')) return `is an OpenDocument spreadsheet (.ods). ${saveAsCsv}`
  return 'is a ZIP archive. Extract it, and use the CSV file in it.'
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

const otherFormats: readonly (readonly [beginning: RegExp, refusal: string])[] = [
  [
    /^\s*<(!doctype html|html)/i,
    'is a web page, perhaps a sign-in or error page instead of the list. Download the list again. If the page is the list, open it in the spreadsheet program and save it as "CSV UTF-8".',
  ],
  [/^\s*<\?xml/, `is XML. ${saveAsCsv}`],
  [
    /^\s*(\{\s*["}]|\[\s*[\]{["])/,
    'is JSON, perhaps an error message instead of the list. Download the list again, as CSV.',
  ],
]

/** Refuses text in a format that has no rows. */
export function refuseOtherFormat(text: string): void {
  const [, refusal] = otherFormats.find(([beginning]) => beginning.test(text)) ?? []
  if (refusal !== undefined) throw new InvalidArgumentError(`The device file ${refusal}`)
}

/**
 * Refuses content that is not text. NUL is every second character of UTF-16 read as UTF-8, never three in a row, and never
 * occurs in other text.
 */
export function refuseBinaryText(text: string): void {
  const first = text.indexOf('\0')
  if (first === -1) return
  const nuls = text.split('\0').length - 1
  throw new InvalidArgumentError(
    nuls * 4 > text.length && nuls * 4 < text.length * 3 && !text.includes('\0\0\0')
      ? `The device file looks like UTF-16 without a byte order mark. Save it as "CSV UTF-8", or set \`encoding\` to "${first === 0 ? 'utf-16be' : 'utf-16le'}".`
      : 'The device file is binary, not text. Export the list as "CSV UTF-8".',
  )
}
