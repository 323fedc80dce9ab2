/** Which folders of sources hold more files than a reader can take in? */
import { execFileSync } from 'node:child_process'
import { dirname } from 'node:path'

/** How many files a folder may hold. */
export const mostFiles = 16

/** Data: a file for each language. */
const data = ['apps/dashboard/src/messages']

/** Each folder in a `src` of the repository `root` that holds more, as `folder: 17 files`; files that are ignored do not count. */
export function findCrowdedFolders(root: string): string[] {
  const listing = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']
  const files = execFileSync('git', listing, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean)
  const gone = new Set(
    execFileSync('git', ['ls-files', '-z', '--deleted'], { cwd: root, encoding: 'utf8' }).split('\0'),
  )
  const counts = new Map<string, number>()
  for (const file of files) {
    const folder = dirname(file)
    if (gone.has(file) || !folder.split('/').includes('src') || data.includes(folder)) continue
    counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  return [...counts].flatMap(([folder, count]) => (count > mostFiles ? [`${folder}: ${count} files`] : []))
}
