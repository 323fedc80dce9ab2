import { readFile } from 'node:fs/promises'

import type { EmulatorOptions } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import type { Run } from '../command.ts'
import {
  customer,
  deviceFile,
  fixed,
  makeFolder,
  run,
  sample,
  start,
  startEmulator,
  startHere,
} from '../command.ts'

const fast = ['--interval', '0.02']

/** An emulator, a device file, and the command that uploads it. */
async function prepare(content: string, options?: EmulatorOptions) {
  const server = await startEmulator(options)
  const folder = await makeFolder()
  await folder.write('devices.csv', content)
  const args = [
    'upload',
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
    upload: (...more: string[]): Promise<Run> => run([...args, ...more], { cwd: folder.path }),
    operations: () => server.calls().map(({ operation }) => operation),
  }
}

function trackingIdIn({ stdout }: Run): string {
  return /^Tracking ID {2}([\da-f-]{36})$/m.exec(stdout)?.[1] ?? 'none'
}

test('every row registered, one of them already, exits with 0 and a message that says so', async () => {
  const { upload } = await prepare(deviceFile('A1', 'B2', 'EMU806-C3'))
  const { code, stdout, stderr } = await upload(...fast)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.split('\n').slice(0, 3)).toContain('EMULATOR: nothing was sent to Microsoft')
  expect(stdout).toContain('devices.csv: 3 devices\n')
  expect(stdout).toMatch(/^ +2 {2}registered$/m)
  expect(stdout).toMatch(/^ +1 {2}already registered/m)
  expect(stdout).toContain('Every device is registered: 3 of 3.')
})

test('the devices sent are those of the file', async () => {
  const { upload, calls } = await prepare(deviceFile('A1', 'B2'))
  await upload(...fast)
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

test('a failed device exits with 2, although the service reports "finished", and is listed with meaning and remedy', async () => {
  const { upload } = await prepare(deviceFile('A1', 'EMU808-B2'), { quirks: fixed.statusValues })
  const { code, stdout } = await upload(...fast)
  expect(code).toBe(2)
  expect(stdout).toMatch(/^Status +finished/m)
  expect(stdout).toContain('808 ZtdDeviceAssignedToOtherTenant  1 device failed')
  expect(stdout).toContain('Meaning     The device is registered to another organization.')
  expect(stdout).toMatch(/What to do {2}.*deregister/)
  expect(stdout).toMatch(/^ +3 +EMU808-B2 +HP +HP EliteBook 840$/m)
  expect(stdout).toContain('Not every device is registered: 1 device failed.')
  expect(stdout).not.toMatch(/success/i)
})

test('a row that identifies no device is reported with its line, the good rows are sent, and the command exits with 2', async () => {
  const { upload, calls } = await prepare(`${deviceFile('A1')}B2,,,,\n`)
  const { code, stdout } = await upload(...fast)
  expect(code).toBe(2)
  expect(stdout).toMatch(/^ +line 3 .*does not identify a device/m)
  expect(stdout).toContain('1 device is registered, but 1 row of the file was not sent.')
  const sent = calls().find(({ operation }) => operation === 'createDeviceBatch')
  expect(JSON.parse(sent?.body ?? '').devices).toHaveLength(1)
})

test('with --strict nothing is sent if a row cannot be', async () => {
  const { upload, operations } = await prepare(`${deviceFile('A1')}B2,,,,\n`)
  const { code, stderr } = await upload('--strict')
  expect(code).toBe(2)
  expect(stderr).toMatch(
    /^devicebatch: .*1 row that cannot be sent \(line 3\)\. Nothing was uploaded: .*--strict\.\n$/,
  )
  expect(operations()).toEqual([])
})

const withGroupTag =
  'Device Serial Number,Manufacturer name,Device model,Group Tag,Room\nA1,HP,EliteBook,Sales,1\nA2,HP,EliteBook,,2\n'

test('values of good rows that are not sent are reported first, and the verdict is not that all is well', async () => {
  const { upload } = await prepare(withGroupTag)
  const { code, stdout } = await upload(...fast)
  expect(code).toBe(0)
  const [before, after] = stdout.split('Report')
  expect(before).toMatch(
    /^ {2}warning {2}1 row has a group tag in the column "Group Tag", which is not sent/m,
  )
  expect(before).toMatch(/^ {2}note {5}The column "Room" was not read; 2 rows have a value in it\.$/m)
  expect(before!.indexOf('warning')).toBeLessThan(before!.indexOf('Tracking ID'))
  expect(after).toContain('2 devices are registered, but not everything in the file was sent:')
  expect(after).toMatch(/^ {2}warning {2}1 row has a group tag/m)
  expect(after).not.toContain('Every device')
  expect(after).not.toContain('"Room"')
})

test('--json has the notes of the file', async () => {
  const { upload } = await prepare(withGroupTag)
  const { stdout } = await upload('--json', ...fast)
  expect(JSON.parse(stdout).file.notes).toMatchObject([
    { code: 'group-tag-not-sent', severity: 'warning', column: 'Group Tag', rows: 1 },
    { code: 'column-not-read', severity: 'info', column: 'Room', rows: 2 },
  ])
})

test('with --strict a warning prevents sending, but a note does not', async () => {
  const { upload, operations, folder } = await prepare(withGroupTag)
  const { code, stderr } = await upload('--strict')
  expect(code).toBe(2)
  expect(stderr).toMatch(/cannot be sent as a whole: 1 row has a group tag .*Nothing was uploaded/)
  expect(operations()).toEqual([])
  await folder.write('devices.csv', withGroupTag.replace('Group Tag', 'Desk'))
  expect((await upload('--strict', ...fast)).code).toBe(0)
})

test('a product ID that several devices share is sent with none of them', async () => {
  const rows = Array.from({ length: 900 }, (_, index) => `S${index},K${index},HP,${'M'.repeat(80)}\n`)
  const { upload, calls } = await prepare(
    `Serial Number,Product ID,Manufacturer,Model\nA1,K9X,HP,M1\n${rows.join('')}A2,K9X,HP,M1\n`,
  )
  const { code, stdout } = await upload(...fast)
  expect(code).toBe(0)
  expect(stdout).toContain('2 rows have a product ID that rows of other devices have too')
  const sent = calls().map(({ body }) => body ?? '')
  expect(sent.join('')).toContain('"K899"')
  expect(sent.join('')).not.toContain('"K9X"')
})

test('with --strict a file without such a row is sent', async () => {
  const { upload } = await prepare(deviceFile('A1'))
  expect((await upload('--strict', ...fast)).code).toBe(0)
})

test('a device without a clear result exits with 2', async () => {
  const { upload } = await prepare(deviceFile('A1', 'EMUSTUCK-B2'))
  const { code, stdout } = await upload(...fast)
  expect(code).toBe(2)
  expect(stdout).toContain('1 device without a clear result')
})

test('the tracking ID and the command to continue are printed before the first poll, and that command works', async () => {
  const { upload, operations, emulator, url } = await prepare(deviceFile('A1', 'EMU808-B2'), {
    queuedMs: 1_000,
  })
  // The timeout ends before the first poll is due.
  const first = await upload('--interval', '60', '--timeout', '0.05')
  expect(first.code).toBe(3)
  expect(operations()).toEqual(['getToken', 'getCustomer', 'listDeviceBatches', 'createDeviceBatch'])
  expect(trackingIdIn(first)).not.toBe('none')
  const [, resume = ''] = /^ {2}node \S+main\.ts (upload .*)$/m.exec(first.stdout) ?? []
  expect(resume).toBe(`upload devices.csv --customer ${customer} --batch 'Front desk' --emulator ${url}`)

  emulator.clock.advance(60_000)
  const second = await upload(...fast)
  expect(second.code).toBe(2)
  expect(second.stdout).toContain('2 of 2 devices were accepted.')
  expect(second.stdout).toMatch(/^ +3 +EMU808-B2 +HP +HP EliteBook 840$/m)
  expect(operations().filter((operation) => operation === 'createDeviceBatch')).toHaveLength(1)
})

test('--no-wait again reports on a batch that has ended, and exits as it did', async () => {
  const { upload, operations } = await prepare(deviceFile('A1', 'EMU808-B2'))
  expect((await upload('--no-wait')).code).toBe(3)
  const second = await upload('--no-wait', ...fast)
  expect(second.code).toBe(2)
  expect(second.stdout).toContain('Not every device is registered: 1 device failed.')
  expect((await upload('--no-wait', ...fast)).code).toBe(2)
  expect(operations().filter((operation) => operation === 'createDeviceBatch')).toHaveLength(1)
})

test('--no-wait again exits with 3 while the batch has not ended, after one poll', async () => {
  const { upload, operations } = await prepare(deviceFile('A1'), { queuedMs: 60_000, timeScale: 0 })
  await upload('--no-wait')
  expect((await upload('--no-wait')).code).toBe(3)
  expect(operations().filter((operation) => operation === 'getBatchUploadStatus')).toHaveLength(1)
})

test.for([
  ['c7f3c849-129f-4b85-a96d-4f8e88b315a3', { customerId: customer }],
  ['contoso.com', {}],
] as const)(
  'without credentials --dry-run plans for the customer %s, and sends no request',
  async ([who, known]) => {
    const folder = await makeFolder()
    const file = await folder.write('devices.csv', deviceFile('A1', 'B2'))
    const args = ['upload', file, '--customer', who, '--batch', 'Front desk', '--dry-run']
    const { code, stdout, stderr } = await run(args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(
      /: 2 devices\n\nNobody is signed in: the customer and the batch "Front desk" were not looked up \(see --help\)\.\n2 devices would be sent in 1 request, .*\nNothing was sent \(--dry-run\)\.\n$/,
    )
    const { plan } = JSON.parse((await run([...args, '--json'])).stdout)
    expect(plan).toMatchObject({ ...known, batchId: 'Front desk', deviceCount: 2 })
    expect('customerId' in plan).toBe('customerId' in known)
  },
)

test('--no-wait exits with 3 as soon as the upload is accepted, and does not poll', async () => {
  const { upload, operations } = await prepare(deviceFile('A1'))
  const result = await upload('--no-wait')
  expect(result.code).toBe(3)
  expect(trackingIdIn(result)).not.toBe('none')
  expect(result.stdout).not.toContain('registered')
  expect(operations()).toEqual(['getToken', 'getCustomer', 'listDeviceBatches', 'createDeviceBatch'])
})

test('a batch that takes longer than --timeout exits with 3 and the command to continue', async () => {
  const { upload } = await prepare(deviceFile('A1', 'B2'), { queuedMs: 1_000 })
  const { code, stdout, stderr } = await upload('--interval', '0.05', '--timeout', '3')
  expect({ code, stderr }).toEqual({ code: 3, stderr: '' })
  expect(stdout).toContain('Still pending: 2 of 2 devices.')
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^ {2}node \S+ upload devices\.csv --customer /)
})

test('the result of each row is written next to the file, under a name of its own for each upload', async () => {
  const { upload, folder } = await prepare(`${deviceFile('A1', 'EMU812-B2')}C3,,,,\n`)
  const result = await upload(...fast)
  const name = `devices-results-${trackingIdIn(result).slice(0, 8)}.csv`
  expect(result.stdout).toContain(`Results:\n  ${name}\n`)
  const lines = (await folder.read(name)).trimEnd().split('\r\n')
  const columns = lines.map((line) => line.split(',').filter((_, column) => [0, 1, 5, 6].includes(column)))
  expect(columns).toEqual([
    ['\uFEFFLine', 'Device Serial Number', 'Outcome', 'Error code'],
    ['2', 'A1', 'succeeded', ''],
    ['3', 'EMU812-B2', 'failed', '812'],
    ['4', 'C3', 'not sent', ''],
  ])
})

test('--json writes one document to standard output and the rest to standard error', async () => {
  const { upload, folder } = await prepare(`${deviceFile('A1', 'EMU808-B2')}C3,,,,\n`)
  const { code, stdout, stderr } = await upload('--json', ...fast)
  expect(code).toBe(2)
  expect(stderr).toContain('Tracking ID')
  const document = JSON.parse(stdout)
  expect(document).toMatchObject({
    exitCode: 2,
    emulated: true,
    customerId: customer,
    batchId: 'Front desk',
    file: { path: 'devices.csv', sent: 2, skipped: [{ line: 4, problem: { code: 'not-identified' } }] },
    report: {
      outcome: 'partially-failed',
      chunks: [{ status: expect.stringMatching(/^finished/i), deviceCount: 2, outcome: 'partially-failed' }],
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
        isRetryable: false,
      },
    ],
  })
  expect(document.batchTrackingIds).toEqual([expect.stringMatching(/^[\da-f-]{36}$/)])
  expect(document.resume).toContain(`upload devices.csv --customer ${customer}`)
  expect(document.journal).toBe('devices.csv.devicebatch.json')
  expect(document.deliveries).toEqual({ landed: 2, 'did-not-land': 0, 'cannot-tell': 0 })
  expect(await folder.read(document.results)).toContain('EMU808-B2')
})

test('--json reports an error too, and keeps the tracking ID received before it', async () => {
  const { upload, emulator } = await prepare(deviceFile('A1'), { queuedMs: 1_000 })
  emulator.faults.add({ operation: 'getBatchUploadStatus', effect: { kind: 'answer', status: 403 } })
  const { code, stdout, stderr } = await upload('--json', ...fast)
  expect(code).toBe(1)
  expect(stderr).toMatch(/^devicebatch: GET .* returned 403/m)
  expect(JSON.parse(stdout)).toMatchObject({
    exitCode: 1,
    batchTrackingIds: [expect.stringMatching(/^[\da-f-]{36}$/)],
    error: { code: 'api', status: 403 },
  })
})

test('Ctrl-C while an upload starts says that nothing was sent', async () => {
  const args = ['upload', sample, '--customer', customer, '--batch', 'B', '--dry-run']
  const { run: ended, interrupt } = startHere(args)
  interrupt()
  expect(await ended).toEqual({
    code: 130,
    stdout: 'This run sent nothing.\n',
    stderr: 'devicebatch: interrupted\n',
  })
})

test('Ctrl-C while the batch runs exits at once and says how to continue', async () => {
  const child = (await prepare(deviceFile('A1'), { queuedMs: 1_000 })).start('--interval', '60')
  child.stdout?.on('data', (chunk) => {
    if (String(chunk).includes('Tracking ID')) child.kill('SIGINT')
  })
  const { code, stdout, stderr } = await child.run
  expect(code).toBe(130)
  expect(stdout.trimEnd().split('\n').slice(-2).join('\n')).toMatch(
    /^The upload continues at the service\. To see its result, run the same command again:\n {2}node \S+main\.ts upload devices\.csv --customer /,
  )
  expect(stderr).toBe('devicebatch: interrupted\n')
})

test('a reader that leaves early, as `head` does, does not keep the results from being written', async () => {
  const { emulator, folder, ...prepared } = await prepare(deviceFile('A1'), { queuedMs: 1_000 })
  const child = prepared.start('--results', 'out.csv', ...fast)
  child.stdout?.on('data', (chunk) => {
    if (!String(chunk).includes('Tracking ID')) return
    child.stdout?.destroy()
    emulator.clock.advance(60_000)
  })
  const { code, stderr } = await child.run
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(await folder.read('out.csv')).toContain('A1,,HP,HP EliteBook 840,succeeded')
})

test('the sample has three rows that are not sent and devices that fail with 802, 808 and 812', async () => {
  const { upload, folder } = await prepare(await readFile(sample, 'utf8'))
  const { code, stdout } = await upload('--json', ...fast)
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
