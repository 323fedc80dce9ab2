/** Do two paths refer to the same file? */
import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

import { codeOf } from './patiently.ts'

/**
 * Whether two paths refer to the same file, directly or through links, by device and inode. For files that do not exist yet,
 * the folders are compared, and the names without regard to case, since some file systems ignore it.
 *
 * @returns Rejects with the file system's error when the comparison is not possible.
 */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([identify(one), identify(other)])
  return first === second
}

async function identify(path: string): Promise<string> {
  try {
    const { dev, ino } = await stat(path, { bigint: true })
    return `${dev}:${ino}`
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) throw error
  }
  const absolute = resolve(path)
  const folder = await realpath(dirname(absolute)).catch(() => dirname(absolute))
  return join(folder, basename(absolute)).toLowerCase()
}
