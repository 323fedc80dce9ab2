/** May a file that was uploaded before go to another customer? */
import type { CommandContext } from '../cli/context.ts'
import type { JournalDecision } from '../journal/decide.ts'
import { canAsk, confirm } from '../resources/confirm.ts'

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
  return await confirm(context, 'Continue?', false)
}
