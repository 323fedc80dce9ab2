/** Is this upload new, or does it continue an earlier one? Decided from data: nothing is read or written here. */
import type { SavedBatchUploadGroup } from '@devicebatch/client'
import { InvalidArgumentError } from '@devicebatch/client'

import { formatCustomer, formatTime } from '../output/format.ts'
import type { CustomerText } from '../service/customer-text.ts'
import type { Journal } from './check.ts'

/** The upload that the user wants. */
export interface WantedUpload {
  customerId: string
  customerName?: string | undefined
  batchId: string
  service: string
  sha256: string
}

/** What to do. */
export type JournalDecision =
  /** Upload everything; an existing journal is kept under another name. */
  | { kind: 'start'; aside?: Journal }
  /** Continue. */
  | { kind: 'resume'; group: SavedBatchUploadGroup; startedAt: string }
  /** It was uploaded before and has finished: only get its results again. */
  | { kind: 'ended'; group: SavedBatchUploadGroup; startedAt: string }

/**
 * Decides by the journal of an earlier run. Throws `InvalidArgumentError` when that upload has not finished and is a different
 * one: starting over could send its devices twice, and continuing is impossible.
 *
 * @param restart Whether the user wants to start over in any case.
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
    `${path} is the journal of an upload that started at ${formatTime(startedAt)} and has not finished: ${difference} ` +
      'Or add --restart to send every device of this file as a new upload; the journal is then kept under another name.',
  )
}

/** Decides without the service: the journal says where its upload went. */
export function decideOffline(
  journal: Journal | undefined,
  customer: CustomerText,
  wanted: Pick<WantedUpload, 'batchId' | 'sha256'>,
  restart: boolean,
  path: string,
): JournalDecision {
  if (!journal) return { kind: 'start' }
  const { group, service } = journal
  const customerId = customer.kind === 'id' ? customer.customerId : group.customerId
  return decideByJournal(journal, { ...wanted, customerId, service }, restart, path)
}

/** What an earlier run has sent. */
export function savedIn(decision: JournalDecision): SavedBatchUploadGroup | undefined {
  return decision.kind === 'start' ? undefined : decision.group
}

/** How the two uploads differ, and what to do about it. */
function findDifference(
  { service, customerName, file, group }: Journal,
  wanted: WantedUpload,
): string | undefined {
  if (group.customerId.toLowerCase() !== wanted.customerId.toLowerCase()) {
    const { customerId } = group
    return `it was for the customer ${formatCustomer({ customerId, customerName })}, not ${formatCustomer(wanted)}. Continue with --customer ${group.customerId}, or name another journal with --journal.`
  }
  if (group.batchId.toLowerCase() !== wanted.batchId.toLowerCase()) {
    return `it was for the batch ${JSON.stringify(group.batchId)}, not ${JSON.stringify(wanted.batchId)}. Continue with that name, or name another journal with --journal.`
  }
  if (service !== wanted.service) {
    return `it went to ${service}, not to ${wanted.service}. Continue there, or name another journal with --journal.`
  }
  if (file.sha256 !== wanted.sha256) {
    return 'the device file has changed since. Restore it and run the same command again to continue.'
  }
  return undefined
}
