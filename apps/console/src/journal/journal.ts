/** What survives the process of an upload: its requests, their IDs, and how the service responded. */
import { readFile, rename } from 'node:fs/promises'
import { extname } from 'node:path'

import { linkFile, removeFile, replaceFile } from '@devicebatch/files'

import { describeFileError } from '../files/file-error.ts'
import type { Journal } from './check.ts'
import { parseJournal } from './check.ts'

/** The default journal, next to the device file. */
export function defaultJournalPath(deviceFile: string): string {
  return `${deviceFile}.devicebatch.json`
}

/** Reads a journal; `undefined` if there is none. Rejects with `InvalidArgumentError` if the file is not a journal. */
export async function readJournal(path: string): Promise<Journal | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw describeFileError(error, `The journal ${path}`, 'cannot be read')
  }
  return parseJournal(text, path)
}

/**
 * Replaces the journal atomically, even if the process is killed or the power fails. It is on disk when this resolves. Rejects with
 * `InvalidArgumentError` when the file system fails.
 */
export async function writeJournal(path: string, journal: Journal): Promise<void> {
  try {
    await replaceFile(path, `${JSON.stringify(journal)}\n`)
  } catch (error) {
    throw describeFileError(
      error,
      `The journal ${path}`,
      'cannot be written (choose another place with --journal)',
    )
  }
}

/**
 * Gives a journal that is about to be replaced a second, free name with the time of its upload; returns that name. Until it is
 * replaced, the journal also keeps its own name, whatever happens to this process.
 */
export async function keepJournal(path: string, { startedAt }: Journal): Promise<string> {
  const extension = extname(path)
  const time = startedAt.replaceAll(/[-:]|\.\d+/g, '')
  const stem = `${path.slice(0, path.length - extension.length)}.${time}`
  for (let number = 1; ; number++) {
    const aside = `${stem}${number > 1 ? `-${number}` : ''}${extension}`
    try {
      if (await linkFile(path, aside)) return aside
    } catch (error) {
      throw describeFileError(error, `The journal ${path}`, `cannot be kept as ${aside}`)
    }
  }
}

/** Undoes {@link keepJournal}: the earlier journal has only its own name again, even if another journal has replaced it. */
export async function restoreJournal(path: string, aside: string): Promise<void> {
  await rename(aside, path)
  // Renaming one name of a file to its other name does nothing.
  await removeFile(aside)
}
