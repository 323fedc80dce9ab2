/** What is in the device file? It is read once to check it and again to send it, because it may be larger than memory. */
import { createHash, hash } from 'node:crypto'
import { open, stat } from 'node:fs/promises'

import { InvalidArgumentError, isPartnerCenterError } from '@devicebatch/client'
import type { NewDevice } from '@devicebatch/contract'
import type { DeviceNote, DeviceProblem, DeviceRow, ReportRow, RowIdentity } from '@devicebatch/csv'
import { readDevices } from '@devicebatch/csv'

import { describeFileError } from './file-error.ts'

/** A row that cannot be sent. */
export interface SkippedRow {
  line: number
  problem: DeviceProblem
  /** Which device the row is about, as far as it could be read. */
  identity: RowIdentity
}

/** A device file that has been read. */
export interface DeviceFile {
  path: string
  /** The encoding of a file that is not UTF-8 and has no byte order mark. */
  encoding: string | undefined
  /** The character between two cells. */
  delimiter: string
  /** All rows in file order, without their hardware hashes. */
  rows: ReportRow[]
  /** A digest of each row's device, including its hardware hash, as it was checked. */
  digests: number[]
  /** The digests of the rows that are sent, in their order. */
  sentDigests: number[]
  /** How many rows are sent. */
  deviceCount: number
  /** The rows that cannot be sent, and why. */
  skipped: SkippedRow[]
  /** What is not sent from the other rows, and how the file was read. */
  notes: DeviceNote[]
  /** SHA-256 of the file's content, hexadecimal. */
  sha256: string
}

/** The file with only some of its devices to send; the rows that cannot be sent stay. */
export function selectDevices(file: DeviceFile, digests: readonly number[]): DeviceFile {
  const wanted = new Set(digests)
  const rows = file.rows.filter(({ device }, at) => !device || wanted.has(file.digests[at]!))
  const sentDigests = file.sentDigests.filter((digest) => wanted.has(digest))
  return { ...file, rows, sentDigests, deviceCount: sentDigests.length }
}

/** The part of the JSON document about a file. */
export function recordFile({ path, deviceCount, skipped, notes }: DeviceFile): object {
  return { file: { path, sent: deviceCount, skipped, notes } }
}

/** Values that may be meant for the service but are not sent. */
export function warningsOf({ notes }: Pick<DeviceFile, 'notes'>): DeviceNote[] {
  return notes.filter(({ severity }) => severity === 'warning')
}

/** Rejects with `InvalidArgumentError` when the path is not that of a file, which alone can be read twice. */
export async function checkIsFile(path: string): Promise<void> {
  // Opening it says what is wrong with anything else.
  const found = await stat(path).catch(() => undefined)
  if (!found || found.isFile() || found.isDirectory()) return
  throw new InvalidArgumentError(
    `The device file ${path} is a pipe or a device, which can be read only once. Save its content to a file first.`,
  )
}

/**
 * Reads a device file and checks each row.
 *
 * Rejects with `InvalidArgumentError` when it cannot be read or is not a device file, and with the reason of `signal`.
 */
export async function readDeviceFile(
  path: string,
  encoding: string | undefined,
  signal?: AbortSignal,
): Promise<DeviceFile> {
  await checkIsFile(path)
  const content = createHash('sha256')
  const rows: ReportRow[] = []
  const [digests, sentDigests]: [number[], number[]] = [[], []]
  const skipped: SkippedRow[] = []
  const notes: DeviceNote[] = []
  let delimiter = ','
  const observe = {
    onBytes: (bytes: Uint8Array) => content.update(bytes),
    onDelimiter: (found: string) => (delimiter = found),
  }
  for await (const row of readRows(path, encoding, observe)) {
    signal?.throwIfAborted()
    if (row.note) {
      notes.push(row.note)
      continue
    }
    const digest = digestOf(row)
    digests.push(digest)
    if (row.problem) {
      rows.push(row)
      skipped.push(row)
    } else {
      sentDigests.push(digest)
      const { serialNumber, productKey, oemManufacturerName, modelName } = row.device
      rows.push({ line: row.line, device: { serialNumber, productKey, oemManufacturerName, modelName } })
    }
  }
  return {
    path,
    encoding,
    delimiter,
    rows,
    digests,
    sentDigests,
    deviceCount: sentDigests.length,
    skipped,
    notes,
    sha256: content.digest('hex'),
  }
}

/**
 * Reads the devices to send from a file that was checked, including hardware hashes.
 *
 * Rejects with `InvalidArgumentError` when the file has changed.
 */
export async function* readDevicesAgain({
  path,
  encoding,
  digests,
  sentDigests,
}: DeviceFile): AsyncGenerator<NewDevice, void, undefined> {
  let [at, sent] = [0, 0]
  for await (const row of readRows(path, encoding)) {
    if (row.note) continue
    const digest = digestOf(row)
    if (digests[at] !== digest) throw changed(path)
    at++
    if (!row.device || sentDigests[sent] !== digest) continue
    sent++
    yield row.device
  }
  if (at < digests.length) throw changed(path)
}

/** 52 bits, which fit into a number, of a digest of everything that is sent for a row. */
function digestOf({ device }: DeviceRow): number {
  return Number.parseInt(hash('sha256', JSON.stringify(device ?? null), 'hex').slice(0, 13), 16)
}

function changed(path: string): InvalidArgumentError {
  return new InvalidArgumentError(
    `The device file ${path} changed while it was being sent. Restore it and run the same command again.`,
  )
}

async function* readRows(
  path: string,
  encoding: string | undefined,
  {
    onBytes,
    onDelimiter,
  }: { onBytes?: (bytes: Uint8Array) => void; onDelimiter?: (delimiter: string) => void } = {},
): AsyncGenerator<DeviceRow, void, undefined> {
  let onFirst = onBytes
  // A file with product IDs is opened twice, to find those that several devices share.
  const openFile = (): AsyncIterable<Uint8Array> => {
    const bytes = readBytes(path, onFirst)
    onFirst = undefined
    return bytes
  }
  try {
    yield* readDevices(openFile, { encoding, onDelimiter })
  } catch (error) {
    if (isPartnerCenterError(error))
      throw new InvalidArgumentError(`${path}: ${error.message}`, undefined, error)
    throw describeFileError(error, `The device file ${path}`, 'cannot be read')
  }
}

/** Reads the file into a single reused buffer: hundreds of megabytes in new buffers are slow to be freed. */
async function* readBytes(
  path: string,
  onBytes?: (bytes: Uint8Array) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path)
  try {
    const buffer = new Uint8Array(65_536)
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null)
      if (bytesRead === 0) return
      const bytes = buffer.subarray(0, bytesRead)
      onBytes?.(bytes)
      yield bytes
    }
  } finally {
    await file.close()
  }
}
