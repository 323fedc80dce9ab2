/** The command as one file, in a folder without Node: what an operator without it gets. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createEmulator } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'

import { root } from '../shared/run-command.ts'
import { buildExecutable } from './build.ts'

const customer = '47021739-3426-40bf-9601-61b4b6d7c793'

let folder: string
let program: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'devicebatch-without-node-'))
  program = join(folder, process.platform === 'win32' ? 'devicebatch.exe' : 'devicebatch')
  await buildExecutable(program)
  await mkdir(join(folder, 'bin'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs it with an empty folder as its path and its home. */
async function run(...args: string[]) {
  const { SystemRoot } = process.env
  const child = spawn(program, args, {
    cwd: folder,
    // What is set for Node is not for this program.
    env: {
      PATH: join(folder, 'bin'),
      XDG_CONFIG_HOME: folder,
      SystemRoot,
      NODE_OPTIONS: '--require ./none.js',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

async function startEmulator(): Promise<string> {
  const server = await serve({ emulator: createEmulator({ queuedMs: 0, processingMs: 0 }) })
  onTestFinished(() => server.close())
  return server.url
}

test('it has the version of the package, and the help', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'apps/console/package.json'), 'utf8'))
  expect(await run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  const { code, stdout, stderr } = await run('--help')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('devicebatch upload devices.csv')
})

test('it takes no options of Node, neither as arguments nor from the environment', async () => {
  expect(await run('--eval', 'console.log(1)')).toMatchObject({ code: 2, stdout: '' })
})

test('the demo runs to its end, and leaves nothing behind', async () => {
  const { code, stdout, stderr } = await run('demo')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/35 {2}registered/)
  expect(stdout).toContain('devices.csv')
  // The command as a user types it.
  expect(stdout).toMatch(/devicebatch\s+upload\s+devices\.csv/)
})

test('it uploads a file, writes the results, and checks an emulator', async () => {
  const url = await startEmulator()
  const rows = ['A1', 'EMU808-A2'].map((serial) => `${serial},,,HP,HP EliteBook 840\n`)
  const header = 'Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n'
  await writeFile(join(folder, 'devices.csv'), header + rows.join(''))
  const target = ['--customer', customer, '--batch', 'B', '--emulator', url]
  const upload = await run(
    'upload',
    'devices.csv',
    ...target,
    '--interval',
    '0.05',
    '--results',
    'results.csv',
  )
  expect(upload).toMatchObject({ code: 2, stderr: '' })
  expect(upload.stdout).toContain('808 ZtdDeviceAssignedToOtherTenant')
  expect(await readFile(join(folder, 'results.csv'), 'utf8')).toMatch(/A1,.*registered/)
  expect(await run('doctor', '--emulator', url)).toMatchObject({ code: 0, stderr: '' })
})

test('an error is one line, and so is the tracker, which is not inside', async () => {
  const missing = await run(
    'upload',
    'none.csv',
    '--customer',
    customer,
    '--batch',
    'B',
    '--emulator',
    'http://127.0.0.1:9',
  )
  expect(missing.code).toBe(2)
  expect(missing.stderr).toMatch(/^devicebatch: [^\n]+\n$/)
  const tracker = await run('tracker', 'submit', 'devices.csv', '--customer', customer, '--batch', 'B')
  expect(tracker).toMatchObject({
    code: 1,
    stderr:
      'devicebatch: The tracker is not in this executable. Install the command with npm instead: npm install --global devicebatch @devicebatch/tracker\n',
  })
})

test('it completes words in a shell', async () => {
  const { stdout } = await run('complete', '--', 'up')
  expect(stdout).toMatch(/^upload\t/)
})
