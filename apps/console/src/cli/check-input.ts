/** Is it the user's input that is wrong? Decided from what was typed and the files it names, before anything is sent. */
import { InvalidArgumentError, isPartnerCenterError } from '@devicebatch/client'

import { exitCodes } from './exit-code.ts'

/** An argument, or a file that an argument names, is wrong: the command exits with 2, and sent nothing. */
export class UsageError extends InvalidArgumentError {}

/**
 * Runs the checks of a command's input, which come before credentials, connections and databases. Rejects with `UsageError` in
 * place of their `InvalidArgumentError`.
 */
export async function checkInput<T>(check: () => T | Promise<T>): Promise<T> {
  try {
    return await check()
  } catch (error) {
    throw isPartnerCenterError(error) && error.code === 'invalid-argument'
      ? new UsageError(error.message, undefined, error)
      : error
  }
}

/** The exit code of a command that ended with an error. */
export function exitCodeOfError(error: unknown): number {
  return error instanceof UsageError ? exitCodes.usage : exitCodes.failed
}
