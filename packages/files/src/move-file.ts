/** How is a file renamed without replacing another file? */
import { rm } from 'node:fs/promises'

import { publish } from './publish.ts'

/**
 * Renames a file within the same file system, and never replaces an existing file.
 *
 * @param from The file. A symbolic link is itself renamed.
 * @param to Its new name.
 * @returns Whether the file was renamed: `false` when a file with that name exists, and nothing changed. Rejects with the file
 * system's error.
 */
export async function moveFile(from: string, to: string): Promise<boolean> {
  if (!(await publish(from, to))) return false
  await rm(from)
  return true
}
