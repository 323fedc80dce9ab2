/** `devicebatch tracker health`, `metrics` and `stuck`: how the tracker is, and what is in trouble. */
import type { StuckReason, StuckWork, TrackerFigures, TrackerHealth } from '@devicebatch/tracker'
import { Option } from 'commander'

import type { CommandContext } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand } from '../cli/define-command.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { csv, json } from '../cli/options.ts'
import { count, formatTime, plainText } from '../output/format.ts'
import type { Column } from '../output/listing.ts'
import { printListing } from '../output/listing.ts'
import { renderTable } from '../output/render-text.ts'
import type { DatabaseOptions } from './database.ts'
import { withExistingTracker } from './database.ts'
import { databaseHelp, directory, ofCustomer } from './options.ts'

export interface StuckOptions extends DatabaseOptions {
  customer?: string | undefined
  reason?: StuckReason | undefined
  csv?: boolean
}

/** Returns 1 when there is a problem, for monitoring and the probes of containers. */
async function showHealth(context: CommandContext, options: DatabaseOptions): Promise<number> {
  const { output } = context
  return await withExistingTracker(context, options, async (tracker) => {
    const health = await tracker.health()
    output.record({ health })
    output.print(
      health.isHealthy ? 'Healthy.' : 'Not healthy:',
      ...health.problems.map(({ message }) => `- ${plainText(message)}`),
      '',
      renderTable(describeFigures(health), output.width),
    )
    return health.isHealthy ? exitCodes.registered : exitCodes.failed
  })
}

function describeFigures({ figures, database }: TrackerHealth): [name: string, text: string][] {
  if (!figures) return []
  const { queues, submissions, uploads, requests, workers, paused, failures, webhooks } = figures
  const failing = failures.reduce((sum, failure) => sum + failure.count, 0)
  const alive = workers.filter(({ isAlive }) => isAlive).length
  return [
    ['Workers', `${alive} alive, ${workers.length - alive} gone`],
    [
      'Due',
      `${count(queues.submissions.due, 'submission')}, the oldest for ${seconds(queues.submissions.oldestDueMs)}; ` +
        `${count(queues.polls.due, 'poll')}, the oldest for ${seconds(queues.polls.oldestDueMs)}`,
    ],
    [
      'Submissions',
      `${submissions.queued} queued, ${submissions.uploading} uploading, ${submissions.accepted} accepted, ${submissions.failed} failed, ${submissions.cancelled} cancelled`,
    ],
    ['Uploads', `${uploads.tracking} tracked, ${uploads.ended} ended, ${uploads.stopped} stopped`],
    [
      'Requests',
      `${requests.partner.used} of ${requests.partner.perMinute} in the last minute; for the busiest customer ${requests.busiestCustomer.used} of ${requests.busiestCustomer.perMinute}`,
    ],
    ['Paused', paused.everything ? 'everything' : count(paused.customers, 'customer')],
    ['Failing', `${failing}${failing > 0 ? '; "devicebatch tracker stuck" lists them' : ''}`],
    ['Webhooks', describeWebhooks(webhooks)],
    ['Tables', `${database.version} in the schema ${database.schema}`],
  ]
}

function describeWebhooks(webhooks: TrackerFigures['webhooks']): string {
  const sum = (read: (webhook: (typeof webhooks)[number]) => number): number =>
    webhooks.reduce((total, webhook) => total + read(webhook), 0)
  const disabled = webhooks.filter(({ isDisabled }) => isDisabled).length
  return (
    `${webhooks.length - disabled} enabled, ${disabled} disabled; ` +
    `${count(
      sum(({ pending }) => pending),
      'notification',
    )} pending, ${sum(({ dead }) => dead)} dead`
  )
}

const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`

async function printMetrics(context: CommandContext, options: DatabaseOptions): Promise<number> {
  return await withExistingTracker(context, options, async (tracker) => {
    context.output.data.write(await tracker.metrics())
    return exitCodes.registered
  })
}

const stuckColumns: Column<StuckWork>[] = [
  ['What', ({ kind }) => kind, { isWhole: true }],
  ['Id', ({ batchTrackingId, submissionId }) => batchTrackingId ?? submissionId, { isWhole: true }],
  ['Customer', ({ customerId }) => customerId, { isWhole: true, drop: 2 }],
  ['Batch', ({ batchId }) => batchId, { drop: 3 }],
  ['Since', ({ since }) => formatTime(since), { isWhole: true, drop: 4 }],
  ['Next', ({ next }) => next, { isWhole: true }],
  ['At', ({ nextAt }) => nextAt && formatTime(nextAt), { isWhole: true, drop: 5 }],
  ['Reason', ({ error }) => error.reason ?? 'other', { isWhole: true, drop: 1 }],
  ['Error', ({ error }) => error.message],
]

async function listStuck(context: CommandContext, options: StuckOptions): Promise<number> {
  const { customer: customerId, reason } = options
  return await withExistingTracker(context, options, async (tracker) => {
    const items = tracker.listStuck({ customerId, reason })
    const listing = { items, columns: stuckColumns, noun: 'failing item', plural: 'failing items' }
    await printListing(listing, context.output, { csv: options.csv, key: 'stuck' })
    return exitCodes.registered
  })
}

export const ofReason = (): Option =>
  new Option('--reason <reason>', 'only what fails for this reason, such as sign-in')

export const healthCommand: ConsoleCommand = defineCommand({
  name: 'health',
  description: 'show whether the tracker is healthy',
  options: [directory(), json()],
  examples: ['devicebatch tracker health'],
  exitCodes: { 0: 'the tracker is healthy', 1: 'it is not, or it could not be read' },
  notes: [databaseHelp],
  run: showHealth,
})

export const metricsCommand: ConsoleCommand = defineCommand({
  name: 'metrics',
  description: 'print metrics in OpenMetrics format, for Prometheus',
  options: [directory()],
  format: 'csv',
  examples: ['devicebatch tracker metrics --output devicebatch.prom'],
  notes: [databaseHelp],
  run: printMetrics,
})

export const stuckCommand: ConsoleCommand = defineCommand({
  name: 'stuck',
  description: 'list the submissions and uploads that keep failing, why, and when they are tried again',
  options: [ofCustomer(), ofReason(), directory(), json(), csv()],
  examples: ['devicebatch tracker stuck --reason sign-in'],
  notes: [databaseHelp],
  run: listStuck,
})
