/**
 * One upload with the command against an unkind emulator, in this process, with time moved by the test: a user runs it again as long
 * as it reports unfinished work, and finally reads the results file.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'

import type { NewDevice } from '@devicebatch/contract'
import { readDevices } from '@devicebatch/csv'
import { createEmulator } from '@devicebatch/emulator'

import { exitCodes } from '../../../../apps/console/src/cli/exit-code.ts'
import { runProgram } from '../../../../apps/console/src/cli/run-program.ts'
import { wholeSnapshot } from '../../../emulator/test/whole-snapshot.ts'
import type { RunResult, Said } from './judge.ts'
import { findLies, isGood } from './judge.ts'
import { customerId, drawDevices, known, loseResponses } from './scenario.ts'

/** How often the user runs it. */
const patience = 6
const url = 'http://127.0.0.1:7810'

export async function runCommand(seed: number): Promise<RunResult> {
  const emulator = createEmulator({
    profile: 'unkind',
    seed,
    queuedMs: 2_000,
    processingMs: 20_000,
    // Each run signs in with the first refresh token.
    quirks: { refreshTokenRotation: 'renew' },
  })
  emulator.seed(known)
  loseResponses(emulator, seed)
  // A file has no column for policies.
  const devices = drawDevices(seed).map((device): NewDevice => ({ ...device, policies: undefined }))
  const folder = await mkdtemp(join(tmpdir(), 'devicebatch-unkind-'))
  const { fetch } = globalThis
  globalThis.fetch = emulator.fetch
  try {
    const [file, results] = [join(folder, 'devices.csv'), join(folder, 'results.csv')]
    const text = toCsv(devices)
    await writeFile(file, text)
    // The reader may omit a value of a good row, such as a placeholder instead of a serial number.
    for await (const { line, device } of readDevices(text)) if (device) devices[line - 2] = device
    const target = ['--customer', customerId, '--batch', 'Front desk', '--emulator', url]
    const args = ['upload', file, ...target, '--chunk-size', '7', '--results', results]
    const errors: string[] = []
    let code: number | undefined
    for (
      let run = 0;
      run < patience && code !== exitCodes.registered && code !== exitCodes.incomplete;
      run++
    ) {
      const stderr = sink()
      code = await runProgram(args, {
        env: { XDG_CONFIG_HOME: folder },
        cwd: folder,
        script: join(folder, 'main.js'),
        signal: new AbortController().signal,
        stdin: () => new PassThrough(),
        stdout: sink().stream,
        stderr: stderr.stream,
      })
      if (stderr.text()) errors.push(stderr.text())
    }
    const said = saidIn(await readFile(results, 'utf8').catch(() => ''))
    const { customers } = wholeSnapshot(emulator)
    const uploads = customers.find((customer) => customer.customerId === customerId)?.uploads ?? []
    const lies = findLies(devices, said, uploads)
    const bad = said.filter((one) => !isGood(devices, one, uploads))
    if (code === exitCodes.registered && (bad.length > 0 || said.length === 0))
      lies.push(`the command exited with 0, but ${bad.length} devices are not registered`)
    const told = said.filter(({ outcome }) => outcome !== 'unresolved').length
    return { seed, lies, devices: devices.length, told, errors }
  } finally {
    globalThis.fetch = fetch
    await rm(folder, { recursive: true })
  }
}

function toCsv(devices: readonly NewDevice[]): string {
  const rows = devices.map(({ serialNumber, productKey, hardwareHash, oemManufacturerName, modelName }) =>
    [serialNumber, productKey, hardwareHash, oemManufacturerName, modelName]
      .map((cell) => cell ?? '')
      .join(','),
  )
  const header = 'Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model'
  return [header, ...rows, ''].join('\n')
}

/** The results that claim something; all others say in some way that the result is unknown. */
const outcomes: Record<string, string> = {
  succeeded: 'succeeded',
  failed: 'failed',
  'already registered': 'already-registered',
}

/** The results file's outcome for each row of the device file. */
function saidIn(results: string): Said[] {
  const [header = [], ...rows] = results.replace('\uFEFF', '').trimEnd().split('\r\n').map(cellsOf)
  const cell = (row: string[], name: string): string => row[header.indexOf(name)] ?? ''
  // Results that match no row come last, without a line.
  const own = rows.filter((row) => cell(row, 'Line') !== '')
  return own.map((row, at): Said => {
    const batchTrackingId = cell(row, 'Tracking ID') || undefined
    const before = own.slice(0, at).filter((other) => cell(other, 'Tracking ID') === batchTrackingId)
    return {
      // The first line is the header.
      index: Number(cell(row, 'Line')) - 2,
      outcome: outcomes[cell(row, 'Outcome')] ?? 'unresolved',
      delivery: cell(row, 'Delivery'),
      batchTrackingId,
      position: before.length,
    }
  })
}

function cellsOf(line: string): string[] {
  return Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) =>
    quoted === undefined ? plain! : quoted.replaceAll('""', '"'),
  )
}

function sink() {
  let text = ''
  const stream = new Writable({
    write(chunk, _, done) {
      text += String(chunk)
      done()
    },
  })
  return { stream, text: () => text }
}
