/** The commands that upload, and that look at uploads. */
import type { Command } from 'commander'

import type { StatusOptions } from '../status/get-batch-upload-status.ts'
import { getBatchUploadStatus } from '../status/get-batch-upload-status.ts'
import type { WatchOptions } from '../status/watch.ts'
import { watch } from '../status/watch.ts'
import type { DemoOptions } from '../upload/demo.ts'
import type { UploadOptions } from '../upload/upload.ts'
import { upload } from '../upload/upload.ts'
import { examples, signInHelp } from './help.ts'
import type { FormatOptions, RunCommand } from './options.ts'
import {
  batch,
  chunkSize,
  customer,
  customerUnlessLocation,
  emulator,
  encoding,
  formatOf,
  interval,
  json,
  timeout,
} from './options.ts'

/** Adds them to the program. */
export function addUploadCommands(program: Command, runCommand: RunCommand): void {
  program
    .command('demo')
    .description('show all of it with an emulator; sends nothing to Microsoft, needs no credentials')
    .option(
      '--results <file>',
      'where to write what became of each row (default: a new file in the temporary folder)',
    )
    .addOption(json())
    .addHelpText('after', examples('devicebatch demo'))
    .action((options: DemoOptions & FormatOptions) =>
      runCommand(formatOf(options), async (context) => {
        // The emulator is loaded by the one command that needs it.
        const { demo } = await import('../upload/demo.ts')
        return demo(context, options)
      }),
    )

  program
    .command('upload')
    .description(
      'upload the devices of a CSV file as a batch, wait for it to end, and report on every row; goes on where it was interrupted',
    )
    .argument('<file>', 'the CSV file, of any size')
    .addOption(customer())
    .addOption(batch())
    .option('--dry-run', 'send nothing, and say what would be sent')
    .option('--strict', 'send nothing when a row cannot be sent, or something else would be left out')
    .option('--no-wait', 'end as soon as every device is accepted')
    .option(
      '--results <file>',
      'where to write what became of each row (default: beside <file>, named after the upload)',
    )
    .option('--journal <file>', 'where to keep what it takes to go on (default: <file>.devicebatch.json)')
    .option('--restart', 'send every device, although an earlier upload of the file is in the journal')
    .addOption(chunkSize())
    .addOption(encoding())
    .addOption(interval())
    .addOption(timeout())
    .addOption(emulator())
    .addOption(json())
    .addHelpText(
      'after',
      examples(
        'devicebatch upload devices.csv --customer CUSTOMER --batch "Front desk" --dry-run',
        'devicebatch upload devices.csv --customer CUSTOMER --batch "Front desk"',
      ) + signInHelp,
    )
    .action((file: string, options: UploadOptions & FormatOptions) =>
      runCommand(formatOf(options), (context) => upload(context, file, options)),
    )

  program
    .command('status')
    .description('ask once what became of one request of an upload')
    .argument('<tracking-id>', 'its tracking id, or the whole Location')
    .addOption(customerUnlessLocation())
    .addOption(emulator())
    .addOption(json())
    .addHelpText(
      'after',
      examples('devicebatch status 0127ed8e-ff72-4983-a3d8-e8d8bd378932 --customer CUSTOMER') + signInHelp,
    )
    .action((trackingId: string, options: StatusOptions & FormatOptions) =>
      runCommand(formatOf(options), (context) => getBatchUploadStatus(context, trackingId, options)),
    )

  program
    .command('watch')
    .description('wait for one request of an upload to end, and report')
    .argument('<tracking-id>', 'its tracking id, or the whole Location')
    .addOption(customerUnlessLocation())
    .option('--csv <file>', 'the file whose devices were sent in this request, to report on its rows')
    .option('--results <file>', 'where to write what became of each device (default with --csv: beside it)')
    .addOption(encoding())
    .addOption(interval())
    .addOption(timeout())
    .addOption(emulator())
    .addOption(json())
    .addHelpText(
      'after',
      examples(
        'devicebatch watch 0127ed8e-ff72-4983-a3d8-e8d8bd378932 --customer CUSTOMER',
        'devicebatch watch /customers/CUSTOMER/batchJobStatus/0127ed8e-ff72-4983-a3d8-e8d8bd378932 --csv devices.csv',
      ) + signInHelp,
    )
    .action((trackingId: string, options: WatchOptions & { json?: boolean }) =>
      runCommand(options.json ? 'json' : 'text', (context) => watch(context, trackingId, options)),
    )
}
