/** Acquires and releases locks on its parent's commands. */
import { flushCompileCache } from 'node:module'

import type { FileLock, LockHolder } from '../src/index.ts'
import { FileLockedError, lockFile } from '../src/index.ts'

export type Command = { take: string; staleMs?: number } | 'release' | 'check' | 'is-lost'

export interface Reply {
  held?: boolean
  holder?: LockHolder | undefined
  hasWaited?: boolean
  error?: string
}

let lock: FileLock | undefined

async function obey(command: Command): Promise<Reply> {
  if (command === 'release') {
    await lock!.release()
    return { held: false }
  }
  if (command === 'check') {
    await lock!.check()
    return { held: true }
  }
  if (command === 'is-lost') return { held: !lock!.signal.aborted }
  let hasWaited = false
  try {
    lock = await lockFile(command.take, { staleMs: command.staleMs, onWait: () => (hasWaited = true) })
    return { held: true, hasWaited }
  } catch (error) {
    if (!(error instanceof FileLockedError)) throw error
    return { held: false, holder: error.holder, hasWaited }
  }
}

process.on('message', (command: Command) => {
  void obey(command)
    .catch((error: unknown) => ({ error: String(error) }))
    .then((reply) => process.send!(reply))
})
process.on('disconnect', () => process.exit())
// A process that is killed would leave nothing of what it compiled to the next.
flushCompileCache()
process.send!({})
