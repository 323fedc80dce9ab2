/** Sends what is still to be sent of a file, and keeps the journal. */
import type { BatchUploadGroup, SavedBatchUploadGroup } from '@devicebatch/client'
import { isPartnerCenterError, UploadInterruptedError, uploadDevices } from '@devicebatch/client'

import { readDevicesAgain } from '../files/device-file.ts'
import { removeJournal, writeJournal } from '../journal/journal.ts'
import { count } from '../output/format.ts'
import type { Output } from '../output/output.ts'
import type { UploadRun } from './upload-context.ts'
import { journalOf } from './upload-context.ts'

/** Sends the devices, with the journal on the disk before each request and after each tracking id. */
export async function sendFile(run: UploadRun): Promise<BatchUploadGroup> {
  const { connection, file, customerId, batchId, chunkSize, journalPath, lock, decision, progress, stop } =
    run
  const { output } = run.context
  const customer = connection.partner.customers.byId(customerId)
  const saved = decision.kind === 'start' ? undefined : decision.group
  let group: BatchUploadGroup | undefined
  const write = async (): Promise<void> => {
    await lock?.check()
    await writeJournal(journalPath, journalOf(run, group!))
  }
  let keeping: Promise<void> | undefined
  const keep = (): Promise<void> => (keeping = write())
  progress.start(file.deviceCount, acceptedIn(saved))
  try {
    group = await uploadDevices(
      customer,
      {
        batchId,
        chunkSize,
        resume: saved,
        devices: readDevicesAgain(file),
        async onBeforeSubmit(_, current) {
          group = current
          await keep()
          stop.beforeRequest()
        },
        async onSubmitted({ batchTrackingId }, current) {
          group = current
          await keep()
          stop.afterRequest()
          const accepted = acceptedIn(group)
          // Of a single request the tracking id is said afterwards.
          const isWhole = group.chunks.length === 1 && accepted === file.deviceCount
          if (!isWhole) progress.showAccepted(accepted, `, tracking id ${batchTrackingId}`)
        },
      },
      { signal: stop.signal },
    )
    if (decision.kind !== 'ended') await keep()
    progress.stop()
    return group
  } catch (error) {
    progress.stop()
    // An abort does not wait for what is being written, which must not come after what follows.
    await keeping?.catch(() => undefined)
    if (group) await keepWhatIsKnown(group, journalPath, keep, output)
    printState(run, group ?? saved)
    const cause = error instanceof UploadInterruptedError ? error.cause : error
    if (isRefusal(cause) && !connection.hasUser) {
      output.print(
        'The newest documents ask for App+User sign-in here: sign in with "devicebatch login" (see --help).',
      )
    }
    throw cause
  }
}

/** What is certain not to have been sent is not in doubt the next time; what was accepted is said where it cannot be kept. */
async function keepWhatIsKnown(
  group: BatchUploadGroup,
  journalPath: string,
  keep: () => Promise<void>,
  output: Output,
): Promise<void> {
  if (group.chunks.length === 0) return removeJournal(journalPath)
  try {
    await keep()
  } catch {
    const ids = trackingIdsOf(group).map((id) => `  ${id}`)
    output.print('The journal could not be written. Keep these tracking ids:', ids)
  }
}

function printState(
  { context: { output }, file, resume }: UploadRun,
  group: SavedBatchUploadGroup | undefined,
): void {
  if (!group || group.chunks.length === 0) {
    output.print('Nothing was sent.')
    return
  }
  output.record({ batchTrackingIds: trackingIdsOf(group) })
  const accepted = acceptedIn(group)
  const isInDoubt = group.chunks.some(({ batchTrackingId, settled }) => !(batchTrackingId ?? settled))
  const left = file.deviceCount - accepted
  output.print(
    `${count(accepted)} of ${count(file.deviceCount, 'device')} were accepted` +
      (left > 0
        ? `; ${count(left)} are left${isInDoubt ? ', some of which may have been accepted as well' : ''}.`
        : '.'),
  )
  if (resume !== undefined) output.print('To go on, run the same command again:', `  ${resume}`)
}

/** The tracking ids, in the order of the devices. */
export function trackingIdsOf({ chunks }: SavedBatchUploadGroup): string[] {
  return chunks.flatMap(({ batchTrackingId }) => batchTrackingId ?? [])
}

/** How many devices were accepted. */
export function acceptedIn(group: SavedBatchUploadGroup | undefined): number {
  return (group?.chunks ?? []).reduce(
    (sum, { batchTrackingId, deviceCount }) => sum + (batchTrackingId === undefined ? 0 : deviceCount),
    0,
  )
}

function isRefusal(error: unknown): boolean {
  return isPartnerCenterError(error) && error.code === 'api' && [401, 403].includes(error.status)
}
