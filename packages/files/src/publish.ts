/** How does one process, and only one, publish a file under a name? */
import { constants } from 'node:fs'
import { copyFile, link } from 'node:fs/promises'

import { codeOf, patiently } from './patiently.ts'

/** The errors of file systems without hard links, such as exFAT and some network drives. */
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
 * Makes the content of the file `from` available under the name `to`; of any number of processes that try at once, one
 * succeeds. A reader that finds the name finds the whole content, except where the file system has no hard links.
 *
 * @returns Whether it succeeded; `false` when a file with that name exists. Rejects with the file system's error.
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
