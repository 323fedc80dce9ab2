/** The customer, for the commands that read and change instead of uploading. */
import type { CustomerResource } from '@devicebatch/client'

import type { CommandContext } from '../cli/context.ts'
import { createProgress } from '../output/progress.ts'
import { emulatorHeading } from '../output/render-report.ts'
import type { Connection } from './connect.ts'
import { connect } from './connect.ts'

/** What these commands have in common. */
export interface CustomerOptions {
  /** The customer's tenant id. */
  customer: string
  emulator?: string
}

/** Connects, and says when the service is the emulator. */
export async function customerOf(
  { output, env, signal }: CommandContext,
  { customer: customerId, emulator }: CustomerOptions,
): Promise<{ customer: CustomerResource; connection: Connection }> {
  const connection = await connect({ emulator, env, signal, observe: createProgress(output).observe })
  const customer = connection.partner.customers.byId(customerId)
  await connection.ready()
  if (connection.isEmulator()) output.print(output.style('yellow', emulatorHeading), '')
  output.record({ customerId, emulated: connection.isEmulator() })
  return { customer, connection }
}
