/** What survives the process of an upload: its requests, their ids, and how the service responded. */
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'

import { moveFile, removeFile, replaceFile } from '@devicebatch/files'

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

/** Deletes the journal of an upload that sent nothing. */
export async function removeJournal(path: string): Promise<void> {
  await removeFile(path)
}

/** Renames a journal that is no longer needed to a free name with the time of its upload; returns that name. */
export async function setJournalAside(path: string, { startedAt }: Journal): Promise<string> {
  const extension = extname(path)
  const time = startedAt.replaceAll(/[-:]|\.\d+/g, '')
  const stem = `${path.slice(0, path.length - extension.length)}.${time}`
  for (let number = 1; ; number++) {
    const aside = `${stem}${number > 1 ? `-${number}` : ''}${extension}`
    try {
      if (await moveFile(path, aside)) return aside
    } catch (error) {
      throw describeFileError(error, `The journal ${path}`, `cannot be renamed to ${aside}`)
    }
  }
}
