/** What does the user type to go on? */
import { basename, relative } from 'node:path'

/** How this command was started, as a user would type it again. */
export function commandName(
  env: Readonly<Record<string, string | undefined>>,
  script: string,
  cwd: string,
): string {
  // Set by npx, and by npm for the scripts of a package.
  if (env.npm_command !== undefined) return 'npx devicebatch'
  return basename(script) === 'main.ts' ? `node ${quote(relative(cwd, script))}` : 'devicebatch'
}

/** A command with its arguments and options, as a user would type it; options that are undefined are left out. */
export function commandLine(
  command: string,
  words: readonly string[],
  options: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const flags = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined || value === false) return []
    return value === true ? [`--${name}`] : [`--${name}`, quote(String(value))]
  })
  return [command, ...words.map(quote), ...flags].join(' ')
}

/** The word so that a shell takes it as one. Windows has shells that know no single quotes. */
function quote(word: string): string {
  if (/^[\w./:@%+=,\\-]+$/.test(word) && !(word.includes('\\') && process.platform !== 'win32')) return word
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
