/** `devicebatch upload`: uploads the devices of a file, however many, and waits for the result of each. */
import { isPartnerCenterError } from '@devicebatch/client'
import { Option } from 'commander'

import { checkInput } from '../cli/check-input.ts'
import type { CommandContext } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand } from '../cli/define-command.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { fileHelp, rowExitCodes, signInHelp } from '../cli/help.ts'
import {
  batch,
  chunkSize,
  customer,
  connection,
  encoding,
  interval,
  json,
  results,
  timeout,
} from '../cli/options.ts'
import { selectDevices } from '../files/device-file.ts'
import type { JournalDecision } from '../journal/decide.ts'
import { decideByJournal, decideOffline, savedIn } from '../journal/decide.ts'
import { readJournal } from '../journal/journal.ts'
import { lockJournal } from '../journal/lock.ts'
import type { FileOutcomes } from '../journal/outcomes.ts'
import { outcomesBeside, outcomesOf } from '../journal/outcomes.ts'
import { createJournalWriter } from '../journal/writer.ts'
import type { Output } from '../output/output.ts'
import { createProgress } from '../output/progress.ts'
import { emulatorHeading } from '../output/render-report.ts'
import { renderParagraph } from '../output/render-text.ts'
import { connect } from '../service/connect.ts'
import { isSignInConfigured } from '../service/environment.ts'
import { findCustomer } from '../service/find-customer.ts'
import { confirmCustomer } from './confirm-customer.ts'
import { createUploadStop } from './graceful-stop.ts'
import { readUploadInput } from './input.ts'
import {
  beginJournal,
  describeAgain,
  printAccepted,
  printLookAgain,
  renderTarget,
  sentNothing,
} from './messages.ts'
import { printOfflinePlan, printPlan } from './plan.ts'
import { reportUpload } from './report.ts'
import type { UploadOptions } from './resume-command.ts'
import { resumeCommand } from './resume-command.ts'
import { sendDevices } from './send.ts'
import { hasEnded, waitForGroup } from './wait-for-group.ts'

/** Reads the file, plans, sends what an earlier run did not send, waits unless told not to, and reports. Returns the exit code. */
async function upload(context: CommandContext, path: string, options: UploadOptions): Promise<number> {
  const { output, env, signal } = context
  const { batch: batchId, emulator, chunkSize } = options
  const saySentNothing = (): void => output.print(sentNothing)
  if (signal.aborted) saySentNothing()
  else signal.addEventListener('abort', saySentNothing, { once: true })

  // 1. Read the input.
  const { wantedCustomer, journalPath, file } = await checkInput(() =>
    readUploadInput(context, path, options),
  )
  const progress = createProgress(output)
  const stop = createUploadStop(signal, () =>
    output.print('Waiting for the response to the request in progress; press Ctrl-C again to exit at once.'),
  )
  const observe: typeof progress.observe = (event) => {
    progress.observe(event)
    stop.observe(event)
  }
  // The only requests with devices.
  const onRequest = (method: string): void => {
    if (method === 'POST') stop.beforeRequest()
  }
  const isOffline = options.dryRun === true && emulator === undefined && !isSignInConfigured(env)
  const connection = isOffline ? undefined : await connect(context, { emulator, observe, onRequest })
  await connection?.ready()
  const emulated = connection?.isEmulator() ?? false
  if (emulated) output.print(output.style('yellow', emulatorHeading), '')
  // A damaged journal is reported before the customer is looked up.
  const earlier = await readJournal(journalPath)
  const target = { batchId, sha256: file.sha256, digests: file.sentDigests }
  const how = { path: journalPath, restart: options.restart, again: againOf(options) }
  const sendingOf = (decision: JournalDecision) => ({
    batchId,
    file: decision.selection ? selectDevices(file, decision.selection) : file,
    chunkSize,
    saved: savedIn(decision),
  })
  if (!connection) {
    const sending = sendingOf(decideOffline(earlier, wantedCustomer, target, how))
    return printOfflinePlan(sending, wantedCustomer, { output, signal })
  }
  const { customer, customerName } = await findCustomer(connection, wantedCustomer, context)
  const { customerId } = customer

  // 2. Plan.
  const { service } = connection
  const wanted = { ...target, customerId, customerName, service }
  const decide = async () => decideByJournal(await readJournal(journalPath), wanted, how)
  if (options.dryRun)
    return printPlan({ customer, ...sendingOf(await decide()) }, { emulated, output, signal })

  const lock = await lockJournal(journalPath, signal, (text) => output.print(text))
  try {
    const decision = await decide()
    const journal = createJournalWriter({ path: journalPath, service, customerName, file, decision }, lock)
    const resume = resumeCommand(context, path, { ...options, customer: customerId })
    output.record({ customerId, customerName, batchId, emulated, journal: journalPath, resume })
    output.print(renderTarget(wanted))
    if (decision.kind === 'start' && !(await confirmCustomer(context, decision))) return exitCodes.failed
    // From here on, `sendDevices` says what was sent.
    signal.removeEventListener('abort', saySentNothing)
    const sending = sendingOf(decision)
    output.print(await beginJournal(journalPath, journal, decision, sending.file.deviceCount))
    if (decision.kind === 'start')
      output.print(
        renderParagraph('If interrupted, run the same command to continue where it stopped:', output.width),
        `  ${resume}`,
      )

    // 3. Send.
    const devices = { customer, ...sending }
    const group = await sendDevices(devices, { journal, progress, stop, output, resume }).catch(
      (error: unknown) => {
        if (isRefusal(error) && !connection.hasUser) output.print(userHint)
        throw error
      },
    )
    printAccepted(group, journalPath, output)
    if (!options.wait && !(wasAccepted(decision) && (await hasEnded(group, customer, signal)))) {
      output.print('The upload was accepted. The device results are not known yet.')
      printLookAgain(resume, output)
      return exitCodes.pending
    }

    // 4. Wait.
    const schedule = { initialIntervalMs: options.interval, timeoutMs: options.timeout }
    const waiting = { sent: sending.file.deviceCount, output, progress, signal, schedule }
    const report = await waitForGroup(group, waiting, () => printLookAgain(resume, output))
    if (!report) return exitCodes.pending

    // 5. Report.
    const beside = outcomesBeside(sending.file.sentDigests, decision.outcomes)
    const earlier = {
      registered: beside.registered.length,
      failed: beside.retryable.length + beside.failed.length,
    }
    const reporting = { journalPath, customerName, results: options.results, emulated, earlier }
    const exitCode = await reportUpload(report, sending.file, reporting, output)
    if (exitCode === exitCodes.pending) {
      printLookAgain(resume, output)
      return exitCode
    }
    const outcomes = outcomesOf(report, sending.file.sentDigests, decision.outcomes)
    await journal.end(group, outcomes)
    return reportAgain(outcomes, file.skipped.length, exitCode, output)
  } finally {
    await lock.release()
  }
}

function againOf({ retry, onlyFailed }: UploadOptions): 'retry' | 'only-failed' | undefined {
  if (retry) return 'retry'
  return onlyFailed ? 'only-failed' : undefined
}

/** Says what can be sent again. The exit code covers the whole file: devices of an earlier upload may still not be registered. */
function reportAgain(outcomes: FileOutcomes, skipped: number, exitCode: number, output: Output): number {
  const { retryable, failed } = outcomes
  output.record({ notRegistered: { retryable: retryable.length, failed: failed.length } })
  output.print(describeAgain(outcomes, skipped).flatMap((text) => renderParagraph(text, output.width)))
  return retryable.length + failed.length > 0 ? exitCodes.incomplete : exitCode
}

/** Whether every device was accepted before this run. */
function wasAccepted(decision: JournalDecision): boolean {
  return savedIn(decision)?.complete === true
}

const userHint =
  'The newest documentation requires App+User sign-in here: run "devicebatch login" first (see --help).'

function isRefusal(error: unknown): boolean {
  return isPartnerCenterError(error) && error.code === 'api' && [401, 403].includes(error.status)
}

export const uploadCommand: ConsoleCommand = defineCommand({
  name: 'upload',
  description:
    'upload the devices of a CSV file as a batch, wait for it to finish, and report on every row; run it again to continue an interrupted upload',
  arguments: [['<file>', 'the CSV file of devices, of any size']],
  options: [
    customer(),
    batch(),
    new Option(
      '--dry-run',
      'send nothing; check the file, and show what would be sent (needs no credentials)',
    ),
    new Option(
      '--strict',
      'send nothing if a row cannot be sent, or if a value that may matter, such as a group tag, would be left out',
    ),
    new Option(
      '--no-wait',
      'exit with 3 as soon as every device is accepted, without waiting for results; the same command reports them once the batch has ended',
    ),
    results('<file>-results-<start of the tracking ID>.csv'),
    new Option(
      '--journal <file>',
      'the journal, from which an interrupted upload continues (default: <file>.devicebatch.json)',
    ),
    new Option(
      '--retry',
      'with the file unchanged: send only the rows that failed with a transient error or never reached the service',
    ).conflicts(['onlyFailed', 'restart']),
    new Option('--only-failed', 'with the file corrected: send every row that is not registered').conflicts(
      'restart',
    ),
    new Option('--restart', 'ignore the journal, and send every device again'),
    chunkSize(),
    encoding(),
    interval(),
    timeout(),
    ...connection(),
    json(),
  ],
  examples: [
    'devicebatch upload devices.csv --customer CUSTOMER --batch "Front desk" --dry-run',
    'devicebatch upload devices.csv --customer CUSTOMER --batch "Front desk"',
    'devicebatch upload devices.csv --customer CUSTOMER --batch "Front desk" --retry',
  ],
  exitCodes: rowExitCodes,
  notes: [fileHelp, signInHelp],
  run: upload,
})
