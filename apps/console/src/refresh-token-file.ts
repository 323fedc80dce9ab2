/** Where is the newest refresh token kept? In a file that its owner alone can read. */
import { readFile, rename, writeFile } from 'node:fs/promises'

import { InvalidArgumentError } from '@devicebatch/client'

import { describeFileError } from './file-error.ts'

/** A refresh token that is replaced now and then. */
export interface KeptRefreshToken {
  refreshToken: string
  /** Puts a new token in the place of the old one; resolves when it is on disk. */
  onRefreshToken(refreshToken: string): Promise<void>
}

/**
 * Reads the token that is to be used.
 *
 * @param path The file; it need not exist yet.
 * @param first The token to begin with; the file's own wins over it, since it is newer.
 * Rejects with `InvalidArgumentError` when there is no token, or the file cannot be read.
 */
export async function keepRefreshToken(path: string, first: string | undefined): Promise<KeptRefreshToken> {
  const refreshToken = (await readToken(path)) ?? first
  if (refreshToken === undefined) {
    throw new InvalidArgumentError(
      `DEVICEBATCH_REFRESH_TOKEN_FILE ${path} holds no refresh token yet. Set DEVICEBATCH_REFRESH_TOKEN to the one of your sign-in.`,
    )
  }
  return {
    refreshToken,
    async onRefreshToken(next) {
      // Never half-written: the old token stays until the new one is complete.
      const partial = `${path}.${process.pid}.tmp`
      try {
        await writeFile(partial, `${next}\n`, { mode: 0o600 })
        await rename(partial, path)
      } catch (error) {
        throw describeFileError(error, `DEVICEBATCH_REFRESH_TOKEN_FILE ${path}`, 'cannot be written')
      }
    },
  }
}

async function readToken(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim() || undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw describeFileError(error, `DEVICEBATCH_REFRESH_TOKEN_FILE ${path}`, 'cannot be read')
  }
}
