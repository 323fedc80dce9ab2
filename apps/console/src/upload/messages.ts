/** What does an upload print before, between and after its steps? */
import type { BatchUploadGroup, SavedBatchUploadGroup } from '@devicebatch/client'

import type { JournalDecision } from '../journal/decide.ts'
import type { FileOutcomes } from '../journal/outcomes.ts'
import type { JournalWriter } from '../journal/writer.ts'
import type { CustomerLabel } from '../output/format.ts'
import { count, formatCustomer, formatTime, plainText } from '../output/format.ts'
import type { Output } from '../output/output.ts'

/** Where the devices go. */
export function renderTarget({ batchId, ...customer }: CustomerLabel & { batchId: string }): string[] {
  return [`Customer     ${formatCustomer(customer)}`, `Batch        ${plainText(batchId)}`]
}

/** Also true when an earlier run has sent a part, or all of it. */
export const sentNothing = 'This run sent nothing.'

/** Before anything is sent: keeps an earlier journal, and returns what to say about it. */
export async function beginJournal(
  path: string,
  journal: JournalWriter,
  decision: JournalDecision,
  deviceCount: number,
): Promise<string[]> {
  if (decision.kind !== 'start') return [`Journal      ${path}`, describeEarlier(decision, deviceCount)]
  const { selection, outcomes } = decision
  const before = selection
    ? [
        `Sending ${count(deviceCount, 'device')} again; ${beRegistered(outcomes?.registered.length ?? 0)} already.`,
      ]
    : []
  const earlier = await journal.begin()
  return [
    ...before,
    `Journal      ${path}${earlier === undefined ? '' : ` (the previous one is now ${earlier})`}`,
  ]
}

function beRegistered(number: number): string {
  return `${count(number)} ${number === 1 ? 'is' : 'are'} registered`
}

function describeEarlier(
  decision: JournalDecision & { kind: 'resume' | 'ended' },
  deviceCount: number,
): string {
  const { kind, group, startedAt } = decision
  const time = formatTime(startedAt)
  if (kind === 'ended') {
    if (decision.notice !== undefined) return decision.notice
    return `This file was uploaded at ${time}, and the upload has finished: getting its results again. To send every device again, add --restart.`
  }
  return (
    `Continuing the upload of ${time}: ${describeAccepted(group, deviceCount)}` +
    (isInDoubt(group) ? ', and one request is in doubt, which is sent again under the same ID.' : '.')
  )
}

/** Says which devices of the file can be sent again, and how; `skipped` is how many rows could not be sent. */
export function describeAgain({ retryable, failed }: FileOutcomes, skipped: number): string[] {
  const asIs = ({ length }: readonly number[]): string => (length === 1 ? 'as it is' : 'as they are')
  const toCorrect = [
    failed.length > 0 &&
      `${count(failed.length, 'device')} would fail again ${asIs(failed)} or ${failed.length === 1 ? 'has' : 'have'} no clear result`,
    skipped > 0 && `${count(skipped, 'row')} ${skipped === 1 ? 'was' : 'were'} not sent`,
  ].filter((text) => text !== false)
  const texts = [
    retryable.length > 0 &&
      `${count(retryable.length, 'device')} can be sent again ${asIs(retryable)}: add --retry.`,
    toCorrect.length > 0 &&
      `${toCorrect.join(', and ')}: correct the file, then add --only-failed, which sends whatever is not registered.`,
  ]
  return texts.filter((text) => text !== false)
}

/** Says under which tracking IDs the devices were accepted. */
export function printAccepted(group: BatchUploadGroup, journalPath: string, output: Output): void {
  const ids = trackingIdsOf(group)
  output.record({ batchTrackingIds: ids })
  const [only] = ids
  const requests = group.chunks.length
  if (requests === 1 && only !== undefined) {
    output.print(`Tracking ID  ${output.style('bold', only)}`)
    return
  }
  output.print(`Accepted in ${count(ids.length, 'request')}; their tracking IDs are in ${journalPath}.`)
  const lost = requests - ids.length
  if (lost > 0)
    output.print(
      `The response to ${count(lost, 'request')} was lost: the batch was searched for those devices.`,
    )
}

/** Says what was sent when the sending stopped halfway, and how to continue. */
export function printStopped(
  group: SavedBatchUploadGroup | undefined,
  { deviceCount, resume }: { deviceCount: number; resume: string | undefined },
  output: Output,
): void {
  if (!group || group.chunks.length === 0) {
    output.print(sentNothing)
    return
  }
  output.record({ batchTrackingIds: trackingIdsOf(group) })
  const accepted = acceptedIn(group)
  const left = deviceCount - accepted
  const rest =
    left > 0
      ? `; ${count(left)} ${left === 1 ? 'is' : 'are'} left${isInDoubt(group) ? ', some of which may also have been accepted' : ''}.`
      : '.'
  output.print(`${describeAccepted(group, deviceCount)}${rest}`)
  if (resume !== undefined) output.print('To continue, run the same command again:', `  ${resume}`)
}

/** Says how to see the result of an upload that continues without this command. */
export function printLookAgain(resume: string, output: Output): void {
  output.print(
    'The upload continues at the service. To see its result, run the same command again:',
    `  ${resume}`,
  )
}

/** The tracking IDs, in the order of the devices. */
export function trackingIdsOf({ chunks }: SavedBatchUploadGroup): string[] {
  return chunks.flatMap(({ batchTrackingId }) => batchTrackingId ?? [])
}

function describeAccepted(group: SavedBatchUploadGroup, deviceCount: number): string {
  const accepted = acceptedIn(group)
  return `${count(accepted)} of ${count(deviceCount, 'device')} ${accepted === 1 ? 'was' : 'were'} accepted`
}

/** How many devices were accepted. */
export function acceptedIn(group: SavedBatchUploadGroup | undefined): number {
  return (group?.chunks ?? []).reduce(
    (sum, { batchTrackingId, deviceCount }) => sum + (batchTrackingId === undefined ? 0 : deviceCount),
    0,
  )
}

function isInDoubt({ chunks }: SavedBatchUploadGroup): boolean {
  return chunks.some(({ batchTrackingId, settled }) => !(batchTrackingId ?? settled))
}
