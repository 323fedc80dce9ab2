/** PGlite does not see that another process has its directory open, and two of them would destroy it. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import type { FileLock } from '@devicebatch/files'
import { FileLockedError, lockFile } from '@devicebatch/files'
import type { PGlite } from '@electric-sql/pglite'

import { DatabaseError } from '../errors.ts'

const otherwise = 'Stop that one, or give both the URL of a PostgreSQL server as `database`.'

/**
 * Makes this process the only one to use the directory. Rejects with `DatabaseError` when another one does; what a process
 * that is gone left behind is taken over.
 */
export async function lockDirectory(directory: string): Promise<FileLock> {
  await mkdir(directory, { recursive: true })
  try {
    return await lockFile(join(directory, 'process.lock'))
  } catch (error) {
    if (!(error instanceof FileLockedError)) throw error
    const { holder } = error
    throw new DatabaseError(
      'in-use',
      `The directory ${directory} is used by ${holder ? `process ${holder.pid} on ${holder.host}` : 'another tracker'}, ` +
        `and only one process at a time can. ${otherwise}`,
      { cause: error },
    )
  }
}

/** Lets no statement through once another process has the directory: that one writes the same files. */
export function guardDatabase(pglite: PGlite, directory: string, { signal }: FileLock): void {
  // Every statement of a query or a transaction passes here, right before it is carried out.
  const send = pglite.execProtocolRawSync.bind(pglite)
  pglite.execProtocolRawSync = (message) => {
    if (!signal.aborted) return send(message)
    throw new DatabaseError(
      'in-use',
      `The directory ${directory} was taken over by another process while this one did not run. ${otherwise} ` +
        'What this one did not finish, the other one continues.',
      { cause: signal.reason },
    )
  }
}
