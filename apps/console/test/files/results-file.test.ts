/** `--results` never replaces a file that the upload needs. */
import { spawnSync } from 'node:child_process'
import { chmod, link, lstat, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { customer, deviceFile, makeFolder, run, emulatorEnvironment, startEmulator } from '../command.ts'

const journalName = 'devices.csv.devicebatch.json'

async function prepare() {
  const emulator = await startEmulator()
  const folder = await makeFolder()
  await folder.write('devices.csv', deviceFile('A1', 'B2'))
  return {
    folder,
    uploads: () =>
      emulator.calls().filter(({ method, path }) => method === 'POST' && path.includes('deviceBatches')),
    upload: (...args: string[]) =>
      run(['upload', 'devices.csv', '--customer', customer, '--batch', 'B', ...args], {
        cwd: folder.path,
        env: emulatorEnvironment(emulator),
      }),
  }
}

test.each([
  ['devices.csv', 'devices.csv'],
  ['a symbolic link to it', 'symbolic.csv'],
  ['a hard link to it', 'hard.csv'],
  ['its folder through a link', 'folder/devices.csv'],
])('the device file as results is refused before anything is sent: %s', async (_, results) => {
  const { folder, upload, uploads } = await prepare()
  const at = (name: string): string => join(folder.path, name)
  await symlink(at('devices.csv'), at('symbolic.csv'))
  await link(at('devices.csv'), at('hard.csv'))
  await symlink(folder.path, at('folder'))
  const { code, stderr } = await upload('--results', results)
  expect(code).toBe(2)
  expect(stderr).toBe(`devicebatch: --results ${results} is the device file itself. Name another file.\n`)
  expect(uploads()).toEqual([])
  expect(await folder.read('devices.csv')).toBe(deviceFile('A1', 'B2'))
})

test.each([
  ['that will be written', journalName, false],
  ['through a link', 'link.json', true],
  ['that is there', 'mine.json', true],
])('so is the journal %s', async (_, results, isThere) => {
  const { folder, upload, uploads } = await prepare()
  const journal = results === 'mine.json' ? ['--journal', 'mine.json'] : []
  if (isThere) {
    expect((await upload(...journal)).code).toBe(0)
    if (results === 'link.json') await symlink(join(folder.path, journalName), join(folder.path, results))
  }
  const sent = uploads().length
  const { code, stderr } = await upload('--results', results, ...journal)
  expect(code).toBe(2)
  expect(stderr).toBe(`devicebatch: --results ${results} is the journal of the upload. Name another file.\n`)
  expect(uploads()).toHaveLength(sent)
})

test.skipIf(process.platform === 'win32')(
  'existing results are replaced as a whole; a link to another file and a pipe are written to',
  async () => {
    const { folder, upload } = await prepare()
    const at = (name: string): string => join(folder.path, name)
    await writeFile(at('old.csv'), 'old', { mode: 0o600 })
    const { ino } = await stat(at('old.csv'))
    expect((await upload('--results', 'old.csv')).code).toBe(0)
    expect((await stat(at('old.csv'))).ino).not.toBe(ino)
    expect(await folder.read('old.csv')).toContain('A1')
    await writeFile(at('target.csv'), 'old')
    await symlink(at('target.csv'), at('link.csv'))
    expect((await upload('--results', 'link.csv')).code).toBe(0)
    expect((await lstat(at('link.csv'))).isSymbolicLink()).toBe(true)
    expect(await folder.read('target.csv')).toContain('A1')
    spawnSync('mkfifo', [at('pipe')])
    const read = readFile(at('pipe'), 'utf8')
    expect((await upload('--results', 'pipe')).code).toBe(0)
    expect(await read).toContain('A1')
    expect((await readdir(folder.path)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  },
)

const hasModes = process.platform !== 'win32'

test.runIf(hasModes)('a file that only its owner can read stays so when it is replaced', async () => {
  const { folder, upload } = await prepare()
  const modeOf = async (name: string): Promise<number> => (await stat(join(folder.path, name))).mode & 0o777
  for (const name of ['results.csv', 'output.txt']) await chmod(await folder.write(name, ''), 0o600)
  expect((await upload('--results', 'results.csv', '--output', 'output.txt')).code).toBe(0)
  expect(await folder.read('results.csv')).toContain('A1')
  expect([await modeOf('results.csv'), await modeOf('output.txt')]).toEqual([0o600, 0o600])
})
