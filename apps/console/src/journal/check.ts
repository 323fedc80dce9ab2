/** What is in a journal, and is this file one? Anybody may have changed it, so every member is checked. */
import type { SavedBatchUploadGroup } from '@devicebatch/client'
import { checkSavedUpload, InvalidArgumentError, isPartnerCenterError } from '@devicebatch/client'

import type { FileOutcomes } from './outcomes.ts'

/** The content of the file. It contains neither devices nor secrets. */
export interface Journal {
  journal: 'devicebatch'
  version: 1
  /** ISO 8601 in UTC. */
  startedAt: string
  /** The base URL of the API that the requests went to. */
  service: string
  /** The company name of the customer, if it was known. */
  customerName?: string | undefined
  /** The device file, and a digest of its content. */
  file: { path: string; sha256: string }
  /** What `uploadDevices` continues from. */
  group: SavedBatchUploadGroup
  /** The devices that were sent, as digests of their rows; absent for every device of the file. */
  selection?: readonly number[] | undefined
  /** The results of the devices: all of them once the upload has finished, until then those of earlier uploads. */
  outcomes?: FileOutcomes | undefined
  /** When the report of a finished upload was written, ISO 8601 in UTC. */
  endedAt?: string
}

/** Parses a journal; throws an `InvalidArgumentError` that says what is wrong and how to continue. */
export function parseJournal(text: string, path: string): Journal {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw damaged(path, 'it is not JSON')
  }
  if (!isRecord(value) || value['journal'] !== 'devicebatch') {
    throw new InvalidArgumentError(
      `${path} is not an upload journal. Name another file with --journal, or move this one away.`,
    )
  }
  if (value['version'] !== 1) {
    throw new InvalidArgumentError(
      `${path} is not an upload journal that this version can read. Continue with the version that wrote it, or name another file with --journal.`,
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
  customerName,
  file,
  selection,
  outcomes,
  group,
}: Record<string, unknown>): string | undefined {
  if (!isTime(startedAt)) return '`startedAt` is not a time'
  if (endedAt !== undefined && !isTime(endedAt)) return '`endedAt` is not a time'
  if (typeof service !== 'string') return '`service` is not a string'
  if (customerName !== undefined && typeof customerName !== 'string') return '`customerName` is not a string'
  if (!isRecord(file) || typeof file['path'] !== 'string') return '`file.path` is not a string'
  if (!/^[0-9a-f]{64}$/.test(String(file['sha256']))) return '`file.sha256` is not a SHA-256 digest'
  if (selection !== undefined && !isDigests(selection)) return '`selection` is not a list of digests'
  if (outcomes !== undefined) {
    for (const kind of ['registered', 'retryable', 'failed'])
      if (!isRecord(outcomes) || !isDigests(outcomes[kind]))
        return `\`outcomes.${kind}\` is not a list of digests`
  }
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
    `${path} is damaged or is not a journal: ${problem}. Nothing was sent. Restore it to continue its upload. To start ` +
      'without it, move it away or name another file with --journal: every device is then sent, including those already sent; ' +
      'you can pass its tracking IDs to "devicebatch watch".',
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isDigests(value: unknown): boolean {
  return Array.isArray(value) && value.every((digest) => Number.isSafeInteger(digest))
}

function isTime(value: unknown): boolean {
  // `Date.parse` alone also accepts a comment in parentheses, which may contain anything.
  return typeof value === 'string' && /^[\d:.TZ-]+$/.test(value) && !Number.isNaN(Date.parse(value))
}
