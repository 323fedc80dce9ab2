/** Runs docs/recipes/nightly-job.md as a program, against the emulator. */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import type { EmulatorOptions } from '@devicebatch/emulator'
import { createEmulator, emulatorCredentials } from '@devicebatch/emulator'
import { serve } from '@devicebatch/emulator/node'
import { expect, onTestFinished, test } from 'vitest'

import { emulatorEnvironment } from '../../emulator/test/environment.ts'
import { keepsConnections } from '../shared/patience.ts'

const customerId = 'c7f3c849-129f-4b85-a96d-4f8e88b315a3'
const header = 'Device Serial Number,Manufacturer name,Device model'
const rowsOf = (...serials: string[]): string =>
  [header, ...serials.map((serial) => `${serial},Contoso,Tablet 3`), ''].join('\n')

/** The recipe in a folder of its own, and what it notifies. */
async function setUp(options: EmulatorOptions, file: string) {
  const server = await serve({ emulator: createEmulator(options) })
  const texts: string[] = []
  const receiver = createServer(keepsConnections, (request, response) => {
    let body = ''
    request.on('data', (part) => (body += String(part)))
    request.on('end', () => {
      texts.push((JSON.parse(body) as { text: string }).text)
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const results = join(import.meta.dirname, '../.results')
  mkdirSync(results, { recursive: true })
  const folder = mkdtempSync(join(results, 'nightly-job-'))
  onTestFinished(async () => {
    receiver.close()
    await server.close()
    rmSync(folder, { recursive: true })
  })
  const recipe = readFileSync(join(import.meta.dirname, '../../../docs/recipes/nightly-job.md'), 'utf8')
  writeFileSync(join(folder, 'nightly-job.ts'), /```ts\n([\s\S]*?)```/.exec(recipe)![1]!)
  writeFileSync(join(folder, 'devices.csv'), file)
  writeFileSync(join(folder, 'refresh-token'), emulatorCredentials.refreshToken)
  const start = (): ChildProcess =>
    spawn(process.execPath, ['nightly-job.ts', 'devices.csv', customerId, 'Front desk'], {
      cwd: folder,
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        ...emulatorEnvironment(server),
        NOTIFY_URL: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
      },
    })
  const run = async (): Promise<unknown> => ((await once(start(), 'exit')) as unknown[])[0]
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')
  const uploads = (): number =>
    server.emulator.requests.filter(({ operation }) => operation === 'createDeviceBatch').length
  return { emulator: server.emulator, folder, read, run, start, texts, uploads }
}

test('it writes the result of each row, retries once, reports what is left, and ends with 1', async () => {
  const file = rowsOf('S-1', 'EMU808-1', 'EMU640-1', '1.23E+11')
  const { folder, read, run, texts } = await setUp({ timeScale: 60 }, file)
  expect(await run()).toBe(1)
  const results = await read('devices.csv.results.csv')
  expect(
    results
      .split('\r\n')
      .slice(1, 5)
      .map((line) => line.split(',')[5]),
  ).toEqual(['succeeded', 'failed', 'failed', 'not sent'])
  expect(await read('devices.csv.retried.csv')).toContain('EMU640-1')
  expect(texts).toEqual(['Front desk: 2 devices failed, 1 rows were not sent.'])
  expect(await readdir(folder)).not.toContain('devices.csv.upload.json')
})

test('it says nothing when every device is registered', async () => {
  const { run, texts } = await setUp({ timeScale: 60 }, rowsOf('S-1', 'S-2'))
  expect(await run()).toBe(0)
  expect(texts).toEqual([])
})

test('it reports a refusal with its cause and the next step', async () => {
  const { emulator, run, texts } = await setUp({ timeScale: 60 }, rowsOf('S-1'))
  emulator.faults.add({
    operation: 'createDeviceBatch',
    effect: { kind: 'answer', status: 403, body: '<html>Blocked' },
  })
  expect(await run()).toBe(1)
  expect(texts).toHaveLength(1)
  expect(texts[0]).toMatch(
    /^Front desk: POST .* returned 403\..* Check that no proxy, firewall or sign-in page/,
  )
})

test('it ends on SIGTERM, and the next run resumes without another upload', async () => {
  const { emulator, read, run, start, texts, uploads } = await setUp({ timeScale: 0 }, rowsOf('S-1'))
  const child = start()
  await expect.poll(() => read('devices.csv.upload.json').catch(() => '')).toMatch(/"batchTrackingId"/)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([1, null])
  expect(texts).toEqual([])
  emulator.clock.advance(60_000)
  expect(await run()).toBe(0)
  expect(uploads()).toBe(1)
  expect(await read('devices.csv.results.csv')).toContain('S-1,,Contoso,Tablet 3,succeeded')
})
