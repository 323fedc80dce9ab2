/** May a file that was uploaded before go to another customer? */
import type { CommandContext } from '../cli/context.ts'
import type { JournalDecision } from '../journal/decide.ts'
import { canAsk, confirm } from '../resources/confirm.ts'
import { sentNothing } from './messages.ts'

/**
 * Prints where the file was uploaded before, and asks before it goes to another customer. A script cannot be asked, and names the
 * customer on purpose.
 */
export async function confirmCustomer(
  context: CommandContext,
  { notice, isOtherCustomer }: JournalDecision & { kind: 'start' },
): Promise<boolean> {
  if (notice !== undefined) context.output.print(notice)
  if (!isOtherCustomer || !canAsk(context)) return true
  let isSure = false
  try {
    isSure = await confirm(context, 'Continue?', false)
  } finally {
    // The command says so itself when its signal is aborted; Ctrl-C at the question does not do that.
    if (!isSure && !context.signal.aborted) context.output.print(sentNothing)
  }
  return isSure
}
