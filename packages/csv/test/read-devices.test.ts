import { readDevices } from '@devicebatch/csv'
import { describe, expect, test } from 'vitest'

import { hashOf, header, outline, read, readRow, utf16 } from './helpers.ts'

const hash = hashOf(1)
const laptop = {
  serialNumber: '1R9-ZNP67',
  oemManufacturerName: 'Microsoft Corporation',
  modelName: 'Surface Laptop',
}

describe('formats', () => {
  test('reads the Partner Center format', async () => {
    const rows = await read(
      `${header}\r\n1R9-ZNP67,,,Microsoft Corporation,Surface Laptop\r\n,00329-00000-0003-AA606,,,\r\n,,${hash},,\r\n`,
    )
    expect(rows).toEqual([
      { line: 2, device: laptop },
      { line: 3, device: { productKey: '00329-00000-0003-AA606' } },
      { line: 4, device: { hardwareHash: hash } },
    ])
  })

  test('reads the Intune format without group tag and user', async () => {
    const rows = await read(
      `Device Serial Number,Windows Product ID,Hardware Hash,Group Tag,Assigned User\nS1,,${hash},Sales,a@b.example\n`,
    )
    expect(rows).toEqual([{ line: 2, device: { serialNumber: 'S1', hardwareHash: hash } }])
  })

  test('reads the Managed Desktop format', async () => {
    const rows = await read(
      `Manufacturer,Model,Serial Number,Hardware Hash\nMicrosoft Corporation,Surface Laptop,1R9-ZNP67,\n`,
    )
    expect(rows).toEqual([{ line: 2, device: laptop }])
  })

  test('reads the property names of the API', async () => {
    const rows = await read(
      `serialNumber,oemManufacturerName,modelName\n1R9-ZNP67,Microsoft Corporation,Surface Laptop\n`,
    )
    expect(rows).toEqual([{ line: 2, device: laptop }])
  })

  test.each([
    'DEVICE SERIAL NUMBER,windows product ID,Hardware hash,MANUFACTURER NAME,device MODEL',
    ' Device  Serial Number , Windows Product ID,Hardware_Hash,"Manufacturer Name","Device Model"',
  ])('recognizes a header with different case, spacing and quotes: %s', async (other) => {
    expect(await read(`${other}\n1R9-ZNP67,,,Microsoft Corporation,Surface Laptop`)).toEqual([
      { line: 2, device: laptop },
    ])
  })

  test('takes the model from "Device model" when there is also a "Device Name"', async () => {
    const rows = await read(
      'Device Name,Serial Number,Manufacturer,Device model\nDESKTOP-1,1R9-ZNP67,Microsoft Corporation,Surface Laptop',
    )
    expect(rows).toEqual([{ line: 2, device: laptop }])
  })

  test.each([
    ['semicolons', ';'],
    ['tabs', '\t'],
    ['vertical bars', '|'],
  ])('reads %s', async (_, delimiter) => {
    const rows = await read(
      `${header}\n1R9-ZNP67,,,Microsoft Corporation,Surface Laptop\n`.replaceAll(',', delimiter),
    )
    expect(rows).toEqual([{ line: 2, device: laptop }])
  })

  test("obeys Excel's delimiter line and skips the type line of Export-Csv, counting both", async () => {
    const columns = header.replaceAll(',', '|')
    expect(await read(`sep=|\n${columns}\n|K1|||\n`)).toEqual([{ line: 3, device: { productKey: 'K1' } }])
    expect(await read('\uFEFFsep=;\nSerial;Product Key\n;K1')).toEqual([
      { line: 3, device: { productKey: 'K1' } },
    ])
    expect(await read('#TYPE Device\nSerial;Product Key\n;K1')).toEqual([
      { line: 3, device: { productKey: 'K1' } },
    ])
    expect(await read(`#TYPE System.Management.Automation.PSCustomObject\n"Product Key"\n"K1"\n`)).toEqual([
      { line: 3, device: { productKey: 'K1' } },
    ])
  })

  test.each([
    ['UTF-8', (text: string) => new TextEncoder().encode(text)],
    ['UTF-8 with a byte order mark', (text: string) => new TextEncoder().encode(`\uFEFF${text}`)],
    ['UTF-16LE', (text: string) => utf16(text, 'le')],
    ['UTF-16BE', (text: string) => utf16(text, 'be')],
  ])('reads %s', async (_, encode) => {
    const rows = await read(encode(`${header}\r\n1R9-ZNP67,,,Fabrikam Geräte,戴尔 𝕏\r\n`))
    expect(rows).toEqual([
      {
        line: 2,
        device: { serialNumber: '1R9-ZNP67', oemManufacturerName: 'Fabrikam Geräte', modelName: '戴尔 𝕏' },
      },
    ])
  })

  test('reads the requested encoding, unless a byte order mark names another', async () => {
    const text = `${header}\nS1,,,Geräte,M1\n`
    const device = { serialNumber: 'S1', oemManufacturerName: 'Geräte', modelName: 'M1' }
    expect(await read(Buffer.from(text, 'latin1'), { encoding: 'windows-1252' })).toEqual([
      { line: 2, device },
    ])
    expect(await read(utf16(text, 'le', false), { encoding: 'utf-16le' })).toEqual([{ line: 2, device }])
    expect(await read(utf16(text, 'be'), { encoding: 'windows-1252' })).toEqual([{ line: 2, device }])
  })

  test.each(['\n', '\r\n', '\r'])('treats %j as a line ending', async (end) => {
    const rows = await read([header, 'S1,K1,,,', '', 'S2,K2,,,'].join(end))
    expect(rows).toEqual([
      { line: 2, device: { serialNumber: 'S1', productKey: 'K1' } },
      { line: 4, device: { serialNumber: 'S2', productKey: 'K2' } },
    ])
  })

  test.each(['', '\r', '\r\n', '\n\n'])('reads the last line when it ends with %j', async (end) => {
    expect(await read(`Product Key,Notes\r\n"K1","n"\r\n"K2","n"${end}`)).toEqual([
      { line: 2, device: { productKey: 'K1' } },
      { line: 3, device: { productKey: 'K2' } },
    ])
  })

  test('skips blank lines and the rows of bare delimiters that spreadsheets leave behind', async () => {
    expect(await read(`\n\n${header}\n\n,,,,\n  \n,K1,,,\n;;;\n,,,,\n`.replace(';;;\n', ''))).toEqual([
      { line: 7, device: { productKey: 'K1' } },
    ])
  })

  test('accepts empty trailing columns, in the header and in rows', async () => {
    expect(await read(`${header},,\n,K1,,,,,\n,K2,,,,,,,,\n,K3,,,\n`)).toMatchObject([
      { device: { productKey: 'K1' } },
      { device: { productKey: 'K2' } },
      { device: { productKey: 'K3' } },
    ])
  })

  test('yields nothing for a header without rows', async () => {
    expect(await read(`${header}\r\n`)).toEqual([])
  })
})

describe('lines', () => {
  test('are numbered as in an editor when values of other columns have line breaks', async () => {
    const rows = await read(`Product Key,Notes\r\nK1,"two\r\nlines, ""quoted"""\r\nK2,\r\nK3,"\n\n"\nK4,x`)
    expect(rows.map(({ line, device }) => [line, device?.productKey])).toEqual([
      [2, 'K1'],
      [4, 'K2'],
      [5, 'K3'],
      [8, 'K4'],
    ])
  })

  test('stay correct far into a file', async () => {
    const body = Array.from({ length: 5_000 }, (_, index) => `K${index},"note\n${index}"`).join('\n')
    const rows = await read(`Product Key,Notes\n${body}\n`)
    expect(rows).toHaveLength(5_000)
    expect(
      rows.every(({ line, device }, index) => line === 2 + 2 * index && device?.productKey === `K${index}`),
    ).toBe(true)
  })
})

describe('values', () => {
  test('are kept as they are, without surrounding white space', async () => {
    const row = await readRow('" 1r9 znp67\u00A0",,,"Contoso, Ltd. 15"" ", laptop  3 ')
    expect(row.device).toEqual({
      serialNumber: '1r9 znp67',
      oemManufacturerName: 'Contoso, Ltd. 15"',
      modelName: 'laptop  3',
    })
  })

  test('keep leading zeros, and lose the guards that keep a spreadsheet from dropping them', async () => {
    expect((await readRow('="0012",="0013",,,')).device).toEqual({ serialNumber: '0012', productKey: '0013' })
    expect((await readRow(' ="0012" ,="0013 ",,,')).device).toEqual({
      serialNumber: '0012',
      productKey: '0013',
    })
    expect((await readRow('"=""0012""","0013",,,')).device).toEqual({
      serialNumber: '0012',
      productKey: '0013',
    })
  })

  test('may contain a quote in the middle', async () => {
    expect((await readRow('S1,,,Contoso,Laptop 15" Pro')).device).toMatchObject({
      modelName: 'Laptop 15" Pro',
    })
  })

  test.each(['5E10', '1E2345', '12E', 'E+11X', '1234567890123456'])(
    '%s is a serial number',
    async (serialNumber) => {
      expect((await readRow(`${serialNumber},K1,,,`)).device).toEqual({ serialNumber, productKey: 'K1' })
    },
  )
})

describe('identification', () => {
  test.each([
    ['hash', `,,${hash},,`],
    ['product ID', ',K1,,,'],
    ['hash and product ID', `,K1,${hash},,`],
    ['hash and serial number', `S1,,${hash},,`],
    ['all three', `S1,K1,${hash},,`],
    ['serial number, manufacturer and model', 'S1,,,Contoso,Laptop 3'],
    ['product ID and half of the rest', 'S1,K1,,Contoso,'],
  ])('%s is enough', async (_, row) => {
    expect((await readRow(row)).problem).toBeUndefined()
  })

  test.each([
    ['S1,,,,', 'The row gives "Device Serial Number"', 'or also "Manufacturer name" and "Device model".'],
    ['S1,,,Contoso,', 'gives "Device Serial Number" and "Manufacturer name"', 'or also "Device model".'],
    [
      ',,,Contoso,Laptop 3',
      'gives "Manufacturer name" and "Device model"',
      'or also "Device Serial Number".',
    ],
  ])('%s is not enough, and the problem names what is missing', async (row, message, fix) => {
    const { line, problem } = await readRow(row)
    expect({ line, code: problem?.code }).toEqual({ line: 2, code: 'not-identified' })
    expect(problem?.message).toContain(message)
    expect(problem?.fix).toContain(fix)
  })

  test('a column that the file lacks is given its documented name', async () => {
    const [row] = await read('Serial Number,PRODUCT KEY\nS1,\n')
    expect(row?.problem?.fix).toBe(
      'Give "Hardware Hash", or "PRODUCT KEY", or also "Manufacturer name" and "Device model".',
    )
  })
})

describe('hardware hashes', () => {
  test('are padded when the device omitted the padding', async () => {
    const padded = hashOf(2, 3_001)
    expect(padded.endsWith('==')).toBe(true)
    expect((await readRow(`,,${padded.slice(0, -2)},,`)).device).toEqual({ hardwareHash: padded })
    expect((await readRow(`,,${padded.slice(0, -1)},,`)).device).toEqual({ hardwareHash: padded })
    expect((await readRow(`,,${padded},,`)).device).toEqual({ hardwareHash: padded })
  })

  test.each([
    ['a space', `${hash.slice(0, 100)} ${hash.slice(101)}`, 'a space is at position 101'],
    ['an additional space', `${hash.slice(0, 100)} ${hash.slice(100)}`, 'a space is at position 101'],
    ['a line break', `"${hash.slice(0, 76)}\r\n${hash.slice(76)}"`, 'a line break is at position 77'],
    ['the URL alphabet', `${hash.slice(0, 9)}-${hash.slice(10)}`, '"-" (U+002D) is at position 10'],
    ['padding in the middle', `${hash.slice(0, 9)}=${hash.slice(10)}`, '"=" (U+003D) is at position 10'],
    ['an emoji', `${hash.slice(0, 9)}😀${hash.slice(11)}`, '"😀" (U+1F600) is at position 10'],
    [
      'a zero width space',
      `${hash.slice(0, 9)}\u200B${hash.slice(10)}`,
      'an invisible character (U+200B) is at position 10',
    ],
    ['one character missing', hash.slice(1, -2), 'its length, 3997 characters, is not possible in Base64'],
    ['the kind before 4K', hashOf(1, 128), 'has 172 characters; a 4K hash has about 4,000'],
    ['two hashes', `${hash}${hash}${hash}`, 'has 12,000 characters; a 4K hash has about 4,000'],
  ])('with %s are refused, and the hash is not quoted', async (_, cell, message) => {
    const { problem } = await readRow(`S1,K1,${cell},,`)
    expect(problem).toMatchObject({ code: 'invalid-hardware-hash', column: 'Hardware Hash' })
    expect(problem?.message).toContain(message)
    expect(JSON.stringify(problem).length).toBeLessThan(400)
  })
})

describe('damage by spreadsheets', () => {
  test.each(['1.23457E+12', '1,23457E+12', '1.23E+11', '2E+15', '1.2e-05', '1.234567890123E+015'])(
    '%s is refused with its name as a serial number and as a product ID',
    async (value) => {
      expect((await readRow(`"${value}",,,Contoso,Laptop 3`)).problem).toMatchObject({
        code: 'scientific-notation',
        column: 'Device Serial Number',
        message: expect.stringContaining(`"${value}"`),
        fix: expect.stringContaining('format the column as text'),
      })
      expect((await readRow(`,"${value}",,,`)).problem).toMatchObject({ column: 'Windows Product ID' })
    },
  )

  // English, German, French, Spanish, Polish, Czech, Russian, Turkish, Hungarian, Dutch.
  const errors =
    '#N/A #REF! #name? ######## #GETTING_DATA #NV #BEZUG! #NOM? #¡VALOR! #N/D #ADR! #NENÍ_K_DISPOZICI #ССЫЛКА! #Н/Д #YOK #HIÁNYZIK #N/B'
  test.each(errors.split(' '))('%s is refused in any column', async (value) => {
    expect((await readRow(`S1,,,Contoso,${value}`)).problem).toMatchObject({
      code: 'spreadsheet-error',
      column: 'Device model',
    })
    expect((await readRow(`${value},,,Contoso,Laptop 3`)).problem).toMatchObject({
      code: 'spreadsheet-error',
    })
  })
})

describe('characters', () => {
  test.each([
    ['\t', 'a tab at position 2'],
    ['\u0007', 'a control character (U+0007) at position 2'],
    ['\u200B', 'an invisible character (U+200B) at position 2'],
    ['\u00AD', 'an invisible character (U+00AD) at position 2'],
    ['\u202E', 'an invisible character (U+202E) at position 2'],
    ['\n', 'a line break at position 2'],
  ])('%j in a value is refused with its name', async (character, message) => {
    expect((await readRow(`"S${character}1",K1,,,`)).problem).toMatchObject({
      code: 'invisible-character',
      column: 'Device Serial Number',
      message: expect.stringContaining(message),
    })
  })

  test('that the end of the file cuts off are not dropped silently', async () => {
    const bytes = new TextEncoder().encode(`${header}\nS1,,,Contoso,Gerä`).slice(0, -1)
    expect(outline(await read(bytes))).toEqual(['2:undecodable-text'])
  })

  test('that are not valid in the encoding cost their row, not the file', async () => {
    const bytes = Buffer.from(`${header}\nS1,,,Ger\xE4te,M1\n,K1,,,\n`, 'latin1')
    const rows = await read(bytes)
    expect(outline(rows)).toEqual(['2:undecodable-text', '3:ok'])
    expect(rows[0]?.problem).toMatchObject({
      column: 'Manufacturer name',
      fix: 'Save the file as "CSV UTF-8".',
    })
  })
})

describe('columns', () => {
  test('that are missing are a problem: the row may have been cut off', async () => {
    expect((await readRow(`S1,,${hash}`)).problem).toEqual({
      code: 'too-few-columns',
      message: 'The row has 3 values and ends before the column "Device model", number 5.',
      fix: expect.stringContaining('between two delimiters'),
    })
  })

  test('that are not read may be missing at the end', async () => {
    expect(await read('Product Key,Notes\nK1\n')).toMatchObject([{ device: { productKey: 'K1' } }])
  })

  test('that are surplus are a problem: a value may contain a comma', async () => {
    expect((await readRow('S1,,,Contoso, Ltd.,Laptop 3')).problem).toMatchObject({
      code: 'too-many-columns',
      message: 'The row has 6 values, the header has 5 columns.',
    })
  })
})

describe('duplicates', () => {
  test.each([
    ['hardware hash', `S1,,${hash},,`, `S2,,${hash},,`, 'Hardware Hash'],
    [
      'hardware hash, once without padding',
      `,,${hashOf(3, 3_001)},,`,
      `,,${hashOf(3, 3_001).slice(0, -2)},,`,
      'Hardware Hash',
    ],
    ['product ID', 'S1,K1,,,', 'S1,K1,,,', 'Windows Product ID'],
    ['product ID, and half of the rows say more', ',K1,,C,M', 'S1,K1,,,', 'Windows Product ID'],
    ['serial number, manufacturer and model', 'S1,,,C,M', 'S1,,,C,M', 'Device Serial Number'],
    ['product ID, beside one hash', `,K1,${hash},,`, ',K1,,,', 'Windows Product ID'],
  ])('with the same %s name the line of the first', async (_, first, second, column) => {
    const rows = await read(`${header}\n${first}\n,KX,,,\n${second}\n${second}\n`)
    expect(outline(rows)).toEqual(['2:ok', '3:ok', '4:duplicate', '5:duplicate'])
    expect(rows[2]?.problem).toMatchObject({
      firstLine: 2,
      column,
      message: expect.stringContaining('line 2'),
    })
  })

  test.each([
    ['the same serial number on two models', 'S1,,,C,M1', 'S1,,,C,M2'],
    [
      'the same placeholder serial number beside two hashes',
      `Default string,,${hash},,`,
      `Default string,,${hashOf(8)},,`,
    ],
    ['another capital', 's1,,,C,M', 'S1,,,C,M'],
    ['hashes that differ in the last character', `,,${hash.slice(0, -1)}A,,`, `,,${hash.slice(0, -1)}Q,,`],
  ])('%s is none', async (_, first, second) => {
    expect(outline(await read(`${header}\n${first}\n${second}\n`))).toEqual(['2:ok', '3:ok'])
  })

  test('of a refused row are not duplicates', async () => {
    expect(outline(await read(`${header}\n1.2E+11,K1,,,\nS1,K1,,,\n`))).toEqual([
      '2:scientific-notation',
      '3:ok',
    ])
  })

  test('are found among many devices, and no device is mistaken for another', async () => {
    const rows = Array.from({ length: 200_000 }, (_, index) => `SN${index},,,Contoso,Laptop ${index % 9}`)
    const results = await read(`${header}\n${rows.join('\n')}\n${rows[12_345]}\n`)
    const problems = results.filter((row) => row.problem)
    expect(problems).toMatchObject([{ line: 200_002, problem: { code: 'duplicate', firstLine: 12_347 } }])
  })
})

test('an unknown option is refused, with a list of the options', async () => {
  const rows = readDevices(header, { delimiter: ';' } as never)
  await expect(rows.next()).rejects.toMatchObject({
    code: 'invalid-argument',
    message: '`delimiter` is not an option. The options are `encoding`, `onDelimiter`.',
  })
})
