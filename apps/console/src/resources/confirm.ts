/** Is the user sure? */
import { createInterface } from 'node:readline/promises'

import { InvalidArgumentError } from '@devicebatch/client'

import type { CommandContext } from '../cli/context.ts'

/**
 * Asks on a terminal; anything but yes is a no. Rejects with `InvalidArgumentError` where nobody can answer, and with the
 * signal's own reason.
 *
 * @param yes Whether the user has said so already.
 */
export async function confirm(
  { output, signal }: CommandContext,
  question: string,
  yes: boolean | undefined,
): Promise<boolean> {
  if (yes) return true
  if (!process.stdin.isTTY || !output.isLive) {
    throw new InvalidArgumentError(
      `${question} Nobody is there to be asked: add --yes to do it. Nothing was changed.`,
    )
  }
  const terminal = createInterface({ input: process.stdin, output: output.stream })
  // Ctrl-C reaches the terminal here and not the process.
  terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal })
    return /^y(es)?$/i.test(answer.trim())
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    terminal.close()
  }
}
