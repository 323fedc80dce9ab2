/** Which source folders have more files than a reader can take in, and which files do not say what they are for? */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** How many files a folder may have. */
export const mostFiles = 16

/** Data: a file for each language. */
const data = ['apps/dashboard/src/messages']

/** Generated, as its own comment says. */
const generated = ['packages/contract/src/openapi.ts']

/** Each folder in a `src` of the repository `root` that has more, as `folder: 17 files`; ignored files do not count. */
export function findCrowdedFolders(root: string): string[] {
  const counts = new Map<string, number>()
  for (const folder of listSources(root).map((file) => dirname(file))) {
    if (!data.includes(folder)) counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  return [...counts].flatMap(([folder, count]) => (count > mostFiles ? [`${folder}: ${count} files`] : []))
}

/** Each TypeScript file in a `src` that does not begin with a comment about the whole file; a formatter may move it below an import. */
export function findFilesWithoutComment(root: string): string[] {
  return listSources(root).filter(
    (file) =>
      file.endsWith('.ts') &&
      !generated.includes(file) &&
      !/^(#!.*\n)?\/\*\*/.test(readFileSync(join(root, file), 'utf8')),
  )
}

/** Every file in a `src` that git tracks or would add. */
function listSources(root: string): string[] {
  const list = (...options: string[]): string[] =>
    execFileSync('git', ['ls-files', '-z', ...options], { cwd: root, encoding: 'utf8' }).split('\0')
  const gone = new Set(list('--deleted'))
  return list('--cached', '--others', '--exclude-standard', '--deduplicate').filter(
    (file) => dirname(file).split('/').includes('src') && !gone.has(file),
  )
}
