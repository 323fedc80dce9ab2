/** Is this upload a new one, or one to go on with? Decided from data: nothing is read or written here. */
import type { SavedBatchUploadGroup } from '@devicebatch/client'
import { InvalidArgumentError } from '@devicebatch/client'

import { formatTime } from '../output/format.ts'
import type { Journal } from './check.ts'

/** What the user asks for. */
export interface WantedUpload {
  customerId: string
  batchId: string
  service: string
  sha256: string
}

/** What is to be done. */
export type JournalDecision =
  /** Upload all of it; a journal that is there is kept under another name. */
  | { kind: 'start'; aside?: Journal }
  /** Go on. */
  | { kind: 'resume'; group: SavedBatchUploadGroup; startedAt: string }
  /** It was uploaded before and has ended: only ask again what became of it. */
  | { kind: 'ended'; group: SavedBatchUploadGroup; startedAt: string }

/**
 * Decides by the journal of an earlier run. Throws `InvalidArgumentError` when that upload has not ended and is another one:
 * to begin anew could send its devices twice, and to go on is impossible.
 *
 * @param restart Whether the user wants to begin anew in any case.
 */
export function decideByJournal(
  journal: Journal | undefined,
  wanted: WantedUpload,
  restart: boolean,
  path: string,
): JournalDecision {
  if (!journal) return { kind: 'start' }
  if (restart) return { kind: 'start', aside: journal }
  const { group, startedAt } = journal
  const difference = findDifference(journal, wanted)
  if (journal.endedAt !== undefined) {
    return difference ? { kind: 'start', aside: journal } : { kind: 'ended', group, startedAt }
  }
  if (!difference) return { kind: 'resume', group, startedAt }
  throw new InvalidArgumentError(
    `${path} is the journal of an upload that was begun at ${formatTime(startedAt)} and has not ended: ${difference} ` +
      'Or give --restart to send every device of this file, as a new upload; the journal is then kept under another name.',
  )
}

/** What keeps the two from being the same upload, and what to do about it. */
function findDifference({ service, file, group }: Journal, wanted: WantedUpload): string | undefined {
  if (group.customerId.toLowerCase() !== wanted.customerId.toLowerCase()) {
    return `it was for the customer ${group.customerId}, not ${wanted.customerId}. Go on with --customer ${group.customerId}, or name another journal with --journal.`
  }
  if (group.batchId.toLowerCase() !== wanted.batchId.toLowerCase()) {
    return `it was for the batch ${JSON.stringify(group.batchId)}, not ${JSON.stringify(wanted.batchId)}. Go on with that name, or name another journal with --journal.`
  }
  if (service !== wanted.service) {
    return `it went to ${service}, not to ${wanted.service}. Go on there, or name another journal with --journal.`
  }
  if (file.sha256 !== wanted.sha256) {
    return 'the device file was changed since. Put it back as it was and run the same command again, to go on.'
  }
  return undefined
}
