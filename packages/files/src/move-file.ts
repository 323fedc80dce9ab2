/** How does a file get a name of its own, without taking another file's? */
import { rm } from 'node:fs/promises'

import { publish } from './publish.ts'

/**
 * Gives a file another name in the same folder or the same file system, and never replaces a file that has that name.
 *
 * @param from The file. Of a symbolic link, the link itself gets the name.
 * @param to Its new name.
 * @returns Whether the file has it now: `false` when there is a file with that name, and nothing was done. Rejects with the
 * file system's error.
 */
export async function moveFile(from: string, to: string): Promise<boolean> {
  if (!(await publish(from, to))) return false
  await rm(from)
  return true
}
