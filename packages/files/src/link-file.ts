/** How does a file get a second name without replacing another file? */
import { publish } from './publish.ts'

/**
 * Gives a file a second name in the same file system, and never replaces an existing file. Replacing the file under one of its
 * names with {@link replaceFile} leaves the other name as it is.
 *
 * @param from The file. A symbolic link is itself linked.
 * @param to Its second name: a hard link or, where the file system has none, a copy.
 * @returns Whether the file got the name: `false` when a file with that name exists, and nothing changed. Rejects with the file
 * system's error.
 */
export function linkFile(from: string, to: string): Promise<boolean> {
  return publish(from, to)
}
