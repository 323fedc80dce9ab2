/** Is this upload new, or does it continue an earlier one? Decided from data: nothing is read or written here. */
import type { SavedBatchUploadGroup } from '@devicebatch/client'
import { InvalidArgumentError } from '@devicebatch/client'

import { count, formatCustomer, formatTime } from '../output/format.ts'
import type { CustomerText } from '../service/customer-text.ts'
import type { Journal } from './check.ts'
import type { FileOutcomes } from './outcomes.ts'
import { outcomesAmong } from './outcomes.ts'

/** The upload that the user wants. */
export interface WantedUpload {
  customerId: string
  customerName?: string | undefined
  batchId: string
  service: string
  sha256: string
  /** The digests of the file's devices. */
  digests: readonly number[]
}

/** The user's choices. */
export interface DecideOptions {
  /** The path of the journal. */
  path: string
  /** Start over in any case. */
  restart?: boolean | undefined
  /** Send devices of an upload that has finished again. */
  again?: 'retry' | 'only-failed' | undefined
}

interface Devices {
  /** The devices to send, as digests; undefined for every device of the file. */
  selection?: readonly number[] | undefined
  /** The results of the file's other devices. */
  outcomes?: FileOutcomes | undefined
}

/** What to do. */
export type JournalDecision = Devices &
  /** Upload; an existing journal is kept under another name. */
  (
    | { kind: 'start'; aside?: Journal; notice?: string; isOtherCustomer?: boolean }
    /** Continue. */
    | { kind: 'resume'; group: SavedBatchUploadGroup; startedAt: string }
    /** It was uploaded before and has finished: only fetch its results again. */
    | { kind: 'ended'; group: SavedBatchUploadGroup; startedAt: string; notice?: string }
  )

/**
 * Decides based on the journal of an earlier run. Throws `InvalidArgumentError` when that upload has not finished and is a
 * different one: starting over could send its devices twice, and continuing is impossible.
 */
export function decideByJournal(
  journal: Journal | undefined,
  wanted: WantedUpload,
  { path, restart = false, again }: DecideOptions,
): JournalDecision {
  if (again !== undefined) return decideAgain(journal, wanted, again, path)
  if (!journal) return { kind: 'start' }
  if (restart) return { kind: 'start', aside: journal }
  const { group, startedAt, selection, outcomes } = journal
  const difference = findDifference(journal, wanted)
  if (journal.endedAt !== undefined) {
    return difference
      ? {
          kind: 'start',
          aside: journal,
          notice: describeEnded(journal, difference),
          isOtherCustomer: difference.kind === 'customer',
        }
      : { kind: 'ended', group, startedAt, selection, outcomes }
  }
  if (!difference) return { kind: 'resume', group, startedAt, selection, outcomes }
  throw unfinished(journal, difference, path)
}

function decideAgain(
  journal: Journal | undefined,
  wanted: WantedUpload,
  again: 'retry' | 'only-failed',
  path: string,
): JournalDecision {
  if (!journal) {
    throw new InvalidArgumentError(
      `--${again} needs the journal of an earlier upload of this file, and ${path} does not exist. Leave out --${again}, or name the journal with --journal.`,
    )
  }
  const { group, startedAt, selection, outcomes, endedAt } = journal
  const difference = findDifference(journal, wanted)
  if (endedAt === undefined) {
    if (difference) throw unfinished(journal, difference, path)
    // It was interrupted while devices were being sent again.
    if (selection) return { kind: 'resume', group, startedAt, selection, outcomes }
    throw new InvalidArgumentError(
      `The upload of ${formatTime(startedAt)} has not finished: it is not known yet which devices failed. Run the same command without --${again} first.`,
    )
  }
  if (difference && difference.kind !== 'file') {
    throw new InvalidArgumentError(
      `--${again} sends devices of the earlier upload, and ${difference.text} Or leave out --${again}.`,
    )
  }
  if (!outcomes) {
    throw new InvalidArgumentError(
      `${path} does not say which devices failed. Run the same command with --restart to send every device again.`,
    )
  }
  const chosen = chooseDevices(wanted.digests, outcomes, again)
  if (chosen.length > 0) {
    // A corrected row's earlier error says nothing about the current file.
    const current = outcomesAmong(wanted.digests, outcomes)
    return { kind: 'start', aside: journal, selection: chosen, outcomes: current }
  }
  const notice = `No device of the file ${again === 'retry' ? 'failed with a transient error' : 'is left to register'}: nothing is sent (--${again}).`
  if (difference) throw new InvalidArgumentError(`${notice} Leave out --${again} to send every device.`)
  return { kind: 'ended', group, startedAt, selection, outcomes, notice }
}

/** A row that was corrected or added has a digest without an outcome. Both choices send it, so that none is left uncounted. */
function chooseDevices(
  digests: readonly number[],
  { registered, failed }: FileOutcomes,
  again: 'retry' | 'only-failed',
): number[] {
  const excluded = new Set(again === 'retry' ? [...registered, ...failed] : registered)
  return digests.filter((digest) => !excluded.has(digest))
}

/** Decides without the service: the journal says where its upload went. */
export function decideOffline(
  journal: Journal | undefined,
  customer: CustomerText,
  wanted: Omit<WantedUpload, 'customerId' | 'service'>,
  options: DecideOptions,
): JournalDecision {
  const { group, service = '' } = journal ?? {}
  const customerId = customer.kind === 'id' ? customer.customerId : (group?.customerId ?? '')
  return decideByJournal(journal, { ...wanted, customerId, service }, options)
}

/** What an earlier run sent. */
export function savedIn(decision: JournalDecision): SavedBatchUploadGroup | undefined {
  return decision.kind === 'start' ? undefined : decision.group
}

function unfinished({ startedAt }: Journal, { text }: Difference, path: string): InvalidArgumentError {
  return new InvalidArgumentError(
    `${path} is the journal of an upload that started at ${formatTime(startedAt)} and has not finished: ${text} ` +
      'Or add --restart to send every device of this file as a new upload; the journal is then kept under another name.',
  )
}

/** Says where a finished upload went, before the file goes elsewhere. */
function describeEnded({ startedAt, group, customerName, outcomes }: Journal, { kind }: Difference): string {
  const time = formatTime(startedAt)
  if (kind === 'file') {
    const failed = (outcomes?.retryable.length ?? 0) + (outcomes?.failed.length ?? 0)
    return (
      `The file has changed since its upload of ${time}, which has finished: this is a new upload of every device.` +
      (failed > 0
        ? ` ${count(failed, 'device')} failed in it; --only-failed sends only what is not registered.`
        : '')
    )
  }
  const who = formatCustomer({ customerId: group.customerId, customerName })
  return `At ${time} this file was uploaded to the batch ${JSON.stringify(group.batchId)} of ${who}, and that upload has finished: this is a second upload of its devices, to another ${kind}.`
}

interface Difference {
  kind: 'customer' | 'batch' | 'service' | 'file'
  /** How the two uploads differ, and what to do about it. */
  text: string
}

function findDifference(
  { service, customerName, file, group }: Journal,
  wanted: WantedUpload,
): Difference | undefined {
  if (group.customerId.toLowerCase() !== wanted.customerId.toLowerCase()) {
    const { customerId } = group
    const text = `it was for the customer ${formatCustomer({ customerId, customerName })}, not ${formatCustomer(wanted)}. Continue with --customer ${group.customerId}, or name another journal with --journal.`
    return { kind: 'customer', text }
  }
  if (group.batchId.toLowerCase() !== wanted.batchId.toLowerCase()) {
    const text = `it was for the batch ${JSON.stringify(group.batchId)}, not ${JSON.stringify(wanted.batchId)}. Continue with that name, or name another journal with --journal.`
    return { kind: 'batch', text }
  }
  if (service !== wanted.service) {
    const text = `it went to ${service}, not to ${wanted.service}. Continue there, or name another journal with --journal.`
    return { kind: 'service', text }
  }
  if (file.sha256 !== wanted.sha256) {
    const text = 'the device file has changed since. Restore it and run the same command again to continue.'
    return { kind: 'file', text }
  }
  return undefined
}
