/** Output without a terminal: to a file, to a pipe that closes, to a full disk. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { customer, deviceFile, main, makeFolder, run, start, startEmulator } from '../command.ts'

async function prepare() {
  const server = await startEmulator()
  const devices = ['S1', 'S2'].map((serialNumber) => ({
    serialNumber,
    modelName: 'Modèle',
    oemManufacturerName: 'HP',
  }))
  server.emulator.seed({ batches: [{ customerId: customer, batchId: 'B', devices }] })
  const folder = await makeFolder()
  return { ...server, folder, flags: ['--customer', customer, '--emulator', server.url] }
}

test.for([
  [['--csv'], /^\uFEFFSerial number,.*\r\nS1,,HP,Modèle,.*\r\nS2,[^]*\r\n$/],
  [['--json'], /^\{[^]*"modelName": "Modèle"[^]*\}\n$/],
  [[], /^EMULATOR: [^]*\nS1 +HP +Modèle [^]*\n2 devices\n$/],
] as const)('--output with %j gets what standard output would', async ([more, content]) => {
  const { folder, flags } = await prepare()
  const args = ['devices', 'B', ...flags, ...more]
  const file = join(folder.path, 'out.txt')
  const { code, stdout } = await run([...args, '--output', file])
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
  const text = await folder.read('out.txt')
  expect(text).toMatch(content)
  expect(text).toBe((await run(args)).stdout)
})

test('--ascii is --json without a character beyond ASCII, and reads as the same', async () => {
  const { flags, emulator } = await prepare()
  const devices = [{ serialNumber: 'S3', modelName: 'Modèle 𝄞 漢', oemManufacturerName: 'HP' }]
  emulator.seed({ batches: [{ customerId: customer, batchId: 'C', devices }] })
  const args = ['devices', 'C', ...flags]
  const [ascii, json] = [await run([...args, '--ascii']), await run([...args, '--json'])]
  expect(ascii.code).toBe(0)
  expect(ascii.stdout).toMatch(/^[\n -~]+$/)
  expect(ascii.stdout).toContain(String.raw`Mod\u00e8le \ud834\udd1e \u6f22`)
  expect(JSON.parse(ascii.stdout)).toEqual(JSON.parse(json.stdout))
})

test('--ascii writes wrong arguments as a document too, and is refused beside --csv', async () => {
  const wrong = await run(['devices', '--ascii', '--nö'])
  expect(wrong.stdout).toContain(String.raw`unknown option '--n\u00f6'`)
  const both = await run(['devices', 'B', '--csv', '--ascii'])
  expect(both.code).toBe(2)
})

test('--output has the report of an upload, with its exit code', async () => {
  const { folder, flags } = await prepare()
  const file = await folder.write('d.csv', deviceFile('A1', 'EMU808-A2'))
  const output = join(folder.path, 'report.json')
  const args = [
    'upload',
    file,
    '--batch',
    'New',
    ...flags,
    '--interval',
    '0.02',
    '--json',
    '--output',
    output,
  ]
  expect((await run(args)).code).toBe(2)
  expect(JSON.parse(await folder.read('report.json'))).toMatchObject({ exitCode: 2 })
})

test.for([
  [['--csv'], 'the list of last week', /^EMULATOR: [^]*\ndevicebatch: /],
  [[], 'the list of last week', /^EMULATOR: [^]*\ndevicebatch: /],
  [['--json'], /"error": \{[^]*"exitCode": 1/, /devicebatch: /],
] as const)(
  '--output with %j of a command that fails replaces no list, and loses nothing that was printed',
  async ([more, content, error]) => {
    const { folder, flags, emulator } = await prepare()
    emulator.faults.add({
      operation: 'listDevices',
      times: Infinity,
      effect: { kind: 'answer', status: 403 },
    })
    const file = await folder.write('out.txt', 'the list of last week')
    const { code, stdout, stderr } = await run(['devices', 'B', ...flags, ...more, '--output', file])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(error)
    expect(await folder.read('out.txt')).toMatch(content)
  },
)

test('--output never replaces a file of the command, by whatever name', async () => {
  const { folder, flags, emulator } = await prepare()
  const file = await folder.write('d.csv', deviceFile('A1'))
  const link = join(folder.path, 'link.csv')
  await symlink(file, link)
  for (const output of [file, link]) {
    const { code, stderr } = await run(['upload', file, '--batch', 'New', ...flags, '--output', output])
    expect(code).toBe(2)
    expect(stderr).toBe(
      `devicebatch: --output ${output} is a file that this command uses. Name another file.\n`,
    )
  }
  expect(await folder.read('d.csv')).toBe(deviceFile('A1'))
  expect(emulator.requests).toEqual([])
})

test.for([
  ['--record', 'the device file', ['d.csv'], 'd.csv'],
  ['--record', 'the journal', ['d.csv.devicebatch.json'], 'd.csv.devicebatch.json'],
  ['--record', 'another journal', ['j.json', '--journal', 'j.json'], 'j.json'],
  ['--record', 'the results', ['r.csv', '--results', './r.csv'], 'r.csv'],
  ['--record', 'the settings', ['.env', '--env-file', '.env'], '.env'],
  ['--record', 'standard output', ['o.txt', '--output', 'o.txt'], 'o.txt'],
  ['--output', 'the journal', ['d.csv.devicebatch.json'], 'd.csv.devicebatch.json'],
  ['--results', 'the settings', ['.env', '--env-file', '.env'], '.env'],
  ['--journal', 'the settings', ['.env', '--env-file', '.env'], '.env'],
] as const)('%s never changes %s', async ([option, , args, name]) => {
  const { folder, flags, emulator } = await prepare()
  const content = deviceFile('A1')
  await folder.write('d.csv', content)
  await folder.write(name, content)
  const upload = ['upload', 'd.csv', '--batch', 'New', ...flags, option, ...args]
  const { code, stderr } = await run(upload, { cwd: folder.path })
  expect(stderr).toMatch(/^devicebatch: --\w+ \S+ is a file that this command uses\. Name another file\.\n$/)
  expect(code).toBe(2)
  expect(await folder.read(name)).toBe(content)
  expect(emulator.requests).toEqual([])
})

test('--output that cannot be written is reported before anything is sent', async () => {
  const { folder, flags, emulator } = await prepare()
  const write = (output: string) => run(['devices', 'B', ...flags, '--output', output])
  const closed = join(folder.path, 'closed')
  const missing = await write(join(folder.path, 'none', 'out.csv'))
  expect(missing.code).toBe(2)
  expect(missing.stderr).toMatch(
    /^devicebatch: The folder .*none cannot be written to \(choose a file with --output\): .*\n$/,
  )
  expect((await write(folder.path)).stderr).toMatch(
    /^devicebatch: --output .* is a folder\. Name a file in it\.\n$/,
  )
  expect(existsSync(closed)).toBe(false)
  expect(emulator.requests).toEqual([])
})

test.runIf(existsSync('/dev/full'))('a full disk is one line, and exits with 1', async () => {
  const { flags } = await prepare()
  const shell = `exec ${process.execPath} ${main} devices B ${flags.join(' ')} --csv > /dev/full`
  const child = spawn('sh', ['-c', shell], { stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  const [code] = await once(child, 'close')
  expect(code).toBe(1)
  expect(stderr).toMatch(/\ndevicebatch: Standard output cannot be written: the disk is full\.\n$/)
  expect(stderr).not.toContain('at ')
})

test.for(['stdout', 'stderr'] as const)(
  'closing the reader of %s changes neither the exit code nor the work',
  async (name) => {
    const { flags } = await prepare()
    const command = start(['devices', 'B', ...flags, '--csv'])
    command[name]!.destroy()
    const [code] = await once(command, 'exit')
    expect(code).toBe(0)
  },
)

test.skipIf(process.platform === 'win32')(
  'nohup keeps the command alive when the terminal closes',
  async () => {
    const { folder, url } = await prepare()
    const file = await folder.write('d.csv', deviceFile('A1'))
    const args = [
      'upload',
      file,
      '--batch',
      'New',
      '--customer',
      customer,
      '--emulator',
      url,
      '--interval',
      '0.5',
    ]
    const child = spawn('nohup', [process.execPath, main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    child.stdout.on('data', (chunk) => {
      if (stdout === '') child.kill('SIGHUP')
      stdout += String(chunk)
    })
    const [code] = await once(child, 'close')
    expect(code).toBe(0)
    expect(stdout).toContain('Every device is registered')
  },
)

test.runIf(process.platform !== 'win32')('the name of a file cannot control the terminal', async () => {
  const { folder, flags } = await prepare()
  await folder.write('d\u001B]0;x\u0007\u009B2J\u202Ecsv.csv', deviceFile('A1'))
  const [name = ''] = await readdir(folder.path)
  for (const env of [{}, { FORCE_COLOR: '1' }]) {
    const { code, stdout, stderr } = await run(['upload', name, '--batch', 'New', ...flags], {
      cwd: folder.path,
      env,
    })
    expect(code).toBe(0)
    expect(stdout).toContain('d ]0;x  2J csv.csv: 1 device')
    // Our own colors stay.
    const others = (stdout + stderr).replaceAll(/\p{Cc}\[\d+m/gu, '').replaceAll('\n', '')
    expect(others).not.toMatch(/[\p{Cc}\u202E]/u)
  }
})
