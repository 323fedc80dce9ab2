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

/** What it takes to look at an upload later. */
export interface ResumeOptions {
  customer: string
  csv?: string | undefined
  results?: string | undefined
  encoding?: string | undefined
  emulator?: string | undefined
}

/** The command that goes on waiting for an upload; paths as the user gave them. */
export function resumeCommand(command: string, batchTrackingId: string, options: ResumeOptions): string {
  const { customer, csv, results, encoding, emulator } = options
  const flags = Object.entries({ customer, csv, results, encoding, emulator })
  return [
    `${command} watch ${batchTrackingId}`,
    ...flags.flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${quote(value)}`])),
  ].join(' ')
}

/** The word so that a shell takes it as one. Windows has shells that know no single quotes. */
function quote(word: string): string {
  if (/^[\w./:@%+=,\\-]+$/.test(word) && !(word.includes('\\') && process.platform !== 'win32')) return word
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
