/** Two processes must not go on with the same upload: each would send what the other sends. */
import { open, readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'

import { InvalidArgumentError } from '@devicebatch/client'

import { describeFileError } from '../files/file-error.ts'

/**
 * Takes the journal for this process, and returns what gives it back. What a process left behind that is gone is taken over.
 * Rejects with `InvalidArgumentError` when another one is at work.
 */
export async function lockJournal(journal: string): Promise<() => Promise<void>> {
  const path = `${journal}.lock`
  for (let attempt = 0; ; attempt++) {
    try {
      const file = await open(path, 'wx')
      await file.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }))
      await file.close()
      return () => rm(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw describeFileError(
          error,
          `The journal ${journal}`,
          'cannot be written (choose another place with --journal)',
        )
      }
    }
    const owner = await readOwner(path)
    if (attempt > 0 || isAtWork(owner)) {
      throw new InvalidArgumentError(
        `Another devicebatch (process ${owner?.pid ?? 'unknown'} on ${owner?.host ?? 'an unknown machine'}) is at work on this upload. ` +
          `Wait for it or end it. If there is none, delete ${path}.`,
      )
    }
    await rm(path, { force: true })
  }
}

interface Owner {
  pid: number
  host: string
}

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Owner
  } catch {
    return undefined
  }
}

/** Whether the process lives; of another machine nobody knows, and without a name it died while it wrote. */
function isAtWork(owner: Owner | undefined): boolean {
  if (!owner) return false
  if (owner.host !== hostname()) return true
  try {
    process.kill(owner.pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
