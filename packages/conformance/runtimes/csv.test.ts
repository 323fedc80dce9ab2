/** Device files are read from any source, and results are written. */
import type { DeviceFileSource, DeviceRow, ReadDevicesOptions } from '@devicebatch/csv'
import { readDevices, formatReport } from '@devicebatch/csv'
import { expect, test } from 'vitest'

import { customerId, soon } from '../shared/samples.ts'
import { partnerOf, rejection, startEmulator } from './lab.ts'

const header = 'Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model'
const file = `${header}\r\nA-1,,,Müller 東京,"Tablet, 3 💻"\r\nEMU808-2,,,Contoso,Tablet 3\r\nA-3,,,,\r\n`
const rows = [
  {
    line: 2,
    device: { serialNumber: 'A-1', oemManufacturerName: 'Müller 東京', modelName: 'Tablet, 3 💻' },
  },
  {
    line: 3,
    device: { serialNumber: 'EMU808-2', oemManufacturerName: 'Contoso', modelName: 'Tablet 3' },
  },
  {
    line: 4,
    identity: { serialNumber: 'A-3' },
    problem: expect.objectContaining({ message: expect.any(String), fix: expect.any(String) }),
  },
]
const bytes = new TextEncoder().encode(file)

function* inPieces(size: number): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
}

function utf16(text: string): Uint8Array {
  return new Uint8Array(Uint16Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)).buffer)
}

async function read(source: DeviceFileSource, options?: ReadDevicesOptions): Promise<DeviceRow[]> {
  const all: DeviceRow[] = []
  for await (const row of readDevices(source, options)) all.push(row)
  return all
}

test.each<[string, () => DeviceFileSource, ReadDevicesOptions?]>([
  ['text', () => file],
  ['bytes', () => bytes],
  ['bytes with a byte order mark', () => new TextEncoder().encode(`\uFEFF${file}`)],
  ['UTF-16 with a byte order mark', () => utf16(`\uFEFF${file}`)],
  ['UTF-16 that the caller names', () => utf16(file), { encoding: 'utf-16le' }],
  ['the stream of a blob', () => new Blob([file]).stream()],
  ['the stream of an answer', () => new Response(file).body!],
  ['a stream that cuts characters apart', () => streamOf(inPieces(1))],
  [
    'an async iteration of bytes',
    async function* () {
      yield* inPieces(7)
    },
  ],
])('%s gives the same rows', async (_, source, options) => {
  expect(await read(source(), options)).toEqual(rows)
})

test.each([
  ['windows-1252', [0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72], 'Müller'],
  ['shift_jis', [0x93, 0x8c, 0x8b, 0x9e], '東京'],
])('a file in %s is read as such', async (encoding, name, text) => {
  const ascii = (part: string): number[] => [...new TextEncoder().encode(part)]
  const source = new Uint8Array([...ascii(`${header}\nA-1,,,`), ...name, ...ascii(',Tablet 3\n')])
  const [row] = await read(source, { encoding })
  expect(row?.device).toMatchObject({ oemManufacturerName: text })
})

test('a stream that is not read to the end is canceled', async () => {
  let cancelled = false
  const source = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode(file.repeat(1_000))),
    cancel: () => void (cancelled = true),
  })
  for await (const row of readDevices(source)) {
    expect(row.line).toBe(2)
    break
  }
  expect(cancelled).toBe(true)
})

test.each([
  ['is empty', ''],
  ['has no header', 'a,b\n1,2\n'],
  ['is an Excel workbook', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0, 0])],
])('a file that %s rejects with what to do', async (_, source) => {
  expect(await rejection(read(source))).toMatchObject({
    code: 'invalid-argument',
    message: expect.stringMatching(/file/),
  })
})

test('from a file to a report: every row, its result and what to do', async () => {
  const emulator = await startEmulator()
  const { deviceBatches } = partnerOf(emulator).customers.byId(customerId)
  const fromFile = await read(bytes)
  const devices = fromFile.flatMap((row) => row.device ?? [])
  const upload = await deviceBatches.create({ batchId: 'Front desk', devices })
  await emulator.advance(60_000)
  let text = ''
  for await (const piece of formatReport(await upload.wait(soon), fromFile)) text += piece
  const lines = text.trimEnd().split('\r\n')
  expect(lines[0]).toMatch(/^\uFEFFLine,/)
  expect(lines[1]).toMatch(/^2,A-1,,Müller 東京,"Tablet, 3 💻",succeeded,/)
  expect(lines[2]).toMatch(/^3,EMU808-2,,Contoso,Tablet 3,failed,808,ZtdDeviceAssignedToOtherTenant,\S/)
  expect(lines[3]).toMatch(/^4,/)
  expect(lines).toHaveLength(4)
})

function streamOf(pieces: Iterator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const { value, done } = pieces.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
}
