/** How does a file appear under a name, once for all processes? */
import { constants } from 'node:fs'
import { copyFile, link } from 'node:fs/promises'

import { codeOf, patiently } from './patiently.ts'

/** What file systems without hard links answer, such as exFAT and some network drives. */
const withoutLinks: ReadonlySet<unknown> = new Set([
  'EPERM',
  'EACCES',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EISDIR',
])

/**
 * Gives the content of the file `from` the name `to` as well; of any number of processes that do so at once, one succeeds.
 * Whoever finds the name finds the whole content, except where the file system has no hard links.
 *
 * @returns Whether it did; `false` when there is a file with that name. Rejects with the file system's error.
 */
export async function publish(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    if (!withoutLinks.has(codeOf(error))) throw error
  }
  try {
    await patiently(() => copyFile(from, to, constants.COPYFILE_EXCL))
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}
