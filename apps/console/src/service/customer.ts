/** The customer, for the commands that read and change data instead of uploading. */
import { checkInput } from '../cli/check-input.ts'
import type { CommandContext } from '../cli/context.ts'
import { createProgress } from '../output/progress.ts'
import { emulatorHeading } from '../output/render-report.ts'
import type { Connection } from './connect.ts'
import { connect } from './connect.ts'
import { readCustomerText } from './customer-text.ts'
import type { NamedCustomer } from './find-customer.ts'
import { findCustomer } from './find-customer.ts'

/** What these commands have in common. */
export interface CustomerOptions {
  /** The customer: a tenant ID, a domain, or the beginning of a name. */
  customer?: string
  emulator?: string
}

/**
 * Connects, finds the customer, and says when the service is the emulator. Does not look up the name for an ID.
 *
 * @param check Checks the rest of what the user typed; throws `InvalidArgumentError`.
 */
export async function customerOf(
  context: CommandContext,
  { customer: text, emulator }: CustomerOptions,
  check: () => void = () => {},
): Promise<NamedCustomer & { connection: Connection }> {
  const { output, env } = context
  const wanted = await checkInput(() => {
    check()
    return readCustomerText(text, env)
  })
  const connection = await connect(context, { emulator, observe: createProgress(output).observe })
  await connection.ready()
  const { customer, customerName } =
    wanted.kind === 'id'
      ? { customer: connection.partner.customers.byId(wanted.customerId), customerName: undefined }
      : await findCustomer(connection, wanted, context)
  if (connection.isEmulator()) output.print(output.style('yellow', emulatorHeading), '')
  const { customerId } = customer
  output.record({ customerId, customerName, emulated: connection.isEmulator() })
  return { customer, customerName, connection }
}
