/** What does a journal hold, and is what was read one? It lies where everybody can change it, so nothing in it is taken for granted. */
import type { SavedBatchUploadGroup } from '@devicebatch/client'
import { checkSavedUpload, InvalidArgumentError, isPartnerCenterError } from '@devicebatch/client'

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

/** Returns the journal that a text holds; throws `InvalidArgumentError` that says what is wrong and how to go on. */
export function parseJournal(text: string, path: string): Journal {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw damaged(path, 'it is not JSON')
  }
  if (!isRecord(value) || value['journal'] !== 'devicebatch') {
    throw new InvalidArgumentError(
      `${path} is no journal of an upload. Name another file with --journal, or move this one away.`,
    )
  }
  if (value['version'] !== 1) {
    throw new InvalidArgumentError(
      `${path} is no journal of an upload that this version can read. Continue with the version that wrote it, or name another file with --journal.`,
    )
  }
  const problem = findProblem(value)
  if (problem !== undefined) throw damaged(path, problem)
  return value as unknown as Journal
}

function findProblem({
  startedAt,
  endedAt,
  service,
  file,
  group,
}: Record<string, unknown>): string | undefined {
  if (!isTime(startedAt)) return '`startedAt` is not a time'
  if (endedAt !== undefined && !isTime(endedAt)) return '`endedAt` is not a time'
  if (typeof service !== 'string') return '`service` is not a text'
  if (!isRecord(file) || typeof file['path'] !== 'string') return '`file.path` is not a text'
  if (!/^[0-9a-f]{64}$/.test(String(file['sha256']))) return '`file.sha256` is not a SHA-256 digest'
  try {
    checkSavedUpload(group, 'group')
  } catch (error) {
    if (!isPartnerCenterError(error)) throw error
    return error.message.replace(/\.$/, '')
  }
  return undefined
}

function damaged(path: string, problem: string): InvalidArgumentError {
  return new InvalidArgumentError(
    `${path} is a damaged journal, or none: ${problem}. Nothing was sent. Put it back as it was to continue its upload. To start ` +
      'without it, move it away or name another file with --journal: every device is then sent, also those that were sent before; ' +
      'tracking ids in it can be given to "devicebatch watch".',
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value))
}
