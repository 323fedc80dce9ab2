/** Where is the newest refresh token kept? In a file that only its owner can read. */
import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'

import { removeFile, removeLeftovers, replaceFile } from '@devicebatch/files'

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
 * Replaces the token; resolves when it is on disk. Never half-written: the old token stays until the new one is complete.
 * Rejects with `InvalidArgumentError` when the file system fails.
 */
export async function writeRefreshToken(path: string, refreshToken: string): Promise<void> {
  try {
    // Synchronously: of two tokens, the later one must not be written first.
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    await replaceFile(path, `${refreshToken}\n`)
  } catch (error) {
    throw describeFileError(error, `The refresh token file ${path}`, 'cannot be written')
  }
}

/** Deletes the token, and those that killed processes were about to store; returns whether there was one. */
export async function removeRefreshToken(path: string): Promise<boolean> {
  let existed: boolean
  try {
    existed = await removeFile(path)
  } catch (error) {
    throw describeFileError(error, `The refresh token file ${path}`, 'cannot be deleted')
  }
  try {
    await removeLeftovers(path)
  } catch (error) {
    throw describeFileError(error, `A copy of the token next to ${path}`, 'cannot be deleted')
  }
  return existed
}
