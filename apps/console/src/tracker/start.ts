/** `devicebatch tracker start`: runs a worker and prints its events. */
import type { Tracker, TrackerEvent } from '@devicebatch/tracker'
import { Option } from 'commander'

import type { CommandContext } from '../cli/context.ts'
import { Interruption } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand } from '../cli/define-command.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { signInHelp } from '../cli/help.ts'
import { connection } from '../cli/options.ts'
import { formatTime, plainText } from '../output/format.ts'
import type { Connection } from '../service/connect.ts'
import { connect } from '../service/connect.ts'
import { readCustomerName } from '../service/find-customer.ts'
import type { DatabaseOptions } from './database.ts'
import { checkTracker, withTracker } from './database.ts'
import { databaseHelp, directory } from './options.ts'
import { waitUntilDone } from './until-done.ts'

export interface WorkOptions extends DatabaseOptions {
  emulator?: string | undefined
  untilDone?: boolean | undefined
}

/** How often to check whether anything is left to do, in milliseconds. */
const lookMs = 1_000

/** Runs until it is interrupted, which is its normal end; with `--until-done`, until nothing is left to do. */
async function startWorker(context: CommandContext, options: WorkOptions): Promise<number> {
  const { output, signal } = context
  await checkTracker(context, options)
  const connection = await connect(context, { emulator: options.emulator })
  await connection.ready()
  const work = async (tracker: Tracker): Promise<void> => {
    await tracker.start()
    output.print('The worker has started. Press Ctrl-C to stop it; nothing is lost.')
    const done = new AbortController()
    const ended = AbortSignal.any([signal, done.signal])
    // `list` and `export` show what happened before.
    const after = await tracker.lastPosition()
    const nameCustomer = customerNamer(tracker, connection, ended)
    const printEvents = async (): Promise<void> => {
      for await (const event of tracker.events({ after, signal: ended })) {
        output.print(describe(event))
        await nameCustomer(event.customerId)
      }
    }
    const parts = [printEvents()]
    if (options.untilDone) parts.push(waitUntilDone(tracker, ended, lookMs))
    // The part that ends or fails first ends the other, because the tracker may be closed only when neither uses it.
    await Promise.allSettled(parts.map((part) => part.finally(() => done.abort())))
    await Promise.all(parts)
  }
  await withTracker(context, options, work, connection.options)
  const { reason } = signal as { reason: unknown }
  if (signal.aborted && !(reason instanceof Interruption)) throw reason
  return exitCodes.registered
}

/** Stores the names of the customers, for lists; a name that cannot be read is omitted. */
function customerNamer(
  tracker: Tracker,
  { partner }: Connection,
  signal: AbortSignal,
): (customerId: string) => Promise<void> {
  const seen = new Set<string>()
  return async (customerId) => {
    if (seen.has(customerId)) return
    seen.add(customerId)
    if ((await tracker.getCustomerNames([customerId])).size > 0) return
    const name = await readCustomerName(partner.customers.byId(customerId), signal).catch(() => undefined)
    if (name !== undefined) await tracker.setCustomerName(customerId, name)
  }
}

function describe({ at, type, customerId, batchTrackingId, submissionId, data }: TrackerEvent): string {
  const what = 'error' in data ? plainText(data.error.message) : 'outcome' in data ? data.outcome : ''
  return `${formatTime(at)}  ${customerId}  ${type}  ${batchTrackingId ?? submissionId}${what && `  ${what}`}`
}

export const startCommand: ConsoleCommand = defineCommand({
  name: 'start',
  description: 'run a worker that uploads and polls until it is interrupted',
  options: [
    new Option('--until-done', 'exit when there is nothing left to do'),
    directory(),
    ...connection(),
  ],
  examples: ['devicebatch tracker start --until-done'],
  notes: [databaseHelp, signInHelp],
  run: startWorker,
})
