/** `--env-file`: settings that are not in the environment. */
import { expect, test } from 'vitest'

import type { Run } from '../command.ts'
import {
  customer,
  deviceFile,
  makeFolder,
  run,
  emulatorEnvironment,
  start,
  startEmulator,
} from '../command.ts'

const toText = (variables: Record<string, string>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')

function complaint({ code, stderr }: Run, expected = 2): string {
  expect(code, stderr).toBe(expected)
  const [, line = ''] = /^devicebatch: ([^\n]+)\n$/.exec(stderr) ?? []
  expect(line, stderr).not.toBe('')
  return line
}

test('everything is read from the file: who signs in, where, and the customer', async () => {
  const server = await startEmulator()
  const folder = await makeFolder()
  await folder.write('devices.csv', deviceFile('A1'))
  const settings = {
    ...emulatorEnvironment(server),
    DEVICEBATCH_CUSTOMER: `"${customer}" # the one in the north`,
  }
  await folder.write('.env.north', `\uFEFF# comment\n${toText(settings)}`)
  const args = ['upload', 'devices.csv', '--batch', 'B', '--env-file', '.env.north']
  const { code, stdout, stderr } = await run(args, { cwd: folder.path })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain(`Customer     ${customer}`)
})

test('a file in UTF-16, as Windows PowerShell writes it, is read as well', async () => {
  const server = await startEmulator()
  const folder = await makeFolder()
  const text = `\uFEFF${toText({ ...emulatorEnvironment(server), DEVICEBATCH_CUSTOMER: customer })}`
  await folder.write('north.env', Buffer.from(text, 'utf16le'))
  const { code, stderr } = await run(['batches', '--env-file', 'north.env'], { cwd: folder.path })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

test('a separate process reads it too, wherever the option is', async () => {
  const server = await startEmulator()
  const folder = await makeFolder()
  const file = await folder.write('north.env', toText(emulatorEnvironment(server)))
  const { code, stderr } = await start(['batches', '--env-file', file, '--customer', customer]).run
  expect({ code, stderr: stderr.replace(/^\d+ batch\w*\n$/, '') }).toEqual({ code: 0, stderr: '' })
})

test('the commands to continue name it', async () => {
  const server = await startEmulator({ queuedMs: 60_000 })
  const folder = await makeFolder()
  await folder.write('devices.csv', deviceFile('A1'))
  await folder.write(
    'the north.env',
    toText({ ...emulatorEnvironment(server), DEVICEBATCH_CUSTOMER: customer }),
  )
  const at = ['--env-file', 'the north.env', '--interval', '0.01', '--timeout', '0.05']
  const again = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run([...args, ...at], { cwd: folder.path })
    expect(code, stderr).toBe(3)
    return stdout
  }
  const named = /^ {2}\S.*devicebatch|main\.ts/
  const commandsIn = (text: string) => text.split('\n').filter((line) => named.test(line))
  const file = expect.stringMatching(/ --env-file ['"]the north\.env['"]$/)
  const upload = await again('upload', 'devices.csv', '--batch', 'B')
  expect(commandsIn(upload)).toEqual([file, file])
  const [trackingId] = /[\da-f-]{36}$/m.exec(upload.slice(upload.indexOf('Tracking ID')))!
  expect(commandsIn(await again('watch', trackingId))).toEqual([file])

  server.emulator.seed({
    batches: [{ customerId: customer, batchId: 'C', devices: [{ serialNumber: 'S1' }] }],
    policies: [{ customerId: customer, name: 'P' }],
  })
  expect(commandsIn(await again('assign', 'C', '--all', '--policy', 'P'))).toEqual([file])
})

test('what the environment sets takes precedence', async () => {
  const server = await startEmulator()
  const folder = await makeFolder()
  const file = await folder.write(
    '.env',
    toText({ ...emulatorEnvironment(server), DEVICEBATCH_CLIENT_SECRET: 'wrong-as-can-be' }),
  )
  const args = ['batches', '--customer', customer, '--env-file', file]
  expect(complaint(await run(args), 1)).toContain('AADSTS7000215')
  const { code } = await run(args, { env: { DEVICEBATCH_CLIENT_SECRET: 'emulator-secret' } })
  expect(code).toBe(0)
})

test('a missing file is named, and nothing is sent', async () => {
  const server = await startEmulator()
  const folder = await makeFolder()
  const args = ['batches', '--customer', customer, '--env-file', `${folder.path}/missing.env`]
  expect(complaint(await run(args, { env: emulatorEnvironment(server) }))).toBe(
    `The file of --env-file, ${folder.path}/missing.env, cannot be read: there is no such file or folder. Check the path.`,
  )
  // Node up to 26 also reads its own option with this name after the program, and exits with 9.
  const child = await start(args, { env: emulatorEnvironment(server) }).run
  expect([1, 9]).toContain(child.code)
  expect(child.stderr).toMatch(/^\S+: .*missing\.env.*\n$/)
  expect(server.calls()).toEqual([])
})
