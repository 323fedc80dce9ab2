import { readFile } from 'node:fs/promises'

import type { EmulatorOptions } from '@devicebatch/emulator'
import { expect, test, vi } from 'vitest'

import type { Run } from './command.ts'
import { customer, deviceFile, makeFolder, run, sample, start, startEmulator } from './command.ts'

const fast = ['--interval', '0.02']

/** An emulator and a device file, and the command that brings the two together. */
async function prepare(content: string, options?: EmulatorOptions) {
  const server = await startEmulator(options)
  const folder = await makeFolder()
  await folder.write('devices.csv', content)
  const args = [
    'submit',
    'devices.csv',
    '--customer',
    customer,
    '--batch',
    'Front desk',
    '--emulator',
    server.url,
  ]
  return {
    ...server,
    folder,
    start: (...more: string[]) => start([...args, ...more], { cwd: folder.path }),
    submit: (...more: string[]): Promise<Run> => run([...args, ...more], { cwd: folder.path }),
    operations: () => server.calls().map(({ operation }) => operation),
  }
}

function trackingIdIn({ stdout }: Run): string {
  return /^Tracking id {2}([\da-f-]{36})$/m.exec(stdout)?.[1] ?? 'none'
}

test('every row registered, one of them before, ends with 0 and says so', async () => {
  const { submit } = await prepare(deviceFile('A1', 'B2', 'EMU806-C3'))
  const { code, stdout, stderr } = await submit(...fast)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.split('\n')[0]).toBe('EMULATOR: nothing was sent to Microsoft')
  expect(stdout).toContain('devices.csv: 3 devices\n')
  expect(stdout).toMatch(/^ +2 {2}registered$/m)
  expect(stdout).toMatch(/^ +1 {2}already registered/m)
  expect(stdout).toContain('Every device is registered: 3 of 3.')
})

test('what is sent is what the file says', async () => {
  const { submit, calls } = await prepare(deviceFile('A1', 'B2'))
  await submit(...fast)
  const sent = calls().filter(({ operation }) => operation === 'createDeviceBatch')
  expect(sent.map(({ path }) => path)).toEqual([`/v1/customers/${customer}/deviceBatches`])
  expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
    batchId: 'Front desk',
    devices: ['A1', 'B2'].map((serialNumber) => ({
      serialNumber,
      oemManufacturerName: 'HP',
      modelName: 'HP EliteBook 840',
    })),
  })
})

test('a failed device ends with 2, although the service says "finished", and is listed with meaning and remedy', async () => {
  const { submit } = await prepare(deviceFile('A1', 'EMU808-B2'))
  const { code, stdout } = await submit(...fast)
  expect(code).toBe(2)
  expect(stdout).toMatch(/^Status +finished/m)
  expect(stdout).toContain('808 ZtdDeviceAssignedToOtherTenant  1 device failed')
  expect(stdout).toContain('Meaning     The device is registered to another organization.')
  expect(stdout).toMatch(/What to do {2}.*deregister/)
  expect(stdout).toMatch(/^ +3 +EMU808-B2 +HP +HP EliteBook 840$/m)
  expect(stdout).toContain('Not every device is registered: 1 device failed.')
  expect(stdout).not.toMatch(/success/i)
})

test('a row that identifies no device is reported with its line, the good rows go, and the command ends with 2', async () => {
  const { submit, calls } = await prepare(`${deviceFile('A1')}B2,,,,\n`)
  const { code, stdout } = await submit(...fast)
  expect(code).toBe(2)
  expect(stdout).toMatch(/^ +line 3 .*does not identify a device/m)
  expect(stdout).toContain('Not every device is registered: 1 row not sent.')
  const upload = calls().find(({ operation }) => operation === 'createDeviceBatch')
  expect(JSON.parse(upload?.body ?? '').devices).toHaveLength(1)
})

test('with --strict a row that cannot be sent keeps everything back', async () => {
  const { submit, operations } = await prepare(`${deviceFile('A1')}B2,,,,\n`)
  const { code, stderr } = await submit('--strict')
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /^devicebatch: .*1 row that cannot be sent \(line 3\)\. Nothing was submitted: .*--strict\.\n$/,
  )
  expect(operations()).toEqual([])
})

test('with --strict a file without such a row goes', async () => {
  const { submit } = await prepare(deviceFile('A1'))
  expect((await submit('--strict', ...fast)).code).toBe(0)
})

test('a device that ends without a clear result ends with 2', async () => {
  const { submit } = await prepare(deviceFile('A1', 'EMUSTUCK-B2'))
  const { code, stdout } = await submit(...fast)
  expect(code).toBe(2)
  expect(stdout).toContain('1 device without a clear result')
})

test('the tracking id and the command to go on stand there before the first poll, and that command works', async () => {
  const { submit, operations, emulator, url, folder } = await prepare(deviceFile('A1', 'EMU808-B2'), {
    queuedMs: 1_000,
  })
  // The time is over before the first poll is due.
  const submitted = await submit('--interval', '60', '--timeout', '0.05')
  expect(submitted.code).toBe(3)
  expect(operations()).toEqual(['getToken', 'createDeviceBatch'])
  const [, resume = ''] = /^ {2}node \S+main\.ts (watch .*)$/m.exec(submitted.stdout) ?? []
  expect(resume).toBe(
    `watch ${trackingIdIn(submitted)} --customer ${customer} --csv devices.csv --emulator ${url}`,
  )

  emulator.clock.advance(60_000)
  const watched = await run(resume.split(' '), { cwd: folder.path })
  expect(watched.code).toBe(2)
  expect(watched.stdout).toMatch(/^ +3 +EMU808-B2 +HP +HP EliteBook 840$/m)
})

test('--no-wait ends with 3 as soon as the upload is accepted, and asks for nothing', async () => {
  const { submit, operations } = await prepare(deviceFile('A1'))
  const result = await submit('--no-wait')
  expect(result.code).toBe(3)
  expect(trackingIdIn(result)).not.toBe('none')
  expect(result.stdout).not.toContain('registered')
  expect(operations()).toEqual(['getToken', 'createDeviceBatch'])
})

test('a batch that goes on beyond --timeout ends with 3 and the command to go on', async () => {
  const { submit } = await prepare(deviceFile('A1', 'B2'), { queuedMs: 1_000 })
  const { code, stdout, stderr } = await submit('--interval', '0.05', '--timeout', '0.5')
  expect({ code, stderr }).toEqual({ code: 3, stderr: '' })
  expect(stdout).toContain('Still pending: 2 of 2 devices.')
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/ watch [\da-f-]{36} --customer /)
})

test('what became of each row is written beside the file, under a name of its own for each upload', async () => {
  const { submit, folder } = await prepare(`${deviceFile('A1', 'EMU812-B2')}C3,,,,\n`)
  const result = await submit(...fast)
  const name = `devices-results-${trackingIdIn(result).slice(0, 8)}.csv`
  expect(result.stdout).toContain(`What became of each row:\n  ${name}\n`)
  const lines = (await folder.read(name)).trimEnd().split('\r\n')
  const columns = lines.map((line) => line.split(',').filter((_, column) => [0, 1, 5, 6].includes(column)))
  expect(columns).toEqual([
    ['\uFEFFLine', 'Device Serial Number', 'Outcome', 'Error code'],
    ['2', 'A1', 'succeeded', ''],
    ['3', 'EMU812-B2', 'failed', '812'],
    ['4', '', 'not sent', ''],
  ])
})

test('a results file with the tracking id is there as soon as the upload is accepted', async () => {
  const { submit, folder } = await prepare(deviceFile('A1'), { queuedMs: 1_000 })
  const result = await submit('--no-wait', '--results', 'out.csv')
  expect(await folder.read('out.csv')).toMatch(new RegExp(`^2,A1,.*,pending,.*${trackingIdIn(result)}`, 'm'))
})

test('--json writes one document to standard output and the rest to standard error', async () => {
  const { submit, folder } = await prepare(`${deviceFile('A1', 'EMU808-B2')}C3,,,,\n`)
  const { code, stdout, stderr } = await submit('--json', ...fast)
  expect(code).toBe(2)
  expect(stderr).toContain('Tracking id')
  const document = JSON.parse(stdout)
  expect(document).toMatchObject({
    exitCode: 2,
    emulated: true,
    customerId: customer,
    batchId: 'Front desk',
    file: { path: 'devices.csv', sent: 2, skipped: [{ line: 4, problem: { code: 'not-identified' } }] },
    report: {
      status: 'finished',
      outcome: 'partially-failed',
      counts: { total: 2, succeeded: 1, failed: 1 },
    },
    needsAttention: [
      {
        outcome: 'failed',
        line: 3,
        serialNumber: 'EMU808-B2',
        errorCode: '808',
        errorName: 'ZtdDeviceAssignedToOtherTenant',
        meaning: 'The device is registered to another organization.',
        remedy: expect.stringContaining('deregister'),
        retryable: false,
      },
    ],
  })
  expect(document.resume).toContain(`watch ${document.batchTrackingId} --customer ${customer}`)
  expect(await folder.read(document.results)).toContain('EMU808-B2')
})

test('--json tells an error as well, and keeps the tracking id that was received before it', async () => {
  const { submit, emulator } = await prepare(deviceFile('A1'), { queuedMs: 1_000 })
  emulator.faults.add({ operation: 'getBatchUploadStatus', effect: { kind: 'answer', status: 404 } })
  const { code, stdout, stderr } = await submit('--json', ...fast)
  expect(code).toBe(1)
  expect(stderr).toMatch(/^devicebatch: GET .* was answered 404/m)
  expect(JSON.parse(stdout)).toMatchObject({
    exitCode: 1,
    batchTrackingId: expect.stringMatching(/^[\da-f-]{36}$/),
    error: { code: 'api', status: 404 },
  })
})

test('Ctrl-C ends at once and says how to go on', async () => {
  const child = (await prepare(deviceFile('A1'), { queuedMs: 1_000 })).start('--interval', '60')
  child.stdout?.on('data', (chunk) => {
    if (String(chunk).includes('Tracking id')) child.kill('SIGINT')
  })
  const { code, stdout, stderr } = await child.run
  expect(code).toBe(130)
  expect(stdout.trimEnd().split('\n').slice(-2).join('\n')).toMatch(
    /^The upload goes on at the service\. Look again with:\n {2}node \S+main\.ts watch [\da-f-]{36} --customer /,
  )
  expect(stderr).toBe('devicebatch: interrupted\n')
})

test('Ctrl-C while the upload is being sent says that it may have been taken', async () => {
  const { emulator, operations, ...prepared } = await prepare(deviceFile('A1'))
  emulator.faults.add({ operation: 'createDeviceBatch', effect: { kind: 'delay', delayMs: 60_000 } })
  const child = prepared.start()
  await vi.waitFor(() => expect(operations()).toContain('createDeviceBatch'), { timeout: 4_000 })
  child.kill('SIGINT')
  const { code, stdout } = await child.run
  expect(code).toBe(130)
  expect(stdout).toContain('The service may have taken the devices.')
})

test('a reader that leaves early, as `head` does, does not keep the results from being written', async () => {
  const { emulator, folder, ...prepared } = await prepare(deviceFile('A1'), { queuedMs: 1_000 })
  const child = prepared.start('--results', 'out.csv', ...fast)
  child.stdout?.on('data', (chunk) => {
    if (!String(chunk).includes('Tracking id')) return
    child.stdout?.destroy()
    emulator.clock.advance(60_000)
  })
  const { code, stderr } = await child.run
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(await folder.read('out.csv')).toContain('A1,,HP,HP EliteBook 840,succeeded')
})

test('the sample has three rows that are not sent and devices that fail with 802, 808 and 812', async () => {
  const { submit, folder } = await prepare(await readFile(sample, 'utf8'))
  const { code, stdout } = await submit('--json', ...fast)
  const { file, needsAttention, report, results } = JSON.parse(stdout)
  expect(code).toBe(2)
  expect(file.skipped.map(({ problem }: { problem: { code: string } }) => problem.code)).toEqual([
    'not-identified',
    'duplicate',
    'scientific-notation',
  ])
  expect(needsAttention.map((device: { errorCode: string }) => device.errorCode)).toEqual([
    '808',
    '812',
    '808',
    '812',
    '802',
  ])
  expect(report.counts).toMatchObject({ total: 41, alreadyRegistered: 1, failed: 5, unresolved: 0 })
  expect((await folder.read(results)).trimEnd().split('\r\n')).toHaveLength(1 + 44)
})
