import { summarize } from '@devicebatch/client'
import type { BatchUploadGroupReport, BatchUploadReport, ChunkReport, Match } from '@devicebatch/client'
import type { DeviceUploadDetails } from '@devicebatch/contract'
import { formatReport, formatResults, readDevices } from '@devicebatch/csv'
import type { DeviceProblem, ReportRow } from '@devicebatch/csv'
import * as fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'

import { collect, hashOf, header, read } from './helpers.ts'

const batchTrackingId = '0127ed8e-ff72-4983-a3d8-e8d8bd378932'

function reportOf(devicesStatus: DeviceUploadDetails[], status = 'finished'): BatchUploadReport {
  return summarize({ batchTrackingId, status, devicesStatus })
}

async function write(
  report: Parameters<typeof formatReport>[0],
  rows?: Parameters<typeof formatReport>[1],
): Promise<string> {
  return (await collect(formatReport(report, rows))).join('')
}

type Cells = Record<string, string>

async function cellsOf(
  report: BatchUploadReport | BatchUploadGroupReport,
  rows?: Parameters<typeof formatReport>[1],
): Promise<Cells[]> {
  const [columns, ...lines] = new Papa.Parser({ delimiter: ',', newline: '\n' }).parse(
    (await write(report, rows)).slice(1).replaceAll('\r\n', '\n').trimEnd(),
    0,
    false,
  ).data
  return lines.map((cells) => Object.fromEntries(cells.map((cell, index) => [columns![index]!, cell])))
}

const outcomesOf = (lines: Cells[]): string[] => lines.map((cells) => `${cells['Line']}:${cells['Outcome']}`)
const failed = (serialNumber: string, errorCode: string): DeviceUploadDetails => ({
  serialNumber,
  status: 'finished_with_errors',
  errorCode,
})
const done = (serialNumber: string): DeviceUploadDetails => ({ serialNumber, status: 'finished' })
const tuple = (line: number, serialNumber: string, modelName = 'M'): ReportRow => ({
  line,
  device: { serialNumber, oemManufacturerName: 'C', modelName },
})

describe('the file', () => {
  test('is UTF-8 with a byte order mark, CRLF and the columns of the docs', async () => {
    expect(await write(reportOf([done('S1')]), [tuple(2, 'S1', 'Laptop, 15"')])).toBe(
      '\uFEFFLine,Device Serial Number,Windows Product ID,Manufacturer name,Device model,Outcome,Error code,Error name,Meaning,What to do\r\n' +
        '2,S1,,C,"Laptop, 15""",succeeded,,,The device is registered to the customer.,\r\n',
    )
  })

  test('never contains a hardware hash', async () => {
    const hash = hashOf(1)
    const text = await write(
      reportOf([done('S1')]),
      readDevices(`${header}\nS1,,${hash},,\n,,${hash.slice(4)},,\n`),
    )
    expect(text).not.toContain(hash.slice(100, 140))
  })
})

describe('rows', () => {
  test('appear in file order with their lines, whatever the order of the results', async () => {
    const file = `${header}\nS1,,,C,M\n1.2E+11,,,C,M\n\nS2,,,C,M\nS3,,,C,M\n`
    const report = reportOf([failed('S3', '808'), failed('S2', '806'), done('S1')])
    const lines = await cellsOf(report, readDevices(file))
    expect(outcomesOf(lines)).toEqual(['2:succeeded', '3:not sent', '5:already registered', '6:failed'])
    expect(lines[1]).toMatchObject({
      'Error name': 'scientific-notation',
      Meaning: expect.stringContaining('Column "Device Serial Number": The value is "1.2E+11"'),
      'What to do': expect.stringContaining('format the column as text'),
    })
    expect(lines[3]).toMatchObject({
      'Device Serial Number': 'S3',
      'Error code': '808',
      'Error name': 'ZtdDeviceAssignedToOtherTenant',
      Meaning: expect.stringContaining('another organization'),
      'What to do': expect.stringMatching(/./),
    })
  })

  test('are matched by product ID as well, ignoring case', async () => {
    const rows: ReportRow[] = [{ line: 2, device: { productKey: 'abc-1' } }, tuple(3, 's1')]
    const lines = await cellsOf(
      reportOf([{ productKey: 'ABC-1 ', status: 'finished' }, failed('S1', '812')]),
      rows,
    )
    expect(outcomesOf(lines)).toEqual(['2:succeeded', '3:failed'])
  })

  test('are not matched with a result that differs in one of the two', async () => {
    const rows: ReportRow[] = [{ line: 2, device: { serialNumber: 'S1', productKey: 'K1' } }]
    const lines = await cellsOf(
      reportOf([{ serialNumber: 'S1', productKey: 'K2', status: 'finished' }]),
      rows,
    )
    expect(outcomesOf(lines)).toEqual(['2:no result', ':succeeded'])
  })

  test('with only a hardware hash take the common outcome of the leftover results when there are equally many, and cannot be matched otherwise', async () => {
    const hashes = [2, 3].map((line) => ({ line, device: { hardwareHash: hashOf(line) } }))
    const results = ['d-1', 'd-2'].map((deviceId) => ({ deviceId, status: 'finished' }))
    const alike = await cellsOf(reportOf(results), hashes)
    expect(outcomesOf(alike)).toEqual(['2:succeeded', '3:succeeded', ':succeeded', ':succeeded'])
    const twice = await cellsOf(reportOf([results[0]!, results[0]!]), hashes)
    expect(outcomesOf(twice)).toEqual(['2:cannot tell', '3:cannot tell', ':succeeded', ':succeeded'])
    expect(twice[0]?.['Meaning']).toContain('only a hardware hash')
  })

  test('without a result are reported as such, and as pending while the batch is running', async () => {
    expect(outcomesOf(await cellsOf(reportOf([]), [tuple(2, 'S1')]))).toEqual(['2:no result'])
    expect(outcomesOf(await cellsOf(reportOf([], 'processing'), [tuple(2, 'S1')]))).toEqual(['2:pending'])
  })

  test('with the same serial number take a result only when all candidates agree', async () => {
    const rows = [tuple(2, 'S1', 'M1'), tuple(3, 'S1', 'M2')]
    const distinct = ['d-1', 'd-2'].map((deviceId) => ({ ...done('S1'), deviceId }))
    expect(outcomesOf(await cellsOf(reportOf(distinct), rows))).toEqual(['2:succeeded', '3:succeeded'])
    expect(outcomesOf(await cellsOf(reportOf([done('S1'), done('S1')]), rows))).toEqual([
      '2:cannot tell',
      '3:cannot tell',
    ])
    expect(outcomesOf(await cellsOf(reportOf([done('S1')]), rows))).toEqual([
      '2:cannot tell',
      '3:cannot tell',
    ])
    const different = await cellsOf(reportOf([done('S1'), failed('S1', '808')]), rows)
    expect(outcomesOf(different)).toEqual(['2:cannot tell', '3:cannot tell'])
    expect(different[0]?.['Meaning']).toContain('succeeded, failed 808')
  })

  test('with several different results get none of them', async () => {
    const lines = await cellsOf(reportOf([done('S1'), failed('S1', '813')]), [tuple(2, 'S1')])
    expect(outcomesOf(lines)).toEqual(['2:cannot tell'])
  })
})

describe('results', () => {
  test('without a row come last and are reported as such', async () => {
    const lines = await cellsOf(reportOf([failed('S9', '808'), done('S1')]), [tuple(2, 'S1')])
    expect(outcomesOf(lines)).toEqual(['2:succeeded', ':failed'])
    expect(lines[1]).toMatchObject({
      'Device Serial Number': 'S9',
      Meaning: expect.stringContaining('matches no row of the file'),
    })
  })

  test('are listed in their own order when there is no file', async () => {
    const lines = await cellsOf(reportOf([failed('S9', '808'), done('S1')]))
    expect(outcomesOf(lines)).toEqual([':failed', ':succeeded'])
    expect(lines[0]?.['Meaning']).not.toContain('no row of the file')
  })

  test('of a finished batch that have no known status are unresolved, never succeeded', async () => {
    const lines = await cellsOf(reportOf([{ serialNumber: 'S1', status: 'odd' }]), [tuple(2, 'S1')])
    expect(outcomesOf(lines)).toEqual(['2:unresolved'])
    expect(lines[0]?.['Meaning']).toContain('"odd"')
  })

  test('with numbers where the docs have strings are matched and explained', async () => {
    const wire = {
      serialNumber: 42,
      status: 'finished_with_errors',
      errorCode: 808,
    } as unknown as DeviceUploadDetails
    const [cells, ...rest] = await cellsOf(reportOf([wire]), [tuple(2, '42')])
    expect(cells).toMatchObject({
      Line: '2',
      Outcome: 'failed',
      'Error code': '808',
      Meaning: expect.stringContaining('another organization'),
    })
    expect(rest).toEqual([])
  })

  test('with an unknown code pass the code through', async () => {
    const [cells] = await cellsOf(reportOf([{ ...failed('S1', '899'), errorDescription: 'ZtdNew' }]), [
      tuple(2, 'S1'),
    ])
    expect(cells).toMatchObject({ Outcome: 'failed', 'Error code': '899', 'Error name': 'ZtdNew' })
  })
})

describe('formulas', () => {
  // Characters that start a formula, and separators after which a spreadsheet of another locale starts a new cell.
  const formulaCell = /(^|[;\t\r\n])[ \u00A0"]*[=+\-@＝＋－＠]|(^|;)[ \u00A0"]*[\t\r\n]/

  test.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    ' =1',
    '＝1',
    'x;=1',
    'x;"=HYPERLINK("https://x.example")',
    'x;""=1',
    'x; "@SUM(A1)"',
    '"=1',
    'x;\t1',
    'x;"\r1',
    "'=1",
    '=HYPERLINK("https://x.example";"y")',
  ])('%j is defused in the report and can be read back', async (modelName) => {
    const text = await write(reportOf([]), [tuple(2, 'S1', modelName)])
    const [cells] = await cellsOf(reportOf([]), [tuple(2, 'S1', modelName)])
    expect(cells?.['Device model']).not.toMatch(formulaCell)
    expect(text).not.toMatch(/(^|,"?)[=+\-@\t\r](?!\n)/m)
  })

  test('that the service sends are defused as well', async () => {
    const device = { serialNumber: '=cmd|x', status: '=1', errorCode: '=2', errorDescription: '@x' }
    const [cells] = await cellsOf(reportOf([device]))
    for (const cell of Object.values(cells!)) expect(cell).not.toMatch(formulaCell)
  })

  // Values that a reader accepts: serial numbers end so that they resemble neither spreadsheet damage nor placeholders.
  const unit = fc.constantFrom('=', '+', '-', '@', ';', ',', 'a', '1', ' ', '\t')
  const value = fc.string({ unit, maxLength: 8 }).map((text) => `${text.replaceAll('\t', ';=')}Q7`.trim())

  test('reading the report returns the devices that were written, each on its line', async () => {
    const device = fc.record({
      serialNumber: value,
      productKey: value,
      oemManufacturerName: value,
      modelName: value,
    })
    const key = (row: { productKey: string }): string => row.productKey
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(device, { selector: key, maxLength: 6 }), async (devices) => {
        const rows = devices.map((one, index) => ({ line: index + 2, device: one }))
        const unique = rows.filter(
          ({ device: one }, index) => rows.findIndex((row) => sameTuple(row.device, one)) === index,
        )
        const text = await write(reportOf([]), unique)
        expect(await read(text)).toEqual(
          unique.map((row, index) => ({ line: index + 2, device: row.device })),
        )
        for (const cells of await cellsOf(reportOf([]), unique)) {
          for (const cell of Object.values(cells)) expect(cell).not.toMatch(formulaCell)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('the report of a group', () => {
  const [first, second] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']
  const counts = { total: 0, pending: 0, succeeded: 0, alreadyRegistered: 0, failed: 0, unresolved: 0 }
  const chunk = (fromIndex: number, toIndex: number, more: Partial<ChunkReport>): ChunkReport => ({
    operation: 'append',
    requestId: '33333333-3333-4333-8333-333333333333',
    fromIndex,
    toIndex,
    deviceCount: toIndex - fromIndex,
    digest: '',
    outcome: 'succeeded',
    counts,
    ...more,
  })
  const result = (details: DeviceUploadDetails): Match => ({ kind: 'result', result: details })
  const report: BatchUploadGroupReport = {
    customerId: '47021739-3426-40bf-9601-61b4b6d7c793',
    batchId: 'Front desk',
    outcome: 'pending',
    counts,
    chunks: [
      chunk(0, 4, { batchTrackingId: first, repeated: true }),
      chunk(4, 5, { outcome: 'unknown' }),
      chunk(5, 7, { batchTrackingId: second, outcome: 'pending' }),
    ],
    rows: [
      { index: 0, delivery: 'cannot-tell', outcome: 'succeeded', match: result(done('S1')) },
      { index: 1, delivery: 'landed', outcome: 'failed', match: result(failed('S2', '808')) },
      { index: 2, delivery: 'landed', outcome: 'succeeded', match: { kind: 'unmatchable' } },
      { index: 3, delivery: 'landed', outcome: 'failed', match: { kind: 'unmatchable' } },
      { index: 4, delivery: 'did-not-land', outcome: 'unresolved', match: { kind: 'none' } },
      { index: 5, delivery: 'landed', outcome: 'pending', match: { kind: 'none' } },
      { index: 6, delivery: 'landed', outcome: 'already-registered', match: { kind: 'unmatchable' } },
    ],
    devices: [],
    failures: [],
    unmatched: [done('X9')],
    repeated: [],
    unrecognized: [],
  }
  const problem: DeviceProblem = { code: 'not-identified', message: 'No.', fix: 'Fix it.' }
  const rows: ReportRow[] = [
    ...[2, 3, 4, 5, 6, 7].map((line) => tuple(line, `S${line - 1}`)),
    { line: 8, problem },
    tuple(9, 'S7'),
  ]

  test('states for each row its outcome, how certain its delivery is, and which request contained it', async () => {
    const lines = await cellsOf(report, rows)
    const shown = ['Line', 'Outcome', 'Delivery', 'Tracking ID'] as const
    expect(lines.map((cells) => shown.map((column) => cells[column]))).toEqual([
      ['2', 'succeeded', 'cannot-tell', first],
      ['3', 'failed', 'landed', first],
      ['4', 'succeeded', 'landed', first],
      ['5', 'failed', 'landed', first],
      ['6', 'did not land', 'did-not-land', ''],
      ['7', 'pending', 'landed', second],
      ['8', 'not sent', '', ''],
      ['9', 'already registered', 'landed', second],
      ['', 'succeeded', '', ''],
    ])
    expect(lines[0]!['Meaning']).toBe(
      'It may have been accepted twice. The device is registered to the customer.',
    )
    expect(lines[5]!['What to do']).toContain(second)
    expect(lines[8]!['Meaning']).toContain('matches no row')
  })

  test('without rows has a line for each submitted device', async () => {
    const lines = await cellsOf(report)
    expect(lines.map((cells) => cells['Delivery'])).toEqual([
      ...report.rows.map(({ delivery }) => delivery),
      '',
    ])
  })

  test('refuses rows that are not those of the group', async () => {
    await expect(write(report, rows.slice(1))).rejects.toThrow(
      '`rows` must be what readDevices() yields, with all submitted devices in their order: the report has 7, `rows` has 6.',
    )
  })
})

function sameTuple(one: Cells, other: Cells): boolean {
  return ['serialNumber', 'oemManufacturerName', 'modelName'].every((field) => one[field] === other[field])
}

test('devices with known outcomes are formatted with these outcomes, whatever their status values say', async () => {
  const lines: string[] = []
  for await (const line of formatResults(
    [
      { outcome: 'succeeded', serialNumber: 'S1', status: 'processing' },
      { outcome: 'pending', serialNumber: 'S2', status: 'finished' },
      { outcome: 'unresolved', serialNumber: 'S3' },
      {
        outcome: 'failed',
        serialNumber: '=S4',
        errorCode: '808',
        errorDescription: 'ZtdDeviceAssignedToOtherTenant',
      },
    ],
    '0127ed8e-ff72-4983-a3d8-e8d8bd378932',
  ))
    lines.push(line)
  expect(lines[0]).toMatch(/^\uFEFFLine,.*\r\n$/)
  expect(lines.slice(1).map((line) => line.split(',').slice(1, 8).join())).toEqual([
    'S1,,,,succeeded,,',
    'S2,,,,pending,,',
    'S3,,,,unresolved,,',
    "'=S4,,,,failed,808,ZtdDeviceAssignedToOtherTenant",
  ])
  expect(lines[2]).toContain('its tracking ID is 0127ed8e-ff72-4983-a3d8-e8d8bd378932')
  expect(lines[3]).toContain('reports no status for this device')
})
