/** What would an upload send? The `--dry-run` of `devicebatch upload`. */
import type { UploadPlan } from '@devicebatch/client'
import { findBatch, planUpload } from '@devicebatch/client'

import { exitCodes } from '../cli/exit-code.ts'
import { readDevicesAgain } from '../files/device-file.ts'
import { count, largest, plainText } from '../output/format.ts'
import type { Output } from '../output/output.ts'
import type { DevicesToSend } from './send.ts'

/** What would be sent, and whether it would create the batch or add to it. */
interface Plan extends UploadPlan {
  operation: 'create' | 'append'
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
  output.print(describePlan(plan))
  return exitCodes.registered
}

function describePlan({ batchId, operation, chunks, deviceCount, hashOnlyCount }: Plan): string[] {
  if (deviceCount === 0) return ['Nothing would be sent: every device has already been accepted.']
  const largestRequest = largest(chunks.map(({ bytes }) => bytes))
  const name = plainText(batchId)
  return [
    operation === 'create'
      ? `The batch "${name}" would be created.`
      : `The batch "${name}" exists: the devices would be added to it.`,
    `${count(deviceCount, 'device')} would be sent in ${count(chunks.length, 'request')}, the largest of ${count(Math.ceil(largestRequest / 1_000))} kB.`,
    ...(hashOnlyCount > 0
      ? [
          `${count(hashOnlyCount, 'device')} have only a hardware hash: add a serial number to each, or their results cannot be found.`,
        ]
      : []),
    'Nothing was sent (--dry-run).',
  ]
}
