/** What does the user type to continue? */
import { basename, relative } from 'node:path'

/** How this command was started, as a user would type it again. */
export function commandName(
  env: Readonly<Record<string, string | undefined>>,
  script: string,
  cwd: string,
): string {
  // npm sets it for npx and for package scripts.
  const isNpm = env.npm_command !== undefined
  const isClone = basename(script) === 'main.ts'
  if (isClone) return isNpm ? 'npm run devicebatch --' : `node ${quote(relative(cwd, script))}`
  return isNpm ? 'npx devicebatch' : 'devicebatch'
}

/** Options by their names without dashes. */
export type CommandLineOptions = Readonly<Record<string, string | number | boolean | undefined>>

/** A command with its arguments and options, as a user would type it; undefined options are omitted. */
export function commandLine(command: string, words: readonly string[], options: CommandLineOptions): string {
  const flags = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined || value === false) return []
    return value === true ? [`--${name}`] : [`--${name}`, quote(String(value))]
  })
  return [command, ...words.map(quote), ...flags].join(' ')
}

/** Quotes a word for a shell. Some shells of Windows do not support single quotes. */
function quote(word: string): string {
  if (/^[\w./:@%+=,\\-]+$/.test(word) && !(word.includes('\\') && process.platform !== 'win32')) return word
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
