/** How is a file written so that it is whole at every moment? */
import { randomBytes } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { lstat, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

import { codeOf, patiently } from './patiently.ts'

/** How {@link replaceFile} writes. */
export interface ReplaceFileOptions {
  /**
   * The permissions of the file, less the process' umask. Default `0o600`: its owner alone reads and writes it. Windows takes
   * the permissions of the folder.
   */
  mode?: number | undefined
}

/** What can be written: a text in UTF-8, bytes, or an iterable of those. */
export type FileContent =
  | string
  | Uint8Array
  | Iterable<string | Uint8Array>
  | AsyncIterable<string | Uint8Array>

/**
 * Puts a file in the place of the one before. Whoever reads it sees the old content or the new one, never a part, whatever
 * happens to the process or the power; when this resolves, the new content is on the disk.
 *
 * The content goes to a new file beside it, which nobody can have planted, and that file takes the name. A symbolic link at
 * `path` is replaced, and what it points to stays as it is. Writes to the same path within this process take turns, in the
 * order of the calls.
 *
 * @param path Where the file is. Its folder must exist.
 * @param content What is to be in it.
 * @param options Its permissions.
 * @returns Rejects with the file system's error, after the new file was removed again: the file is then the old one. With code
 * `'EINVAL'` when there is something else than a file at `path`, such as a folder or a device. Rejects with the error of
 * `content` when that is an iterable and throws.
 */
export function replaceFile(
  path: string,
  content: FileContent,
  options: ReplaceFileOptions = {},
): Promise<void> {
  return inTurn(resolve(path), () => replace(path, content, options))
}

/**
 * Removes a file, after the writes to it that this process has begun.
 *
 * @param path Where the file is. Of a symbolic link, the link is removed.
 * @returns Whether there was one. Rejects with the file system's error.
 */
export function removeFile(path: string): Promise<boolean> {
  return inTurn(resolve(path), async () => {
    try {
      await patiently(() => rm(path))
      return true
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false
      throw error
    }
  })
}

const working = new Map<string, Promise<unknown>>()

async function inTurn<T>(path: string, work: () => Promise<T>): Promise<T> {
  const before = working.get(path)
  // What became of the work before is its caller's business.
  const own = before ? before.then(work, work) : work()
  working.set(path, own)
  try {
    return await own
  } finally {
    if (working.get(path) === own) working.delete(path)
  }
}

async function replace(
  path: string,
  content: FileContent,
  { mode = 0o600 }: ReplaceFileOptions,
): Promise<void> {
  await refuseOtherThanFile(path)
  const temporary = temporaryName(path)
  const file = await open(temporary, 'wx', mode)
  try {
    await fill(file, content)
    await patiently(() => rename(temporary, path))
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

/** A name beside `path` that nobody can foresee, and that is short enough whatever `path` is called. */
export function temporaryName(path: string): string {
  return join(dirname(path), `${basename(path).slice(0, 50)}.${randomBytes(16).toString('hex')}.tmp`)
}

async function fill(file: FileHandle, content: FileContent): Promise<void> {
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** To rename onto `/dev/null` or a pipe would take it away from everybody else. */
async function refuseOtherThanFile(path: string): Promise<void> {
  let found
  try {
    found = await lstat(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  if (found.isFile() || found.isSymbolicLink()) return
  const what = found.isDirectory() ? 'a folder' : 'a device or a pipe'
  throw Object.assign(new Error(`${path} is ${what}, which no file can take the place of. Name a file.`), {
    code: found.isDirectory() ? 'EISDIR' : 'EINVAL',
    syscall: 'rename',
    path,
  })
}

/** So that the new name is on the disk as well. */
async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle
  try {
    folder = await open(path, 'r')
  } catch {
    // Windows writes names by itself and opens no folder; elsewhere a folder may be writable and not readable.
    return
  }
  try {
    await folder.sync()
  } catch (error) {
    // Some network drives cannot.
    if (!['EINVAL', 'ENOTSUP', 'EPERM'].includes(codeOf(error) ?? '')) throw error
  } finally {
    await folder.close()
  }
}
