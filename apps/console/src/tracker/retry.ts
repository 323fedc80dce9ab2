/** `devicebatch tracker retry`: the devices of a submission that are worth another try, handed in again. */
import type { CommandContext } from '../cli/context.ts'
import { exitCodes } from '../cli/exit-code.ts'
import { count } from '../output/format.ts'
import type { DatabaseOptions } from './database.ts'
import { withTracker } from './database.ts'

/** Hands them in, as a new submission. */
export async function retrySubmission(
  context: CommandContext,
  retryOf: string,
  options: DatabaseOptions,
): Promise<number> {
  const { output } = context
  return await withTracker(context, options, async (tracker) => {
    const { submissionId } = await tracker.retry(retryOf)
    const { deviceCount = 0 } = (await tracker.getSubmission(submissionId)) ?? {}
    output.record({ submissionId, retryOf, deviceCount })
    output.print(
      `${count(deviceCount, 'device')} handed in again as submission ${submissionId}. A worker uploads them: devicebatch tracker start`,
    )
    return exitCodes.registered
  })
}
