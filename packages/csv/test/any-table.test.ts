/** Devices are read back unchanged whatever program wrote the table. */
import type { NewDevice } from '@devicebatch/contract'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { chunksOf, hashOf, header, readAll, utf16 } from './helpers.ts'

const hashes = Array.from({ length: 5 }, (_, index) => hashOf(index))

/** A name as SMBIOS has it, without delimiters and line endings where values are not quoted. */
const nameOf = (isQuoted: boolean): fc.Arbitrary<string> =>
  fc
    .string({
      unit: fc.constantFrom(
        'a',
        'Z',
        '7',
        ' ',
        '-',
        '.',
        '(',
        '&',
        'ü',
        '戴',
        ...(isQuoted ? [',', ';', '|'] : []),
      ),
      maxLength: 12,
    })
    .map((text) => `Q${text}9`)

interface Device {
  serialNumber: string
  productKey: string
  hardwareHash: string
  oemManufacturerName: string
  modelName: string
}

/** Devices of all kinds, each with a unique serial number and product ID. */
const devicesOf = (isQuoted: boolean): fc.Arbitrary<Device[]> =>
  fc
    .array(
      fc.record({
        kind: fc.constantFrom('hash', 'product', 'tuple', 'all'),
        maker: nameOf(isQuoted),
        model: nameOf(isQuoted),
      }),
      { maxLength: 5 },
    )
    .map((rows) =>
      rows.map(({ kind, maker, model }, index) => ({
        serialNumber: kind === 'product' ? '' : `SN${index}X4`,
        productKey: kind === 'product' || kind === 'all' ? `331000000000${index}` : '',
        hardwareHash: kind === 'hash' || kind === 'all' ? hashes[index]! : '',
        oemManufacturerName: kind === 'hash' || kind === 'product' ? '' : maker,
        modelName: kind === 'hash' || kind === 'product' ? '' : model,
      })),
    )

const styles = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t'),
  isQuoted: fc.boolean(),
  space: fc.constantFrom('', '', ' '),
  newline: fc.constantFrom('\n', '\r\n', '\r'),
  encoding: fc.constantFrom('text', 'utf-8', 'utf-8 with mark', 'utf-16le', 'utf-16be'),
  firstLine: fc.constantFrom('none', 'type', 'sep', 'quoted sep', 'title', 'blank'),
  repeat: fc.constantFrom('never', 'once', 'always'),
  endsWithNewline: fc.boolean(),
  chunk: fc.constantFrom(0, 13, 1_000),
})

type Style = typeof styles extends fc.Arbitrary<infer T> ? T : never

function write(devices: readonly Device[], style: Style): string {
  const { delimiter, isQuoted, space, newline, firstLine, repeat, endsWithNewline } = style
  const line = (cells: readonly string[]): string =>
    cells.map((cell) => (isQuoted ? `"${cell}"` : cell)).join(`${delimiter}${isQuoted ? space : ''}`)
  const columns = line(header.split(','))
  const lines = devices.map((device) =>
    line([
      device.serialNumber,
      device.productKey,
      device.hardwareHash,
      device.oemManufacturerName,
      device.modelName,
    ]),
  )
  const rows = lines.flatMap((row, index) =>
    repeat === 'always' || (repeat === 'once' && index === 1) ? [columns, row] : [row],
  )
  const before = {
    none: [],
    type: ['#TYPE System.Management.Automation.PSCustomObject'],
    sep: [`sep=${delimiter}`],
    'quoted sep': [`"sep=${delimiter}"`],
    title: [line(['Devices', 'of Contoso'])],
    blank: ['', line(['', '', ''])],
  }[firstLine]
  return [...before, columns, ...rows].join(newline) + (endsWithNewline ? newline : '')
}

function encode(text: string, encoding: string): string | Uint8Array {
  if (encoding === 'text') return text
  if (encoding === 'utf-16le') return utf16(text, 'le')
  if (encoding === 'utf-16be') return utf16(text, 'be')
  return new TextEncoder().encode(encoding === 'utf-8' ? text : `\uFEFF${text}`)
}

const table = styles.chain((style) =>
  fc.record({ style: fc.constant(style), devices: devicesOf(style.isQuoted) }),
)

test('a table of devices is read back unchanged, with no device added or lost and no quotes in a value', async () => {
  await fc.assert(
    fc.asyncProperty(table, async ({ style, devices }) => {
      const file = encode(write(devices, style), style.encoding)
      const rows = await readAll(
        style.chunk === 0 ? file : (chunksOf(file, style.chunk) as AsyncIterable<string>),
      )
      const expected = devices.map((device) =>
        Object.fromEntries(Object.entries(device).filter(([, value]) => value !== '')),
      )
      expect(rows.flatMap(({ problem }) => problem ?? [])).toEqual([])
      const read = rows.flatMap(({ device }): NewDevice[] => (device ? [device] : []))
      expect(read).toEqual(expected)
      expect(JSON.stringify(read)).not.toContain(String.raw`\"`)
    }),
    { numRuns: 400 },
  )
})
