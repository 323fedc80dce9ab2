/** Sends the remaining devices of a file, and keeps the journal. */
import type { BatchUploadGroup, CustomerResource, SavedBatchUploadGroup } from '@devicebatch/client'
import { UploadInterruptedError, uploadDevices } from '@devicebatch/client'

import type { DeviceFile } from '../files/device-file.ts'
import { readDevicesAgain } from '../files/device-file.ts'
import type { JournalWriter } from '../journal/writer.ts'
import type { Output } from '../output/output.ts'
import type { Progress } from '../output/progress.ts'
import type { UploadStop } from './graceful-stop.ts'
import { acceptedIn, printStopped, trackingIdsOf } from './messages.ts'

/** The devices to send. */
export interface DevicesToSend {
  customer: CustomerResource
  batchId: string
  file: DeviceFile
  chunkSize?: number | undefined
  /** What an earlier run sent. */
  saved?: SavedBatchUploadGroup | undefined
}

/** Who follows the sending. */
export interface SendOptions {
  journal: JournalWriter
  progress: Progress
  stop: UploadStop
  output: Output
  /** The command that continues the upload; absent if nothing can. */
  resume?: string | undefined
}

/**
 * Sends the devices, with the journal on disk before each request and after each tracking ID. Rejects with the error that stopped
 * it, after saying what was sent.
 */
export async function sendDevices(
  { customer, batchId, file, chunkSize, saved }: DevicesToSend,
  { journal, progress, stop, output, resume }: SendOptions,
): Promise<BatchUploadGroup> {
  const { deviceCount } = file
  let group: BatchUploadGroup | undefined
  let keeping: Promise<void> | undefined
  const keep = (current: BatchUploadGroup): Promise<void> => {
    group = current
    return (keeping = journal.keep(current))
  }
  progress.start(deviceCount, acceptedIn(saved))
  try {
    group = await uploadDevices(
      customer,
      {
        batchId,
        chunkSize,
        resume: saved,
        devices: readDevicesAgain(file),
        async onBeforeSubmit(current) {
          await keep(current)
          stop.beforeRequest()
        },
        async onSubmitted(current, { batchTrackingId }) {
          await keep(current)
          stop.afterRequest()
          const accepted = acceptedIn(current)
          // The tracking ID of a single request is printed afterwards.
          const isWhole = current.chunks.length === 1 && accepted === deviceCount
          if (!isWhole) progress.showAccepted(accepted, `, tracking ID ${batchTrackingId}`)
        },
      },
      { signal: stop.signal },
    )
    await keep(group)
    progress.stop()
    return group
  } catch (error) {
    progress.stop()
    // An abort does not wait for a write in progress, which must not come after the one that follows.
    await keeping?.catch(() => undefined)
    await keepWhatIsKnown(group, journal, output)
    printStopped(group ?? saved, { deviceCount, resume }, output)
    throw error instanceof UploadInterruptedError ? error.cause : error
  }
}

/** Devices that certainly were not sent are not in doubt the next time; tracking IDs that cannot be saved are printed. */
async function keepWhatIsKnown(
  group: BatchUploadGroup | undefined,
  journal: JournalWriter,
  output: Output,
): Promise<void> {
  // What ended the upload is reported, not that the journal could not be deleted.
  if (!group || group.chunks.length === 0) {
    const restored = await journal.discard().catch(() => undefined)
    if (restored !== undefined) output.print(`The previous journal is ${restored} again.`)
    return
  }
  try {
    await journal.keep(group)
  } catch {
    const ids = trackingIdsOf(group).map((id) => `  ${id}`)
    output.print('The journal could not be written. Save these tracking IDs:', ids)
  }
}
