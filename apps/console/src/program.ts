/** Which commands, arguments and options are there? */
import { Command, InvalidArgumentError, Option } from 'commander'

import type { CommandContext } from './context.ts'
import type { DemoOptions } from './demo.ts'
import { maxDevicesPerUpload } from './device-file.ts'
import type { StatusOptions } from './get-batch-upload-status.ts'
import { getBatchUploadStatus } from './get-batch-upload-status.ts'
import type { SubmitOptions } from './submit.ts'
import { submit } from './submit.ts'
import type { WatchOptions } from './watch.ts'
import { watch } from './watch.ts'

/** Runs a command with its surroundings. */
export type RunCommand = (json: boolean, run: (context: CommandContext) => Promise<number>) => Promise<void>

/** Makes the program; `runCommand` is called with the command that the arguments name. */
export function createProgram(version: string, runCommand: RunCommand): Command {
  const program = new Command('devicebatch')
    .description('Uploads Windows devices to Partner Center from a CSV and says what became of each of them.')
    .version(version)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'devicebatch: ')) })
    .configureHelp({ showGlobalOptions: false })
    .showHelpAfterError('(--help lists the commands and options)')
    .addHelpText('after', programHelp)

  program
    .command('demo')
    .description('show all of it with an emulator; sends nothing to Microsoft, needs no credentials')
    .option(
      '--results <file>',
      'where to write what became of each row (default: a new file in the temporary folder)',
    )
    .addOption(json())
    .action((options: DemoOptions & Common) =>
      runCommand(options.json === true, async (context) => {
        // The emulator is loaded by the one command that needs it.
        const { demo } = await import('./demo.ts')
        return demo(context, options)
      }),
    )

  program
    .command('submit')
    .description(
      'upload the devices of a CSV file as a batch, wait for the batch to end, and report on every row',
    )
    .argument('<file>', `the CSV file, of at most ${maxDevicesPerUpload.toLocaleString('en-US')} devices`)
    .requiredOption('--customer <id>', "the customer's Microsoft Entra tenant id")
    .requiredOption('--batch <name>', 'a name for the batch; Autopilot shows it as the group tag')
    .option('--strict', 'submit nothing when a row cannot be sent')
    .option('--no-wait', 'end as soon as the upload is accepted')
    .option(
      '--results <file>',
      'where to write what became of each row (default: beside <file>, named after the upload)',
    )
    .addOption(encoding())
    .addOption(interval())
    .addOption(timeout())
    .addOption(emulator())
    .addOption(json())
    .addHelpText('after', signInHelp)
    .action((file: string, options: SubmitOptions & Common) =>
      runCommand(options.json === true, (context) => submit(context, file, options)),
    )

  program
    .command('status')
    .description('ask once what became of an upload')
    .argument('<tracking-id>', 'the tracking id of the upload, or the whole Location')
    .option('--customer <id>', "the customer's Microsoft Entra tenant id; not needed with a Location")
    .addOption(emulator())
    .addOption(json())
    .addHelpText('after', signInHelp)
    .action((trackingId: string, options: StatusOptions & Common) =>
      runCommand(options.json === true, (context) => getBatchUploadStatus(context, trackingId, options)),
    )

  program
    .command('watch')
    .description('wait for an upload to end, and report')
    .argument('<tracking-id>', 'the tracking id of the upload, or the whole Location')
    .option('--customer <id>', "the customer's Microsoft Entra tenant id; not needed with a Location")
    .option('--csv <file>', 'the file that was submitted, to report on its rows')
    .option('--results <file>', 'where to write what became of each device (default with --csv: beside it)')
    .addOption(encoding())
    .addOption(interval())
    .addOption(timeout())
    .addOption(emulator())
    .addOption(json())
    .addHelpText('after', signInHelp)
    .action((trackingId: string, options: WatchOptions & Common) =>
      runCommand(options.json === true, (context) => watch(context, trackingId, options)),
    )

  return program
}

interface Common {
  json?: boolean
}

const json = (): Option =>
  new Option('--json', 'write one JSON document to standard output, and all else to standard error')
const emulator = (): Option =>
  new Option('--emulator <url>', 'use the emulator at this address; needs no credentials')
const encoding = (): Option =>
  new Option('--encoding <label>', 'the encoding of a file that is not UTF-8, such as windows-1252')
const interval = (): Option =>
  new Option(
    '--interval <seconds>',
    'time between the first two looks; it doubles up to 30 s (default: 2)',
  ).argParser(readSeconds)
const timeout = (): Option =>
  new Option(
    '--timeout <seconds>',
    'how long to wait before ending with exit code 3 (default: 1800)',
  ).argParser(readSeconds)

/** Returns milliseconds. */
function readSeconds(text: string): number {
  const seconds = Number(text)
  if (text.trim() !== '' && seconds > 0) return seconds * 1_000
  throw new InvalidArgumentError('It must be a number of seconds above 0.')
}

const programHelp = `
Examples:
  devicebatch demo
  devicebatch submit devices.csv --customer 47021739-3426-40bf-9601-61b4b6d7c793 --batch "Front desk"
  devicebatch status 0127ed8e-ff72-4983-a3d8-e8d8bd378932 --customer 47021739-3426-40bf-9601-61b4b6d7c793
  devicebatch watch 0127ed8e-ff72-4983-a3d8-e8d8bd378932 --customer 47021739-3426-40bf-9601-61b4b6d7c793 --csv devices.csv

Exit codes:
  0    every row is registered; one that was registered before counts
  1    the job itself failed: bad input, no access, no connection
  2    a row was skipped, failed, or nobody can say what became of it
  3    the batch has not ended
  130  interrupted`

const signInHelp = `
Sign-in, from the environment (not needed with --emulator):
  DEVICEBATCH_TENANT_ID           your own (the partner's) tenant
  DEVICEBATCH_CLIENT_ID           the app registration's client id
  DEVICEBATCH_CLIENT_SECRET       the value of its client secret
  DEVICEBATCH_REFRESH_TOKEN       for App+User sign-in: the first refresh token of a user who signed in with MFA
  DEVICEBATCH_REFRESH_TOKEN_FILE  for App+User sign-in: where the newest refresh token is kept
  DEVICEBATCH_CLOUD               global (default), germany, us-government or china
  DEVICEBATCH_BASE_URL            another address of the API, up to and including /v1
  DEVICEBATCH_AUTHORITY_HOST      another address of the sign-in service; not together with DEVICEBATCH_CLOUD`
