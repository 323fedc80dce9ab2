/** What of an upload outlives the process: which requests went, under which ids, and how the service answered. */
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'

import { moveFile, removeFile, replaceFile } from '@devicebatch/files'

import { describeFileError } from '../files/file-error.ts'
import type { Journal } from './check.ts'
import { parseJournal } from './check.ts'

/** The file beside the device file. */
export function defaultJournalPath(deviceFile: string): string {
  return `${deviceFile}.devicebatch.json`
}

/** Reads a journal; `undefined` when there is none. Rejects with `InvalidArgumentError` when the file is something else. */
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
 * Puts a journal in the place of the one before. It is on the disk when this resolves, whole or not at all, whatever happens
 * to the process or the power. Rejects with `InvalidArgumentError` when the system refuses.
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

/** Takes away a journal of an upload of which nothing was sent. */
export async function removeJournal(path: string): Promise<void> {
  await removeFile(path)
}

/** Keeps a journal that is done with under a name that no file has, with the time of its upload in it; returns that name. */
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
