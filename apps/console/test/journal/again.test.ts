/** A file whose upload has finished is sent again: only what failed, and only if the user asked for it. */
import { readdir } from 'node:fs/promises'

import type { RecordedRequest } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import type { Run } from '../command.ts'
import { customer, deviceFile, makeFolder, run, startEmulator } from '../command.ts'

async function prepare(content: string) {
  const server = await startEmulator()
  const folder = await makeFolder()
  await folder.write('d.csv', content)
  const upload = (...more: string[]): Promise<Run> => {
    const args = ['--customer', customer, '--batch', 'B', '--emulator', server.url, '--interval', '0.02']
    return run(['upload', 'd.csv', ...args, ...more], { cwd: folder.path })
  }
  return {
    ...server,
    folder,
    upload,
    /** The devices of each request. */
    sent: () => server.calls().flatMap((call) => devicesIn(call)),
  }
}

function devicesIn({ operation, body }: RecordedRequest): string[][] {
  if (operation !== 'createDeviceBatch' && operation !== 'addDevicesToBatch') return []
  const parsed = JSON.parse(body ?? '[]')
  const devices = (operation === 'createDeviceBatch' ? parsed.devices : parsed) as {
    serialNumber?: string
    hardwareHash?: string
  }[]
  return [devices.map(({ serialNumber, hardwareHash }) => serialNumber ?? hardwareHash ?? '')]
}

const three = deviceFile('A1', 'EMU640-B2', 'EMU808-C3')

test('the report names what can be sent again, and the same command sends nothing', async () => {
  const { upload, sent } = await prepare(three)
  for (const { code, stdout } of [await upload(), await upload()]) {
    expect(code).toBe(2)
    expect(stdout).toContain('1 device can be sent again as it is: add --retry.')
    expect(stdout).toContain('correct the file, then add --only-failed')
  }
  expect(sent()).toHaveLength(1)
})

test('a device without a clear result is not said to have failed', async () => {
  const { upload } = await prepare(deviceFile('A1', 'EMUUNKNOWN-B2'))
  expect((await upload()).stdout).toContain('1 device would fail again as it is or has no clear result:')
})

test('--retry sends only what failed with a transient error', async () => {
  const { upload, sent } = await prepare(three)
  await upload()
  const { code, stdout } = await upload('--retry')
  expect(stdout).toContain('Sending 1 device again; 1 is registered already.')
  expect(sent().slice(1)).toEqual([['EMU640-B2']])
  expect(code).toBe(2)
})

test('what is sent again is reported with the rest of the file', async () => {
  const { upload, folder } = await prepare(three)
  await upload()
  await folder.write('d.csv', deviceFile('A1', 'B2', 'EMU808-C3'))
  await upload('--only-failed')
  await folder.write('d.csv', deviceFile('A1', 'EMU640-D4', 'B2', 'EMU808-C3'))
  await upload('--only-failed')
  const partly = await upload('--retry')
  expect(partly.stdout).toMatch(/^ +2 {2}registered before$/m)
  expect(partly.stdout).toMatch(/^ +1 {2}failed before, and not sent again$/m)
  expect(partly.stdout).toContain(
    'Not every device is registered: 1 device failed, 1 device failed before and was not sent again.',
  )
  await folder.write('d.csv', deviceFile('A1', 'D4', 'B2', 'C3'))
  const { code, stdout } = await upload('--only-failed')
  expect(code).toBe(0)
  expect(stdout).toContain('Every device is registered: 4 of 4.')
})

test('a retry that registers its devices does not hide those that failed before', async () => {
  const { upload, emulator } = await prepare(three)
  await upload()
  const devicesStatus = [{ serialNumber: 'EMU640-B2', status: 'finished' }]
  emulator.faults.add({
    operation: 'getBatchUploadStatus',
    effect: { kind: 'answer', status: 200, body: { batchTrackingId: '', status: 'finished', devicesStatus } },
  })
  const { stdout } = await upload('--retry')
  expect(stdout).toContain('Not every device is registered: 1 device failed before and was not sent again.')
  expect(stdout).not.toContain('Every device is')
})

test('what a retry registers is not sent again, and what failed before still counts', async () => {
  const { upload, sent, emulator } = await prepare(three)
  await upload()
  const devicesStatus = [{ serialNumber: 'EMU640-B2', status: 'finished' }]
  emulator.faults.add({
    operation: 'getBatchUploadStatus',
    effect: { kind: 'answer', status: 200, body: { batchTrackingId: '', status: 'finished', devicesStatus } },
  })
  const retried = await upload('--retry', '--json')
  const { exitCode, notRegistered } = JSON.parse(retried.stdout)
  expect({ exitCode, notRegistered }).toEqual({ exitCode: 2, notRegistered: { retryable: 0, failed: 1 } })
  const again = await upload('--retry')
  expect(again.stdout).toContain(
    'No device of the file failed with a transient error: nothing is sent (--retry).',
  )
  expect(sent()).toHaveLength(2)
})

test('--retry also sends rows that were corrected or added since, so that the verdict covers the whole file', async () => {
  const { upload, sent, folder, emulator } = await prepare(deviceFile('A1', 'EMU640-B2', '1.23E+11'))
  await upload()
  await folder.write('d.csv', deviceFile('A1', 'EMU640-B2', '123000000004', 'D4'))
  const devicesStatus = ['EMU640-B2', '123000000004', 'D4'].map((serialNumber) => ({
    serialNumber,
    status: 'finished',
  }))
  emulator.faults.add({
    operation: 'getBatchUploadStatus',
    effect: { kind: 'answer', status: 200, body: { batchTrackingId: '', status: 'finished', devicesStatus } },
  })
  const { code, stdout } = await upload('--retry')
  expect(sent().slice(1)).toEqual([['EMU640-B2', '123000000004', 'D4']])
  expect(code).toBe(0)
  expect(stdout).toContain('Every device is registered: 4 of 4.')
})

test('--only-failed sends the corrected rows and what still failed, and nothing that is registered', async () => {
  const { upload, sent, folder } = await prepare(three)
  await upload()
  await folder.write('d.csv', deviceFile('A1', 'EMU640-B2', 'C3'))
  const plain = await upload('--dry-run')
  expect(plain.stdout).toContain('3 devices would be sent')
  const { code, stdout } = await upload('--only-failed')
  expect(stdout).toContain('Sending 2 devices again; 1 is registered already.')
  expect(sent().slice(1)).toEqual([['EMU640-B2', 'C3']])
  expect(code).toBe(2)
  await folder.write('d.csv', deviceFile('A1', 'B2', 'C3'))
  const last = await upload('--only-failed')
  expect(last.code).toBe(0)
  expect(sent().slice(2)).toEqual([['B2']])
  await expect(upload('--only-failed')).resolves.toMatchObject({ code: 0 })
  expect(sent()).toHaveLength(3)
})

test('rows with only a hardware hash are sent again when one of them failed', async () => {
  const hashes = ['T'.repeat(3_000), 'U'.repeat(3_000)].map((hash) => Buffer.from(hash).toString('base64'))
  const { upload, sent, emulator } = await prepare(`Hardware Hash\n${hashes.join('\n')}\n`)
  const devicesStatus = [
    { status: 'finished', deviceId: '1' },
    { status: 'finished_with_errors', deviceId: '2', errorCode: '640' },
  ]
  emulator.faults.add({
    operation: 'getBatchUploadStatus',
    effect: { kind: 'answer', status: 200, body: { batchTrackingId: '', status: 'finished', devicesStatus } },
  })
  const first = await upload()
  expect(first.stdout).toContain('2 devices can be sent again as they are: add --retry.')
  await upload('--retry')
  expect(sent()).toEqual([hashes, hashes])
})

test('--only-failed sends a row with only a hardware hash whose result cannot be identified', async () => {
  const hash = Buffer.from('T'.repeat(3_000)).toString('base64')
  const { upload, sent, emulator } = await prepare(`Hardware Hash\n${hash}\n`)
  const devicesStatus = [{ status: 'finished', deviceId: '1', serialNumber: 'OTHER' }]
  emulator.faults.add({
    operation: 'getBatchUploadStatus',
    effect: { kind: 'answer', status: 200, body: { batchTrackingId: '', status: 'finished', devicesStatus } },
  })
  expect((await upload()).stdout).toContain('add --only-failed')
  await upload('--only-failed')
  expect(sent()).toEqual([[hash], [hash]])
})

test('--only-failed sends nothing whose result came after the first report', async () => {
  const { upload, sent, emulator } = await prepare(deviceFile('A1'))
  emulator.faults.add({
    operation: 'getBatchUploadStatus',
    effect: { kind: 'answer', status: 200, body: { batchTrackingId: '', status: 'finished' } },
  })
  expect(await upload()).toMatchObject({ code: 2 })
  expect(await upload()).toMatchObject({ code: 0 })
  expect((await upload('--only-failed')).stdout).toContain('nothing is sent')
  expect(sent()).toEqual([['A1']])
})

test('--retry needs an upload that has finished', async () => {
  const { upload, sent } = await prepare(three)
  const none = await upload('--retry')
  expect(none.code).toBe(1)
  expect(none.stderr).toMatch(
    /^devicebatch: --retry needs the journal of an earlier upload .* Leave out --retry/,
  )
  await upload('--no-wait')
  const unfinished = await upload('--only-failed')
  expect(unfinished.stderr).toMatch(
    /has not finished: .* Run the same command without --only-failed first\.\n$/,
  )
  expect(sent()).toHaveLength(1)
})

test('a retry that is interrupted continues with the devices of the retry', async () => {
  const { upload, sent } = await prepare(three)
  await upload()
  expect((await upload('--retry', '--no-wait')).code).toBe(3)
  const { stdout } = await upload()
  expect(stdout).toContain('1 of 1 device was accepted')
  expect(stdout).toContain('1 device failed')
  expect(sent()).toHaveLength(2)
})

test.for([
  [
    ['--batch', 'Other'],
    /^At \S+ \S+ UTC this file was uploaded to the batch "B" of .*, to another batch\.$/m,
  ],
  [
    ['--customer', '47021739-3426-40bf-9601-61b4b6d7c793'],
    /^At \S+ \S+ UTC this file was uploaded to .*, to another customer\.$/m,
  ],
] as const)(
  'a finished file that goes elsewhere is reported before it is sent: %j',
  async ([more, notice]) => {
    const { upload, sent } = await prepare(deviceFile('A1'))
    await upload()
    const { stdout } = await upload(...more)
    expect(stdout).toMatch(notice)
    expect(stdout.search(notice)).toBeLessThan(stdout.indexOf('Tracking ID'))
    expect(sent()).toHaveLength(2)
    const refused = await upload('--retry', '--batch', 'Third')
    expect(refused.stderr).toMatch(
      /^devicebatch: --retry sends devices of the earlier upload, and it was for the /,
    )
  },
)

test('a file that has changed since its upload is sent as a whole, which is reported', async () => {
  const { upload, sent, folder } = await prepare(three)
  await upload()
  await folder.write('d.csv', deviceFile('A1', 'C3'))
  const { stdout } = await upload()
  expect(stdout).toMatch(
    /^The file has changed since its upload of .*: this is a new upload of every device\. 2 devices failed in it; --only-failed /m,
  )
  expect(sent().at(-1)).toEqual(['A1', 'C3'])
})

test.for(['--retry', '--restart'])(
  '%s that sends nothing leaves the journal as it was, so that the same command works again',
  async (option) => {
    const { upload, sent, emulator, folder } = await prepare(three)
    await upload()
    const names = async () => (await readdir(folder.path)).toSorted()
    const [journal, files] = [await folder.read('d.csv.devicebatch.json'), await names()]
    const operations =
      option === '--retry' ? ['listDeviceBatches', 'addDevicesToBatch'] : ['addDevicesToBatch']
    for (const operation of operations as ('listDeviceBatches' | 'addDevicesToBatch')[]) {
      emulator.faults.add({ operation, effect: { kind: 'answer', status: 403 } })
      const refused = await upload(option)
      expect(refused.code).toBe(1)
      expect(refused.stdout).toContain('This run sent nothing.')
      expect(refused.stdout).toMatch(/^The previous journal is \S*d\.csv\.devicebatch\.json again\.$/m)
      expect(await folder.read('d.csv.devicebatch.json')).toBe(journal)
      expect(await names()).toEqual(files)
    }
    const before = sent().length
    expect((await upload(option)).code).toBe(2)
    expect(sent().slice(before)).toEqual([
      option === '--retry' ? ['EMU640-B2'] : ['A1', 'EMU640-B2', 'EMU808-C3'],
    ])
  },
)
