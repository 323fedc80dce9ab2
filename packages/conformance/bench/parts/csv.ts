/** How fast is a large device file read? */
import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

import { atMost, quartiles, rotated, withSpread } from '../measure.ts'
import type { Part } from '../measure.ts'
import { runProgram } from '../processes.ts'

/** Labels of the readers in programs/csv.js. */
const labels: Readonly<Record<string, string>> = {
  readDevices: '@devicebatch/csv, readDevices()',
  udsv: 'udsv, parsing only',
  papaparse: 'papaparse, parsing only',
  'csv-parse': 'csv-parse, parsing only',
  'fast-csv': 'fast-csv, parsing only',
  reading: 'reading the file, no parser',
}
const names = Object.keys(labels)
const parsers = ['udsv', 'papaparse', 'csv-parse', 'fast-csv']
const limit = 2

export const csv: Part = {
  name: 'csv',
  title: 'A CSV of 100,000 devices with 4K hashes (359 MB)',
  how: 'A new process streams the file for each measurement. `readDevices()` checks each row and looks for duplicates, while the others only split it into cells; its ratio is relative to the fastest parser in the same round.',
  missed:
    'it decodes each hash to validate its Base64 and reads it again to find duplicates, which no parser does; with warm code the two take ' +
    'a seventh of the time, and the first 100 MB are read before the code is warm',
  async run({ quick }) {
    const directory = await mkdtemp(join(tmpdir(), 'devicebatch-bench-'))
    try {
      const file = join(directory, 'devices.csv')
      const devices = quick ? 10_000 : 100_000
      await pipeline(rowsOf(devices), createWriteStream(file))
      const megabytes = (await stat(file)).size / 1e6
      const times = new Map(names.map((name) => [name, [] as number[]]))
      for (let round = 0; round < (quick ? 3 : 7); round++) {
        for (const name of rotated(names, round)) times.get(name)!.push(await read(name, file, devices))
      }
      const fastest = times
        .get('udsv')!
        .map((_, round) => Math.min(...parsers.map((name) => times.get(name)![round]!)))
      const ratio = quartiles(times.get('readDevices')!.map((time, round) => time / fastest[round]!))
      return [
        atMost(
          'readDevices(), relative to the fastest parser',
          '≤ 2.00',
          limit,
          ratio.median,
          withSpread(ratio, 2),
        ),
        ...names.map((name) => ({
          what: labels[name]!,
          reached: withSpread(quartiles(times.get(name)!.map((ms) => (1_000 * megabytes) / ms)), 0, ' MB/s'),
        })),
      ]
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  },
}

async function read(name: string, file: string, devices: number): Promise<number> {
  const { records, wallMs } = (await runProgram('csv.js', [name, file])) as {
    records: number
    wallMs: number
  }
  if (name !== 'reading' && records !== devices + 1) throw new Error(`${name} found ${records} records.`)
  return wallMs
}

function* rowsOf(devices: number): Generator<string> {
  yield 'Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\r\n'
  for (let index = 0; index < devices; index++) {
    yield `SN${String(index).padStart(8, '0')},,${randomBytes(2_667).toString('base64')},Contoso,Laptop 3\r\n`
  }
}
