/** A device file, row by row. */
import { InvalidArgumentError } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'

import { exampleHeader, findDeviceColumns, type DeviceColumns, type DeviceField } from './device-columns.ts'
import { isBlank, readDeviceRow, type DeviceProblem, type DeviceResult } from './device-row.ts'
import { isPreamble, sniffDelimiter } from './preamble.ts'
import { createRecordReader, maxRecordLength, type CsvRecord, type RecordReader } from './records.ts'
import { createDeviceMemory, type EarlierDevice, type RememberDevice } from './seen-devices.ts'
import { readText, type DeviceFileSource } from './source-text.ts'

/** How to read a device file. */
export interface ReadDevicesOptions {
  /**
   * The encoding of bytes that have no byte order mark: a label of the Encoding Standard such as `'windows-1252'`. A byte
   * order mark wins over it, and strings need none. Default: `'utf-8'`.
   */
  encoding?: string | undefined
}

/** One row of a device file: a device that can be sent, or why it cannot. */
export type DeviceRow =
  | {
      /** The physical line the row begins on, as an editor counts; the first line of the file is 1. */
      line: number
      device: NewDevice
      problem?: undefined
    }
  | {
      /** The physical line the row begins on, as an editor counts; the first line of the file is 1. */
      line: number
      device?: undefined
      problem: DeviceProblem
    }

/**
 * Reads the devices of a CSV file, one row at a time, with memory that does not grow with the file (24 to 48 bytes a row, to find
 * duplicates).
 *
 * The format is recognised by the header, whatever its case and the order of its columns: Partner Center, Intune / Windows
 * Autopilot, Managed Desktop, or the API's own property names. Other columns, among them Intune's `Group Tag` and
 * `Assigned User`, are not read. The delimiter may be a comma, a semicolon or a tab, the encoding UTF-8 or UTF-16 with a byte
 * order mark. Blank lines are skipped.
 *
 * Values are taken as they stand: case is kept, because manufacturer and model must equal the device's SMBIOS values. Only the
 * white space around a value is dropped, and `="0012"` is read as `0012`.
 *
 * @param source The file's text, its bytes, or a stream of either. A stream is cancelled when the iteration is left early.
 * @param options How to read it.
 * @returns A row for each row of the file, in its order. The iteration rejects with an `InvalidArgumentError` when the file as
 * a whole cannot be read: empty, binary, or without a header that is known. What `source` itself throws comes through unchanged.
 *
 * @example
 * ```ts
 * import { readDevices } from '@devicebatch/csv'
 *
 * const file = 'Device Serial Number,Manufacturer name,Device model\nR9-ZNP67,Contoso,Laptop 3\n1.2E+11,Contoso,Laptop 3\n'
 *
 * for await (const row of readDevices(file)) {
 *   if (row.problem) console.error(`Line ${row.line}: ${row.problem.message} ${row.problem.fix}`)
 *   else console.log(row.device)
 * }
 * ```
 */
export async function* readDevices(
  source: DeviceFileSource,
  options: ReadDevicesOptions = {},
): AsyncGenerator<DeviceRow, void, undefined> {
  const remember = createDeviceMemory()
  let columns: DeviceColumns | undefined
  for await (const records of readRecords(source, options.encoding)) {
    for (const record of records) {
      if (!record.fault && isBlank(record.cells)) continue
      if (columns) {
        yield { line: record.line, ...readRecord(record, columns, remember) }
      } else if (record.fault) {
        throw unreadableHeader(record)
      } else if (!isPreamble(record.cells)) {
        columns = findDeviceColumns(record.cells, record.line)
      }
    }
  }
  if (!columns) {
    throw new InvalidArgumentError('The device file is empty: it needs a header and a row for each device.')
  }
}

async function* readRecords(
  source: DeviceFileSource,
  encoding: string | undefined,
): AsyncGenerator<CsvRecord[]> {
  let read: RecordReader | undefined
  for await (const text of readText(source, encoding)) {
    read ??= createRecordReader(sniffDelimiter(text))
    yield read(text, false)
  }
  // So that the last line ends like every other.
  if (read) yield read('\n', true)
}

function readRecord(record: CsvRecord, columns: DeviceColumns, remember: RememberDevice): DeviceResult {
  if (record.fault) return { problem: faultyRecord(record.fault) }
  const result = readDeviceRow(record.cells, columns)
  if (!result.device) return result
  const earlier = remember(result.device, record.line)
  return earlier ? { problem: duplicateOf(earlier, columns) } : result
}

function faultyRecord(fault: 'quotes' | 'length'): DeviceProblem {
  return fault === 'quotes'
    ? {
        code: 'malformed-quotes',
        message: 'A double quote begins a value and is never closed, or is followed by text.',
        fix: 'Remove the double quote, or write it twice ("") inside a value that stands in double quotes.',
      }
    : {
        code: 'line-too-long',
        message: `The line has more than ${maxRecordLength.toLocaleString('en-US')} characters.`,
        fix: 'Remove what is not part of the list of devices.',
      }
}

function duplicateOf({ line, field }: EarlierDevice, columns: DeviceColumns): DeviceProblem {
  const name = (of: DeviceField): string => `"${columns.header[columns.indexes.get(of)!]!.trim()}"`
  const common =
    field === 'serialNumber' ? (['serialNumber', 'oemManufacturerName', 'modelName'] as const) : [field]
  return {
    code: 'duplicate',
    message: `The row names the same device as line ${line}: ${common.map(name).join(', ')} ${common.length === 1 ? 'is' : 'are'} the same.`,
    fix: 'Remove one of the two rows, or correct the one that is wrong.',
    column: columns.header[columns.indexes.get(field)!]!.trim(),
    firstLine: line,
  }
}

function unreadableHeader({ line, fault }: CsvRecord): InvalidArgumentError {
  const reason =
    fault === 'quotes'
      ? 'it has a double quote that is never closed or is followed by text'
      : 'it is too long'
  return new InvalidArgumentError(
    `Line ${line} of the device file is not a header: ${reason}. Make the first line: ${exampleHeader}`,
  )
}
