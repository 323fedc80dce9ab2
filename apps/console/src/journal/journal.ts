/** What of an upload outlives the process: which requests went, under which ids, and how the service answered. */
import { open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, extname } from 'node:path'

import type { SavedBatchUploadGroup } from '@devicebatch/client'
import { InvalidArgumentError } from '@devicebatch/client'

import { describeFileError } from '../files/file-error.ts'

/** What is in the file. Neither devices nor secrets are. */
export interface Journal {
  journal: 'devicebatch'
  version: 1
  /** ISO 8601 in UTC. */
  startedAt: string
  /** The address of the API that the requests went to. */
  service: string
  /** The device file, and what stands for its content. */
  file: { path: string; sha256: string }
  /** What `uploadDevices` goes on from. */
  group: SavedBatchUploadGroup
  /** When the report of an ended upload was written, ISO 8601 in UTC. */
  endedAt?: string
}

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
  const journal = parse(text)
  if (journal?.journal === 'devicebatch' && journal.version === 1) return journal
  throw new InvalidArgumentError(
    `${path} is no journal of an upload${journal?.journal === 'devicebatch' ? ' that this version can read' : ''}. ` +
      'Name another file with --journal, or move this one away.',
  )
}

function parse(text: string): Journal | undefined {
  try {
    return JSON.parse(text) as Journal
  } catch {
    return undefined
  }
}

/**
 * Puts a journal in the place of the one before. It is on the disk when this resolves, whole or not at all, whatever happens
 * to the process or the power. Rejects with `InvalidArgumentError` when the system refuses.
 */
export async function writeJournal(path: string, journal: Journal): Promise<void> {
  const partial = `${path}.${process.pid}.tmp`
  try {
    const file = await open(partial, 'w')
    try {
      await file.writeFile(`${JSON.stringify(journal)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(partial, path)
    await syncFolder(dirname(path))
  } catch (error) {
    throw describeFileError(
      error,
      `The journal ${path}`,
      'cannot be written (choose another place with --journal)',
    )
  }
}

/** So that the new name is on the disk as well. Windows writes names by itself and opens no folder. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Takes away a journal of an upload of which nothing was sent. */
export async function removeJournal(path: string): Promise<void> {
  await rm(path, { force: true })
}

/** Keeps a journal that is done with under another name, with the time of its upload in it; returns that name. */
export async function setJournalAside(path: string, { startedAt }: Journal): Promise<string> {
  const extension = extname(path)
  const time = startedAt.replaceAll(/[-:]|\.\d+/g, '')
  const aside = `${path.slice(0, path.length - extension.length)}.${time}${extension}`
  try {
    await rename(path, aside)
  } catch (error) {
    throw describeFileError(error, `The journal ${path}`, `cannot be renamed to ${aside}`)
  }
  return aside
}
