/** How is a file replaced so that readers never see a partial version? */
import { randomBytes } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { lstat, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

import { codeOf, patiently } from './patiently.ts'

/** How {@link replaceFile} writes. */
export interface ReplaceFileOptions {
  /**
   * The permissions of the file, minus the process's umask. Default `0o600`: only its owner can read and write it. Windows uses
   * the permissions of the folder.
   */
  mode?: number | undefined
}

/** What can be written: text (as UTF-8), bytes, or an iterable of those. */
export type FileContent =
  | string
  | Uint8Array
  | Iterable<string | Uint8Array>
  | AsyncIterable<string | Uint8Array>

/**
 * Replaces a file atomically. Readers see either the old content or the new content, never a mix, even if the process is killed
 * or the power fails; when the promise resolves, the new content is on disk.
 *
 * The content goes to a new file next to it, under a name that cannot be predicted, and that file is renamed into place. A
 * symbolic link at `path` is replaced, and the file it points to stays unchanged. Within this process, writes to the same path
 * run one at a time, in the order of the calls.
 *
 * @param path The path of the file. Its folder must exist.
 * @param content The new content.
 * @param options Its permissions.
 * @returns Rejects with the file system's error after removing the new file: the old file stays. The code is `'EISDIR'` when
 * `path` is a folder and `'EINVAL'` when it is a device or a pipe. Rejects with the error of `content` when that is an iterable
 * and throws.
 */
export function replaceFile(
  path: string,
  content: FileContent,
  options: ReplaceFileOptions = {},
): Promise<void> {
  return inTurn(resolve(path), () => replace(path, content, options))
}

/**
 * Removes a file after any writes to it that this process has already started.
 *
 * @param path The path of the file. If it is a symbolic link, the link is removed.
 * @returns Whether the file existed. Rejects with the file system's error.
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

/** A write that has not continued for this long was killed, in milliseconds. */
const abandonedMs = 60_000

/**
 * Removes what killed processes left next to a file while they replaced it. Leaves alone what was written to within the last
 * minute, because its writer may be alive, and what may belong to another file, as with names of more than 50 characters.
 *
 * @param path The path of the file, which need not exist.
 * @returns Rejects with the file system's error.
 */
export async function removeLeftovers(path: string): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)]
  if (name.length > longestName) return
  for (const entry of await orMissing(readdir(folder), [])) {
    const isLeftover = entry.startsWith(`${name}.`) && /^[\da-f]{32}\.tmp$/.test(entry.slice(name.length + 1))
    if (!isLeftover) continue
    const found = await orMissing(lstat(join(folder, entry)), undefined)
    if (found && Date.now() - found.mtimeMs > abandonedMs) await rm(join(folder, entry), { force: true })
  }
}

async function orMissing<T, Other>(reading: Promise<T>, other: Other): Promise<T | Other> {
  return await reading.catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return other
    throw error
  })
}

const working = new Map<string, Promise<unknown>>()

async function inTurn<T>(path: string, work: () => Promise<T>): Promise<T> {
  const before = working.get(path)
  // The caller of the earlier write handles its failure.
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

/** An unpredictable name next to `path`. */
export function temporaryName(path: string): string {
  return nameBeside(path, `${randomBytes(16).toString('hex')}.tmp`)
}

const longestName = 50

/** A name next to `path` with a unique `ending`, short enough however long the name of `path` is: a longer one is cut off at `~`. */
export function nameBeside(path: string, ending: string): string {
  const name = basename(path)
  const start = name.length > longestName ? `${name.slice(0, longestName - 1)}~` : name
  return join(dirname(path), `${start}.${ending}`)
}

async function fill(file: FileHandle, content: FileContent): Promise<void> {
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Renaming onto `/dev/null` or a pipe would remove it for every other program, and opening a pipe would wait for one. */
export async function refuseOtherThanFile(path: string): Promise<void> {
  let found
  try {
    found = await lstat(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  if (found.isFile() || found.isSymbolicLink()) return
  const what = found.isDirectory() ? 'a folder' : 'a device or a pipe'
  throw Object.assign(
    new Error(`${path} is ${what}, which cannot be replaced by a file. Pass the path of a file.`),
    {
      code: found.isDirectory() ? 'EISDIR' : 'EINVAL',
      syscall: 'rename',
      path,
    },
  )
}

/** Puts the new name on disk as well. */
async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle
  try {
    folder = await open(path, 'r')
  } catch {
    // Windows persists names itself and cannot open folders; elsewhere a folder may be writable but not readable.
    return
  }
  try {
    await folder.sync()
  } catch (error) {
    // Some network drives do not support it.
    if (!['EINVAL', 'ENOTSUP', 'EPERM'].includes(codeOf(error) ?? '')) throw error
  } finally {
    await folder.close()
  }
}
