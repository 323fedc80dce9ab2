/** The commands for batches, devices and policies. */
import { stripVTControlCharacters } from 'node:util'

import type { EmulatorOptions } from '@devicebatch/emulator'
import { expect, test } from 'vitest'

import type { Run } from '../command.ts'
import { customer, fixed, run, startEmulator, startHere } from '../command.ts'

/** A customer with a batch of this many devices, and the commands for it. */
async function prepare(count: number, options?: EmulatorOptions) {
  const server = await startEmulator(options)
  const devices = Array.from({ length: count }, (_, index) => ({
    serialNumber: `S${index}`,
    modelName: 'EliteBook 840',
    oemManufacturerName: 'HP',
  }))
  server.emulator.seed({ batches: [{ customerId: customer, batchId: 'Front desk', devices }] })
  const flags = ['--customer', customer, '--emulator', server.url]
  return {
    ...server,
    flags,
    run: (...args: string[]): Promise<Run> => run([...args, ...flags]),
    operations: () =>
      server.calls().flatMap(({ operation }) => (operation === 'getToken' ? [] : [String(operation)])),
    /** The serial numbers that the batch has now. */
    left: async (): Promise<string[]> => {
      const { stdout } = await run(['devices', 'Front desk', ...flags, '--json'])
      const { devices: listed } = JSON.parse(stdout) as { devices: { serialNumber: string }[] }
      return listed.map(({ serialNumber }) => serialNumber)
    },
  }
}

test('batches are listed as a table, as CSV and as JSON', async () => {
  const { run: command } = await prepare(2)
  const table = await command('batches')
  expect(table).toMatchObject({ code: 0, stderr: '' })
  expect(table.stdout).toMatch(
    /^EMULATOR: .*\n\nBatch {7}Devices {2}Created\nFront desk {2}2 +\d{4}-\S+ \S+ UTC.*\n\n1 batch\n$/,
  )
  const csv = await command('batches', '--csv')
  expect(csv.stdout).toMatch(/^\uFEFFBatch,Devices,Created,Created by\r\nFront desk,2,.*\r\n$/)
  expect(csv.stderr).toMatch(/^EMULATOR: .*\n\n1 batch\n$/)
  const { batches, exitCode } = JSON.parse((await command('batches', '--json')).stdout)
  expect({ batches, exitCode }).toMatchObject({
    batches: [{ id: 'Front desk', devicesCount: 2 }],
    exitCode: 0,
  })
})

test('all 1,234 devices of a batch are listed, in pages of 100', async () => {
  const { run: command, operations } = await prepare(1_234, { quirks: fixed.pages })
  const { code, stdout } = await command('devices', 'Front desk', '--csv')
  expect(code).toBe(0)
  const serials = stdout
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(',')[0])
  expect(serials).toEqual(Array.from({ length: 1_234 }, (_, index) => `S${index}`))
  expect(operations()).toEqual(Array.from({ length: 13 }, () => 'listDevices'))
  expect((await command('devices', 'Front desk')).stdout).toMatch(/\n\n1,234 devices\n$/)
})

test('a missing batch exits with 1', async () => {
  const { run: command } = await prepare(1)
  const { code, stderr } = await command('devices', 'Nowhere')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^devicebatch: GET .* returned 404/)
})

test('devices are deleted by serial number, whatever its case, and by id', async () => {
  const { run: command, left } = await prepare(4)
  const { devices } = JSON.parse((await command('devices', 'Front desk', '--json')).stdout)
  const { code, stdout } = await command('delete', 'Front desk', 's1', devices[2].id, '--yes')
  expect(code).toBe(0)
  expect(stdout).toContain(
    '  S1 EliteBook 840\n  S2 EliteBook 840\nDeleted 2 of 2 devices from batch "Front desk"',
  )
  expect(await left()).toEqual(['S0', 'S3'])
  expect((await command('delete', 'Front desk', '--all', '--yes')).code).toBe(0)
  expect(await left()).toEqual([])
})

test('nothing is deleted without --yes where there is no terminal', async () => {
  const { run: command, operations } = await prepare(2)
  const { code, stderr } = await command('delete', 'Front desk', '--all')
  expect(code).toBe(1)
  expect(stderr).toBe(
    `devicebatch: Delete 2 devices from batch "Front desk" of customer ${customer}? There is no terminal to confirm on: add --yes to go ahead. Nothing was changed.\n`,
  )
  expect(operations()).not.toContain('deleteDevice')
})

test.for([
  [['nope'], 1, 'has no device with the serial number or ID "nope" among its 2 devices.'],
  [['S0', 'nope'], 1, 'Nothing was changed.'],
  [[], 2, 'Name the devices by their serial numbers or IDs, or add --all for every device of the batch.'],
  [['S0', '--all'], 2, 'Name devices or add --all, not both.'],
] as const)(
  'with the devices %j nothing is deleted, and the reason is reported',
  async ([named, exitCode, message]) => {
    const { run: command, operations } = await prepare(2)
    const { code, stderr } = await command('delete', 'Front desk', ...named, '--yes')
    expect(code).toBe(exitCode)
    expect(stderr).toContain(message)
    expect(operations()).not.toContain('deleteDevice')
  },
)

test.for([
  ['Ctrl-D', '\u0004'],
  ['the end of the input', undefined],
] as const)('%s at a question means no, and the document says what no does', async ([, typed]) => {
  const { flags, operations } = await prepare(1)
  const args = ['delete', 'Front desk', '--all', ...flags, '--json']
  const { run: ended, stdin } = startHere(args, { columns: 80 })
  Object.assign(stdin, { isTTY: true })
  if (typed === undefined) stdin.end()
  else stdin.write(typed)
  const { code, stdout, stderr } = await ended
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toEqual({ customerId: customer, emulated: true, exitCode: 1 })
  expect(stripVTControlCharacters(stderr)).toMatch(/\? \[y\/N\] \r\nNothing was deleted\.\n$/)
  expect(operations()).not.toContain('deleteDevice')
})

test.for(['delete', 'assign'])('%s refuses an empty name before any request', async (name) => {
  const { run: command, emulator } = await prepare(0)
  emulator.seed({
    batches: [
      { customerId: customer, batchId: 'Blank', devices: [{ productKey: '00330-80000-00000-AA123' }] },
    ],
  })
  const more = name === 'assign' ? ['--policy', 'Skip all'] : ['--yes']
  for (const empty of ['', '  ']) {
    const { code, stderr } = await command(name, 'Blank', empty, ...more)
    expect(code).toBe(2)
    expect(stderr).toBe(
      `devicebatch: A device name is empty, perhaps from an unset variable. Name the devices by their serial numbers or IDs.\n`,
    )
  }
  const { stderr } = await command('assign', 'Blank', '--all', '--policy', '')
  expect(stderr).toBe(
    `devicebatch: The policy name is empty, perhaps from an unset variable. Pass a name or an ID: see "devicebatch policies list".\n`,
  )
  expect(emulator.requests.filter(({ operation }) => operation !== undefined)).toEqual([])
})

test('a serial number that several devices share selects none of them', async () => {
  const { run: command, emulator } = await prepare(0)
  const device = (modelName: string) => ({ serialNumber: 'Same', productKey: modelName, modelName })
  emulator.seed({
    batches: [{ customerId: customer, batchId: 'Twins', devices: [device('A'), device('B')] }],
  })
  const { code, stderr } = await command('delete', 'Twins', 'Same', '--yes')
  expect(code).toBe(1)
  expect(stderr).toContain(
    '2 devices of batch "Twins" have the serial number "Same". Choose one by its device ID',
  )
})

test('when a deletion is rejected, the devices already deleted are reported', async () => {
  const { run: command, emulator, left } = await prepare(3)
  emulator.faults.add({ operation: 'deleteDevice', skip: 1, effect: { kind: 'answer', status: 403 } })
  const { code, stdout, stderr } = await command('delete', 'Front desk', '--all', '--yes')
  expect(code).toBe(1)
  expect(stdout).toContain('Deleted 1 of 3 devices')
  expect(stderr).toMatch(/^devicebatch: DELETE .* returned 403/)
  expect(await left()).toHaveLength(2)
})

test('policies are created, listed, shown, changed and deleted, by name', async () => {
  const { run: command, operations } = await prepare(0)
  const made = await command(
    'policies',
    'create',
    'Skip all',
    '--setting',
    'skip_eula',
    'skip_express_settings',
  )
  expect(made.code).toBe(0)
  expect(made.stdout).toMatch(
    /^Name +Skip all\nCategory +o_o_b_e\nSettings +skip_eula, skip_express_settings\n/m,
  )
  expect((await command('policies', 'list')).stdout).toMatch(
    /^Skip all +o_o_b_e +skip_eula, .*\n\n1 policy\n$/m,
  )
  const changed = await command(
    'policies',
    'update',
    'SKIP ALL',
    '--description',
    'For all',
    '--setting',
    'skip_eula',
  )
  expect(changed.code).toBe(0)
  const { policy } = JSON.parse((await command('policies', 'show', 'skip all', '--json')).stdout)
  expect(policy).toMatchObject({ name: 'Skip all', description: 'For all', policySettings: ['skip_eula'] })
  const deleted = await command('policies', 'delete', policy.id, '--yes')
  expect(deleted.stdout).toContain(`Deleted the policy "Skip all" (${policy.id}).`)
  expect((await command('policies', 'list')).stdout).toMatch(/\n0 policies\n$/)
  expect(new Set(operations())).toEqual(
    new Set(['createPolicy', 'listPolicies', 'getPolicy', 'updatePolicy', 'deletePolicy']),
  )
})

test.for([
  [['show', 'Nothing'], 1, 'The customer has no policy named "Nothing". See "devicebatch policies list".'],
  [['update', 'Nothing'], 2, 'There is nothing to change. Add --name, --description, or --setting'],
  [
    ['create', ' ', '--setting', 'skip_eula'],
    2,
    'The name of the policy is empty, perhaps from an unset variable.',
  ],
  [['show', ' '], 2, 'The policy name is empty, perhaps from an unset variable.'],
  [['create', 'A'], 2, "required option '--setting <words...>' not specified"],
] as const)('policies %j is refused with its reason', async ([args, exitCode, message]) => {
  const { run: command, operations } = await prepare(0)
  const { code, stderr } = await command('policies', ...args)
  expect(code).toBe(exitCode)
  expect(stderr).toContain(message)
  expect(operations().filter((operation) => operation !== 'listPolicies')).toEqual([])
})

test('a policy is not deleted without --yes', async () => {
  const { run: command, operations } = await prepare(0)
  await command('policies', 'create', 'A', '--setting', 'skip_eula')
  const { code, stderr } = await command('policies', 'delete', 'A')
  expect(code).toBe(1)
  expect(stderr).toContain(
    'Delete the policy "A"? There is no terminal to confirm on: add --yes to go ahead.',
  )
  expect(operations()).not.toContain('deletePolicy')
})

test('a policy is applied to devices, by its name, waited for and reported on', async () => {
  const { run: command, operations } = await prepare(3)
  await command('policies', 'create', 'Skip all', '--setting', 'skip_eula')
  const { code, stdout } = await command(
    'assign',
    'Front desk',
    'S0',
    'S2',
    '--policy',
    'skip all',
    '--interval',
    '0.02',
  )
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^Policy "Skip all" for 2 devices of batch "Front desk"\nTracking ID {2}[\da-f-]{36}\n/m,
  )
  expect(stdout).toMatch(/finished: 2 of 2 devices done \(2 updated\)\n/i)
  expect(stdout).not.toContain('registered')
  expect(stdout).toContain('Every device has the policy: 2 of 2.')
  expect(operations().filter((operation) => operation === 'updateDevicesWithPolicy')).toHaveLength(1)
  const csv = (await command('devices', 'Front desk', '--csv')).stdout.split('\r\n').slice(1, 4)
  expect(csv.map((line) => line.split(',')[4])).toEqual(['Skip all', '', 'Skip all'])
})

test('a policy update that fails for a device names it, and exits with 2', async () => {
  const { run: command, emulator } = await prepare(2)
  await command('policies', 'create', 'A', '--setting', 'skip_eula')
  const device = (serialNumber: string, word: string, more = {}) => ({ serialNumber, status: word, ...more })
  const devicesStatus = [device('S0', 'finished'), device('S1', 'finished_with_errors', { errorCode: '809' })]
  emulator.faults.add({
    operation: 'getBatchUploadStatus',
    effect: { kind: 'answer', status: 200, body: { batchTrackingId: '', status: 'finished', devicesStatus } },
  })
  const { code, stdout } = await command(
    'assign',
    'Front desk',
    '--all',
    '--policy',
    'A',
    '--interval',
    '0.02',
  )
  expect(code).toBe(2)
  expect(stdout).toMatch(/^809 ZtdProfileIsNotRegistered {2}1 device failed$/m)
  expect(stdout).toMatch(/^ +S1 +HP +EliteBook 840$/m)
  expect(stdout).toContain('Not every device has the policy: 1 device failed.')
})

test('a policy update that times out exits with 3 and the command to continue', async () => {
  const { run: command, emulator } = await prepare(2)
  await command('policies', 'create', 'A', '--setting', 'skip_eula')
  emulator.faults.add({ operation: 'updateDevicesWithPolicy', effect: { kind: 'stuck' } })
  const args = ['--policy', 'A', '--interval', '0.02', '--timeout', '3'] as const
  const { code, stdout } = await command('assign', 'Front desk', '--all', ...args)
  expect(code).toBe(3)
  expect(stdout).toMatch(/^Status {7}processing$/im)
  expect(stdout).toMatch(
    /To see its result, run:\n {2}node \S+ watch [\da-f-]{36} --customer \S+ --emulator \S+\n$/,
  )
})
