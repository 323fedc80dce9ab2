/** A row that cannot be sent still says which device it is about, so that a person can find the device. */
import { summarize } from '@devicebatch/client'
import { formatProblems, formatReport, readDevices } from '@devicebatch/csv'
import { expect, test } from 'vitest'

import { collect, hashOf, header, outline, read } from './helpers.ts'

const hash = hashOf(1)
const licenseKey = 'ABCDE-FGHIJ-KLMNO-PQRST-UVWX1'

test.each([
  ['a model is missing', 'A1,,,HP,', { serialNumber: 'A1', oemManufacturerName: 'HP' }],
  [
    'a spreadsheet changed the serial number',
    '1.23E+11,,,HP,M',
    { serialNumber: '1.23E+11', oemManufacturerName: 'HP', modelName: 'M' },
  ],
  ['the serial number is a formula', '="",,,HP, M ', { oemManufacturerName: 'HP', modelName: 'M' }],
  [
    'the serial number is a placeholder',
    'Default string,,,HP,M',
    { serialNumber: 'Default string', oemManufacturerName: 'HP', modelName: 'M' },
  ],
  [
    'the hash is not a hash',
    'A1,,AAAA,HP,M',
    { serialNumber: 'A1', oemManufacturerName: 'HP', modelName: 'M' },
  ],
  ['the hash is in the wrong column', `A1,,,HP,${hash}`, { serialNumber: 'A1', oemManufacturerName: 'HP' }],
  [
    'part of a hash is in the wrong column',
    `A1,,AAAA,HP,${hash.slice(0, 300)}`,
    { serialNumber: 'A1', oemManufacturerName: 'HP' },
  ],
  [
    'the product ID is a license key',
    `A1,${licenseKey},,HP,M`,
    { serialNumber: 'A1', oemManufacturerName: 'HP', modelName: 'M' },
  ],
  [
    'a license key in the column of models has the dashes of a word processor',
    `A1,,,HP,Windows ${licenseKey.replaceAll('-', '–')}`,
    { serialNumber: 'A1', oemManufacturerName: 'HP' },
  ],
  [
    'a license key in the column of manufacturers has spaces',
    `A1,,,key: ${licenseKey.replaceAll('-', ' ')},`,
    { serialNumber: 'A1' },
  ],
  // The values may be in other columns than their own: a wrong model would do harm if it was sent later.
  ['there are too few values', 'A1,HP,M', { serialNumber: 'A1' }],
  ['there are too many values', 'A1,,,Dell, Inc.,M', { serialNumber: 'A1' }],
  ['values are missing before a license key', `${licenseKey},HP`, {}],
  ['the delimiter differs', `A1;${licenseKey};;HP;M`, {}],
  ['the row is malformed', 'A1,"K,,HP,M', {}],
  ['the row is another header', 'Serial number,Hash', {}],
])('when %s', async (_, row, identity) => {
  const [refused] = await read(`${header}\n${row}\n`)
  expect(refused!.problem).toBeDefined()
  expect(refused!.identity).toEqual(identity)
})

test('a repeated device is named on each of its rows', async () => {
  const rows = await read(`${header}\nA1,,,HP,M\nA1,,,HP,M\nB2,,${hash},,\nB2,,${hashOf(2)},,\n`)
  expect(outline(rows)).toEqual(['2:ok', '3:duplicate', '4:ok', '5:conflicting-hash'])
  expect(rows.map(({ identity }) => identity)).toEqual([
    undefined,
    { serialNumber: 'A1', oemManufacturerName: 'HP', modelName: 'M' },
    undefined,
    { serialNumber: 'B2' },
  ])
})

const file = `${header}\nA1,,,HP,M\n1.2E+11,,${hash},HP,"M, 14"""\n-B2,,,HP,\n`

test('the report has these values in their columns', async () => {
  const report = summarize({
    batchTrackingId: '0127ed8e-ff72-4983-a3d8-e8d8bd378932',
    status: 'finished',
    devicesStatus: [{ serialNumber: 'A1', status: 'finished' }],
  })
  const lines = await collect(formatReport(report, readDevices(file)))
  expect(lines[2]).toMatch(/^3,1\.2E\+11,,HP,"M, 14""",not sent,,scientific-notation,/)
  expect(lines[3]).toMatch(/^4,'-B2,,HP,,not sent,,not-identified,/)
  expect(lines.join('')).not.toContain(hash.slice(0, 40))
})

test('a report with semicolons quotes values that have one, and is read back', async () => {
  const delimiters: string[] = []
  const rows = readDevices(`Device Serial Number;Manufacturer name;Device model\nA1;HP;"M; 14"\n`, {
    onDelimiter: (delimiter) => void delimiters.push(delimiter),
  })
  const report = summarize({
    batchTrackingId: '0127ed8e-ff72-4983-a3d8-e8d8bd378932',
    status: 'finished',
    devicesStatus: [{ serialNumber: 'A1', status: 'finished' }],
  })
  const text = (await collect(formatReport(report, rows, { delimiter: ';' }))).join('')
  expect(delimiters).toEqual([';'])
  expect(text).toContain('\r\n2;A1;;HP;"M; 14";succeeded;;;The device is registered to the customer.;\r\n')
  expect((await read(text))[0]!.device).toEqual({
    serialNumber: 'A1',
    oemManufacturerName: 'HP',
    modelName: 'M; 14',
  })
})

test('a file of the rows that cannot be sent has the columns of the report, and nothing else', async () => {
  const lines = await collect(formatProblems(readDevices(file)))
  expect(lines).toHaveLength(3)
  expect(lines[0]).toBe(
    '\uFEFFLine,Device Serial Number,Windows Product ID,Manufacturer name,Device model,Outcome,Error code,Error name,Meaning,What to do\r\n',
  )
  expect(lines[1]).toMatch(/^3,1\.2E\+11,/)
  expect(lines[2]).toMatch(/^4,'-B2,,HP,,not sent,/)
})

test('rows that were refused are refused again when the report is read', async () => {
  const rows = ['1.2E+11,,,HP,M', 'A1,HP,M', 'A1,,,Dell, Inc.,M', `B2,,,HP,${hash}`, 'C3;;;HP;M', 'D4,,,HP,']
  const text = (await collect(formatProblems(readDevices(`${header}\n${rows.join('\n')}\n`)))).join('')
  const again = await read(text)
  expect(again).toHaveLength(rows.length)
  expect(again.filter(({ device }) => device)).toEqual([])
})

test.each([
  [';', ';'],
  [',', ','],
  // Excel opens neither of these with a double click.
  ['\t', ','],
])('the rows of a file with %j that cannot be sent are written with %j', async (delimiter, written) => {
  const lines = ['Device Serial Number,Manufacturer name,Device model', 'C3,HP,', '']
  const found: string[] = []
  const rows = readDevices(lines.join('\n').replaceAll(',', delimiter), {
    onDelimiter: (one) => void found.push(one),
  })
  const [first] = await collect(rows)
  expect(found).toEqual([delimiter])
  const text = (await collect(formatProblems([first!], { delimiter }))).join('')
  expect(text).toContain(['2', 'C3', '', 'HP', '', 'not sent', ''].join(written))
})
