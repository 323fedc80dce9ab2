/** Which commands do our programs and documents tell people to type? */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A command as it is written somewhere, with the rest of its line. */
export interface WrittenCommand {
  /** `file:line`. */
  where: string
  words: string[]
}

const read = ['*.md', '*.yml', 'apps/*/src/**', 'packages/*/src/**']
/** Generated from the others. */
const skipped = ['docs/api/**', '**/CHANGELOG.md']

/**
 * The commands of `program` in tracked files: in code, after a quotation mark, at the start of a line, or after a colon or a
 * prompt. Prose that only mentions the name does not match.
 *
 * @param program A regular expression for its name, and for `npx` before it.
 */
export function writtenCommands(root: string, program: string): WrittenCommand[] {
  const named = new RegExp(String.raw`(?:^\s*|["'\`(]|:\s+|\$ )(${program})(?=$| [a-z-]|\`)([^\`\n]*)`, 'g')
  return trackedFiles(root).flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        [...line.matchAll(named)].map(([, command = '', rest = '']) => ({
          where: `${file}:${index + 1}`,
          words: `${command}${rest}`.split(/\s+/).map((word) => word.replace(/["'.,;:)]+$/, '')),
        })),
      ),
  )
}

function trackedFiles(root: string): string[] {
  const patterns = [...read, ...skipped.map((pattern) => `:(exclude,glob)${pattern}`)]
  const listed = execFileSync('git', ['ls-files', '-z', '--', ...patterns], { cwd: root, encoding: 'utf8' })
  return listed.split('\0').filter((file) => file && existsSync(join(root, file)))
}
