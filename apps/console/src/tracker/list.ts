/** `devicebatch tracker list`, `show` and `export`: what is in the database. */
import { explainDeviceError, InvalidArgumentError } from '@devicebatch/client'
import type {
  DeviceFilter,
  TrackedDevice,
  TrackedSubmission,
  TrackedUpload,
  UploadFilter,
} from '@devicebatch/tracker'
import { Option } from 'commander'

import type { CommandContext } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand } from '../cli/define-command.ts'
import { exitCodeOf, exitCodes } from '../cli/exit-code.ts'
import { rowExitCodes } from '../cli/help.ts'
import { csv, json } from '../cli/options.ts'
import { count, formatCustomer, formatTime, plainText } from '../output/format.ts'
import type { Column } from '../output/listing.ts'
import { printListing, sortBySerialNumber } from '../output/listing.ts'
import { emulatorHeading } from '../output/render-report.ts'
import { renderParagraph, renderTable } from '../output/render-text.ts'
import type { Named } from './customer-names.ts'
import { withCustomerNames } from './customer-names.ts'
import type { DatabaseOptions } from './database.ts'
import { withExistingTracker } from './database.ts'
import { databaseHelp, directory, ofCustomer, outcome, readId, since } from './options.ts'

export interface ListOptions extends DatabaseOptions {
  customer?: string | undefined
  state?: string | undefined
  outcome?: string | undefined
  since?: string | undefined
  csv?: boolean
}

export interface ExportOptions extends Omit<ListOptions, 'state'> {
  serial?: string | undefined
  errorCode?: string | undefined
}

const uploadColumns: Column<Named<TrackedUpload>>[] = [
  ['Tracking ID', ({ batchTrackingId }) => batchTrackingId, { isWhole: true }],
  ['Customer', ({ customerId }) => customerId, { isWhole: true, drop: 1 }],
  ['Customer name', ({ customerName }) => customerName, { drop: 4 }],
  ['Batch', ({ batchId }) => batchId],
  ['State', ({ state }) => state, { isWhole: true, drop: 3 }],
  ['Outcome', ({ outcome }) => outcome],
  ['Devices', ({ counts }) => counts.total, { isWhole: true, drop: 5 }],
  ['Failed', ({ counts }) => counts.failed, { isWhole: true, drop: 6 }],
  ['Since', ({ trackedAt }) => formatTime(trackedAt), { isWhole: true, drop: 2 }],
]

const deviceColumns: Column<Named<TrackedDevice>>[] = [
  ['Customer', ({ customerId }) => customerId],
  ['Customer name', ({ customerName }) => customerName],
  ['Tracking ID', ({ batchTrackingId }) => batchTrackingId],
  ['Serial number', ({ serialNumber }) => serialNumber, { isWhole: true }],
  ['Product key', ({ productKey }) => productKey],
  ['Outcome', ({ outcome }) => outcome],
  ['Error code', ({ errorCode }) => errorCode],
  ['Error', ({ errorDescription }) => errorDescription],
  [
    'What to do',
    ({ errorCode = '', errorDescription }) =>
      (errorCode || errorDescription) && explainDeviceError(errorCode, errorDescription).remedy,
  ],
  ['Since', ({ changedAt }) => formatTime(changedAt)],
]

const endedStates: ReadonlySet<string> = new Set(['accepted', 'cancelled'])

/** Lists the uploads, then the submissions that need attention or that a worker has yet to upload. */
async function listTracked(context: CommandContext, options: ListOptions): Promise<number> {
  const { output } = context
  const { customer: customerId, state, outcome, since } = options
  return await withExistingTracker(context, options, async (tracker) => {
    const uploads = tracker.listUploads({ customerId, state, outcome, since } as UploadFilter)
    const items = withCustomerNames(tracker, uploads)
    const listing = { items, columns: uploadColumns, noun: 'upload', plural: 'uploads' }
    await printListing(listing, output, { csv: options.csv, key: 'uploads' })
    const open: TrackedSubmission[] = []
    for await (const submission of tracker.listSubmissions({ customerId, since }))
      if (!endedStates.has(submission.state) || submission.devicesToRetry > 0) open.push(submission)
    output.record({ submissions: open })
    for (const { submissionId, batchId, state, error, devicesToRetry } of open) {
      const why = error ? `: ${plainText(error.message)}` : ''
      const what =
        state === 'accepted'
          ? `has ${count(devicesToRetry, 'device')} to retry: devicebatch tracker retry ${submissionId}`
          : `is ${state}${why}`
      output.print(`Submission ${submissionId} for "${plainText(batchId)}" ${what}`)
    }
    return exitCodes.registered
  })
}

/** Shows one upload and its devices that are not registered. Returns the exit code of its outcome. */
async function showTracked(
  context: CommandContext,
  batchTrackingId: string,
  options: DatabaseOptions,
): Promise<number> {
  const { output } = context
  return await withExistingTracker(context, options, async (tracker) => {
    const upload = await tracker.getUpload(batchTrackingId)
    if (!upload) {
      throw new InvalidArgumentError(
        `The tracking ID ${batchTrackingId} is not in this database. "devicebatch tracker list" lists what is.`,
      )
    }
    const names = await tracker.getCustomerNames([upload.customerId])
    const customerName = names.get(upload.customerId)
    output.record({ upload: { ...upload, customerName } })
    const { customerId, batchId, state, outcome, counts, trackedAt, completedAt, error, emulated } = upload
    const facts = [
      ['Tracking ID', batchTrackingId],
      ['Customer', formatCustomer({ customerId, customerName })],
      ['Batch', plainText(batchId ?? '')],
      ['State', `${state}, ${outcome}`],
      [
        'Devices',
        `${counts.succeeded} succeeded, ${counts.alreadyRegistered} already registered, ${counts.failed} failed, ${counts.pending + counts.unresolved} unknown`,
      ],
      ['Since', formatTime(trackedAt)],
      ['Completed', completedAt ? formatTime(completedAt) : ''],
      ['Error', plainText(error?.message ?? '')],
    ]
    if (emulated) output.print(output.style('yellow', emulatorHeading), '')
    output.print(
      renderTable(
        facts.filter(([, text]) => text !== ''),
        output.width,
      ),
      '',
    )
    const remedies = new Map<string, string>()
    const items = noteRemedies(withoutRegistered(tracker.listDevices({ batchTrackingId })), remedies)
    const listing = {
      items: sortBySerialNumber(items),
      columns: deviceColumns.slice(3, -2),
      noun: 'device',
      plural: 'devices',
    }
    await printListing(listing, output, { csv: undefined, key: 'devices' })
    for (const [errorCode, remedy] of [...remedies].toSorted(([one], [other]) => byCode.compare(one, other)))
      output.print('', renderParagraph(plainText(remedy), output.width, `What to do about ${errorCode}:  `))
    return exitCodeOf(upload, { skipped: 0 })
  })
}

const byCode = new Intl.Collator('en', { numeric: true })

/** Keeps what to do about each error code in `remedies`. */
async function* noteRemedies(
  devices: AsyncIterable<TrackedDevice>,
  remedies: Map<string, string>,
): AsyncGenerator<TrackedDevice, void, undefined> {
  for await (const device of devices) {
    const { errorCode, errorDescription } = device
    if (errorCode) remedies.set(errorCode, explainDeviceError(errorCode, errorDescription).remedy)
    yield device
  }
}

async function* withoutRegistered(
  devices: AsyncIterable<TrackedDevice>,
): AsyncGenerator<TrackedDevice, void, undefined> {
  for await (const device of devices)
    if (device.outcome !== 'succeeded' && device.outcome !== 'already-registered') yield device
}

/** Writes the devices as CSV. */
async function exportDevices(context: CommandContext, options: ExportOptions): Promise<number> {
  const { output } = context
  const { customer: customerId, serial: serialNumber, outcome, errorCode, since } = options
  return await withExistingTracker(context, options, async (tracker) => {
    const devices = tracker.listDevices({
      customerId,
      serialNumber,
      outcome,
      errorCode,
      since,
    } as DeviceFilter)
    const items = withCustomerNames(tracker, devices)
    const listing = { items, columns: deviceColumns, noun: 'device', plural: 'devices' }
    await printListing(listing, output, { csv: true, key: 'devices' })
    return exitCodes.registered
  })
}

export const listCommand: ConsoleCommand = defineCommand({
  name: 'list',
  description: 'list the uploads',
  options: [
    ofCustomer(),
    new Option('--state <state>', 'only in this state').choices(['tracking', 'ended', 'stopped']),
    outcome(['pending', 'succeeded', 'failed', 'partially-failed', 'unknown']),
    since(),
    directory(),
    json(),
    csv(),
  ],
  examples: ['devicebatch tracker list --outcome failed'],
  notes: [databaseHelp],
  run: listTracked,
})

export const showCommand: ConsoleCommand = defineCommand({
  name: 'show',
  description: 'show one upload and its devices that are not registered',
  arguments: [['<tracking-id>', 'the tracking ID of the upload', readId]],
  options: [directory(), json()],
  examples: ['devicebatch tracker show 0127ed8e-ff72-4983-a3d8-e8d8bd378932'],
  exitCodes: rowExitCodes,
  notes: [databaseHelp],
  run: showTracked,
})

export const exportCommand: ConsoleCommand = defineCommand({
  name: 'export',
  description: 'write device results to standard output as CSV',
  options: [
    ofCustomer(),
    new Option('--serial <number>', 'only with this serial number'),
    outcome(['pending', 'succeeded', 'already-registered', 'failed', 'unresolved']),
    new Option('--error-code <code>', 'only with this error, such as 808'),
    since(),
    directory(),
  ],
  format: 'csv',
  examples: ['devicebatch tracker export --outcome failed --output failed.csv'],
  notes: [databaseHelp],
  run: exportDevices,
})
