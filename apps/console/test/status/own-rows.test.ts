/** A device without a result is never counted as registered: the real command, and a service that lists other devices. */
import type { DeviceUploadDetails } from '@devicebatch/contract'
import type { Emulator } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import { customer, deviceFile, makeFolder, run, startEmulator } from '../command.ts'

const trackingId = '5a0f2c3e-9f0b-4d55-8a67-2f5a3e1d9b10'
const done = (serialNumber: string, more: object = {}): DeviceUploadDetails => ({
  serialNumber,
  status: 'finished',
  ...more,
})

/** Makes the service respond to every poll with these results, under this tracking ID. */
function listResults(emulator: Emulator, devicesStatus: DeviceUploadDetails[], batchTrackingId = ''): void {
  emulator.faults.add({
    operation: 'getBatchUploadStatus',
    times: Infinity,
    effect: { kind: 'answer', status: 200, body: { batchTrackingId, status: 'finished', devicesStatus } },
  })
}

const unkind: [string, DeviceUploadDetails[], string][] = [
  ['lists one device twice', [done('A1'), done('A1')], 'listed again: not counted'],
  ['lists a foreign device', [done('A1'), done('X9')], 'listed, but not sent: not counted'],
]

test.for(unkind)(
  'upload exits with 2 when the service %s and leaves the other one out',
  async ([, results, beside]) => {
    const { url, emulator } = await startEmulator()
    const folder = await makeFolder()
    const csv = await folder.write('devices.csv', deviceFile('A1', 'B2'))
    listResults(emulator, results)
    const args = [
      'upload',
      csv,
      '--customer',
      customer,
      '--batch',
      'B',
      '--emulator',
      url,
      '--interval',
      '0.02',
    ]
    const { code, stdout } = await run(args)
    expect(code).toBe(2)
    expect(stdout).toMatch(/^ +1 {2}registered$/m)
    expect(stdout).toMatch(/^ +1 {2}sent, but the service lists no result for them$/m)
    expect(stdout).toMatch(new RegExp(`^ +1 {2}${beside}$`, 'm'))
    expect(stdout).toContain('Not every device is registered: 1 device without a clear result.')
    expect(stdout).not.toContain('Every device is registered')
  },
)

test.for(unkind)('watch --file exits with 2 when the service %s', async ([, results, beside]) => {
  const { url, emulator } = await startEmulator()
  const folder = await makeFolder()
  const csv = await folder.write('devices.csv', deviceFile('A1', 'B2'))
  listResults(emulator, results)
  const args = ['watch', trackingId, '--customer', customer, '--file', csv, '--emulator', url, '--json']
  const { code, stdout, stderr } = await run(args)
  expect(code).toBe(2)
  expect(stderr).toMatch(new RegExp(`^ +1 {2}${beside}$`, 'm'))
  expect(JSON.parse(stdout)).toMatchObject({
    exitCode: 2,
    report: { outcome: 'unknown', counts: { total: 2, succeeded: 1, unresolved: 1 } },
    needsAttention: [{ outcome: 'unresolved', line: 3, serialNumber: 'B2' }],
  })
  const rows = (await folder.read(`devices-results-${trackingId.slice(0, 8)}.csv`)).split('\r\n')
  expect(rows.slice(1, 3).map((row) => row.split(',').slice(0, 6))).toEqual([
    ['2', 'A1', '', 'HP', 'HP EliteBook 840', 'succeeded'],
    ['3', 'B2', '', 'HP', 'HP EliteBook 840', 'no result'],
  ])
})

test('the status of another upload is an error, not a result', async () => {
  const { url, emulator } = await startEmulator()
  const folder = await makeFolder()
  const csv = await folder.write('devices.csv', deviceFile('A1'))
  listResults(emulator, [done('A1')], 'ffffffff-9f0b-4d55-8a67-2f5a3e1d9b10')
  const args = [
    'upload',
    csv,
    '--customer',
    customer,
    '--batch',
    'B',
    '--emulator',
    url,
    '--interval',
    '0.01',
  ]
  const { code, stderr, stdout } = await run(args)
  expect(code).toBe(1)
  expect(stderr).toContain('got that of "ffffffff-9f0b-4d55-8a67-2f5a3e1d9b10"')
  expect(stdout).not.toContain('Every device is registered')
})

test('assign exits with 2 when the update of a device has no result', async () => {
  const { url, emulator } = await startEmulator()
  const at = ['--customer', customer, '--emulator', url] as const
  emulator.seed({
    batches: [
      { customerId: customer, batchId: 'B', devices: ['A1', 'B2'].map((serialNumber) => ({ serialNumber })) },
    ],
  })
  await run(['policies', 'create', 'P', '--setting', 'skip_eula', ...at])
  listResults(emulator, [done('A1'), done('A1')])
  const { code, stdout } = await run(['assign', 'B', '--all', '--policy', 'P', '--interval', '0.02', ...at])
  expect(code).toBe(2)
  expect(stdout).toContain('Not every device has the policy: 1 device without a clear result.')
})

test('a device that failed in one response and is absent from the last has failed', async () => {
  const { url, emulator } = await startEmulator()
  const folder = await makeFolder()
  const csv = await folder.write('devices.csv', deviceFile('A1', 'B2'))
  const failed = { ...done('A1'), status: 'finished_with_errors', errorCode: '808' }
  emulator.faults.add({
    operation: 'getBatchUploadStatus',
    effect: { kind: 'answer', status: 200, body: { status: 'processing', devicesStatus: [failed] } },
  })
  listResults(emulator, [done('B2')])
  const args = [
    'upload',
    csv,
    '--customer',
    customer,
    '--batch',
    'B',
    '--emulator',
    url,
    '--interval',
    '0.02',
  ]
  const { code, stdout } = await run(args)
  expect(code).toBe(2)
  expect(stdout).toContain('Not every device is registered: 1 device failed.')
  const [path] = /[^\s/]+-results-\w+\.csv/.exec(stdout)!
  expect(await folder.read(path)).toMatch(/^2,A1,.*,failed,808,/m)
})
