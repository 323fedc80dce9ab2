/** `devicebatch tracker webhooks`: where notifications are sent, and the results. */
import type {
  NotificationFilter,
  NotificationType,
  StoredWebhook,
  TrackedNotification,
} from '@devicebatch/tracker'
import { Option } from 'commander'

import { checkInput } from '../cli/check-input.ts'
import type { CommandContext } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand, defineGroup } from '../cli/define-command.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { csv, json } from '../cli/options.ts'
import { formatTime, plainText } from '../output/format.ts'
import type { Column } from '../output/listing.ts'
import { printListing } from '../output/listing.ts'
import type { DatabaseOptions } from './database.ts'
import { withExistingTracker, withTracker } from './database.ts'
import { databaseHelp, directory, readId, readName } from './options.ts'
import type { SecretOptions } from './webhook-secrets.ts'
import { readAddress, readSecrets, secretsHelp } from './webhook-secrets.ts'

interface AddOptions extends DatabaseOptions, SecretOptions {
  type?: NotificationType[] | undefined
}

interface DeliveryOptions extends DatabaseOptions, Pick<NotificationFilter, 'webhook' | 'state'> {
  csv?: boolean
}

const webhookColumns: Column<StoredWebhook>[] = [
  ['Name', ({ name }) => name, { isWhole: true }],
  ['Address', ({ url }) => url],
  ['Format', ({ format }) => format, { isWhole: true, drop: 2 }],
  ['Types', ({ types }) => types?.join(', ') ?? 'all', { drop: 1 }],
  ['State', ({ disabledAt }) => (disabledAt ? 'disabled' : 'enabled'), { isWhole: true }],
  ['Pending', ({ pending }) => pending, { isWhole: true }],
  ['Dead', ({ dead }) => dead, { isWhole: true }],
]

const deliveryColumns: Column<TrackedNotification>[] = [
  ['Notification ID', ({ notificationId }) => notificationId, { isWhole: true }],
  ['Webhook', ({ webhook }) => webhook, { drop: 2 }],
  ['Type', ({ type }) => type, { isWhole: true }],
  ['State', ({ state }) => state, { isWhole: true }],
  ['Attempts', ({ attempts }) => attempts, { isWhole: true, drop: 4 }],
  ['Since', ({ at }) => formatTime(at), { isWhole: true, drop: 5 }],
  ['Next attempt', ({ nextAttemptAt }) => nextAttemptAt && formatTime(nextAttemptAt), { drop: 3 }],
  ['Error', ({ error }) => error, { drop: 1 }],
]

const name = ['<name>', 'the name of the webhook', readName] as const

async function addWebhook(context: CommandContext, name: string, options: AddOptions): Promise<number> {
  const { output } = context
  const webhook = await checkInput(async () => ({
    name,
    url: await readAddress(context, options),
    ...(options.teams ? { format: 'teams' as const } : { secrets: await readSecrets(context, options) }),
    types: options.type,
  }))
  return await withTracker(context, options, async (tracker) => {
    const stored = await checkInput(() => tracker.setWebhook(webhook))
    output.record({ webhook: stored })
    output.print(
      `The webhook ${name} is set; workers notify ${stored.url}. Test it: devicebatch tracker webhooks test ${name}`,
    )
    return exitCodes.registered
  })
}

async function listWebhooks(
  context: CommandContext,
  options: DatabaseOptions & { csv?: boolean },
): Promise<number> {
  return await withExistingTracker(context, options, async (tracker) => {
    const stored = await tracker.listWebhooks()
    const listing = { items: stored, columns: webhookColumns, noun: 'webhook', plural: 'webhooks' }
    await printListing(listing, context.output, { csv: options.csv, key: 'webhooks' })
    return exitCodes.registered
  })
}

async function removeWebhook(
  context: CommandContext,
  name: string,
  options: DatabaseOptions,
): Promise<number> {
  return await withExistingTracker(context, options, async (tracker) => {
    await tracker.removeWebhook(name)
    context.output.record({ removed: name })
    context.output.print(`The webhook ${name} and its notifications are removed.`)
    return exitCodes.registered
  })
}

/** Sends a notification from here; returns 1 when it did not arrive. */
async function testWebhook(context: CommandContext, name: string, options: DatabaseOptions): Promise<number> {
  return await withExistingTracker(context, options, async (tracker) => {
    const { notificationId, isDelivered, status, error: reason } = await tracker.testWebhook(name)
    context.output.record({ notificationId, isDelivered, status, reason })
    context.output.print(
      isDelivered
        ? `The receiver accepted the test with ${status}.`
        : plainText(`The test did not arrive. ${reason}`),
    )
    return isDelivered ? exitCodes.registered : exitCodes.failed
  })
}

async function listDeliveries(context: CommandContext, options: DeliveryOptions): Promise<number> {
  const { webhook, state } = options
  return await withExistingTracker(context, options, async (tracker) => {
    const items = tracker.listNotifications({ webhook, state, newestFirst: true })
    const listing = { items, columns: deliveryColumns, noun: 'notification', plural: 'notifications' }
    await printListing(listing, context.output, { csv: options.csv, key: 'notifications' })
    return exitCodes.registered
  })
}

async function redeliver(
  context: CommandContext,
  notificationId: string,
  options: DatabaseOptions,
): Promise<number> {
  return await withExistingTracker(context, options, async (tracker) => {
    await tracker.redeliverNotification(notificationId)
    context.output.record({ notificationId })
    context.output.print(
      `Notification ${notificationId} is due again. A worker sends it: devicebatch tracker start`,
    )
    return exitCodes.registered
  })
}

const types = Object.keys({
  'submission.ended': true,
  'submission.failed': true,
  'submission.stuck': true,
  'upload.ended': true,
  'upload.stuck': true,
  'upload.stopped': true,
  'signin.failed': true,
  'worker.gone': true,
} satisfies Record<NotificationType, true>)

const addCommand = defineCommand({
  name: 'add',
  description: 'add a webhook, or replace the one with this name',
  arguments: [name],
  options: [
    new Option('--url <url>', 'the address, if it has no query'),
    new Option('--url-file <file>', 'the file that contains the address').conflicts('url'),
    new Option(
      '--secret-file <file>',
      'the file that contains the secret, or two on separate lines while you replace it',
    ),
    new Option('--teams', 'send Adaptive Cards to a Workflows address of Teams').conflicts('secretFile'),
    new Option('--type <types...>', 'send only these types').choices(types),
    directory(),
    json(),
  ],
  examples: [
    'devicebatch tracker webhooks add helpdesk --url https://example.com/hook --secret-file secret',
    'devicebatch tracker webhooks add teams --teams --url-file address --type submission.ended',
  ],
  notes: [secretsHelp, databaseHelp],
  run: addWebhook,
})

const listCommand = defineCommand({
  name: 'list',
  description: 'list the webhooks, without their secrets',
  options: [directory(), json(), csv()],
  examples: ['devicebatch tracker webhooks list'],
  notes: [databaseHelp],
  run: listWebhooks,
})

const removeCommand = defineCommand({
  name: 'remove',
  description: 'remove a webhook and its notifications',
  arguments: [name],
  options: [directory(), json()],
  examples: ['devicebatch tracker webhooks remove helpdesk'],
  notes: [databaseHelp],
  run: removeWebhook,
})

const testCommand = defineCommand({
  name: 'test',
  description: 'send a test to a webhook from this machine',
  arguments: [name],
  options: [directory(), json()],
  examples: ['devicebatch tracker webhooks test helpdesk'],
  notes: [databaseHelp],
  run: testWebhook,
})

const deliveriesCommand = defineCommand({
  name: 'deliveries',
  description: 'list the notifications, the latest first',
  options: [
    new Option('--webhook <name>', 'only to this webhook'),
    new Option('--state <state>', 'only in this state').choices(['pending', 'delivered', 'dead']),
    directory(),
    json(),
    csv(),
  ],
  examples: ['devicebatch tracker webhooks deliveries --state dead'],
  notes: [databaseHelp],
  run: listDeliveries,
})

const redeliverCommand = defineCommand({
  name: 'redeliver',
  description: 'send a dead or delivered notification again',
  arguments: [
    [
      '<notification-id>',
      'the ID of the notification, from "devicebatch tracker webhooks deliveries"',
      readId,
    ],
  ],
  options: [directory(), json()],
  examples: ['devicebatch tracker webhooks redeliver 0127ed8e-ff72-4983-a3d8-e8d8bd378932'],
  notes: [databaseHelp],
  run: redeliver,
})

export const webhooksCommands: ConsoleCommand = defineGroup({
  name: 'webhooks',
  description: 'call a URL when a submission ends or something needs attention',
  examples: [
    'devicebatch tracker webhooks add helpdesk --url https://example.com/hook --secret-file secret',
    'devicebatch tracker webhooks test helpdesk',
    'devicebatch tracker webhooks deliveries --state dead',
  ],
  notes: [databaseHelp],
  commands: [addCommand, listCommand, testCommand, deliveriesCommand, redeliverCommand, removeCommand],
})
