/** Does a file that the command writes also have another use? Then writing it would destroy what it is for. */
import { resolve } from 'node:path'

import { InvalidArgumentError } from '@devicebatch/client'
import { isSameFile } from '@devicebatch/files'

import { defaultJournalPath } from '../journal/journal.ts'

/** A text that the user typed, with the name of its option; an argument has none. */
export type TypedText = readonly [option: string, text: string]

/** The options that name a file to write, and whose files they must not be: any other, or only that of these options. */
const written: Readonly<Record<string, readonly string[] | 'any'>> = {
  output: 'any',
  record: 'any',
  // What else they must not replace depends on the command.
  results: ['envFile'],
  journal: ['envFile'],
}

/** Rejects with `InvalidArgumentError` when a file to write is one that the command uses for something else. */
export async function checkUsedFiles(typed: readonly TypedText[], cwd: string): Promise<void> {
  for (const one of typed) {
    const [option, path] = one
    const others = Object.hasOwn(written, option) ? written[option]! : []
    for (const other of typed) {
      if (other === one || !(others === 'any' || others.includes(other[0]))) continue
      for (const used of [other[1], defaultJournalPath(other[1])]) {
        if (!(await isSameFile(resolve(cwd, path), resolve(cwd, used)).catch(() => false))) continue
        throw new InvalidArgumentError(
          `--${option} ${path} is a file that this command uses. Name another file.`,
        )
      }
    }
  }
}
