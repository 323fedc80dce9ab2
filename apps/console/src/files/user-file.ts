/** How is a file that the user named written? */
import { constants } from 'node:fs'
import { access, lstat, opendir, realpath, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

import { InvalidArgumentError } from '@devicebatch/client'
import { replaceFile } from '@devicebatch/files'

import { describeFileError } from './file-error.ts'

/**
 * Makes sure that a file can be written. Rejects with `InvalidArgumentError` when its folder is missing or not writable, or when
 * it is a folder.
 *
 * @param option The option that names it.
 */
export async function checkTarget(path: string, option: string): Promise<void> {
  await checkFolder(path, option)
  const existing = await stat(path).catch(() => undefined)
  if (existing?.isDirectory())
    throw new InvalidArgumentError(`${option} ${path} is a folder. Name a file in it.`)
}

/** Makes sure that the folder of a file exists and is writable. */
export async function checkFolder(path: string, option: string): Promise<void> {
  const folder = dirname(resolve(path))
  try {
    await access(folder, constants.W_OK)
    // A file, too, can be writable.
    await (await opendir(folder)).close()
  } catch (error) {
    const subject = option === '--results' ? 'results folder' : 'folder'
    throw describeFileError(
      error,
      `The ${subject} ${folder}`,
      `cannot be written to (choose a file with ${option})`,
    )
  }
}

/** Writes the file, replacing it atomically and with its permissions. Rejects with `InvalidArgumentError` when that fails. */
export async function writeUserFile(
  path: string,
  content: string | AsyncIterable<string>,
  subject: string,
): Promise<void> {
  try {
    // A link, a pipe or a device such as /dev/stdout is written to, not replaced.
    const existing = await lstat(path).catch(() => undefined)
    await (existing && !existing.isFile()
      ? writeFile(path, content)
      : replaceFile(path, content, { mode: existing ? existing.mode & 0o777 : 0o666 }))
  } catch (error) {
    throw describeFileError(error, subject, 'cannot be written')
  }
}

/** The file that a link leads to: replacing it keeps the link, and every process locks the same file. Any other path is unchanged. */
export async function followLink(path: string): Promise<string> {
  const existing = await lstat(path).catch(() => undefined)
  return existing?.isSymbolicLink() ? await realpath(path).catch(() => path) : path
}
