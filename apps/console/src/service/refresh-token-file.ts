/** Where is the newest refresh token kept? In a file that its owner alone can read. */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

import { describeFileError } from '../files/file-error.ts'

/** Reads the token; `undefined` when there is none. Rejects with `InvalidArgumentError` when the file cannot be read. */
export async function readRefreshToken(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim() || undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw describeFileError(error, `The refresh token file ${path}`, 'cannot be read')
  }
}

/**
 * Puts a token in the place of the one before; resolves when it is on the disk. Never half-written: the old token stays until
 * the new one is complete. Rejects with `InvalidArgumentError` when the system refuses.
 */
export async function writeRefreshToken(path: string, refreshToken: string): Promise<void> {
  const partial = `${path}.${process.pid}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const file = await open(partial, 'w', 0o600)
    try {
      await file.writeFile(`${refreshToken}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(partial, path)
  } catch (error) {
    throw describeFileError(error, `The refresh token file ${path}`, 'cannot be written')
  }
}

/** Takes the token away; returns whether there was one. */
export async function removeRefreshToken(path: string): Promise<boolean> {
  try {
    await rm(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw describeFileError(error, `The refresh token file ${path}`, 'cannot be deleted')
  }
}
