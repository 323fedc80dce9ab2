/** Is the user sure? */
import { createInterface } from 'node:readline/promises'

import { InvalidArgumentError } from '@devicebatch/client'

import type { CommandContext } from '../cli/context.ts'
import { Interruption } from '../cli/context.ts'
import { exitCodes } from '../cli/exit-code.ts'

/** Whether there is a user to ask. */
export function canAsk({ output, stdin }: Pick<CommandContext, 'output' | 'stdin'>): boolean {
  return stdin().isTTY === true && output.isLive
}

/**
 * Asks on a terminal; anything except yes means no. Rejects with `InvalidArgumentError` without a terminal, and with the
 * signal's own reason.
 *
 * @param yes Whether the user has already confirmed.
 */
export async function confirm(
  context: CommandContext,
  question: string,
  yes: boolean | undefined,
): Promise<boolean> {
  const { output, stdin, signal } = context
  if (yes) return true
  if (!canAsk(context)) {
    throw new InvalidArgumentError(
      `${question} There is no terminal to confirm on: add --yes to go ahead. Nothing was changed.`,
    )
  }
  const terminal = createInterface({ input: stdin(), output: output.stream })
  // Here readline gets Ctrl-C, and the process gets no signal.
  const interruption = new AbortController()
  terminal.once('SIGINT', () => interruption.abort(new Interruption(exitCodes.SIGINT)))
  const interrupted = AbortSignal.any([signal, interruption.signal])
  // Ctrl-D ends the input without an answer. An abort makes readline end the line.
  const ending = new AbortController()
  terminal.once('close', () => ending.abort())
  try {
    const ended = AbortSignal.any([interrupted, ending.signal])
    const answer = await terminal.question(`${question} [y/N] `, { signal: ended })
    return /^y(es)?$/i.test(answer.trim())
  } catch (error) {
    interrupted.throwIfAborted()
    if (!ending.signal.aborted) throw error
    return false
  } finally {
    terminal.close()
  }
}
