/** The commands of the tracker: many uploads, followed for as long as it takes. */
import type { Command } from 'commander'
import { Option } from 'commander'

import type { ExportOptions, ListOptions } from '../tracker/list.ts'
import { exportDevices, listTracked, showTracked } from '../tracker/list.ts'
import { retrySubmission } from '../tracker/retry.ts'
import type { WorkOptions } from '../tracker/start.ts'
import { startWorker } from '../tracker/start.ts'
import type { TrackerSubmitOptions } from '../tracker/submit.ts'
import { submitToTracker } from '../tracker/submit.ts'
import { examples, signInHelp } from './help.ts'
import type { FormatOptions, RunCommand } from './options.ts'
import { batch, chunkSize, csv, customer, emulator, encoding, formatOf, json } from './options.ts'

const databaseHelp = `
The database:
  DEVICEBATCH_DATABASE_URL  a PostgreSQL server, as postgres://user:password@host:5432/name; as many workers as wanted
  Without it, --directory or a folder of your own holds it, for one process at a time.`

const directory = (): Option =>
  new Option('--directory <path>', 'where the database is, without DEVICEBATCH_DATABASE_URL')
const ofCustomer = (): Option => new Option('--customer <id>', 'only of this customer')
const outcome = (words: string): Option => new Option('--outcome <word>', `only with this outcome: ${words}`)
const since = (): Option => new Option('--since <time>', 'only since then, such as 2026-11-21T08:00:00Z')

/** Adds them to the program. */
export function addTrackerCommands(program: Command, runCommand: RunCommand): void {
  const tracker = program
    .command('tracker')
    .description('follow many uploads durably, in a database')
    .addHelpText(
      'after',
      examples(
        'devicebatch tracker submit devices.csv --customer CUSTOMER --batch "Front desk"',
        'devicebatch tracker start',
        'devicebatch tracker export --outcome failed > failed.csv',
      ) + databaseHelp,
    )

  tracker
    .command('start')
    .description('upload and ask, as one of the workers of the database, until it is interrupted')
    .option('--until-done', 'end when nothing is left to do')
    .addOption(directory())
    .addOption(emulator())
    .addHelpText('after', examples('devicebatch tracker start --until-done') + databaseHelp + signInHelp)
    .action((options: WorkOptions) => runCommand('text', (context) => startWorker(context, options)))

  tracker
    .command('submit')
    .description('hand in the devices of a CSV; a worker uploads them')
    .argument('<file>', 'the device file')
    .addOption(customer())
    .addOption(batch())
    .addOption(encoding())
    .addOption(chunkSize())
    .option('--strict', 'submit nothing when a row cannot be sent, or something else would be left out')
    .addOption(directory())
    .addOption(json())
    .addHelpText(
      'after',
      examples('devicebatch tracker submit devices.csv --customer CUSTOMER --batch "Front desk"') +
        databaseHelp,
    )
    .action((file: string, options: TrackerSubmitOptions & FormatOptions) =>
      runCommand(formatOf(options), (context) => submitToTracker(context, file, options)),
    )

  tracker
    .command('retry')
    .description('hand in those devices of a submission again that failed with an error that passes')
    .argument('<submission-id>', 'the submission, as "devicebatch tracker list" names it')
    .addOption(directory())
    .addOption(json())
    .addHelpText(
      'after',
      examples('devicebatch tracker retry 0127ed8e-ff72-4983-a3d8-e8d8bd378932') + databaseHelp,
    )
    .action((id: string, options: { directory?: string } & FormatOptions) =>
      runCommand(formatOf(options), (context) => retrySubmission(context, id, options)),
    )

  tracker
    .command('list')
    .description('list the uploads')
    .addOption(ofCustomer())
    .option('--state <word>', 'only in this state: tracking, ended, stopped')
    .addOption(outcome('pending, succeeded, failed, partially-failed, unknown'))
    .addOption(since())
    .addOption(directory())
    .addOption(json())
    .addOption(csv())
    .addHelpText('after', examples('devicebatch tracker list --outcome failed') + databaseHelp)
    .action((options: ListOptions & FormatOptions) =>
      runCommand(formatOf(options), (context) => listTracked(context, options)),
    )

  tracker
    .command('show')
    .description('show one upload and its devices that are not registered')
    .argument('<tracking-id>', 'its tracking id')
    .addOption(directory())
    .addOption(json())
    .addHelpText(
      'after',
      examples('devicebatch tracker show 0127ed8e-ff72-4983-a3d8-e8d8bd378932') + databaseHelp,
    )
    .action((id: string, options: { directory?: string } & FormatOptions) =>
      runCommand(formatOf(options), (context) => showTracked(context, id, options)),
    )

  tracker
    .command('export')
    .description('write the results of devices to standard output, as CSV')
    .addOption(ofCustomer())
    .option('--serial <number>', 'only with this serial number')
    .addOption(outcome('pending, succeeded, alreadyRegistered, failed, unresolved'))
    .option('--error-code <code>', 'only with this error, such as 808')
    .addOption(since())
    .addOption(directory())
    .addHelpText('after', examples('devicebatch tracker export --outcome failed > failed.csv') + databaseHelp)
    .action((options: ExportOptions) => runCommand('csv', (context) => exportDevices(context, options)))
}
