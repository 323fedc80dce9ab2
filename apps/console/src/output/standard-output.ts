/** What if standard output cannot be written? A reader may have seen enough, and a disk may be full. */
import type { Writable } from 'node:stream'

import { exitCodes } from '../cli/exit-code.ts'
import { describeFileError } from '../files/file-error.ts'

/**
 * Listens to the errors of standard output, so that none of them ends the process.
 *
 * @returns Waits until everything is written, and returns the exit code of the process for that of the command.
 */
export function watchStandardOutput(
  stdout: Writable,
  stderr: Pick<Writable, 'write'>,
): (exitCode: number) => Promise<number> {
  let failed: NodeJS.ErrnoException | undefined
  // A reader that has seen enough, such as `head`, does not end the wait: the results are still written.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') failed ??= error
  })
  return async (exitCode) => {
    // Whether the last of it could be written is known only when that is done.
    await new Promise<void>((resolve) => {
      stdout.write('', () => resolve())
    })
    if (!failed) return exitCode
    const reason = describeFileError(failed, 'Standard output', 'cannot be written') as Error
    stderr.write(`devicebatch: ${reason.message}\n`)
    return exitCodes.failed
  }
}
