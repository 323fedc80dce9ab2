/** Files that caused trouble, rebuilt from public reports, and similar ones. */
import { readFileSync } from 'node:fs'

import { isPartnerCenterError } from '@devicebatch/client'
import type { DeviceNote } from '@devicebatch/csv'
import { describe, expect, test } from 'vitest'

import { hashOf, header, outline, read, readAll, readNotes, readRow, utf16 } from './helpers.ts'

function file(name: string): Uint8Array {
  return readFileSync(new URL(`reports/${name}.csv`, import.meta.url))
}

/** Devices without their hashes, `line:code` of problems, and `note:code`. */
async function summary(source: Uint8Array | string): Promise<unknown[]> {
  return (await readAll(source)).map(({ line, device, problem, note }) => {
    if (note) return `note:${note.code}`
    if (problem) return `${line}:${problem.code}`
    const { hardwareHash, ...rest } = device
    return hardwareHash ? { ...rest, hash: hardwareHash.length } : rest
  })
}

async function noteOf(source: Uint8Array | string, code: DeviceNote['code']): Promise<DeviceNote> {
  const found = (await readNotes(source)).filter((note) => note.code === code)
  expect(found).toHaveLength(1)
  return found[0]!
}

async function refusal(source: Uint8Array | string): Promise<string> {
  try {
    await readAll(source)
  } catch (error) {
    if (isPartnerCenterError(error) && error.code === 'invalid-argument') return error.message
    throw error
  }
  throw new Error('the file was read')
}

const laptop = (serialNumber: string, modelName = 'HP EliteBook 840 G8 Notebook PC') => ({
  serialNumber,
  oemManufacturerName: 'HP',
  modelName,
})
const hash = hashOf(1)
const other = hashOf(2)

test.each<[string, unknown[]]>([
  ['semicolon-quoted-crlf', [{ serialNumber: '5CG1', hash: 4_000 }]],
  ['useculture-tuple', [laptop('5CG1')]],
  [
    'shared-product-id',
    [
      { serialNumber: 'PF1ABCD1', hash: 4_000 },
      { serialNumber: 'PF1ABCD2', hash: 4_000 },
      { serialNumber: 'PF1ABCD3', hash: 4_000 },
      'note:product-id-left-out',
    ],
  ],
  ['na-hash', [laptop('5CG1'), laptop('5CG2')]],
  ['placeholder-serials', Array.from({ length: 10 }, (_, index) => `${index + 2}:placeholder`)],
  [
    'repeated-header-tuples',
    [
      { serialNumber: 'PF2AAAA1', oemManufacturerName: 'LENOVO', modelName: '20XY001' },
      { serialNumber: 'PF2AAAA2', oemManufacturerName: 'LENOVO', modelName: '20XY001' },
      'note:repeated-header',
    ],
  ],
  [
    'utf16-then-ansi',
    [
      ...['5CG1', '5CG21', '5CG22', '5CG23'].map((serialNumber) => ({ serialNumber, hash: 4_000 })),
      'note:encoding-changed',
    ],
  ],
  [
    'space-before-quote',
    [
      laptop('5CG1', 'HP EliteBook 840'),
      { serialNumber: '5CG2', oemManufacturerName: 'VMware, Inc.', modelName: 'VMware7,1' },
    ],
  ],
  [
    'group-tag-dropped',
    [
      { serialNumber: '5CG1', hash: 4_000 },
      { serialNumber: '5CG2', hash: 4_000 },
      'note:group-tag-not-sent',
      'note:column-not-read',
    ],
  ],
  [
    'devicehardwaredata-dropped',
    [{ serialNumber: '5CG1', hash: 4_000, oemManufacturerName: 'HP', modelName: 'EliteBook' }],
  ],
  ['smart-quotes', ['2:unexpected-character']],
  ['licence-key-as-product-id', ['2:license-key', 'note:column-not-read']],
  ['same-serial-two-hashes', [{ serialNumber: '5CG1', hash: 4_000 }, '3:conflicting-hash']],
  [
    'sccm-report',
    [
      { serialNumber: '5CG0001AAA', hash: 4_000 },
      { serialNumber: '5CG0001AAB', hash: 4_000 },
      'note:lines-before-header',
      'note:column-not-read',
      'note:column-not-read',
    ],
  ],
  [
    'dutch-header',
    [{ serialNumber: '5CG1', oemManufacturerName: 'Microsoft Corporation', modelName: 'Surface Laptop' }],
  ],
  ['whole-line-quoted', [laptop('5CG1'), laptop('5CG2'), 'note:quoted-lines']],
])('%s is read as its writer meant it, or says why not', async (name, rows) => {
  expect(await summary(file(name))).toEqual(rows)
})

test('a file whose only model is a device name is refused with the columns that it needs', async () => {
  const message = await refusal(file('device-name-as-model'))
  expect(message).toContain('"Serial Number", "Manufacturer", which does not identify a device')
  expect(message).toContain('Not recognized: "Device Name". The computer name is not the model.')
})

describe('product IDs that many devices share', () => {
  test('one of an edition of Windows does not identify a device, even if it occurs once', async () => {
    expect(await readRow('S1,00330-80000-00000-AAOEM,,HP,M1')).toEqual({
      line: 2,
      device: laptop('S1', 'M1'),
    })
    expect((await readRow('S1,00326-10000-00000-aaoem,,,')).problem).toMatchObject({
      code: 'generic-product-id',
      column: 'Windows Product ID',
    })
  })

  test.each([
    ['serial numbers', `S1,K1,${hash},,`, `S2,K1,${other},,`],
    ['serial numbers and nothing else in common', `S1,K1,${hash},,`, 'S2,K1,,HP,M1'],
    ['hardware hashes', `,K1,${hash},,`, `,K1,${other},,`],
    ['hardware hashes, one with a serial number', `,K1,${hash},,`, `S2,K1,${other},,`],
  ])('one that rows with other %s have is left out of all of them', async (_, first, second) => {
    const text = `${header}\n${first}\n,K2,,,\n${second}\n`
    const rows = await read(text)
    expect(outline(rows)).toEqual(['2:ok', '3:ok', '4:ok'])
    expect(rows.map(({ device }) => device?.productKey)).toEqual([undefined, 'K2', undefined])
    expect(await noteOf(text, 'product-id-left-out')).toMatchObject({
      reason: 'shared',
      line: 2,
      rows: 2,
      severity: 'info',
      earlierLines: [],
    })
  })

  test('a row that no other value identifies is refused', async () => {
    expect(outline(await read(`${header}\nS1,K1,,,\nS2,K1,,,\nS3,K3,,,\n`))).toEqual([
      '2:generic-product-id',
      '3:generic-product-id',
      '4:ok',
    ])
  })

  /** Rows far apart, with more than one piece of the file between them. */
  const far = [
    `${header}\nS1,K1,${hash},,\n`,
    ...Array.from({ length: 40 }, (_, index) => `T${index},,${hashOf(index + 10)},,\n`),
    `S2,K1,${other},,\n`,
  ]

  test('in a file that can be opened again, earlier rows are as correct as later ones', async () => {
    let opened = 0
    const rows = await readAll(() => {
      opened += 1
      return toStream(far)
    })
    expect(rows.filter(({ device }) => device?.productKey)).toEqual([])
    expect(rows.filter(({ device }) => device)).toHaveLength(42)
    expect(opened).toBe(2)
  })

  test('a file without product IDs is opened once', async () => {
    let opened = 0
    await readAll(() => {
      opened += 1
      return `${header}\nS1,00330-80000-00000-AAOEM,${hash},,\n`
    })
    expect(opened).toBe(1)
  })

  test('in a stream, the note names the line of a device that was read earlier', async () => {
    const rows = await readAll(toStream(far))
    expect(rows[0]?.device).toMatchObject({ serialNumber: 'S1', productKey: 'K1' })
    expect(rows.at(-2)?.device).toEqual({ serialNumber: 'S2', hardwareHash: other })
    expect(rows.at(-1)?.note).toMatchObject({
      code: 'product-id-left-out',
      rows: 1,
      line: 43,
      earlierLines: [2],
      message: expect.stringContaining('The device in line 2 still has it'),
    })
  })

  async function* toStream(parts: readonly string[]): AsyncGenerator<string> {
    yield* parts
  }
})

describe('placeholders', () => {
  test.each(['N/A', 'n/a', 'NULL', 'None', '-', '(null)', 'NaN', 'Not available', 'Unknown', '--'])(
    '%s in an optional column counts as empty',
    async (word) => {
      expect(await readRow(`S1,${word},${word},HP,M1`)).toEqual({ line: 2, device: laptop('S1', 'M1') })
      expect((await readRow(`S1,,,${word},M1`)).problem?.code).toBe('placeholder')
    },
  )

  const words =
    'To Be Filled By O.E.M.|to be filled by oem|System Serial Number|Default string|Not Specified|0|00000000|XXXXXXXX|........|123456789|Chassis Serial Number|O.E.M.|INVALID'
  test.each(words.split('|'))(
    '%s does not identify a device; with a hash, the row is sent without it',
    async (word) => {
      const { problem } = await readRow(`${word},,,HP,M1`)
      expect(problem).toMatchObject({ code: 'placeholder', column: 'Device Serial Number' })
      expect(problem?.message).toContain(`"${word}"`)
      const text = `${header}\n${word},,${hash},,\n${word},,${other},,\n`
      expect(await read(text)).toEqual([
        { line: 2, device: { hardwareHash: hash } },
        { line: 3, device: { hardwareHash: other } },
      ])
      expect(await noteOf(text, 'placeholder-left-out')).toMatchObject({
        column: 'Device Serial Number',
        rows: 2,
        severity: 'info',
      })
    },
  )

  test('a placeholder as the model does not identify a device either', async () => {
    expect((await readRow('S1,,,ASUSTeK COMPUTER INC.,System Product Name')).problem).toMatchObject({
      code: 'placeholder',
      column: 'Device model',
    })
  })

  test.each(['5CG1234567', 'PF1ABCDE', 'C02X1', '10TXJ4', '1234567890', 'MJ0FWD1A', 'NA12345', 'NONE1'])(
    '%s is a serial number',
    async (serialNumber) => {
      expect((await readRow(`${serialNumber},,,HP,M1`)).device).toEqual(laptop(serialNumber, 'M1'))
    },
  )
})

describe('line breaks inside values', () => {
  test('are noted, because a spreadsheet then numbers the rows below differently', async () => {
    const text = `${header},Note\nA1,,,HP,M,\nB2,,,HP,M,"two\nlines"\nC3,,,HP,M,"more\r\nthan\r\ntwo"\nD4,,,HP,,\n`
    expect(outline(await read(text))).toEqual(['2:ok', '3:ok', '5:ok', '8:not-identified'])
    expect(await noteOf(text, 'line-breaks')).toEqual({
      code: 'line-breaks',
      severity: 'info',
      line: 3,
      rows: 2,
      message:
        '2 rows have line breaks inside a value, first in line 3. A spreadsheet shows each of them as one row: below them, its row numbers are lower than the line numbers given here, by one for each line break.',
    })
  })

  test.each([
    ['the header', `"Device Serial\nNumber",Manufacturer name,Device model\nA1,HP,M\n`, '3:ok'],
    ['a line before it', `"Devices of\r\nContoso"\r\n\r\n${header}\r\nA1,,,HP,M\r\n`, '5:ok'],
  ])('are noted in %s', async (_, text, row) => {
    expect(outline(await read(text))).toEqual([row])
    expect(await noteOf(text, 'line-breaks')).toMatchObject({ line: 1, rows: 1 })
  })

  test('are not noted in other files', async () => {
    const notes = await readNotes(`${header}\r\nA1,,,HP,"M"\r\n\r\nB2,,,HP,"M, 14"\r\n`)
    expect(notes).toEqual([])
  })
})

describe('headers', () => {
  test('a repeated header is skipped, however often and however it is written', async () => {
    const text = `${header}\nS1,,,HP,M1\n${header.toUpperCase()}\nS2,,,HP,M1\n"${header.replaceAll(',', '" ,"')}"\nS3,,,HP,M1\n#TYPE X\n`
    expect(outline(await read(text))).toEqual(['2:ok', '4:ok', '6:ok'])
    expect(await noteOf(text, 'repeated-header')).toMatchObject({ line: 3, rows: 2, severity: 'info' })
  })

  test('a different header is a problem with its line, and the rows below it are read with it', async () => {
    const rows = await read(
      `${header}\nS1,,,HP,M1\nManufacturer,Model,Serial Number,Hardware Hash\nHP,M1,S2,\nHP,M1,S3,${hash}\n`,
    )
    expect(outline(rows)).toEqual(['2:ok', '3:different-header', '4:ok', '5:ok'])
    expect(rows[1]?.problem?.message).toContain('the header in line 1')
    expect(rows[2]?.device).toEqual(laptop('S2', 'M1'))
  })

  test('no row of an appended file without identifying columns is read with the earlier header', async () => {
    const rows = await read(`${header}\nS1,,,HP,M1\nSerial Number,Model\nS2,M1\n`)
    expect(outline(rows)).toEqual(['2:ok', '3:different-header', '4:not-identified'])
  })

  test('titles above the header are skipped with a note', async () => {
    const text = `Inventory of Contoso\n2026-11-01,"by, the team"\n\n${header}\nS1,,,HP,M1\n`
    expect(await read(text)).toEqual([{ line: 5, device: laptop('S1', 'M1') }])
    expect(await noteOf(text, 'lines-before-header')).toMatchObject({ line: 1, rows: 2, severity: 'info' })
  })

  test('a line above the header that may be a device is a warning', async () => {
    const text = `S0,,,HP,M1\n${header}\nS1,,,HP,M1\n`
    expect(await noteOf(text, 'lines-before-header')).toMatchObject({ line: 1, rows: 1, severity: 'warning' })
  })

  test.each([
    ['German', 'Seriennummer des Geräts;Windows-Produkt-ID;Hardware Hash;Herstellername;Gerätemodell'],
    [
      'French',
      'Numéro de série de l’appareil;ID de produit Windows;hachage matériel;nom du fabricant;modèle d’appareil',
    ],
    [
      'Spanish',
      'Número de serie del dispositivo,id. de producto de Windows,hash de hardware,nombre del fabricante,modelo de dispositivo',
    ],
    [
      'Italian',
      'Numero di serie del dispositivo,ID prodotto Windows,hash hardware,nome produttore,modello di dispositivo',
    ],
    [
      'Portuguese',
      'Número de série do dispositivo,ID do produto do Windows,Hash de Hardware,Nome do fabricante,Modelo de dispositivo',
    ],
    [
      'Dutch',
      'Serienummer van apparaat,Product-id van Windows,hardware-hash,naam van fabrikant,model van apparaat',
    ],
    ['Swedish', 'Enhetens serienummer,Windows-produkt-ID,maskinvaru-hash,tillverkarens namn,enhetsmodell'],
    [
      'Polish',
      'Numer seryjny urządzenia,identyfikator produktu systemu Windows,skrót sprzętu,nazwa producenta,model urządzenia',
    ],
    [
      'Czech',
      'Sériové číslo zařízení,ID produktu Windows,hodnota hash hardwaru,název výrobce,model zařízení',
    ],
    ['Hungarian', 'Eszköz sorozatszáma,Windows-termékazonosító,Hardver kivonata,Gyártó neve,Eszközmodell'],
    ['Turkish', 'Cihaz seri numarası,Windows ürün KIMLIĞI,donanım karması,üretici adı,cihaz modeli'],
    [
      'Russian',
      'Серийный номер устройства,идентификатор продукта Windows,хэш оборудования,имя производителя,модель устройства',
    ],
    ['Chinese', '设备序列号,Windows 产品 ID,硬件哈希,制造商名称,设备型号'],
    ['Chinese of Taiwan', '裝置序號,Windows 產品識別碼,硬體雜湊,製造商名稱,裝置型號'],
    ['Korean', '디바이스 일련 번호,Windows 제품 ID,하드웨어 해시,제조업체 이름,디바이스 모델'],
    ['Japanese', 'デバイスのシリアル番号,Windows 製品 ID,ハードウェアハッシュ,製造元名,デバイスモデル'],
  ])('the documented one in %s is known', async (_, translated) => {
    const delimiter = translated.includes(';') ? ';' : ','
    const row = ['S1', 'K1', hash, 'HP', 'M1'].join(delimiter)
    expect(await readAll(`${translated}\n${row}\n`)).toEqual([
      { line: 2, device: { ...laptop('S1', 'M1'), productKey: 'K1', hardwareHash: hash } },
    ])
  })

  test.each([
    ['SerialNumber,DeviceHardwareData', `S1,${hash}`, { serialNumber: 'S1', hardwareHash: hash }],
    ['Service Tag,ProductKeyID', 'S1,K1', { serialNumber: 'S1', productKey: 'K1' }],
    ['IdentifyingNumber,SystemManufacturer,System Model', 'S1,HP,M1', laptop('S1', 'M1')],
    ['S/N,HWID', `S1,${hash}`, { serialNumber: 'S1', hardwareHash: hash }],
    ['SN,Manufacturer,Model', 'S1,HP,M1', laptop('S1', 'M1')],
    ['serialNumber,hardwareIdentifier', `S1,${hash}`, { serialNumber: 'S1', hardwareHash: hash }],
  ])('%s are other names of the columns', async (names, row, device) => {
    expect(await readAll(`${names}\n${row}\n`)).toEqual([{ line: 2, device }])
  })

  test('unknown names are listed with the names they should have', async () => {
    const message = await refusal('Numéro de l’appareil;Hash-Wert;Gerätehersteller\nS1;x;HP\n')
    expect(message).toContain('"Hash-Wert" (rename it to "Hardware Hash")')
    expect(message).toContain('"Gerätehersteller" (rename it to "Manufacturer name")')
  })
})

describe('a header in another encoding', () => {
  const german = Buffer.from('Ger\xE4teseriennummer;Hersteller;Ger\xE4temodell\nS1;HP;M1\n', 'latin1')

  test('is refused with a remedy, and read in the given encoding', async () => {
    expect(await refusal(german)).toContain('save the file as "CSV UTF-8", or set `encoding`')
    expect(await read(german, { encoding: 'windows-1252' })).toEqual([
      { line: 2, device: laptop('S1', 'M1') },
    ])
  })
})

describe('columns that are not read', () => {
  test('are reported once, with the number of rows that have a value', async () => {
    const notes = await readNotes('Product Key,Room,Empty,\nK1,1.01,,\nK2,,N/A,x\nK3,1.02,,\n')
    expect(notes).toMatchObject([
      { code: 'column-not-read', column: 'Room', line: 2, rows: 2, severity: 'info' },
      { code: 'column-not-read', column: 'number 4', line: 3, rows: 1, severity: 'info' },
    ])
  })

  test('that have no name are called by their number', async () => {
    const note = await noteOf('Product Key,Room,\nK1,,x\n', 'column-not-read')
    expect(note.message).toBe('Column 3, which has no name, was not read; 1 row has a value in it.')
  })

  test('whose name was read in the wrong encoding are not to be renamed', async () => {
    const note = await noteOf('Product Key,Ger\uFFFDteseriennummer\nK1,S1\n', 'column-not-read')
    expect(note.message).toBe(
      'The column "Ger\uFFFDteseriennummer" was not read; 1 row has a value in it. Its name has bytes that are not valid in the encoding used to read the file: save the file as "CSV UTF-8".',
    )
    expect(note).toMatchObject({ severity: 'warning' })
    expect(note).not.toHaveProperty('expected')
  })

  test.each([
    ['beside the column of hashes', 'Hardware Hash,,Room', 1],
    ['under two new names', 'Hash part 1,Hash part 2,Room', 2],
  ])('with a hash %s are to be joined, not renamed', async (_, names, count) => {
    const file = `Product Key,${names}\nK1,${hash},${hash.slice(0, 2_400)},1.01\n`
    const notes = (await readNotes(file)).filter(({ severity }) => severity === 'warning')
    expect(notes).toHaveLength(count)
    for (const { message } of notes) {
      expect(message).toContain(
        'Its values look like parts of hardware hashes: put all parts of a hash into the column "Hardware Hash".',
      )
      expect(message).not.toContain('rename')
    }
  })

  test('are a warning with the name they should have when they look like data that is sent', async () => {
    const notes = await readNotes(
      `Product Key,Firmware data,Seriennr.,Windows ID\nK1,${hash},S1,00329-10180-00000-AA447\n`,
    )
    expect(notes).toMatchObject([
      { column: 'Firmware data', expected: 'Hardware Hash', severity: 'warning' },
      { column: 'Seriennr.', expected: 'Device Serial Number', severity: 'warning' },
      { column: 'Windows ID', severity: 'info' },
    ])
    expect(notes[0]!.message).toContain('rename it to "Hardware Hash"')
    expect(JSON.stringify(notes)).not.toContain(hash.slice(0, 40))
  })

  test('include the group tag, which is taken from the batch name', async () => {
    const note = await noteOf(
      `Serial Number,Hardware Hash,Order ID\nS1,${hash},Sales\n`,
      'group-tag-not-sent',
    )
    expect(note).toMatchObject({ column: 'Order ID', rows: 1, severity: 'warning' })
    expect(note.message).toContain('the batch name becomes the group tag')
  })
})

describe('a row with values only in columns that are not read', () => {
  test('is told which columns were read', async () => {
    const [row] = await readAll('Tag,Product Key,Vendor\nS1,,HP\n')
    expect(row!.problem).toMatchObject({
      code: 'not-identified',
      message: 'The row has no value in the columns that were read ("Product Key").',
    })
  })
})

describe('text that was read in the wrong encoding and saved again', () => {
  test.each([
    ['B\u00C3\u00BCro-PC', '"\u00C3\u00BC"'],
    ['\u00C3\u201Elteres Modell', '"\u00C3\u201E"'],
    ['Surface\u00C2\u00AE Pro', '"\u00C2\u00AE"'],
    ['EliteBook \u00E2\u20AC\u201C 840', '"\u00E2\u20AC\u201C"'],
    ['M\u00D0\u00BE', undefined],
    ['Computador port\u00E1til', undefined],
    ['S\u00C3O PAULO', undefined],
    ['\u00C2ge', undefined],
  ])('%s as a model', async (value, quoted) => {
    const { problem } = await readRow(`S1,,,HP,${value}`)
    if (quoted === undefined) expect(problem).toBeUndefined()
    else
      expect(problem).toMatchObject({
        code: 'unexpected-character',
        column: 'Device model',
        message: `The value has ${quoted}: its letters were read in the wrong encoding before the file was saved.`,
      })
  })
})

describe('look-alike characters', () => {
  test.each([
    ['S\u00A01', 'Device Serial Number', 'a no-break space (U+00A0) at position 2'],
    ['S\u20031', 'Device Serial Number', 'a special space (U+2003) at position 2'],
    ['5CG\u20131', 'Device Serial Number', '"–" (U+2013) at position 4'],
    ['５CG1', 'Device Serial Number', '"５" (U+FF15) at position 1'],
    ['5СG1', 'Device Serial Number', '"С" (U+0421) at position 2'],
    ['Müller1', 'Device Serial Number', '"ü" (U+00FC) at position 2'],
    ['«S1»', 'Device Serial Number', '"«" (U+00AB) at position 1'],
    ["'S1'", 'Device Serial Number', `"'" (U+0027) at position 1`],
    ['"""S1"""', 'Device Serial Number', '""" (U+0022) at position 1'],
  ])('%s as a serial number is refused by code point and column', async (value, column, message) => {
    expect((await readRow(`${value},K1,,,`)).problem).toMatchObject({
      code: 'unexpected-character',
      column,
      message: expect.stringContaining(message),
    })
  })

  test.each([
    ['HP EliteBook\u00A0840', 'U+00A0'],
    ['EliteBook – 840', 'U+2013'],
    ['“EliteBook”', 'U+201C'],
    ['ＥliteBook', 'U+FF25'],
    ['ThinkPad Т14', 'U+0422'],
    ['НР', 'U+041D'],
    ['ΑΒ1', 'U+0391'],
    ['"""EliteBook"""', 'U+0022'],
    ["'EliteBook'", 'U+0027'],
  ])('%s as a model is refused by code point and column', async (value, codePoint) => {
    expect((await readRow(`S1,,,HP,${value}`)).problem).toMatchObject({
      code: 'unexpected-character',
      column: 'Device model',
      message: expect.stringContaining(codePoint),
    })
  })

  test.each([
    'Аквариус',
    'Gerät 15" Pro',
    'Modèle d’appareil'.replace('’', "'"),
    '戴尔 𝕏',
    'M (2nd Gen) & Co.',
  ])('%s is a model', async (modelName) => {
    const quoted = modelName.replaceAll('"', '""')
    expect((await readRow(`S1,,,HP,"${quoted}"`)).device).toEqual(laptop('S1', modelName))
  })
})

describe('product IDs', () => {
  test.each(['ABCDE-FGHJK-23456-7899B-CDFGH', 'abcdefghjk234567899bcdfgh', 'A1111-22222-33333-44444-55555'])(
    '%s is a license key, which is refused and not quoted',
    async (key) => {
      const { problem } = await readRow(`S1,${key},${hash},,`)
      expect(problem).toMatchObject({ code: 'license-key', column: 'Windows Product ID' })
      expect(JSON.stringify(problem)).not.toContain(key)
    },
  )

  test.each([
    '12345-67890-09876-54321-13579',
    '0123456789012',
    '00329-00000-0003-AA606',
    '00329-00000-00003-AA606',
  ])('%s is none', async (productKey) => {
    expect((await readRow(`,${productKey},,,`)).device).toEqual({ productKey })
  })

  test('a hash in another column is refused', async () => {
    expect((await readRow(`S1,${hash},,,`)).problem).toMatchObject({
      code: 'wrong-column',
      column: 'Windows Product ID',
      fix: 'Move it to the column "Hardware Hash".',
    })
  })
})

describe('serial numbers damaged by spreadsheets', () => {
  const damaged =
    `01-Mar|1-Mar-21|Mar-01|1. März|03-mai|2021-03-01|2021-03-01 00:00:00|01.03.2021|1/3/21|3/2021|12:30|` +
    `1.234.567.890|"1,234,567"|1'234'567|123456789012.00|"12,5"|TRUE|false|WAHR|FAUX|12%`
  test.each(damaged.split('|'))('%s is refused', async (value) => {
    expect((await readRow(`${value},,,HP,M1`)).problem).toMatchObject({
      code: 'spreadsheet-value',
      column: 'Device Serial Number',
      message: expect.stringContaining(`"${value.replaceAll('"', '')}"`),
      fix: expect.stringContaining('format the column as text'),
    })
    expect((await readRow(`,${value},,,`)).problem?.code).toBe('spreadsheet-value')
  })

  test.each([
    'MAR1234',
    '5CG-1234',
    'R9-ZNP67',
    '99-12-3456',
    '2021-0301',
    '1-A-2',
    'DEC-1234',
    'TRUE1',
    '10.0.0.1',
  ])('%s is a serial number', async (serialNumber) => {
    expect((await readRow(`${serialNumber},,,HP,M1`)).device).toEqual(laptop(serialNumber, 'M1'))
  })
})

describe('lines of another kind', () => {
  test('a quoted line under an unquoted header is read', async () => {
    const text = `${header}\n"5CG1,,,HP,""VMware7,1"""\n`
    expect(await read(text)).toEqual([{ line: 2, device: laptop('5CG1', 'VMware7,1') }])
    expect((await noteOf(text, 'quoted-lines')).message).toContain('The whole line is quoted')
  })

  test.each([
    ['S1;;;HP;EliteBook', 'The header separates columns with commas, but this row uses semicolons.'],
    ['S1\t\t\tHP, Inc.\tEliteBook', 'The header separates columns with commas, but this row uses tabs.'],
  ])('another delimiter than that of the header is named: %j', async (row, message) => {
    expect((await readRow(row)).problem).toMatchObject({ code: 'other-delimiter', message })
  })
})

describe('the same serial number with another hash', () => {
  test('is refused with the line of the first, unless the manufacturers differ', async () => {
    const rows = await read(
      `${header}\nS1,,${hash},HP,M1\nS1,,${other},HP,M1\nS1,,${hashOf(3)},Lenovo,M1\nS2,,${hashOf(4)},,\n`,
    )
    expect(outline(rows)).toEqual(['2:ok', '3:conflicting-hash', '4:ok', '5:ok'])
    expect(rows[1]?.problem).toMatchObject({ firstLine: 2, column: 'Device Serial Number' })
  })
})

describe('an encoding that changes', () => {
  const tuple = (serial: string): string => `${serial},,,HP,M1\r\n`
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
  const start = `${header}\r\n${tuple('S1')}`

  test.each<[string, Uint8Array[], string[]]>([
    ['UTF-16LE, then bytes', [utf16(start, 'le'), bytes(tuple('S2'))], ['3:encoding-changed']],
    ['UTF-16BE, then bytes', [utf16(start, 'be'), bytes(tuple('S2'))], ['3:encoding-changed']],
    [
      'UTF-16LE without a last line ending, then bytes',
      [utf16(start.trimEnd(), 'le'), bytes(tuple('S2'))],
      ['3:encoding-changed'],
    ],
    ['bytes, then UTF-16LE', [bytes(start), utf16(tuple('S2'), 'le', false)], ['3:encoding-changed']],
    ['bytes, then UTF-16LE with its mark', [bytes(start), utf16(tuple('S2'), 'le')], ['3:encoding-changed']],
    ['bytes, then UTF-16BE', [bytes(start), utf16(tuple('S2'), 'be', false)], ['3:encoding-changed']],
    ['bytes, then UTF-16BE with its mark', [bytes(start), utf16(tuple('S2'), 'be')], ['3:encoding-changed']],
    [
      'UTF-16LE, then UTF-8 with its mark',
      [utf16(start, 'le'), bytes(`\uFEFF${tuple('S2')}`)],
      ['3:encoding-changed'],
    ],
    [
      'the header in UTF-16LE, the rows in bytes',
      [utf16(`${header}\r\n`, 'le'), bytes(tuple('S1') + tuple('S2'))],
      ['2:encoding-changed'],
    ],
    ['nothing but the mark in UTF-16LE', [Uint8Array.of(0xff, 0xfe), bytes(start + tuple('S2'))], []],
  ])('%s: both are read, and the line is named', async (_, parts, notes) => {
    const whole = new Uint8Array(Buffer.concat(parts))
    expect(outline(await read(whole))).toEqual(['2:ok', '3:ok'])
    const inPieces = async function* (): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < whole.length; at += 1) yield whole.slice(at, at + 1)
    }
    expect(await readAll(inPieces())).toEqual(await readAll(whole))
    expect((await readNotes(whole)).map(({ code, line }) => `${line}:${code}`)).toEqual(notes)
  })

  test('an appended UTF-8 file is read without its byte order mark', async () => {
    const text = `${start}\uFEFF${header}\r\n${tuple('S2')}`
    expect(outline(await read(bytes(text)))).toEqual(['2:ok', '4:ok'])
    expect(outline(await read(`${start}\uFEFF${tuple('S2')}`))).toEqual(['2:ok', '3:ok'])
  })

  test('UTF-16 letters of other scripts do not look like a change', async () => {
    const text = `${header}\r\nS1,,,戴尔科技集团戴尔科技集团戴尔科技集团,電腦電腦電腦電腦電腦電腦電腦\r\n`
    expect(await readNotes(utf16(text, 'le'))).toEqual([])
    expect(outline(await read(utf16(text, 'be')))).toEqual(['2:ok'])
  })
})
