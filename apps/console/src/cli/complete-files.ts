/** Which files match what was typed so far? Shell completion leaves this to the program. */
import { readdirSync } from 'node:fs'

import type { RootCommand } from '@bomb.sh/tab'

/** The options that name a file. */
const fileOptions = new Set([
  'results',
  'journal',
  'csv',
  'output',
  'record',
  'env-file',
  'directory',
  'url-file',
  'secret-file',
])

/** Completes the `file` arguments, and the options that name a file, with file names. */
export function completeFiles(completion: RootCommand, args: readonly string[]): void {
  const offerFiles = (complete: (value: string, description: string) => void): void => {
    for (const name of filesLike(args.at(-1) ?? '')) complete(name, '')
  }
  for (const command of completion.commands.values()) {
    for (const argument of command.arguments.values())
      if (argument.name === 'file') argument.handler = offerFiles
    for (const option of command.options.values())
      if (!option.isBoolean && fileOptions.has(option.value)) option.handler = offerFiles
  }
}

/** The files and folders in the folder of the word; nothing if it cannot be read. */
function filesLike(word: string): string[] {
  const folder = folderOf(word)
  // Keeps the separator that the user typed.
  const separator = folder.endsWith('\\') ? '\\' : '/'
  try {
    const entries = readdirSync(folder === '' ? '.' : folder, { withFileTypes: true })
    return entries.map((entry) => `${folder}${entry.name}${entry.isDirectory() ? separator : ''}`)
  } catch {
    return []
  }
}

/** The part of a path up to its last separator; on Windows that can be `\`, or the colon of a drive. */
export function folderOf(word: string, platform: string = process.platform): string {
  const folder = platform === 'win32' ? /^(?:.*[\\/]|[a-z]:)/i : /^.*\//
  return folder.exec(word)?.[0] ?? ''
}
