import { isPartnerCenterError } from '@devicebatch/client'
import { readDevices } from '@devicebatch/csv'
import { describe, expect, test } from 'vitest'

import { chunksOf, hashOf, header, outline, read, utf16 } from './helpers.ts'

async function refusal(source: unknown, encoding?: string): Promise<string> {
  try {
    await read(source as string, { encoding })
  } catch (error) {
    if (isPartnerCenterError(error) && error.code === 'invalid-argument') return error.message
    throw error
  }
  throw new Error('the file was read')
}

describe('a file that cannot be read is refused with what it is and how to fix it', () => {
  const startOfPng = '89504e470d0a1a0a0000000d494844520000010000000100'
  const bytes = (...head: number[]): Uint8Array => Uint8Array.from([...head, ...Array<number>(300).fill(1)])

  /** The header of the first file in an archive: 26 bytes, the length of its name, that of more, and the name. */
  const zip = (name: string): Uint8Array => {
    const archive = bytes(0x50, 0x4b, 3, 4)
    archive[26] = name.length
    archive.set(new TextEncoder().encode(name), 30)
    return archive
  }

  test.each<[string, unknown, string]>([
    ['nothing', '', 'is empty'],
    ['no bytes', new Uint8Array(), 'is empty'],
    ['blank lines', '\r\n\n  \n', 'is empty'],
    ['only a byte order mark', Uint8Array.of(0xef, 0xbb, 0xbf), 'is empty'],
    [
      'a workbook',
      zip('[Content_Types].xml'),
      'is an Excel workbook (.xlsx). Open it in the spreadsheet program and save it as "CSV UTF-8".',
    ],
    ['a workbook of LibreOffice', zip('mimetype'), 'is an OpenDocument spreadsheet (.ods)'],
    ['an archive', zip('devices.csv'), 'is a ZIP archive. Extract it, and use the CSV file in it.'],
    ['the beginning of an archive', Uint8Array.of(0x50, 0x4b, 3, 4), 'is a ZIP archive.'],
    ['an old workbook', bytes(0xd0, 0xcf, 0x11, 0xe0), 'old Excel workbook (.xls)'],
    ['a PDF', new TextEncoder().encode('%PDF-1.7\n'), 'is a PDF document'],
    ['gzip', bytes(0x1f, 0x8b, 8, 0), 'compressed with gzip. Decompress it first.'],
    ['NUL among other bytes', bytes(1, 0, 2, 3, 0, 5), 'is binary, not text'],
    ['a picture', bytes(...Buffer.from(startOfPng, 'hex')), 'is binary, not text'],
    [
      'UTF-16LE without a mark',
      utf16(header, 'le', false),
      'without a byte order mark. Save it as "CSV UTF-8", or set `encoding` to "utf-16le"',
    ],
    ['UTF-16BE without a mark', utf16(header, 'be', false), '`encoding` to "utf-16be"'],
    [
      'another table',
      'Name;City\nA;B\n',
      'Line 1 of the device file is not a known header: it has "Name;City". Give the columns these names, in a line above the first device: Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model',
    ],
    [
      'no header',
      '\nS1,,,Contoso,Laptop 3\n',
      'Line 2 of the device file is not a known header: it has "S1", "", "", "Contoso", "Laptop 3"',
    ],
    [
      'a web page',
      '<!DOCTYPE html>\n<html>',
      'is a web page, perhaps a sign-in or error page instead of the list. Download the list again.',
    ],
    ['a web page without its type', '\n  <HTML lang="de">\n', 'is a web page'],
    ['the bytes of a web page', new TextEncoder().encode('\uFEFF<html>'), 'is a web page'],
    ['a workbook as XML', '<?xml version="1.0"?>\n<Workbook>', 'is XML. Open it in the spreadsheet'],
    ['a JSON object', '{ "error": { "code": 401 } }', 'is JSON, perhaps an error'],
    ['a JSON list', '[\n {"serialNumber": "S1"}]', 'is JSON, perhaps an error'],
    ['an empty JSON list', '[]', 'is JSON, perhaps an error'],
    [
      'a header with an open quote',
      `"${header}\nS1`,
      'Line 1 of the device file is not a header: it has a quoted value',
    ],
    [
      'a header that identifies nothing',
      'Serial Number,Model\nS1,M1',
      'has "Serial Number", "Model", which does not identify a device. Add a column "Hardware Hash" or',
    ],
    [
      'a column twice',
      'Product Key,Serial Number,PRODUCT KEY\nK1,,K2',
      'has "Product Key" twice, as columns 1 and 3',
    ],
    ['a file name', 'devices.csv', '"devices.csv" is the name of a device file, not its content'],
    ['a number', 12, '`source` must be a string, a Uint8Array'],
    ['nothing at all', undefined, 'it is undefined'],
    ['an array', [header], 'it is Array'],
    [
      'a stream of numbers',
      (async function* () {
        yield 1
      })(),
      '`source` must yield strings or Uint8Arrays; it yielded a number',
    ],
  ])('%s', async (_, source, message) => {
    expect(await refusal(source)).toContain(message)
  })

  test('an unknown encoding', async () => {
    expect(await refusal(Buffer.from(header), 'ansi-xyz')).toContain(
      '`encoding` is "ansi-xyz", which this runtime cannot decode',
    )
  })

  test('the message about a header quotes only a little of the file', async () => {
    expect((await refusal(`${'x'.repeat(9_000)},y\n`)).length).toBeLessThan(300)
  })
})

describe('a quote', () => {
  test('that is never closed costs its row, not those after it', async () => {
    const rows = await read(`${header}\n,K1,,,\n"S2,K2,,,\n,K3,,,\n,K4,,,`)
    expect(outline(rows)).toEqual(['2:ok', '3:malformed-quotes', '4:ok', '5:ok'])
  })

  test('that is never closed does not swallow the quoted rows after it', async () => {
    const rows = await read(`${header}\n"S1,"K1","","",""\n"S2","K2","","",""\n"S3","K3","","",""\n`)
    expect(outline(rows)).toEqual(['2:malformed-quotes', '3:ok', '4:ok'])
  })

  test('followed by text after it closes is refused', async () => {
    expect(outline(await read(`${header}\n"S1"x,K1,,,\n,K2,,,\n`))).toEqual(['2:malformed-quotes', '3:ok'])
  })

  test('that is never closed does not affect a long row after it', async () => {
    const hash = hashOf(1)
    const rows = await read(`${header}\n"open\n,,${hash},,\n`)
    expect(rows.slice(1)).toEqual([{ line: 3, device: { hardwareHash: hash } }])
  })

  test('that is never closed is found in an endless stream', async () => {
    async function* endless(): AsyncGenerator<string> {
      yield `${header}\n"open,K1,,,\n`
      for (let index = 0; ; index += 1) yield `,K${index},,,\n`
    }
    const rows = readDevices(endless())
    expect((await rows.next()).value).toMatchObject({ line: 2, problem: { code: 'malformed-quotes' } })
    expect((await rows.next()).value).toEqual({ line: 3, device: { productKey: 'K0' } })
    await rows.return()
  })

  test('that is never closed in a long file costs one row', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `,K${index},,,`)
    rows[10] = '"open,K10,,,'
    const results = await read(chunksOf(`${header}\n${rows.join('\n')}\n`, 50_000))
    expect(results).toHaveLength(20_000)
    expect(results.filter((row) => row.problem)).toMatchObject([
      { line: 12, problem: { code: 'malformed-quotes' } },
    ])
  })
})

test('an endless line is refused, and reading continues after it', async () => {
  const rows = await read(`${header}\n,K1,,,\n,${'x'.repeat(500_000)},,,\n,K3,,,\n`)
  expect(outline(rows)).toEqual(['2:ok', '3:line-too-long', '4:ok'])
})

test('an endless line with quotes is refused the same way however it is chunked', async () => {
  const lines = ['"K1"x', '"K1', 'K1"x', `${'y'.repeat(80_000)},"a"b`].map(
    (start) => `${start}${'x'.repeat(90_000)},`,
  )
  for (const line of lines) {
    const file = `Product Key,Notes\n${line}\nK2,\n`
    const whole = await read(file)
    expect(outline(whole).slice(1)).toEqual(['3:ok'])
    expect(await read(chunksOf(file, 1_000))).toEqual(whole)
    expect(await read(chunksOf(file, 66_000))).toEqual(whole)
  }
})

test('in a file full of stray quotes, each row is refused separately', async () => {
  const rows = await read(`${header}\n${'"S1"x,K1,,,\n'.repeat(20_000)}`)
  expect(rows).toHaveLength(20_000)
  expect(rows.every((row) => row.problem?.code === 'malformed-quotes')).toBe(true)
})

test('a line of the maximum length is read, and one that is a character longer is not', async () => {
  const row = (length: number): string => `K1,${'x'.repeat(length - 4)}\n`
  expect(outline(await read(`Product Key,Notes\n${row(65_536)}K2,\n`))).toEqual(['2:ok', '3:ok'])
  expect(outline(await read(`Product Key,Notes\n${row(65_537)}K2,\n`))).toEqual(['2:line-too-long', '3:ok'])
})

describe('a stream', () => {
  test('is canceled when the iteration ends early', async () => {
    let cancelled = false
    const stream = new ReadableStream<string>({
      pull(controller) {
        controller.enqueue(`${header}\n${',K1,,,\n'.repeat(20_000)}`)
      },
      cancel() {
        cancelled = true
      },
    })
    for await (const row of readDevices(stream)) {
      expect(row.device).toEqual({ productKey: 'K1' })
      break
    }
    expect(cancelled).toBe(true)
    expect(stream.locked).toBe(false)
  })

  test('that fails rejects with its own error', async () => {
    const failure = new Error('disk gone')
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(failure)
      },
    })
    await expect(read(stream)).rejects.toBe(failure)
  })

  test('is not read ahead of the rows that are requested', async () => {
    let chunks = 0
    async function* endless(): AsyncGenerator<string> {
      yield `${header}\n`
      for (;;) {
        chunks += 1
        yield `,K${chunks},,,\n`.padEnd(70_000, '\n')
      }
    }
    const rows = readDevices(endless())
    await rows.next()
    const before = chunks
    await rows.next()
    expect(before).toBeLessThan(3)
    expect(chunks).toBeLessThan(5)
    await rows.return()
  })
})
