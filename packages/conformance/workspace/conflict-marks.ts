/** Which files still have the marks of a merge conflict? */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * As git writes them, and as a formatter leaves them in Markdown: indented, with `>` as quotes, or as the cell of a table. A line of
 * `=` can also underline a heading, so only a whole cell counts.
 */
const marks = [
  /^[\s|]*<{7}(\s|$)/,
  /^[\s|]*\|{7}(\s|$)/,
  /^[\s|]*>{7}(\s|$)/,
  /^\s*(> ?){7}(\s|\w|$)/,
  /^\s*\|\s*={7}\s*\|/,
  /^={7}\s*$/,
]

/** Each mark in a tracked file of the repository `root`, as `file:line: text`. */
export function findConflictMarks(root: string): string[] {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  return files
    .split('\0')
    .filter(Boolean)
    .flatMap((file) => marksIn(file, readIfThere(join(root, file))))
}

function marksIn(file: string, text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      marks.some((mark) => mark.test(line)) ? [`${file}:${index + 1}: ${line}`] : [],
    )
}

/** A deleted file stays tracked until the deletion is committed. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
