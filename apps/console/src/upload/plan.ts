/** What would an upload send? The `--dry-run` of `devicebatch upload`. */
import type { UploadPlan } from '@devicebatch/client'
import { findBatch, planUpload } from '@devicebatch/client'

import { exitCodes } from '../cli/exit-code.ts'
import { readDevicesAgain } from '../files/device-file.ts'
import { count, largest, plainText } from '../output/format.ts'
import type { Output } from '../output/output.ts'
import type { CustomerText } from '../service/customer-text.ts'
import type { DevicesToSend } from './send.ts'

/** What would be sent, and whether it would create the batch or add to it. */
interface Plan extends Omit<UploadPlan, 'customerId'> {
  /** Absent if a name or a domain was not looked up. */
  customerId?: string
  /** Absent if no request was sent. */
  operation?: 'create' | 'append'
}

/** Prints the plan, sends nothing, and returns 0. */
export async function printPlan(
  { customer, batchId, file, chunkSize, saved }: DevicesToSend,
  { emulated, output, signal }: { emulated: boolean; output: Output; signal: AbortSignal },
): Promise<number> {
  const devices = readDevicesAgain(file)
  const { customerId } = customer
  const planned = await planUpload({ customerId, batchId, devices, chunkSize, resume: saved }, { signal })
  const batch = await findBatch(customer, batchId, { signal })
  const plan: Plan = { ...planned, batchId: batch?.id ?? batchId, operation: batch ? 'append' : 'create' }
  output.record({ emulated, plan })
  output.print(describePlan(plan, file.skipped.length))
  return exitCodes.registered
}

/** Stands for a customer that was not looked up: the ID changes nothing in a plan. */
const noCustomer = '00000000-0000-0000-0000-000000000000'

/** Prints the plan without a sign-in and without a request, and returns 0. */
export async function printOfflinePlan(
  { batchId, file, chunkSize, saved }: Omit<DevicesToSend, 'customer'>,
  customer: CustomerText,
  { output, signal }: { output: Output; signal: AbortSignal },
): Promise<number> {
  const devices = readDevicesAgain(file)
  const known = customer.kind === 'id' ? customer.customerId : saved?.customerId
  const wanted = { customerId: known ?? noCustomer, batchId, devices, chunkSize, resume: saved }
  const { customerId, ...planned } = await planUpload(wanted, { signal })
  const plan: Plan = { ...(known !== undefined && { customerId }), ...planned }
  output.record({ plan })
  output.print(describePlan(plan, file.skipped.length))
  return exitCodes.registered
}

const firstLines = {
  create: (name: string) => `The batch "${name}" would be created.`,
  append: (name: string) => `The batch "${name}" exists: the devices would be added to it.`,
  unknown: (name: string) =>
    `Nobody is signed in: the customer and the batch "${name}" were not looked up (see --help).`,
}

function describePlan(
  { batchId, operation, chunks, deviceCount, hashOnlyCount }: Plan,
  skipped: number,
): string[] {
  if (deviceCount === 0) return ['Nothing would be sent: every device has already been accepted.']
  const largestRequest = largest(chunks.map(({ bytes }) => bytes))
  const name = plainText(batchId)
  return [
    firstLines[operation ?? 'unknown'](name),
    `${count(deviceCount, 'device')} would be sent in ${count(chunks.length, 'request')}, the largest of ${count(Math.ceil(largestRequest / 1_000))} kB.`,
    ...(hashOnlyCount > 0
      ? [
          `${count(hashOnlyCount, 'device')} ${hashOnlyCount === 1 ? 'has' : 'have'} only a hardware hash: without a serial number, the result cannot be found.`,
        ]
      : []),
    ...(skipped > 0 ? [`${count(skipped, 'row')} cannot be sent and would be left out (see above).`] : []),
    'Nothing was sent (--dry-run).',
  ]
}
