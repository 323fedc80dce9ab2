/** The way of an upload: what was done before, the sending, the wait, the report. */
import { exitCodes } from '../cli/exit-code.ts'
import type { JournalDecision } from '../journal/decide.ts'
import { setJournalAside } from '../journal/journal.ts'
import { count, formatTime, plainText } from '../output/format.ts'
import { waitForUpload } from '../status/wait.ts'
import { collectingEvery } from './memory.ts'
import { reportUpload } from './report.ts'
import { acceptedIn, sendFile, trackingIdsOf } from './send-file.ts'
import type { UploadRun } from './upload-context.ts'
import { printResume } from './upload-context.ts'

/** Runs it, and returns the exit code. Rejects with what stopped it, after it has said how to go on. */
export async function runUpload(run: UploadRun): Promise<number> {
  const { connection, context, file, customerId, batchId, decision, journalPath, resume } = run
  const { output } = context
  output.record({ customerId, batchId, emulated: connection.isEmulator(), journal: journalPath, resume })
  output.print(`Customer     ${customerId}`, `Batch        ${plainText(batchId)}`)
  if (decision.kind === 'start') {
    if (decision.aside) {
      const aside = await setJournalAside(journalPath, decision.aside)
      output.print(`Journal      ${journalPath} (that of the upload before is ${aside} now)`)
    } else {
      output.print(`Journal      ${journalPath}`)
    }
    if (resume !== undefined)
      output.print('Should this be interrupted, the same command goes on where it stopped:', `  ${resume}`)
  } else {
    output.print(`Journal      ${journalPath}`, describeEarlier(decision, file.deviceCount))
  }
  const group = await sendFile(run)
  const ids = trackingIdsOf(group)
  output.record({ batchTrackingIds: ids })
  output.print(describeAccepted(ids, group.chunks.length, run))
  if (!run.waits) {
    output.print('The upload was accepted. What became of the devices is not known yet.')
    printResume(run)
    return exitCodes.pending
  }
  const report = await waitForUpload({
    watch: (options) => collectingEvery(10, group.watch(options)),
    statusOf: ({ chunks: all }) => (all.find(({ outcome }) => outcome === 'pending') ?? all.at(-1))?.status,
    sent: file.deviceCount,
    output,
    progress: run.progress,
    signal: context.signal,
    schedule: run.schedule,
    printResume: () => printResume(run),
  })
  return report ? reportUpload(run, group, report) : exitCodes.pending
}

function describeAccepted(
  ids: readonly string[],
  requests: number,
  { context: { output }, journalPath }: UploadRun,
): string[] {
  const [only] = ids
  if (requests === 1 && only !== undefined) return [`Tracking id  ${output.style('bold', only)}`]
  const lost = requests - ids.length
  return [
    `Accepted in ${count(ids.length, 'request')}; their tracking ids are in ${journalPath}.`,
    ...(lost > 0
      ? [`The answer to ${count(lost, 'request')} was lost: the batch was looked through for those devices.`]
      : []),
  ]
}

function describeEarlier(
  { kind, group, startedAt }: JournalDecision & { kind: 'resume' | 'ended' },
  deviceCount: number,
): string {
  const time = formatTime(startedAt)
  if (kind === 'ended') {
    return `This file was uploaded at ${time}, and the upload has ended: what became of it is asked once more. To send all of it again, add --restart.`
  }
  const known = group.chunks.filter(({ batchTrackingId, settled }) => batchTrackingId ?? settled)
  const accepted = acceptedIn(group)
  const doubtful = group.chunks.length > known.length
  return (
    `Going on with the upload of ${time}: ${count(accepted)} of ${count(deviceCount, 'device')} were accepted` +
    (doubtful ? ', and one request is in doubt, which goes again under the same id.' : '.')
  )
}
