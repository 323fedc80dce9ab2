import { readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { emulatorCredentials } from '@devicebatch/emulator'
import { expect, onTestFinished, test, vi } from 'vitest'

import { connect } from '../../src/service/connect.ts'
import {
  readRefreshToken,
  removeRefreshToken,
  writeRefreshToken,
} from '../../src/service/refresh-token-file.ts'
import { makeFolder, emulatorEnvironment, startEmulator } from '../command.ts'

const isWindows = process.platform === 'win32'

/** A file with the emulator's refresh token, and what starts a command that reads it and returns how it gets a token. */
async function signedIn() {
  const server = await startEmulator()
  const { path } = await makeFolder()
  const file = join(path, 'token')
  await writeRefreshToken(file, emulatorCredentials.refreshToken)
  const env = { ...emulatorEnvironment(server), DEVICEBATCH_REFRESH_TOKEN_FILE: file }
  const { signal } = new AbortController()
  const scope = 'https://api.partnercenter.microsoft.com/.default'
  const startCommand = async () => {
    const connection = await connect({ env, signal, diagnostics: {} }, {})
    return () => connection.getToken(scope, signal)
  }
  return { path, file, startCommand }
}

test('of two tokens that are written at once, the later one is kept, and never a mixture', async () => {
  const { path } = await makeFolder()
  const file = join(path, 'token')
  for (let round = 0; round < 50; round++) {
    const [first, second] = [`first-${round}-`.repeat(500), `second-${round}-`.repeat(300)]
    await Promise.all([writeRefreshToken(file, first), writeRefreshToken(file, second)])
    expect((await readRefreshToken(file)) === second, `round ${round}`).toBe(true)
  }
  expect(await readdir(path)).toEqual(['token'])
})

test.skipIf(isWindows)(
  'the token is readable only by its owner, whatever was in its place or was planted next to it',
  async () => {
    const { path } = await makeFolder()
    const file = join(path, 'token')
    await writeFile(file, 'old', { mode: 0o666 })
    const planted = `${file}.${process.pid}.tmp`
    await writeFile(planted, '', { mode: 0o666 })
    await writeRefreshToken(file, 'secret')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readFile(planted, 'utf8')).toBe('')
  },
)

test.skipIf(isWindows)(
  'a link at its place is replaced, and the file that it points to is not written to',
  async () => {
    const { path } = await makeFolder()
    const file = join(path, 'token')
    const victim = join(path, 'victim')
    await writeFile(victim, 'precious')
    await symlink(victim, file)
    await symlink(victim, `${file}.${process.pid}.tmp`)
    await writeRefreshToken(file, 'secret')
    expect(await readFile(victim, 'utf8')).toBe('precious')
    expect(await readRefreshToken(file)).toBe('secret')
    expect(await removeRefreshToken(file)).toBe(true)
    expect(await removeRefreshToken(file)).toBe(false)
  },
)

test('after a logout, a command that still runs neither signs in again nor stores a token', async () => {
  const { path, file, startCommand } = await signedIn()
  const getToken = await startCommand()
  expect(await getToken()).toBeTruthy()
  expect(await removeRefreshToken(file)).toBe(true)
  await expect(getToken()).rejects.toThrow(
    `The refresh token file ${file} is gone, as after "devicebatch logout". Sign in again with "devicebatch login".`,
  )
  expect(await readdir(path)).toEqual([])
})

test('a logout while a command renews its token is not undone', async () => {
  const { path, file, startCommand } = await signedIn()
  const send = globalThis.fetch
  onTestFinished(() => void vi.restoreAllMocks())
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const response = await send(input, init)
    if (String(input instanceof Request ? input.url : input).includes('/token'))
      await removeRefreshToken(file)
    return response
  })
  const getToken = await startCommand()
  expect(await getToken()).toBeTruthy()
  expect(await readdir(path)).toEqual([])
})

test('a logout deletes the tokens that killed commands were about to store', async () => {
  const { path } = await makeFolder()
  const file = join(path, 'token')
  const leftover = `${file}.${'0'.repeat(32)}.tmp`
  const old = async (): Promise<void> => {
    await writeFile(leftover, 'secret')
    await utimes(leftover, 0, 0)
  }
  await writeRefreshToken(file, 'secret')
  for (const existed of [true, false]) {
    await old()
    expect(await removeRefreshToken(file)).toBe(existed)
    expect(await readdir(path)).toEqual([])
  }
})
