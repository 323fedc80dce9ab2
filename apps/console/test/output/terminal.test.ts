/** What a terminal shows, using `script` of util-linux, which gives the command a terminal. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { stripVTControlCharacters } from 'node:util'

import { documentedUpload } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import {
  compileCache,
  customer,
  desk,
  deviceFile,
  fixed,
  main,
  makeFolder,
  run,
  startEmulator,
} from '../command.ts'

const otherCustomer = '47021739-3426-40bf-9601-61b4b6d7c793'

const hasScript =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false

interface TerminalOptions {
  env?: Record<string, string>
  /** What is typed, once, when `at` is shown. */
  typed?: { at: string; text: string }
  /** When this is shown, the command gets the signal of a closed terminal. */
  hangup?: string
}

async function runInTerminal(command: string, { env, typed, hangup }: TerminalOptions = {}): Promise<string> {
  const shell = `stty cols 80 rows 24; echo "pid $$."; exec ${process.execPath} ${main} ${command}`
  const child = spawn('script', ['-qec', shell, '/dev/null'], {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: compileCache,
      TERM: 'xterm-256color',
      ...desk,
      ...env,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let output = ''
  let isTyped = false
  child.stdout.on('data', (chunk) => {
    output += String(chunk)
    if (hangup !== undefined && !isTyped && output.includes(hangup)) {
      isTyped = true
      process.kill(Number(/^pid (\d+)\./.exec(output)![1]), 'SIGHUP')
    }
    if (!typed || isTyped || !output.includes(typed.at)) return
    isTyped = true
    child.stdin.write(typed.text)
  })
  await once(child, 'close')
  return output.replace(/^pid \d+\.\r\n/, '').replaceAll(/\r+\n/g, '\n')
}

test.runIf(hasScript)(
  'a terminal shows a bar that is redrawn and finally removed, and a report that fits',
  async () => {
    const { url } = await startEmulator({ timeScale: 1, queuedMs: 200, processingMs: 400 })
    const folder = await makeFolder()
    const file = await folder.write('devices.csv', deviceFile('A1', 'EMU808-B2', 'C3', 'D4'))
    const options = `--customer ${customer} --batch B --emulator ${url} --interval 0.1`
    const output = await runInTerminal(`upload ${file} ${options}`)
    const text = stripVTControlCharacters(output)
    expect(text).toMatch(/[█░]{40,} {2}\d of 4 devices/)
    expect(output).toContain('\u001B[?25h')
    expect(output).toContain('\u001B[31m')

    const report = text.slice(text.indexOf('Report'))
    expect(report).not.toMatch(/[█░]/)
    expect(report).toContain('Not every device is registered: 1 device failed.')
    const widths = report
      .split('\n')
      .filter((line) => !line.includes(folder.path))
      .map((line) => line.length)
    expect(Math.max(...widths)).toBeLessThanOrEqual(80)
  },
)

test.runIf(hasScript)('NO_COLOR removes the colors', async () => {
  const { url } = await startEmulator()
  const { customerId, batchTrackingId } = documentedUpload
  const command = `status ${batchTrackingId} --customer ${customerId} --emulator ${url}`
  expect(await runInTerminal(command)).toContain('\u001B[31m')
  const plain = await runInTerminal(command, { env: { NO_COLOR: '1' } })
  expect(plain).toContain('Not every device is registered')
  expect(plain).not.toContain('\u001B')
})

test.runIf(hasScript)('a terminal that can do nothing gets plain lines', async () => {
  const { url } = await startEmulator({ quirks: fixed.statusValues })
  const { customerId, batchTrackingId } = documentedUpload
  const command = `watch ${batchTrackingId} --customer ${customerId} --emulator ${url}`
  const output = await runInTerminal(command, { env: { TERM: 'dumb', NO_COLOR: '1' } })
  expect(output).toMatch(/UTC {2}finished: 1 of 1 device done \(1 failed\)/)
  expect(output).not.toContain('\u001B')
})

test.runIf(hasScript)('Ctrl-C on a terminal restores the cursor and says how to continue', async () => {
  const { url } = await startEmulator({ queuedMs: 1_000 })
  const folder = await makeFolder()
  const file = await folder.write('devices.csv', deviceFile('A1'))
  const command = `upload ${file} --customer ${customer} --batch B --emulator ${url} --interval 60`
  const output = await runInTerminal(command, { typed: { at: 'Tracking ID', text: '\u0003' } })
  expect(stripVTControlCharacters(output)).toMatch(
    /To see its result, run the same command again:\n {2}node .* upload \S+ --customer /,
  )
  expect(output).toContain('\u001B[?25h')
})

test.runIf(hasScript)('closing the window saves the upload, as Ctrl-C does', async () => {
  const { url } = await startEmulator({ queuedMs: 1_000 })
  const folder = await makeFolder()
  const file = await folder.write('devices.csv', deviceFile('A1'))
  const command = `upload ${file} --customer ${customer} --batch B --emulator ${url} --interval 60`
  const output = await runInTerminal(command, { hangup: 'Tracking ID' })
  expect(output).toContain('devicebatch: interrupted')
  expect(JSON.parse(await folder.read('devices.csv.devicebatch.json')).group.chunks).toMatchObject([
    { batchTrackingId: expect.any(String) },
  ])
})

test.runIf(hasScript).for([
  ['y\r', 'Tracking ID', 2],
  ['\r', 'This run sent nothing.', 1],
  ['\u0004', '[y/N] \nThis run sent nothing.', 1],
  ['\u0003', 'This run sent nothing.', 1],
] as const)(
  'on a terminal a finished file goes to another customer only after a question: %j',
  async ([text, answer, uploads]) => {
    const { url, calls } = await startEmulator()
    const folder = await makeFolder()
    const file = await folder.write('devices.csv', deviceFile('A1'))
    const command = (id: string): string =>
      `upload ${file} --customer ${id} --batch B --emulator ${url} --interval 0.02`
    await runInTerminal(command(customer))
    const typed = { at: '[y/N]', text }
    const output = stripVTControlCharacters(await runInTerminal(command(otherCustomer), { typed }))
    expect(output.replaceAll(/\s+/g, ' ')).toContain('to another customer. Continue? [y/N]')
    expect(output).toContain(answer)
    expect(calls().filter(({ operation }) => operation === 'createDeviceBatch')).toHaveLength(uploads)
  },
)

test.runIf(hasScript).for([
  ['y\r', 'Deleted 1 of 1 device from batch "B"', 1],
  ['\r', 'Nothing was deleted.', 0],
  ['\u0004', '[y/N] \nNothing was deleted.', 0],
  ['\u0003', 'devicebatch: interrupted', 0],
] as const)('on a terminal delete asks first, and does what %j says', async ([text, answer, deletions]) => {
  const { url, emulator } = await startEmulator()
  const devices = [{ serialNumber: 'S1', modelName: 'X', oemManufacturerName: 'HP' }]
  emulator.seed({ batches: [{ customerId: customer, batchId: 'B', devices }] })
  const command = `delete B S1 --customer ${customer} --emulator ${url}`
  const output = stripVTControlCharacters(await runInTerminal(command, { typed: { at: '[y/N]', text } }))
  expect(output).toContain(`Delete 1 device from batch "B" of customer ${customer}? [y/N]`)
  expect(output).toContain(answer)
  const deleted = emulator.requests.filter(({ operation }) => operation === 'deleteDevice')
  expect(deleted).toHaveLength(deletions)
})

test.runIf(hasScript)(
  'a terminal gets no control sequences, not even in CSV; a file gets the text unchanged',
  async () => {
    const { url, emulator } = await startEmulator()
    const body = JSON.stringify({ totalCount: 1, items: [{ id: 'B\u009b31m  x' }] })
    emulator.faults.add({
      operation: 'listDeviceBatches',
      times: 'always',
      effect: { kind: 'answer', status: 200, body },
    })
    const args = `batches --csv --customer ${customer} --emulator ${url}`
    expect(await runInTerminal(args)).toContain('B 31m x')
    expect((await run(args.split(' '))).stdout).toContain('B\u009b31m  x')
  },
)
