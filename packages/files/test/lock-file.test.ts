import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { expect, onTestFinished, test, vi } from 'vitest'

import { patienceMs } from '../../conformance/shared/patience.ts'
import { FileLockedError, FileLockLostError, lockFile } from '../src/index.ts'
import type { LockProcess } from './processes.ts'
import { makeFolder, rewriteOwner, startProcess } from './processes.ts'

/** So long that even a busy machine sends a heartbeat meanwhile. */
const staleMs = 10_000
const isLinux = process.platform === 'linux'
/** Whether this machine lets a test create its own process ID namespace, as a container has. */
const hasContainers = isLinux && spawnSync('unshare', ['-pf', '--mount-proc', 'true']).status === 0

async function startProcesses(count: number): Promise<LockProcess[]> {
  return Promise.all(Array.from({ length: count }, () => startProcess()))
}

test('exactly one of six processes acquires an abandoned lock, in 300 rounds', async () => {
  const folder = await makeFolder()
  const path = join(folder, 'a.lock')
  const processes = await startProcesses(6)
  const holders: number[] = []
  for (let round = 0; round < 300; round++) {
    const replies = await Promise.all(processes.map((one) => one.send({ take: path })))
    expect(replies.filter(({ error }) => error !== undefined)).toEqual([])
    const at = replies.flatMap(({ held }, index) => (held ? index : []))
    expect(at, `round ${round}`).toHaveLength(1)
    holders.push(at[0]!)
    if (round % 10 === 0) {
      await processes[at[0]!]!.kill()
      processes[at[0]!] = await startProcess()
    } else {
      // Equivalent for the other processes, and faster.
      await rewriteOwner(path, { pid: 99_999_999, token: randomBytes(16).toString('hex') })
    }
  }
  expect(new Set(holders).size).toBeGreaterThan(1)
  expect(await readdir(folder)).toEqual(['a.lock'])
})

test('two processes never hold a lock at once, even when they are killed at random moments', async () => {
  const folder = await makeFolder()
  const killed = new Set<number>()
  const seen = { turns: 0 }
  const violations: string[] = []
  const start = (): ReturnType<typeof spawn> => {
    const file = new URL('turns-child.ts', import.meta.url).pathname
    const child = spawn(process.execPath, [file, folder], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    child.on('message', ({ others }: { others: number[] }) => {
      seen.turns++
      violations.push(...others.filter((pid) => !killed.has(pid)).map((pid) => `${child.pid} beside ${pid}`))
    })
    return child
  }
  const children = Array.from({ length: 4 }, start)
  onTestFinished(() => children.forEach((child) => child.kill('SIGKILL')))
  for (let kill = 0; kill < 60; kill++) {
    // Some turns between two kills, however slow the machine is, and a kill at any moment of the next.
    const before = seen.turns
    while (seen.turns < before + 2) await sleep(5)
    await sleep(Math.random() * 60)
    const at = kill % children.length
    killed.add(children[at]!.pid!)
    children[at]!.kill('SIGKILL')
    children[at] = start()
  }
  expect(violations).toEqual([])
  expect(seen.turns).toBeGreaterThan(60)
})

test('a held lock is refused with its holder, and can be acquired after it is released', async () => {
  const path = join(await makeFolder(), 'a.lock')
  const lock = await lockFile(path)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  const error = await lockFile(path).catch((error: unknown) => error as FileLockedError)
  expect(error).toBeInstanceOf(FileLockedError)
  expect(error).toMatchObject({
    name: 'FileLockedError',
    code: 'file-locked',
    path,
    holder: { pid: process.pid, host: hostname(), since: expect.stringMatching(/Z$/) },
    message: expect.stringMatching(
      /is held by process \d+ on .* Wait for that process to finish, or stop it;/,
    ),
  })
  await lock.release()
  await lock.release()
  expect(await readdir(join(path, '..'))).toEqual([])
  await (await lockFile(path)).release()
})

test('the lock of a process that exited without releasing it is taken over immediately', async () => {
  const path = join(await makeFolder(), 'a.lock')
  const [one, other] = await startProcesses(2)
  expect(await one!.send({ take: path })).toMatchObject({ held: true })
  await one!.kill()
  expect(await other!.send({ take: path })).toEqual({ held: true, hasWaited: false })
})

test.runIf(isLinux)('so is that of a killed process that was never reaped', async () => {
  const path = join(await makeFolder(), 'a.lock')
  const lock = await lockFile(path)
  onTestFinished(() => lock.release())
  // A shell that replaces itself with a program that does not reap its children.
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void parent.kill('SIGKILL'))
  const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)))
  const values = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(' ')
  await rewriteOwner(path, { pid, start: values[21] })
  await expect(lockFile(path)).rejects.toThrow(FileLockedError)
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => readFile(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ')
  await expect(lockFile(path)).resolves.toMatchObject({ path })
})

test.runIf(isLinux)(
  'a lock with our own number and host is that of another process when it was started at another time',
  async () => {
    const path = join(await makeFolder(), 'a.lock')
    await lockFile(path)
    await rewriteOwner(path, { start: '1' })
    const onWait = vi.fn()
    const lock = await lockFile(path, { onWait })
    expect(onWait).not.toHaveBeenCalled()
    await lock.release()
  },
)

test.runIf(isLinux)('a holder that is paused keeps its lock, however long', async () => {
  const path = join(await makeFolder(), 'a.lock')
  const [one, other] = await startProcesses(2)
  await one!.send({ take: path, staleMs: 100 })
  one!.child.kill('SIGSTOP')
  await sleep(300)
  expect(await other!.send({ take: path, staleMs: 100 })).toMatchObject({ held: false, hasWaited: false })
  one!.child.kill('SIGCONT')
  expect(await one!.send('check')).toEqual({ held: true })
})

test('a holder elsewhere keeps its lock while it sends heartbeats, and loses it when they stop', async () => {
  const path = join(await makeFolder(), 'a.lock')
  const [one, other, third] = await startProcesses(3)
  await one!.send({ take: path, staleMs })
  // The same process ID, as in two containers whose processes both have ID 1.
  await rewriteOwner(path, { space: 'elsewhere', host: 'elsewhere', pid: other!.pid })
  const refused = await other!.send({ take: path })
  expect(refused).toMatchObject({
    held: false,
    hasWaited: true,
    holder: { pid: other!.pid, host: 'elsewhere' },
  })

  one!.child.kill('SIGSTOP')
  const replies = await Promise.all([other!, third!].map((next) => next.send({ take: path })))
  expect(replies.filter(({ held }) => held)).toHaveLength(1)
  one!.child.kill('SIGCONT')
  await expect.poll(() => one!.send('is-lost')).toEqual({ held: false })
  expect((await one!.send('check')).error).toContain(
    'FileLockLostError: This process no longer holds the lock',
  )
  await one!.send('release')
  const holder = replies[0]!.held ? other! : third!
  expect(await holder.send('check')).toEqual({ held: true })
})

test.runIf(hasContainers)(
  'two containers whose processes both have ID 1 exclude each other, and one that restarts after a kill takes over',
  async () => {
    const path = join(await makeFolder(), 'a.lock')
    const start = (): Promise<LockProcess> =>
      startProcess('unshare', '-pf', '--kill-child', '--mount-proc', '--')
    const [one, other] = [await start(), await start()]
    expect(await one.send({ take: path, staleMs })).toEqual({ held: true, hasWaited: false })
    expect(await other.send({ take: path })).toMatchObject({
      held: false,
      hasWaited: true,
      holder: { pid: 1 },
    })
    await one.kill()
    const restarted = await start()
    expect(await restarted.send({ take: path })).toMatchObject({ held: true })
    expect(await other.send({ take: path })).toMatchObject({ held: false, holder: { pid: 1 } })
  },
)

test('an empty lock file, as while a lock is being created, does not count as abandoned immediately', async () => {
  const path = join(await makeFolder(), 'a.lock')
  await lockFile(path)
  const owner = await readFile(path, 'utf8')
  await writeFile(path, '')
  const onWait = vi.fn(() => writeFileSync(path, owner))
  await expect(lockFile(path, { staleMs, onWait })).rejects.toThrow(FileLockedError)
  expect(onWait).toHaveBeenCalledOnce()
})

test('a lock file that stays empty counts as abandoned, and one of four processes takes it over', async () => {
  const path = join(await makeFolder(), 'a.lock')
  await writeFile(path, '')
  const processes = await startProcesses(4)
  const replies = await Promise.all(processes.map((one) => one.send({ take: path, staleMs: 300 })))
  expect(replies.filter(({ held }) => held)).toHaveLength(1)
})

test('releasing a lock that another process has taken over leaves the lock with that process', async () => {
  const path = join(await makeFolder(), 'a.lock')
  const lock = await lockFile(path)
  await rewriteOwner(path, { token: 'f'.repeat(32) })
  await lock.release()
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ token: 'f'.repeat(32) })
  expect(await readdir(join(path, '..'))).toEqual(['a.lock'])
})

test('a holder whose lock file was deleted is notified', async () => {
  const path = join(await makeFolder(), 'a.lock')
  const lock = await lockFile(path, { staleMs: 100 })
  await rm(path)
  await expect.poll(() => lock.signal.aborted).toBe(true)
  expect(lock.signal.reason).toBeInstanceOf(FileLockLostError)
  await expect(lock.check()).rejects.toThrow(FileLockLostError)
  await lock.release()
})

test('a lock whose new holder was killed during the takeover is taken over as well', async () => {
  const folder = await makeFolder()
  const path = join(folder, 'a.lock')
  const names = ['a', 'b', 'c'].map((digit) => digit.repeat(32))
  await lockFile(path)
  const owner = { ...(JSON.parse(await readFile(path, 'utf8')) as object), pid: 99_999_999 }
  const files = [path, `${path}.${names[0]}`, `${path}.${names[1]}`]
  for (const [at, file] of files.entries())
    await writeFile(file, JSON.stringify({ ...owner, token: names[at] }))
  const processes = await startProcesses(4)
  const replies = await Promise.all(processes.map((one) => one.send({ take: path })))
  expect(replies.filter(({ held }) => held)).toHaveLength(1)
  expect(await readdir(folder)).toEqual(['a.lock'])
})

test('the wait for a heartbeat ends immediately when it is aborted', async () => {
  const path = join(await makeFolder(), 'a.lock')
  await writeFile(path, '')
  const abort = new AbortController()
  const reason = new Error('enough')
  await expect(lockFile(path, { signal: abort.signal, onWait: () => abort.abort(reason) })).rejects.toBe(
    reason,
  )
  expect(await readdir(join(path, '..'))).toEqual(['a.lock'])
})

test('a lock path that is not a file, a missing folder and an invalid `staleMs` are refused', async () => {
  const folder = await makeFolder()
  const path = join(folder, 'a.lock')
  await expect(lockFile(join(folder, 'none', 'a.lock'))).rejects.toMatchObject({ code: 'ENOENT' })
  for (const wrong of [0, 99, 3_600_001, Number.NaN, '1000' as never]) {
    await expect(lockFile(path, { staleMs: wrong })).rejects.toThrow(
      '`staleMs` must be a number from 100 to 3,600,000',
    )
  }
  await symlink(join(folder, 'other'), path)
  await expect(lockFile(path)).rejects.toMatchObject({ code: 'ELOOP' })
  await mkdir(join(folder, 'b.lock'))
  await expect(lockFile(join(folder, 'b.lock'))).rejects.toMatchObject({ code: 'EISDIR' })
  // Opening a pipe would wait for another program.
  if (spawnSync('mkfifo', [join(folder, 'c.lock')]).status === 0)
    await expect(lockFile(join(folder, 'c.lock'))).rejects.toMatchObject({ code: 'EINVAL' })
})

test('a lock with the longest name is acquired, checked, taken over and released', async () => {
  const folder = await makeFolder()
  const path = join(folder, '報'.repeat(85))
  const lock = await lockFile(path)
  await lock.check()
  await rewriteOwner(path, { pid: 99_999_999, token: randomBytes(16).toString('hex') })
  await expect(lock.check()).rejects.toThrow(FileLockLostError)
  const next = await lockFile(path)
  await next.check()
  await lock.release()
  await next.check()
  await next.release()
  expect(await readdir(folder)).toEqual([])
})

test('a lock does not keep its process alive', async () => {
  const path = join(await makeFolder(), 'a.lock')
  const index = new URL('../src/index.ts', import.meta.url).href
  const program = `import { lockFile } from ${JSON.stringify(index)}; await lockFile(${JSON.stringify(path)})`
  expect(
    spawnSync(process.execPath, ['--input-type=module', '-e', program], { timeout: patienceMs }).status,
  ).toBe(0)
})
