/** Which process may open the directory of an embedded database? Tested with processes, some in separate containers. */
import type { ChildProcess } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, onTestFinished, test } from 'vitest'

import { fastEmulator, freshDatabase, isServer, trackerOn } from '../helpers.ts'

const child = fileURLToPath(new URL('directory-child.ts', import.meta.url))
/** A process with ID 1, as in a container. */
const container = ['unshare', '-pf', '--kill-child', '--mount-proc', '--']
const hasContainers =
  process.platform === 'linux' && spawnSync('unshare', ['-pf', '--mount-proc', 'true']).status === 0

async function freshDirectory(): Promise<string> {
  return ((await freshDatabase()) as { directory: string }).directory
}

interface Opener {
  child: ChildProcess
  /** `open`, or the code of the error. */
  result: string
  kill(): Promise<void>
}

async function open(directory: string, ...wrapper: string[]): Promise<Opener> {
  const [program, ...args] = [...wrapper, process.execPath, child, directory]
  const opener = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(opener, 'exit')
  const kill = async (): Promise<void> => {
    opener.kill('SIGKILL')
    await exit
  }
  onTestFinished(kill)
  const result = String(await new Promise((resolve) => opener.stdout.once('data', resolve))).trim()
  return { child: opener, result, kill }
}

/** Changes the lock as another process would. */
async function changeLock(directory: string, change: object): Promise<void> {
  const path = join(directory, 'process.lock')
  await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...change }))
}

describe.runIf(!isServer)('the directory', () => {
  test('of a killed process is opened by exactly one of four that start at once', async () => {
    const directory = await freshDirectory()
    const first = await open(directory)
    expect(first.result).toBe('open')
    await first.kill()
    const results = await Promise.all(Array.from({ length: 4 }, async () => (await open(directory)).result))
    expect(results.toSorted()).toEqual(['in-use', 'in-use', 'in-use', 'open'])
  })

  test.runIf(hasContainers)(
    'of a container is refused to another container, and to a process outside',
    async () => {
      const directory = await freshDirectory()
      // ID 2, which is not a process of the other container.
      expect((await open(directory, ...container, 'sh', '-c', '"$@"; exit', 'sh')).result).toBe('open')
      expect((await open(directory, ...container)).result).toBe('in-use')
      expect((await open(directory)).result).toBe('in-use')
    },
  )

  test.runIf(hasContainers)(
    'of a container that was killed is opened by the one that is started again',
    async () => {
      const directory = await freshDirectory()
      const first = await open(directory, ...container)
      await first.kill()
      await changeLock(directory, { staleMs: 500 })
      expect((await open(directory, ...container)).result).toBe('open')
    },
  )

  test('that another process has taken over is no longer written to', async () => {
    const directory = await freshDirectory()
    const tracker = trackerOn({ directory }, fastEmulator())
    await tracker.applyRetention()
    await changeLock(directory, { token: 'f'.repeat(32) })
    await expect.poll(() => tracker.getTotals().catch(String)).toContain('was taken over by another process')
    await expect(tracker.getTotals()).rejects.toMatchObject({ name: 'DatabaseError', reason: 'in-use' })
    await tracker.close()
    expect(await readFile(join(directory, 'process.lock'), 'utf8')).toContain('ffff')
  })
})
