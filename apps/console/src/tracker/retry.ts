/** `devicebatch tracker retry`: resubmits the devices of a submission that failed with a transient error. */
import type { CommandContext } from '../cli/context.ts'
import type { ConsoleCommand } from '../cli/define-command.ts'
import { defineCommand } from '../cli/define-command.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { json } from '../cli/options.ts'
import { count } from '../output/format.ts'
import type { DatabaseOptions } from './database.ts'
import { withExistingTracker } from './database.ts'
import { databaseHelp, directory, readId } from './options.ts'

/** Submits them as a new submission. */
async function retrySubmission(
  context: CommandContext,
  retryOf: string,
  options: DatabaseOptions,
): Promise<number> {
  const { output } = context
  return await withExistingTracker(context, options, async (tracker) => {
    const { submissionId } = await tracker.retryDevices(retryOf)
    const { deviceCount = 0 } = (await tracker.getSubmission(submissionId)) ?? {}
    output.record({ submissionId, retryOf, deviceCount })
    output.print(
      `${count(deviceCount, 'device')} resubmitted as submission ${submissionId}. A worker uploads them: devicebatch tracker start`,
    )
    return exitCodes.registered
  })
}

export const retryCommand: ConsoleCommand = defineCommand({
  name: 'retry',
  description: 'resubmit the devices of a submission that failed with a transient error',
  arguments: [['<submission-id>', 'the ID of the submission, from "devicebatch tracker list"', readId]],
  options: [directory(), json()],
  examples: ['devicebatch tracker retry 0127ed8e-ff72-4983-a3d8-e8d8bd378932'],
  notes: [databaseHelp],
  run: retrySubmission,
})
