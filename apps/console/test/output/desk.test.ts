/**
 * What each list and report looks like at a desk: on every width of a terminal, in the time zone and the language of this process.
 * `npm run test:desks` runs it and its neighbors in several of them.
 */
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'

import { customer, deviceFile, makeFolder, run, startEmulator } from '../command.ts'

const startTime = '2026-03-29T01:30:00Z'

async function prepare() {
  const { url, emulator } = await startEmulator({ startTime })
  const devices = Array.from({ length: 12 }, (_, at) => ({
    serialNumber: `S${at}`,
    productKey: '00329-00000-0003-AA606',
    oemManufacturerName: 'Dell Technologies Inc.',
    modelName: at % 2 === 0 ? 'HP EliteBook 840 14 inch G10 Notebook PC' : 'İstanbul ışık 漢字',
  }))
  emulator.seed({ batches: [{ customerId: customer, batchId: 'Front desk', devices }] })
  const folder = await makeFolder()
  await folder.write('devices.csv', deviceFile('A1', 'EMU808-A2', 'EMU812-A3', 'i1', 'I1', 'A1'))
  const target = ['--customer', customer, '--emulator', url]
  const tracker = ['--directory', join(folder.path, 'db')]
  return { url, target, tracker, cwd: folder.path, env: { XDG_CONFIG_HOME: folder.path, TERM: 'xterm' } }
}

/** Lines to copy and open are not broken; ids on their own line are as long as they are. */
const toCopy = /devicebatch|main\.ts|https?:|\/devices|--(?:customer|emulator)/

/** The lines that are too long for the terminal. */
function tooLong(stdout: string, columns: number): string[] {
  const lines = stripVTControlCharacters(stdout).split('\n')
  return lines.filter((line) => stringWidth(line) > columns && !toCopy.test(line))
}

describe.each([60, 80, 200])('on %i columns', (columns) => {
  test('each list and report fits, and times are UTC', async () => {
    const { url, target, cwd, env } = await prepare()
    const shown = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await run(args, { columns, cwd, env })
      expect([0, 2], stderr).toContain(code)
      expect(tooLong(stdout, columns)).toEqual([])
      return stripVTControlCharacters(stdout)
    }
    const report = await shown('upload', 'devices.csv', '--batch', 'B', ...target, '--interval', '0.02')
    expect(report).toMatch(/^Started +2026-03-29 01:30:\d\d UTC$/m)
    expect(report).toContain('Not every device is registered: 2 devices failed')
    expect(await shown('batches', ...target)).toMatch(/^Batch +Devices +Created/m)
    const devices = await shown('devices', 'Front desk', ...target)
    expect(devices.match(/^S\d+ /gm)).toEqual(Array.from({ length: 12 }, (_, at) => `S${at} `))
    expect(await shown('customers', '--emulator', url)).toMatch(/^\d+ customers$/m)
    expect(await shown('doctor', '--emulator', url)).toMatch(/^warning +clock +This machine's clock is /m)
  })
})

test('what the tracker lists fits every width', async () => {
  const { url, target, tracker, cwd, env } = await prepare()
  const shown = async (columns: number, ...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(['tracker', ...args, ...tracker], { columns, cwd, env })
    expect([0, 1, 2], stderr).toContain(code)
    return stripVTControlCharacters(stdout)
  }
  await shown(80, 'submit', 'devices.csv', '--batch', 'B', ...target)
  await shown(80, 'start', '--until-done', '--emulator', url)
  const id = /^[\da-f]{8}-[\da-f-]{27}/m.exec(await shown(200, 'list', '--csv'))![0]
  for (const columns of [60, 80, 200]) {
    const list = await shown(columns, 'list')
    expect(list).toMatch(/^1 upload$/m)
    const others = [
      await shown(columns, 'show', id),
      await shown(columns, 'health'),
      await shown(columns, 'stuck'),
    ]
    for (const text of [list, ...others]) expect(tooLong(text, columns)).toEqual([])
  }
})

test('this process is in the time zone and the language that it was started in', () => {
  const { TZ, LANG } = process.env
  const { timeZone, locale } = new Intl.DateTimeFormat().resolvedOptions()
  // Some versions of ICU call it by its old name.
  if (TZ !== undefined) expect([TZ, TZ.replace('Kolkata', 'Calcutta')]).toContain(timeZone)
  if (LANG?.startsWith('tr_TR')) expect(locale).toBe('tr-TR')
})
