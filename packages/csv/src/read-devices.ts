/** How is a device file read, row by row? */
import type { NewDevice } from '@devicebatch/contract'
import { checkNames } from '@devicebatch/edge/internal'

import { createProductIds } from './identity/product-ids.ts'
import type { ProductIds } from './identity/product-ids.ts'
import type { DeviceNote } from './notes/device-note.ts'
import { createNoteCollector } from './notes/note-collector.ts'
import type { DeviceProblem } from './rows/device-problem.ts'
import { createJudge } from './rows/judge-row.ts'
import { addProductId, createRowsReader, hasProductId } from './rows/read-rows.ts'
import type { RowIdentity } from './rows/row-identity.ts'
import { readParts } from './text/file-parts.ts'
import type { DeviceFileContent, DeviceFileSource } from './text/source-text.ts'

/** How to read a device file. */
export interface ReadDevicesOptions {
  /**
   * The encoding of bytes that have no byte order mark: a label of the Encoding Standard such as `'windows-1252'`. A byte
   * order mark wins over it, and strings need none. Default: `'utf-8'`.
   */
  encoding?: string | undefined
  /** Called with the delimiter of the file before its first row. Default: not called. */
  onDelimiter?: ((delimiter: string) => void) | undefined
}

/**
 * One row of a device file: a device that can be sent, or the reason it cannot. Notes on the whole file follow the last row.
 */
export type DeviceRow =
  | {
      /** The line the row begins on, as an editor numbers it; the first line of the file is 1. */
      line: number
      device: NewDevice
      problem?: undefined
      identity?: undefined
      note?: undefined
    }
  | {
      /** The line the row begins on, as an editor numbers it; the first line of the file is 1. */
      line: number
      device?: undefined
      problem: DeviceProblem
      /** Which device the row is about, as far as it could be read. */
      identity: RowIdentity
      note?: undefined
    }
  | {
      /** The first line that the note refers to. */
      line: number
      device?: undefined
      problem?: undefined
      identity?: undefined
      note: DeviceNote
    }

/**
 * Reads the devices of a CSV file one row at a time. Memory use is independent of the file size, except for at most 250 bytes
 * per row for finding duplicates and shared product IDs.
 *
 * The delimiter (comma, semicolon, tab or vertical bar) is the one that yields a known header within the first 30 lines; case
 * and column order do not matter. Column names of Partner Center, Intune / Windows Autopilot and Managed Desktop, their
 * translations, WMI names and the API's own names are recognized. The encoding is UTF-8, or UTF-16 with a byte order mark, and
 * may change where one export was appended to another. Blank lines are skipped.
 *
 * Values are kept as they are, including case, because manufacturer and model must equal the device's SMBIOS values. Only white
 * space around a value is removed, and `="0012"` is read as `0012`. Placeholders and product IDs that many devices share are
 * omitted from a device that other values identify.
 *
 * Nothing is omitted silently: whatever is not sent is reported as a problem with its line, or counted in a note. Notes come
 * last.
 *
 * Whether rows of different devices share a product ID is known only after the whole file is read. A string, a `Uint8Array` or
 * a function that opens the file is therefore read a second time if any row has a product ID that is not known to be generic. A
 * stream is read once, about 64 kB ahead of the rows it yields: a device yielded before another row turned up with the same
 * product ID keeps it, and the note names its line.
 *
 * @param source The file's text, its bytes, a stream of either, or a function that opens one. A stream is canceled when the
 * iteration ends early.
 * @param options How to read it.
 * @returns One item for each row of the file, in order, then the notes. The iteration rejects with an `InvalidArgumentError`
 * when the file as a whole cannot be read because it is empty, binary or lacks a known header. Errors that `source` throws pass
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
  checkNames(options, { encoding: true, onDelimiter: true })
  const open = toOpen(source)
  const notes = createNoteCollector()
  const read = createRowsReader(notes)
  let productIds = createProductIds()
  let isScanned = false
  const judge = createJudge(notes, () => productIds)
  for await (const part of readParts(open ? open() : (source as DeviceFileContent), options.encoding)) {
    if (part.opening) options.onDelimiter?.(part.opening.delimiter)
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
