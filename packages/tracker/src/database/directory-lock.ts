/** PGlite does not detect that another process has its directory open, and two processes would corrupt it. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import type { FileLock } from '@devicebatch/files'
import { FileLockedError, lockFile } from '@devicebatch/files'
import type { PGlite } from '@electric-sql/pglite'

import { DatabaseError } from '../errors.ts'

const otherwise = 'Stop that process, or pass the URL of a PostgreSQL server as `database` in both.'

/**
 * Creates the directory, and gives this process exclusive use of it. Rejects with `DatabaseError` when that fails or another
 * process uses it; the lock of a dead process is taken over.
 */
export async function lockDirectory(directory: string): Promise<FileLock> {
  try {
    await mkdir(join(directory, 'database'), { recursive: true })
    return await lockFile(join(directory, 'process.lock'))
  } catch (error) {
    if (!(error instanceof FileLockedError)) throw unusable(directory, error)
    const { holder } = error
    throw new DatabaseError(
      'in-use',
      `The directory ${directory} is used by ${holder ? `process ${holder.pid} on ${holder.host}` : 'another tracker'}, ` +
        `and only one process at a time can use it. ${otherwise}`,
      error,
    )
  }
}

/** The error for a directory that cannot be created or written; any other error is unchanged. */
function unusable(directory: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === undefined || syscall === undefined) return error
  return new DatabaseError(
    'unreachable',
    `The directory ${directory} cannot be used for the database (${code}). Check its path and permissions, and the space on the disk.`,
    error,
  )
}

/** Blocks every statement once another process has taken over the directory, because that process writes the same files. */
export function guardDatabase(pglite: PGlite, directory: string, { signal }: FileLock): void {
  // Every statement of a query or a transaction passes through here right before it runs.
  const send = pglite.execProtocolRawSync.bind(pglite)
  pglite.execProtocolRawSync = (message) => {
    if (!signal.aborted) return send(message)
    throw new DatabaseError(
      'in-use',
      `The directory ${directory} was taken over by another process while this one was suspended. ${otherwise} ` +
        'The other process continues the unfinished work.',
      signal.reason,
    )
  }
}
