/** Output fits the terminal: narrow, usual and wide, in every time zone and language. */
import { stripVTControlCharacters } from 'node:util'

import { expect, test } from 'vitest'

import { customer, deviceFile, makeFolder, run, startEmulator } from '../command.ts'

const models = ['HP EliteBook 840 14 inch G10 Notebook PC', 'Latitude 5440']

async function prepare() {
  const { url, emulator } = await startEmulator()
  const devices = ['S10', 'S9', 'S2', 'S1'].map((serialNumber, at) => ({
    serialNumber,
    productKey: '00329-00000-0003-AA606',
    oemManufacturerName: 'Dell Technologies Inc.',
    modelName: models[at % 2]!,
  }))
  emulator.seed({ batches: [{ customerId: customer, batchId: 'Front desk', devices }] })
  return { url, flags: ['--customer', customer, '--emulator', url] }
}

/** The lines that remain on the terminal. */
function linesOf(stdout: string): string[] {
  return stripVTControlCharacters(stdout).split('\n')
}

test.for([
  [60, {}],
  [80, { TZ: 'Asia/Taipei', LANG: 'zh_TW.UTF-8' }],
  [200, { TZ: 'America/New_York', LANG: 'C' }],
] as const)(
  'on %i columns each device takes one line, sorted by serial number: %j',
  async ([columns, env]) => {
    const { flags } = await prepare()
    const { code, stdout } = await run(['devices', 'Front desk', ...flags], { columns, env })
    expect(code).toBe(0)
    const lines = linesOf(stdout)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns)
    const rows = lines.filter((line) => /^S\d/.test(line))
    expect(rows.map((line) => line.split(' ')[0])).toEqual(['S1', 'S2', 'S9', 'S10'])
    for (const row of rows) expect(row).toMatch(/HP EliteBook|Latitude/)
    expect(stdout.includes('Hidden columns: ')).toBe(columns < 200)
  },
)

test('a terminal that does not know its width gets whole lists, progress in lines, and a help that is wrapped', async () => {
  const { flags } = await prepare()
  const list = await run(['devices', 'Front desk', ...flags], { columns: 0 })
  expect(list.stdout).toMatch(/^S1 .*Latitude 5440/m)

  const folder = await makeFolder()
  await folder.write('d.csv', deviceFile('A1'))
  const upload = ['upload', 'd.csv', '--batch', 'B', '--interval', '0.02', ...flags]
  const { stdout } = await run(upload, { columns: 0, cwd: folder.path })
  expect(stdout).toMatch(/UTC {2}\w+: 1 of 1 device done/)

  const help = await run(['upload', '--help'], { columns: 0 })
  expect(help.stdout).toBe((await run(['upload', '--help'], { columns: 80 })).stdout)
})

test('a list that is not on a terminal leaves no column out', async () => {
  const { flags } = await prepare()
  const { stdout } = await run(['devices', 'Front desk', ...flags])
  expect(stdout).toContain('Device ID')
  expect(stdout).not.toContain('Hidden columns')
})

test.for([40, 60, 80, 110])(
  'on %i columns each failed device of a report takes one line',
  async (columns) => {
    const { url } = await startEmulator()
    const folder = await makeFolder()
    const names = ['Dell Technologies Inc.', 'HP EliteBook 840 14 inch G10 Notebook PC (special edition)']
    const rows = ['EMU808-A1', 'EMU808-A2'].map((serial) => deviceFile(serial).split('\n')[1]!)
    const content = [
      deviceFile().trimEnd(),
      ...rows.map((row) => row.replace('HP,HP EliteBook 840', names.join(','))),
    ].join('\n')
    await folder.write('d.csv', content)
    const args = [
      'upload',
      'd.csv',
      '--customer',
      customer,
      '--batch',
      'B',
      '--emulator',
      url,
      '--interval',
      '0.02',
    ]
    const { code, stdout } = await run(args, { columns, cwd: folder.path, env: { TERM: 'xterm' } })
    expect(code).toBe(2)
    const lines = linesOf(stdout.slice(stdout.indexOf('Report')))
    expect(lines.filter((line) => /^ +\d+ +EMU808-A\d /.test(line))).toHaveLength(2)
    expect(lines.filter((line) => line.includes('special edition)'))).toHaveLength(columns >= 110 ? 2 : 0)
  },
)
