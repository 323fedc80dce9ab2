/** What would an upload send? The `--dry-run` of `devicebatch upload`. */
import type { UploadPlan } from '@devicebatch/client'
import { findBatch, planUpload } from '@devicebatch/client'

import type { CommandContext } from '../cli/context.ts'
import { exitCodes } from '../cli/exit-code.ts'
import type { DeviceFile } from '../files/device-file.ts'
import { readDevicesAgain } from '../files/device-file.ts'
import type { JournalDecision } from '../journal/decide.ts'
import { count, largest, plainText } from '../output/format.ts'
import type { Connection } from '../service/connect.ts'

/** What a plan is made of. */
export interface PlannedUpload {
  connection: Connection
  file: DeviceFile
  customerId: string
  batchId: string
  chunkSize?: number | undefined
  decision: JournalDecision
  context: CommandContext
}

/** Prints the plan, sends nothing, and returns 0. */
export async function printPlan({
  connection,
  file,
  customerId,
  batchId,
  chunkSize,
  decision,
  context: { output, signal },
}: PlannedUpload): Promise<number> {
  const resume = decision.kind === 'start' ? undefined : decision.group
  const devices = readDevicesAgain(file)
  const planned = await planUpload({ customerId, batchId, devices, chunkSize, resume }, { signal })
  const batch = await findBatch(connection.partner.customers.byId(customerId), batchId, { signal })
  const plan = { ...planned, batchId: batch?.id ?? batchId, operation: batch ? 'append' : 'create' } as const
  output.record({ emulated: connection.isEmulator(), plan })
  output.print(describePlan(plan))
  return exitCodes.registered
}

function describePlan({
  batchId,
  operation,
  chunks,
  deviceCount,
  hashOnlyCount,
}: UploadPlan & { operation: 'create' | 'append' }): string[] {
  if (deviceCount === 0) return ['Nothing would be sent: every device was accepted before.']
  const largestRequest = largest(chunks.map(({ bytes }) => bytes))
  const name = plainText(batchId)
  return [
    operation === 'create'
      ? `The batch "${name}" would be created.`
      : `The batch "${name}" exists: the devices would be added to it.`,
    `${count(deviceCount, 'device')} would be sent in ${count(chunks.length, 'request')}, the largest of ${count(Math.ceil(largestRequest / 1_000))} kB.`,
    ...(hashOnlyCount > 0
      ? [
          `${count(hashOnlyCount, 'device')} have only a hardware hash: give a serial number beside it, or their results cannot be found.`,
        ]
      : []),
    'Nothing was sent (--dry-run).',
  ]
}
