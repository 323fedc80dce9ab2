import type { DeviceFileSource, DeviceNote, DeviceRow, ReadDevicesOptions } from '@devicebatch/csv'
import { readDevices } from '@devicebatch/csv'

export const header = 'Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model'

/** Text with the length and alphabet of a 4K hash, different for each seed. */
export function hashOf(seed: number, bytes = 3_000): string {
  const data = new Uint8Array(bytes)
  let state = seed + 1
  for (let index = 0; index < bytes; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    data[index] = state >>> 16
  }
  return Buffer.from(data).toString('base64')
}

/** The devices and problems of a file, without its notes. */
export async function read(
  source: DeviceFileSource,
  options?: ReadDevicesOptions,
): Promise<Exclude<DeviceRow, { note: DeviceNote }>[]> {
  return (await readAll(source, options)).flatMap((row) => (row.note ? [] : [row]))
}

/** The notes on a file. */
export async function readNotes(
  source: DeviceFileSource,
  options?: ReadDevicesOptions,
): Promise<DeviceNote[]> {
  return (await readAll(source, options)).flatMap((row) => row.note ?? [])
}

export async function readAll(source: DeviceFileSource, options?: ReadDevicesOptions): Promise<DeviceRow[]> {
  return collect(readDevices(source, options))
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}

/** Reads a file with one row below the usual header. */
export async function readRow(row: string): Promise<DeviceRow> {
  const rows = await read(`${header}\n${row}\n`)
  if (rows.length !== 1) throw new Error(`expected one row, got ${rows.length}`)
  return rows[0]!
}

/** `line:code` of each problem, `line:ok` of each device. */
export function outline(rows: readonly DeviceRow[]): string[] {
  return rows.map(({ line, problem }) => `${line}:${problem?.code ?? 'ok'}`)
}

export async function* chunksOf<T extends string | Uint8Array>(whole: T, size: number): AsyncGenerator<T> {
  for (let start = 0; start < whole.length; start += size) yield whole.slice(start, start + size) as T
}

export function utf16(text: string, order: 'le' | 'be', mark = true): Uint8Array {
  const bytes = Buffer.from(mark ? `\uFEFF${text}` : text, 'utf16le')
  return new Uint8Array(order === 'le' ? bytes : bytes.swap16())
}
