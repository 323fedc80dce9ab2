/** A device file, row by row. */
import type { NewDevice } from '@devicebatch/contract'

import { createProductIds, type ProductIds } from './identity/product-ids.ts'
import type { DeviceNote } from './notes/device-note.ts'
import { createNoteCollector } from './notes/note-collector.ts'
import type { DeviceProblem } from './rows/device-problem.ts'
import { createJudge } from './rows/judge-row.ts'
import { addProductId, createRowsReader, hasProductId } from './rows/read-rows.ts'
import { readParts } from './text/file-parts.ts'
import type { DeviceFileContent, DeviceFileSource } from './text/source-text.ts'

/** How to read a device file. */
export interface ReadDevicesOptions {
  /**
   * The encoding of bytes that have no byte order mark: a label of the Encoding Standard such as `'windows-1252'`. A byte
   * order mark wins over it, and strings need none. Default: `'utf-8'`.
   */
  encoding?: string | undefined
}

/** One row of a device file: a device that can be sent, or why it cannot. After the last row, what is to be noted of the file. */
export type DeviceRow =
  | {
      /** The physical line the row begins on, as an editor counts; the first line of the file is 1. */
      line: number
      device: NewDevice
      problem?: undefined
      note?: undefined
    }
  | {
      /** The physical line the row begins on, as an editor counts; the first line of the file is 1. */
      line: number
      device?: undefined
      problem: DeviceProblem
      note?: undefined
    }
  | {
      /** The first line that the note is about. */
      line: number
      device?: undefined
      problem?: undefined
      note: DeviceNote
    }

/**
 * Reads the devices of a CSV file, one row at a time, with memory that does not grow with the file but for at most 250 bytes a
 * row, by which duplicates and shared product IDs are found.
 *
 * The delimiter, the quotes, the header and the rows are found by one reading: comma, semicolon, tab or vertical bar, whichever
 * gives a header that is known, whatever its case and the order of its columns, among the first 30 lines. Known are the names of
 * Partner Center, Intune / Windows Autopilot and Managed Desktop, their translations, the names of WMI and the API's own. The
 * encoding is UTF-8, or UTF-16 with a byte order mark, and may change where one export was appended to another. Blank lines are
 * skipped.
 *
 * Values are taken as they stand: case is kept, because manufacturer and model must equal the device's SMBIOS values. Only the
 * white space around a value is dropped, and `="0012"` is read as `0012`. Placeholders and product IDs that many devices have are
 * left out of a device that something else identifies.
 *
 * Nothing is left out without a word: what is not sent is a problem with its line, or is counted in a note. Notes come last.
 *
 * Whether a product ID is shared by rows of different devices is known only when the whole file was read. A string, a
 * `Uint8Array` and a function that opens the file are read a second time for that, if any row has a product ID that is not known
 * to be generic. A stream is read once, about 64 kB ahead of the rows that it yields: a device that was yielded before another
 * one turned up with its product ID keeps it, and the note names its line.
 *
 * @param source The file's text, its bytes, a stream of either, or a function that opens one. A stream is cancelled when the
 * iteration is left early.
 * @param options How to read it.
 * @returns A row for each row of the file, in its order, then the notes. The iteration rejects with an `InvalidArgumentError`
 * when the file as a whole cannot be read: empty, binary, or without a header that is known. What `source` itself throws comes
 * through unchanged.
 *
 * @example
 * ```ts
 * import { readDevices } from '@devicebatch/csv'
 *
 * const file = 'Device Serial Number,Manufacturer name,Device model\nR9-ZNP67,Contoso,Laptop 3\n1.2E+11,Contoso,Laptop 3\n'
 *
 * for await (const row of readDevices(file)) {
 *   if (row.problem) console.error(`Line ${row.line}: ${row.problem.message} ${row.problem.fix}`)
 *   else if (row.note) console.error(`${row.note.severity}: ${row.note.message}`)
 *   else console.log(row.device)
 * }
 * ```
 */
export async function* readDevices(
  source: DeviceFileSource,
  options: ReadDevicesOptions = {},
): AsyncGenerator<DeviceRow, void, undefined> {
  const open = toOpen(source)
  const notes = createNoteCollector()
  const read = createRowsReader(notes)
  let productIds = createProductIds()
  let isScanned = false
  const judge = createJudge(notes, () => productIds)
  for await (const part of readParts(open ? open() : (source as DeviceFileContent), options.encoding)) {
    const rows = read(part)
    if (!open) {
      for (const row of rows) addProductId(productIds, row)
    } else if (!isScanned && rows.some(hasProductId)) {
      productIds = await scanProductIds(open(), options.encoding)
      isScanned = true
    }
    const firstLine = rows[0]?.line ?? 0
    for (const row of rows) yield judge(row, firstLine)
  }
  for (const note of notes.list()) yield { line: note.line, note }
}

/** Opens a source that can be read more than once. */
function toOpen(source: DeviceFileSource): (() => DeviceFileContent) | undefined {
  if (typeof source === 'function') return source
  return typeof source === 'string' || ArrayBuffer.isView(source) ? () => source : undefined
}

async function scanProductIds(content: DeviceFileContent, encoding: string | undefined): Promise<ProductIds> {
  const productIds = createProductIds()
  const read = createRowsReader(createNoteCollector())
  for await (const part of readParts(content, encoding)) {
    for (const row of read(part)) addProductId(productIds, row)
  }
  return productIds
}
