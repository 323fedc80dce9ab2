/** Whatever the service sends in a row, the command ends with a report or a message: no stack, no control sequences. */
import type { EmulatorOperation } from '@devicebatch/emulator'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Run } from '../command.ts'
import { customer, deviceFile, makeFolder, run, startEmulator } from '../command.ts'

const trackingId = '5a0f2c3e-9f0b-4d55-8a67-2f5a3e1d9b10'
const policyId = '56edf752-ee77-4fd8-b7f5-df1f74a3a9ac'

/** Runs the command against a service that responds to one operation in this way. */
async function against(operation: EmulatorOperation, body: object, status = 200) {
  const { url, emulator } = await startEmulator()
  emulator.faults.add({
    operation,
    times: 'always',
    effect: {
      kind: 'answer',
      status,
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' },
    },
  })
  return {
    emulator,
    run: (...args: string[]): Promise<Run> => run([...args, '--customer', customer, '--emulator', url]),
  }
}

/** Rows in which each member in turn is every kind of JSON, and a hundred random ones, the same in every run. */
function rowsOf(members: readonly string[]): unknown[] {
  const kinds: unknown[] = [
    5,
    808,
    true,
    null,
    '',
    [],
    ['x'],
    {},
    { toString: 5, valueOf: null },
    { toJSON: 1 },
    [null],
  ]
  const each = members.flatMap((member) => kinds.map((value) => ({ [member]: value })))
  const any = fc.jsonValue({ maxDepth: 2 })
  const row = fc.record(Object.fromEntries(members.map((member) => [member, any])), { requiredKeys: [] })
  return [...each, ...kinds, ...fc.sample(row, { numRuns: 100, seed: 1 })]
}

const statusRows = rowsOf([
  'serialNumber',
  'productKey',
  'deviceId',
  'status',
  'errorCode',
  'errorDescription',
])

function expectNoCrash({ code, stdout, stderr }: Run, codes: number[]): void {
  expect(stdout + stderr).not.toMatch(/TypeError|RangeError|^\s+at /m)
  expect(codes).toContain(code)
}

describe('rows that hold any JSON', () => {
  const body = { batchTrackingId: trackingId, status: 'finished', devicesStatus: statusRows }

  test('are reported by status', async () => {
    const service = await against('getBatchUploadStatus', body)
    const result = await service.run('status', trackingId, '--json')
    expectNoCrash(result, [2])
    expect(JSON.parse(result.stdout)).toMatchObject({ report: { counts: { total: statusRows.length } } })
  })

  test('are reported by watch, with a results file', async () => {
    const folder = await makeFolder()
    const csv = await folder.write('devices.csv', deviceFile('A-1', '5'))
    const service = await against('getBatchUploadStatus', body)
    expectNoCrash(
      await service.run('watch', trackingId, '--file', csv, '--results', `${folder.path}/r.csv`),
      [2],
    )
    expect(await folder.read('r.csv')).toContain('A-1')
  })

  test('are reported by upload, with a results file', async () => {
    const folder = await makeFolder()
    const csv = await folder.write('devices.csv', deviceFile('A-1', '5'))
    const { batchTrackingId: _, ...nameless } = body
    const service = await against('getBatchUploadStatus', nameless)
    const args = ['upload', csv, '--batch', 'B', '--results', `${folder.path}/r.csv`, '--interval', '0.01']
    expectNoCrash(await service.run(...args), [2])
    expect(await folder.read('r.csv')).toContain('A-1')
  })

  test.each<[EmulatorOperation, string[], string[]]>([
    ['listDevices', ['devices', 'B'], ['id', 'serialNumber', 'modelName', 'policies', 'uploadedDate']],
    ['listDeviceBatches', ['batches'], ['id', 'devicesCount', 'creationDate', 'createdBy']],
    ['listPolicies', ['policies', 'list'], ['id', 'name', 'policySettings', 'devicesAssignedCount']],
  ])('of %s are listed, every one', async (operation, args, members) => {
    const items = rowsOf(members)
    const service = await against(operation, { totalCount: items.length, items })
    const result = await service.run(...args)
    expectNoCrash(result, [0])
    expect(result.stdout).toContain(`${items.length} `)
    expectNoCrash(await service.run(...args, '--csv'), [0])
  })

  test('do not prevent a delete or an assignment', async () => {
    const items = rowsOf(['id', 'serialNumber', 'modelName', 'policies'])
    const service = await against('listDevices', { totalCount: items.length, items })
    expectNoCrash(await service.run('delete', 'B', 'A-1', '--yes'), [1, 64])
    expectNoCrash(await service.run('delete', 'B', '--all', '--yes'), [0, 1, 64, 70])
    expectNoCrash(await service.run('assign', 'B', 'A-1', '--policy', 'none'), [1, 64])
  })

  test('of a policy are shown', async () => {
    for (const policySettings of ['skip_eula', [null, 5, {}], { length: 1 }]) {
      const policy = { id: policyId, name: 5, description: {}, policySettings, devicesAssignedCount: {} }
      const service = await against('getPolicy', policy)
      expectNoCrash(await service.run('policies', 'show', policyId), [0])
    }
  })
})

describe('text with terminal control sequences', () => {
  const evil = '\u001b]0;owned\u0007\u009b31m\u202e\u0000\r\nFORGED LINE'
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|^FORGED/m
  const rows = [
    {
      serialNumber: `S${evil}`,
      status: `finished_with_errors`,
      errorCode: `999${evil}`,
      errorDescription: `Name${evil}`,
    },
    { serialNumber: evil, productKey: evil, status: evil },
  ]

  test('never leaves status and watch, wherever it is', async () => {
    const body = { batchTrackingId: null, status: 'finished', startedTime: evil, devicesStatus: rows }
    const service = await against('getBatchUploadStatus', body)
    for (const args of [
      ['status', trackingId],
      ['watch', trackingId],
      ['status', trackingId, '--json'],
    ]) {
      const { code, stdout, stderr } = await service.run(...args)
      expect(code).toBe(2)
      expect(stdout).toContain(trackingId)
      expect(stdout + stderr).not.toMatch(obeyed)
    }
  })

  test('is refused as a tracking ID', async () => {
    const body = { batchTrackingId: trackingId + evil, status: 'finished', devicesStatus: rows }
    const { code, stdout, stderr } = await (
      await against('getBatchUploadStatus', body)
    ).run('status', trackingId)
    expect(code).not.toBe(0)
    expect(stderr).toContain(`expected the status of upload ${trackingId}`)
    expect(stdout + stderr).not.toMatch(obeyed)
  })

  test('never leaves an error', async () => {
    const body = { code: evil, description: evil, data: [evil], source: evil }
    const { code, stdout, stderr } = await (
      await against('getBatchUploadStatus', body, 404)
    ).run('status', trackingId, '--json')
    expect(code).not.toBe(0)
    expect(stdout + stderr).not.toMatch(obeyed)
  })

  test.each<[EmulatorOperation, string[], string[]]>([
    ['listDevices', ['devices', 'B'], ['id', 'serialNumber', 'modelName']],
    ['listDeviceBatches', ['batches'], ['id', 'createdBy']],
    ['listPolicies', ['policies', 'list'], ['id', 'name', 'category']],
  ])('never leaves a list of %s', async (operation, args, members) => {
    const items = [Object.fromEntries(members.map((member) => [member, evil]))]
    const service = await against(operation, { totalCount: 1, items })
    for (const more of [[], ['--json']]) {
      const { code, stdout, stderr } = await service.run(...args, ...more)
      expect(code).toBe(0)
      expect(stdout + stderr).not.toMatch(obeyed)
    }
  })
})

test('150,000 devices that failed are reported', async () => {
  const devicesStatus = Array.from({ length: 150_000 }, (_, index) => ({
    serialNumber: `S-${index}`,
    status: 'finished_with_errors',
    errorCode: '808',
  }))
  const body = { batchTrackingId: trackingId, status: 'finished', devicesStatus }
  const service = await against('getBatchUploadStatus', body)
  const result = await service.run('watch', trackingId)
  expectNoCrash(result, [2])
  expect(result.stdout).toContain('S-149999')
})

test('a word in backticks that is not an option stays as the service sent it', async () => {
  const description = 'Bad `constructor` and `__proto__` and `locale`'
  const service = await against('getBatchUploadStatus', { code: 1, description }, 400)
  const { stderr } = await service.run('status', trackingId)
  expect(stderr).toContain(description)
})
