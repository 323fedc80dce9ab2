/** `devicebatch tracker retry`: the devices of a submission that are worth another try, handed in again. */
import type { CommandContext } from './context.ts'
import { exitCodes } from './exit-code.ts'
import { count } from './format.ts'
import type { DatabaseOptions } from './tracker-database.ts'
import { withTracker } from './tracker-database.ts'

/** Hands them in, as a new submission. */
export async function retrySubmission(
  { output }: CommandContext,
  retryOf: string,
  options: DatabaseOptions,
): Promise<number> {
  return await withTracker(options, async (tracker) => {
    const { submissionId } = await tracker.retry(retryOf)
    const { deviceCount = 0 } = (await tracker.getSubmission(submissionId)) ?? {}
    output.record({ submissionId, retryOf, deviceCount })
    output.print(
      `${count(deviceCount, 'device')} handed in again as submission ${submissionId}. A worker uploads them: devicebatch tracker start`,
    )
    return exitCodes.registered
  })
}
