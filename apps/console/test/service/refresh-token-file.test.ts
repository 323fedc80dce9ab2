import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import {
  readRefreshToken,
  removeRefreshToken,
  writeRefreshToken,
} from '../../src/service/refresh-token-file.ts'
import { makeFolder } from '../command.ts'

const isWindows = process.platform === 'win32'

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
