/** Child processes that acquire locks, and a folder for them. */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { onTestFinished } from 'vitest'

import type { Command, Reply } from './lock-child.ts'

/** A separate folder for the files of a test. */
export async function makeFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'devicebatch-files-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** A process that acquires a lock on command. */
export interface LockProcess {
  child: ChildProcess
  pid: number
  send(command: Command): Promise<Reply>
  /** Kills it without letting it clean up; resolves when it is gone. */
  kill(): Promise<void>
}

const file = fileURLToPath(new URL('lock-child.ts', import.meta.url))

/** Starts one; `wrapper` is the command that runs it, with the arguments before it. */
export async function startProcess(...wrapper: string[]): Promise<LockProcess> {
  const [program, ...args] = [...wrapper, process.execPath, file]
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const closed = once(child, 'exit')
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await closed
  }
  onTestFinished(kill)
  await once(child, 'message')
  return {
    child,
    pid: child.pid!,
    async send(command) {
      const reply = once(child, 'message') as Promise<[Reply]>
      child.send(command)
      return (await reply)[0]
    },
    kill,
  }
}

/** Changes the content of a lock file as if another process held it, and keeps its token. */
export async function rewriteOwner(path: string, change: object): Promise<void> {
  const owner = JSON.parse(await readFile(path, 'utf8')) as object
  await writeFile(path, JSON.stringify({ ...owner, ...change }))
}
