import { spawn, spawnSync } from 'node:child_process'
import type * as files from 'node:fs/promises'
import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { expect, onTestFinished, test, vi } from 'vitest'

import { removeFile, removeLeftovers, replaceFile } from '../src/index.ts'
import { makeFolder } from './processes.ts'

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof files>()
  return { ...real, rename: vi.fn(real.rename) }
})

const isWindows = process.platform === 'win32'

/** Makes the next renames fail as they do while another program has the file open. */
function refuseRenames(times: number, code: string): void {
  for (let time = 0; time < times; time++) {
    vi.mocked(rename).mockRejectedValueOnce(Object.assign(new Error(code), { code, syscall: 'rename' }))
  }
}

test('the file is always a complete version, even when writers are killed at random moments while others read and write', async () => {
  const folder = await makeFolder()
  const path = join(folder, 'a.json')
  await replaceFile(path, `${JSON.stringify({ version: 'first', filling: 'x'.repeat(200_000) })}\n`)
  const seen = { writes: 0 }
  const start = (): ReturnType<typeof spawn> => {
    const file = fileURLToPath(new URL('write-child.ts', import.meta.url))
    const child = spawn(process.execPath, [file, path], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    child.on('message', () => seen.writes++)
    return child
  }
  const children = [start(), start(), start()]
  onTestFinished(() => children.forEach((child) => child.kill('SIGKILL')))
  const versions = new Set<string>()
  let reads = 0
  for (let kills = 0; kills < 40; kills++) {
    // Some writes between two kills, however slow the machine is, and a kill at any moment of the next.
    const [before, until] = [seen.writes, performance.now() + Math.random() * 80]
    while (seen.writes < before + 6 || performance.now() < until) {
      const text = await readFile(path, 'utf8')
      const { version, filling } = JSON.parse(text) as { version: string; filling: string }
      expect(text.endsWith('}\n')).toBe(true)
      expect(filling).toHaveLength(200_000)
      versions.add(version)
      reads++
      await sleep(1)
    }
    const at = kills % children.length
    children[at]!.kill('SIGKILL')
    children[at] = start()
  }
  expect(seen.writes).toBeGreaterThan(200)
  expect(reads).toBeGreaterThan(40)
  expect(versions.size).toBeGreaterThan(20)
})

test('writes to one path run one at a time in the order of the calls, however the path is spelled', async () => {
  const folder = await makeFolder()
  const path = join(folder, 'a.txt')
  const order: number[] = []
  const writes = Array.from({ length: 50 }, (_, at) =>
    replaceFile(at % 2 ? path : join(folder, '.', 'x', '..', 'a.txt'), content(at)),
  )
  async function* content(at: number): AsyncGenerator<string, void, undefined> {
    order.push(at)
    yield `${at} `
    await sleep(at % 3)
    if (at === 10) throw new Error('one that fails holds nobody up')
    yield 'end'
    order.push(at)
  }
  const settled = await Promise.allSettled(writes)
  expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(1)
  expect(order).toEqual(Array.from({ length: 50 }, (_, at) => (at === 10 ? [at] : [at, at])).flat())
  expect(await readFile(path, 'utf8')).toBe('49 end')
  expect(await readdir(folder)).toEqual(['a.txt'])
})

test('a file is removed after the writes already started, and the call returns whether it existed', async () => {
  const path = join(await makeFolder(), 'a.txt')
  const written = replaceFile(path, 'x'.repeat(1_000_000))
  expect(await removeFile(path)).toBe(true)
  await written
  expect(await removeFile(path)).toBe(false)
  await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('during a write, the content is in a file that only its owner can read, under a unique name', async () => {
  const folder = await makeFolder()
  const path = join(folder, 'token')
  await writeFile(path, 'old', { mode: 0o644 })
  const seen: string[] = []
  async function* content(): AsyncGenerator<string, void, undefined> {
    yield 'secret'
    for (const name of (await readdir(folder)).filter((name) => name !== 'token')) {
      seen.push(name)
      if (!isWindows) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
    }
    expect(await readFile(path, 'utf8')).toBe('old')
  }
  const umask = process.umask(0)
  try {
    await replaceFile(path, content())
    await replaceFile(path, 'old')
    await replaceFile(path, content())
  } finally {
    process.umask(umask)
  }
  expect(seen).toHaveLength(2)
  expect(new Set(seen).size).toBe(2)
  for (const name of seen) expect(name).toMatch(/^token\.[0-9a-f]{32}\.tmp$/)
  if (!isWindows) expect((await stat(path)).mode & 0o777).toBe(0o600)
})

test.skipIf(isWindows)('`mode` is what the file gets, less the umask', async () => {
  const path = join(await makeFolder(), 'a.txt')
  const umask = process.umask(0o027)
  try {
    await replaceFile(path, 'text', { mode: 0o666 })
  } finally {
    process.umask(umask)
  }
  expect((await stat(path)).mode & 0o777).toBe(0o640)
})

test('a symbolic link is replaced, and its target stays unchanged', async () => {
  const folder = await makeFolder()
  const target = join(folder, 'target')
  const path = join(folder, 'link')
  await writeFile(target, 'precious')
  await symlink(target, path)
  await replaceFile(path, 'new')
  expect(await readFile(target, 'utf8')).toBe('precious')
  expect(await readFile(path, 'utf8')).toBe('new')
  expect((await lstat(path)).isSymbolicLink()).toBe(false)
})

test('content that throws leaves the old file and no temporary file', async () => {
  const folder = await makeFolder()
  const path = join(folder, 'a.txt')
  await replaceFile(path, 'old')
  const failure = new Error('no more')
  async function* content(): AsyncGenerator<string, void, undefined> {
    yield 'new'
    throw failure
  }
  await expect(replaceFile(path, content())).rejects.toBe(failure)
  expect(await readFile(path, 'utf8')).toBe('old')
  expect(await readdir(folder)).toEqual(['a.txt'])
})

test.each(['EPERM', 'EBUSY'])('a rename that briefly fails with %s is retried', async (code) => {
  const folder = await makeFolder()
  const path = join(folder, 'a.txt')
  refuseRenames(3, code)
  await replaceFile(path, 'new')
  expect(await readFile(path, 'utf8')).toBe('new')
})

test('a rename that keeps failing, or fails for another reason, leaves the old file and no temporary file', async () => {
  const folder = await makeFolder()
  const path = join(folder, 'a.txt')
  await replaceFile(path, 'old')
  for (const [times, code] of [
    [8, 'EPERM'],
    [1, 'EXDEV'],
  ] as const) {
    refuseRenames(times, code)
    await expect(replaceFile(path, 'new')).rejects.toMatchObject({ code })
    expect(await readFile(path, 'utf8')).toBe('old')
    expect(await readdir(folder)).toEqual(['a.txt'])
  }
})

test('a folder and a pipe are not replaced', async () => {
  const folder = await makeFolder()
  await mkdir(join(folder, 'folder'))
  await expect(replaceFile(join(folder, 'folder'), 'x')).rejects.toMatchObject({
    code: 'EISDIR',
    message: expect.stringContaining(
      'is a folder, which cannot be replaced by a file. Pass the path of a file.',
    ),
  })
  if (!isWindows) {
    spawnSync('mkfifo', [join(folder, 'pipe')])
    await expect(replaceFile(join(folder, 'pipe'), 'x')).rejects.toMatchObject({ code: 'EINVAL' })
    expect((await lstat(join(folder, 'pipe'))).isFIFO()).toBe(true)
  }
  await expect(replaceFile(join(folder, 'none', 'a.txt'), 'x')).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a file with the longest name that the file system allows can be written', async () => {
  const folder = await makeFolder()
  const path = join(folder, 'a'.repeat(255))
  await replaceFile(path, 'text')
  expect(await readFile(path, 'utf8')).toBe('text')
})

test.skipIf(isWindows || process.getuid?.() === 0)(
  'a folder that can be written but not read does not prevent it',
  async () => {
    const folder = await makeFolder()
    await chmod(folder, 0o300)
    await replaceFile(join(folder, 'a.txt'), 'text')
    await chmod(folder, 0o700)
    expect(await readdir(folder)).toEqual(['a.txt'])
  },
)

test('only what was left behind by a killed write of this file is removed, and nothing that may still be written', async () => {
  const folder = await makeFolder()
  const [hex, hour] = ['0123456789abcdef'.repeat(2), 3_600]
  const name = 'refresh-token-47021739-3426-40bf-9601-61b4b6d7c793'
  const put = async (file: string, ageSeconds: number): Promise<void> => {
    const time = Date.now() / 1_000 - ageSeconds
    await writeFile(join(folder, file), 'secret')
    await utimes(join(folder, file), time, time)
  }
  const kept = [name, `${name}.${hex}.bak`, `${name}.old.tmp`, `x${name}.${hex}.tmp`, `${name}x.${hex}.tmp`]
  for (const file of kept) await put(file, hour)
  await put(`${name}.${hex}.tmp`, hour)
  const live = `${name}.${'fedcba9876543210'.repeat(2)}.tmp`
  await put(live, 5)
  await removeLeftovers(join(folder, name))
  expect((await readdir(folder)).toSorted()).toEqual([...kept, live].toSorted())
  await removeLeftovers(join(folder, 'missing', name))
})

test('a killed write of a long name leaves nothing behind that could belong to a shorter one', async () => {
  const folder = await makeFolder()
  const name = 'n'.repeat(50)
  vi.mocked(rename).mockImplementationOnce(async (from) => {
    await utimes(from, 0, 0)
    await removeLeftovers(join(folder, name))
    expect(await readdir(folder)).toHaveLength(1)
    await removeLeftovers(join(folder, `${name}n`))
    expect(await readdir(folder)).toHaveLength(1)
  })
  await replaceFile(join(folder, `${name}n`), 'text')
})
