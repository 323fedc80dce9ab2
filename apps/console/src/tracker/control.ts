/** `devicebatch tracker pause`, `resume`, `cancel`, `retry-now` and `settings`: what an operator decides. */
import type { Pauses, StoredRateLimits, StoredRetention, StuckReason, Tracker } from '@devicebatch/tracker'
import { Option } from 'commander'

import { UsageError } from '../cli/check-input.ts'
import type { CommandContext } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand } from '../cli/define-command.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { json } from '../cli/options.ts'
import { count } from '../output/format.ts'
import type { DatabaseOptions } from './database.ts'
import { withExistingTracker } from './database.ts'
import { ofReason } from './health.ts'
import { databaseHelp, directory, ofCustomer, readId } from './options.ts'

interface ScopeOptions extends DatabaseOptions {
  customer?: string | undefined
  all?: boolean | undefined
}

interface RetryNowOptions extends ScopeOptions {
  reason?: StuckReason | undefined
}

interface SettingsOptions extends DatabaseOptions {
  partnerLimit?: string | undefined
  customerLimit?: string | undefined
  deleteUploadsAfter?: string | undefined
  deleteEventsAfter?: string | undefined
}

function changePauses(change: 'pause' | 'unpause') {
  return async (context: CommandContext, options: ScopeOptions): Promise<number> => {
    const { customer: customerId, all } = options
    if ((customerId === undefined) === !all) {
      throw new UsageError('Pass either --customer or --all.')
    }
    return await withExistingTracker(context, options, async (tracker) => {
      const pauses = await tracker[change]({ customerId })
      context.output.record({ pauses })
      context.output.print(describePauses(pauses))
      return exitCodes.registered
    })
  }
}

function describePauses({ everythingSince, customers }: Pauses): string {
  if (everythingSince)
    return 'Everything is paused: no worker sends a request until "devicebatch tracker resume --all".'
  if (customers.length === 0) return 'Nothing is paused.'
  return `Paused: ${customers.map(({ customerId }) => customerId).join(', ')}. All other customers continue.`
}

/** Cancels the rest of a submission, and says what that leaves. */
async function cancel(
  context: CommandContext,
  submissionId: string,
  options: DatabaseOptions,
): Promise<number> {
  return await withExistingTracker(context, options, async (tracker) => {
    const cancellation = await tracker.cancelSubmission(submissionId)
    const { devicesCancelled, devicesSent } = cancellation
    context.output.record({ ...cancellation })
    context.output.print(
      `${count(devicesCancelled, 'device')} will not be sent.`,
      ...(devicesSent > 0
        ? [
            `${count(devicesSent, 'device')} had been sent and cannot be recalled; ${devicesSent === 1 ? 'it is' : 'they are'} tracked to the end.`,
          ]
        : []),
    )
    return exitCodes.registered
  })
}

async function retryNow(
  context: CommandContext,
  id: string | undefined,
  options: RetryNowOptions,
): Promise<number> {
  const { customer: customerId, reason, all } = options
  if (id === undefined && customerId === undefined && reason === undefined && !all) {
    throw new UsageError('Pass a submission or tracking ID, --customer, --reason or --all.')
  }
  return await withExistingTracker(context, options, async (tracker) => {
    const retried = await tracker.retryNow({ customerId, reason, ...(id && (await whichOf(tracker, id))) })
    context.output.record({ ...retried })
    context.output.print(
      `Retrying now, within the rate limits: ${count(retried.submissions, 'submission')}, ${count(retried.uploads, 'upload')}.`,
    )
    return exitCodes.registered
  })
}

/** A tracking ID and the ID of a submission look alike. */
async function whichOf(
  tracker: Tracker,
  id: string,
): Promise<{ submissionId: string } | { batchTrackingId: string }> {
  return (await tracker.getUpload(id)) ? { batchTrackingId: id } : { submissionId: id }
}

/** Changes the settings that are given, and shows all of them. */
async function settings(context: CommandContext, options: SettingsOptions): Promise<number> {
  const limits = {
    partnerPerMinute: numberOf('--partner-limit', options.partnerLimit),
    customerPerMinute: numberOf('--customer-limit', options.customerLimit),
  }
  const retention = {
    endedAfterDays: daysOf('--delete-uploads-after', options.deleteUploadsAfter),
    eventsAfterDays: daysOf('--delete-events-after', options.deleteEventsAfter),
  }
  return await withExistingTracker(context, options, async (tracker) => {
    const isGiven = (values: object): boolean => Object.values(values).some((value) => value !== undefined)
    const rateLimits = isGiven(limits)
      ? await tracker.setRateLimits(limits as Partial<StoredRateLimits>)
      : await tracker.getRateLimits()
    const kept = isGiven(retention)
      ? await tracker.setRetention(retention as Partial<StoredRetention>)
      : await tracker.getRetention()
    context.output.record({ rateLimits, retention: kept })
    context.output.print(
      `Requests per minute: ${rateLimits.partnerPerMinute} for all customers together, ${rateLimits.customerPerMinute} for one`,
      `Ended uploads and submissions are deleted: ${describeDays(kept.endedAfterDays)}`,
      `Events are deleted: ${describeDays(kept.eventsAfterDays)}`,
    )
    return exitCodes.registered
  })
}

const describeDays = (days: number | null): string =>
  days === null ? 'never' : `after ${count(days, 'day')}`

function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (Number.isInteger(number) && number > 0) return number
  throw new UsageError(`${option} must be a whole number above 0; got "${text}".`)
}

function daysOf(option: string, text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined
  if (text === 'never') return null
  const days = Number(text)
  if (Number.isFinite(days) && days > 0) return days
  throw new UsageError(`${option} must be a number of days above 0, or never; got "${text}".`)
}

const everything = (): Option => new Option('--all', 'everything, for all customers')

export const pauseCommand: ConsoleCommand = defineCommand({
  name: 'pause',
  description:
    'stop uploading and polling for one customer (--customer) or all (--all), until "tracker resume"',
  options: [ofCustomer(), everything(), directory(), json()],
  examples: ['devicebatch tracker pause --customer CUSTOMER', 'devicebatch tracker pause --all'],
  notes: [databaseHelp],
  run: changePauses('pause'),
})

export const resumeCommand: ConsoleCommand = defineCommand({
  name: 'resume',
  description: 'resume uploading and polling for one customer (--customer) or all (--all)',
  options: [ofCustomer(), everything(), directory(), json()],
  examples: ['devicebatch tracker resume --customer CUSTOMER'],
  notes: [databaseHelp],
  run: changePauses('unpause'),
})

export const cancelCommand: ConsoleCommand = defineCommand({
  name: 'cancel',
  description: 'stop a submission; what was already sent cannot be recalled',
  arguments: [['<submission-id>', 'the ID of the submission, from "devicebatch tracker list"', readId]],
  options: [directory(), json()],
  examples: ['devicebatch tracker cancel 0127ed8e-ff72-4983-a3d8-e8d8bd378932'],
  notes: [databaseHelp],
  run: cancel,
})

export const retryNowCommand: ConsoleCommand = defineCommand({
  name: 'retry-now',
  description: 'retry right away what keeps failing, without waiting for its next attempt',
  arguments: [['[id]', 'a submission or tracking ID, from "devicebatch tracker stuck"', readId]],
  options: [ofCustomer(), ofReason(), everything(), directory(), json()],
  examples: ['devicebatch tracker retry-now --reason sign-in'],
  notes: [databaseHelp],
  run: retryNow,
})

export const settingsCommand: ConsoleCommand = defineCommand({
  name: 'settings',
  description: 'show or change the rate limits and how long data is kept',
  options: [
    new Option('--partner-limit <number>', 'requests a minute for all customers (default: 500)'),
    new Option('--customer-limit <number>', 'requests a minute for one customer (default: 120)'),
    new Option(
      '--delete-uploads-after <days>',
      'delete uploads and submissions this many days after they ended, or never (default)',
    ),
    new Option('--delete-events-after <days>', 'delete events after this many days, or never (default)'),
    directory(),
    json(),
  ],
  examples: ['devicebatch tracker settings --partner-limit 300'],
  notes: [databaseHelp],
  run: settings,
})
